//! Settings of a client, gathered from arguments, the environment and a profile.

mod attribute;
mod error;
mod method;
mod profile;

use std::fmt;
use std::path::{Path, PathBuf};

use azure_core::http::Url;

pub use attribute::Attribute;
pub use error::ConfigError;
pub(crate) use error::into_error;
pub use method::AuthMethod;

/// The environment variable that names a profile.
const PROFILE_VARIABLE: &str = "DATABRICKS_CONFIG_PROFILE";

/// The environment variable that names the file of profiles.
const FILE_VARIABLE: &str = "DATABRICKS_CONFIG_FILE";

/// What a caller sets itself; it goes before everything else.
#[derive(Clone, Default)]
pub struct Overrides {
    /// Settings by attribute.
    pub values: Vec<(Attribute, String)>,
    /// The profile. Its settings then go before the environment's.
    pub profile: Option<String>,
    /// The file of profiles.
    pub file: Option<PathBuf>,
}

impl fmt::Debug for Overrides {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attributes: Vec<_> = self.values.iter().map(|(attribute, _)| attribute).collect();
        out.debug_struct("Overrides")
            .field("values", &attributes)
            .field("profile", &self.profile)
            .field("file", &self.file)
            .finish()
    }
}

/// Where a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// The caller.
    Argument,
    /// This environment variable.
    Environment(&'static str),
    /// A profile.
    Profile {
        /// The file.
        file: PathBuf,
        /// The profile's name.
        profile: String,
    },
}

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument => out.write_str("an argument"),
            Self::Environment(name) => out.write_str(name),
            Self::Profile { file, profile } => {
                write!(out, "profile `{profile}` of {}", file.display())
            }
        }
    }
}

/// A setting with its source. `Debug` and `Display` do not show the value of a secret.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting {
    /// What is set.
    pub attribute: Attribute,
    value: String,
    /// Where it came from.
    pub source: Source,
}

impl Setting {
    /// The value, a secret's too.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The value as it may be shown.
    #[must_use]
    pub fn shown(&self) -> &str {
        if self.attribute.is_secret() {
            "***"
        } else {
            &self.value
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{}={} from {}",
            self.attribute,
            self.shown(),
            self.source
        )
    }
}

impl fmt::Debug for Setting {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Setting({self})")
    }
}

/// Settings of a client, each with its source.
///
/// An argument goes before an environment variable, and that before a profile; a profile that the caller names itself goes
/// before the environment. The file of profiles is not read when the host or a way to sign in is known without it, unless a
/// profile, or the caller's own file, is named.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Config {
    settings: Vec<Setting>,
    host: Option<String>,
    /// What was done about the file of profiles.
    file_note: String,
}

impl Config {
    /// Gathers the settings from `overrides`, `environment` and the file of profiles, which is `.databrickscfg` in `home`
    /// unless it is named. Nothing else of the process is looked at.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or lacks the named profile.
    pub fn resolve(
        overrides: &Overrides,
        environment: &dyn Fn(&str) -> Option<String>,
        home: Option<&Path>,
    ) -> Result<Self, ConfigError> {
        let variable = |name: &str| {
            environment(name)
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let arguments = overrides
            .values
            .iter()
            .filter(|(_, value)| !value.is_empty());
        let arguments: Vec<_> = arguments
            .map(|(attribute, value)| setting(*attribute, value.clone(), Source::Argument))
            .collect();
        let environment: Vec<_> = Attribute::ALL
            .into_iter()
            .filter_map(|attribute| {
                let value = variable(attribute.variable())?;
                Some(setting(
                    attribute,
                    value,
                    Source::Environment(attribute.variable()),
                ))
            })
            .collect();

        let by_name = overrides
            .profile
            .clone()
            .or_else(|| variable(PROFILE_VARIABLE));
        let is_known = |setting: &Setting| {
            setting.attribute == Attribute::Host || setting.attribute.group().is_some()
        };
        let is_asked_for = by_name.is_some() || overrides.file.is_some();
        let (profile, file_note) =
            if !is_asked_for && arguments.iter().chain(&environment).any(is_known) {
                (
                    Vec::new(),
                    "no file was read, because the host or a sign-in is set without it".to_owned(),
                )
            } else {
                let file = overrides
                    .file
                    .clone()
                    .or_else(|| variable(FILE_VARIABLE).map(PathBuf::from));
                from_profile(file, by_name.as_deref(), home)?
            };
        let ordered = if overrides.profile.is_some() {
            [
                arguments,
                profile.clone(),
                less_sign_in(environment, &profile),
            ]
        } else {
            [arguments, environment, profile]
        };
        Ok(Self::of(ordered.into_iter().flatten(), file_note))
    }

    /// As [`Config::resolve`], from this process's environment and home directory.
    ///
    /// # Errors
    ///
    /// As [`Config::resolve`].
    pub fn from_environment(overrides: &Overrides) -> Result<Self, ConfigError> {
        Self::resolve(
            overrides,
            &|name| std::env::var(name).ok(),
            std::env::home_dir().as_deref(),
        )
    }

    fn of(settings: impl Iterator<Item = Setting>, file_note: String) -> Self {
        let mut config = Self {
            file_note,
            ..Self::default()
        };
        for setting in settings {
            if config.get(setting.attribute).is_none() {
                config.settings.push(setting);
            }
        }
        config.host = config.value(Attribute::Host).map(normalize_host);
        config
    }

    /// A setting, with its source.
    #[must_use]
    pub fn get(&self, attribute: Attribute) -> Option<&Setting> {
        self.settings
            .iter()
            .find(|setting| setting.attribute == attribute)
    }

    /// The value of a setting.
    #[must_use]
    pub fn value(&self, attribute: Attribute) -> Option<&str> {
        self.get(attribute).map(Setting::value)
    }

    /// All settings, for a listing of what was found where.
    pub fn settings(&self) -> impl Iterator<Item = &Setting> {
        self.settings.iter()
    }

    /// The workspace's address, put straight by [`normalize_host`].
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn host(&self) -> Result<&str, ConfigError> {
        self.host.as_deref().ok_or_else(|| ConfigError::NoHost {
            file: self.file_note.clone(),
        })
    }
}

fn setting(attribute: Attribute, value: String, source: Source) -> Setting {
    Setting {
        attribute,
        value,
        source,
    }
}

/// The settings of a profile, and what was done about its file.
fn from_profile(
    file: Option<PathBuf>,
    name: Option<&str>,
    home: Option<&Path>,
) -> Result<(Vec<Setting>, String), ConfigError> {
    let file = match (file, home) {
        (Some(file), home) => expand(file, home),
        (None, Some(home)) => home.join(".databrickscfg"),
        (None, None) => {
            return match name {
                Some(name) => Err(ConfigError::NoHome {
                    profile: name.to_owned(),
                }),
                None => Ok((Vec::new(), "there is no home directory".to_owned())),
            };
        }
    };
    let Some(profile) = profile::read(&file, name)? else {
        return Ok((Vec::new(), format!("{} does not exist", file.display())));
    };
    let source = Source::Profile {
        file: profile.file.clone(),
        profile: profile.name.clone(),
    };
    let settings = Attribute::ALL.into_iter().filter_map(|attribute| {
        let value = profile.get(attribute.key())?.to_owned();
        Some(setting(attribute, value, source.clone()))
    });
    Ok((settings.collect(), source.to_string()))
}

/// The environment without its ways to sign in, when a profile that the caller named has one: its token must not meet
/// another identity's.
fn less_sign_in(environment: Vec<Setting>, profile: &[Setting]) -> Vec<Setting> {
    let signs_in = |setting: &Setting| {
        setting.attribute.group().is_some() || setting.attribute == Attribute::AuthType
    };
    if !profile.iter().any(signs_in) {
        return environment;
    }
    environment
        .into_iter()
        .filter(|setting| !signs_in(setting))
        .collect()
}

fn expand(file: PathBuf, home: Option<&Path>) -> PathBuf {
    match (file.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => file,
    }
}

/// Puts a workspace's address straight, as copied from a browser: adds `https://` and drops path, query and `:443`.
#[must_use]
pub fn normalize_host(host: &str) -> String {
    let host = host.trim();
    let (scheme, rest) = match host.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => ("https".to_owned(), host),
    };
    // `\` ends a host as `/` does: what is compared is what a request goes to.
    let authority = rest.split(['/', '\\', '?', '#']).next();
    let authority = authority.unwrap_or_default().to_ascii_lowercase();
    let written = format!("{scheme}://{authority}");
    match Url::parse(&written) {
        Ok(url) if url.has_host() && !authority.contains('@') => url.origin().ascii_serialization(),
        _ => written,
    }
}

#[cfg(test)]
mod tests;
