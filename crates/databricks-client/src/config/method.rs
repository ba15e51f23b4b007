//! Which way to sign in the settings ask for.

use std::fmt;

use super::{Attribute, Config, ConfigError};

/// A way to sign in to a workspace, by the name that `auth_type` has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthMethod {
    /// A personal access token: `pat`.
    Pat,
    /// A Databricks service principal with an OAuth secret: `oauth-m2m`.
    OauthM2m,
    /// An Entra service principal with a secret: `azure-client-secret`.
    AzureClientSecret,
    /// The managed identity of this machine: `azure-msi`.
    AzureMsi,
    /// Whoever is signed in to the Azure CLI: `azure-cli`.
    AzureCli,
}

impl AuthMethod {
    const ALL: [Self; 5] = [
        Self::Pat,
        Self::OauthM2m,
        Self::AzureClientSecret,
        Self::AzureMsi,
        Self::AzureCli,
    ];

    /// Its name, as `auth_type` has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pat => "pat",
            Self::OauthM2m => "oauth-m2m",
            Self::AzureClientSecret => "azure-client-secret",
            Self::AzureMsi => "azure-msi",
            Self::AzureCli => "azure-cli",
        }
    }

    /// The settings that it cannot do without.
    fn needs(self) -> &'static [Attribute] {
        match self {
            Self::Pat => &[Attribute::Token],
            Self::OauthM2m => &[Attribute::ClientId, Attribute::ClientSecret],
            Self::AzureClientSecret => &[
                Attribute::AzureClientId,
                Attribute::AzureClientSecret,
                Attribute::AzureTenantId,
            ],
            Self::AzureMsi | Self::AzureCli => &[],
        }
    }
}

impl fmt::Display for AuthMethod {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl Config {
    /// The way to sign in: the one that `auth_type` names, otherwise the one that the settings belong to. On an Azure host
    /// without any such setting it is the Azure CLI.
    ///
    /// # Errors
    ///
    /// When settings of several ways are there and `auth_type` does not choose, when the chosen one lacks settings, is not
    /// known, or when there is none.
    pub fn auth_method(&self) -> Result<AuthMethod, ConfigError> {
        if let Some(named) = self.value(Attribute::AuthType) {
            let method = AuthMethod::ALL
                .into_iter()
                .find(|method| method.name() == named);
            let method = method.ok_or_else(|| ConfigError::UnknownMethod {
                name: named.to_owned(),
                known: AuthMethod::ALL.map(AuthMethod::name).join(", "),
            })?;
            return self.complete(method);
        }
        let groups = self.groups();
        match groups.as_slice() {
            [] if self.is_azure() => Ok(AuthMethod::AzureCli),
            [] => Err(self.nothing()),
            ["pat"] => Ok(AuthMethod::Pat),
            ["oauth"] => self.complete(AuthMethod::OauthM2m),
            ["azure"] => self.azure(),
            ["basic"] => Err(ConfigError::Password),
            _ => Err(ConfigError::SeveralMethods {
                methods: self.several(&groups),
            }),
        }
    }

    fn complete(&self, method: AuthMethod) -> Result<AuthMethod, ConfigError> {
        let missing: Vec<_> = method
            .needs()
            .iter()
            .copied()
            .filter(|attribute| self.value(*attribute).is_none())
            .collect();
        if missing.is_empty() {
            Ok(method)
        } else {
            Err(ConfigError::Incomplete { method, missing })
        }
    }

    fn azure(&self) -> Result<AuthMethod, ConfigError> {
        if self.is_set(Attribute::AzureUseMsi) {
            return Ok(AuthMethod::AzureMsi);
        }
        let of_a_principal = [Attribute::AzureClientSecret, Attribute::AzureClientId];
        if of_a_principal
            .iter()
            .any(|attribute| self.value(*attribute).is_some())
        {
            return self.complete(AuthMethod::AzureClientSecret);
        }
        Ok(AuthMethod::AzureCli)
    }

    /// The groups of ways to sign in that have settings, sorted by name.
    fn groups(&self) -> Vec<&'static str> {
        let mut groups: Vec<_> = Attribute::ALL
            .into_iter()
            .filter(|attribute| self.value(*attribute).is_some())
            .filter(|attribute| {
                *attribute != Attribute::AzureUseMsi || self.is_set(Attribute::AzureUseMsi)
            })
            .filter_map(Attribute::group)
            .collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// `azure (ARM_CLIENT_ID) and pat (token of profile x)`.
    fn several(&self, groups: &[&'static str]) -> String {
        let named = groups.iter().map(|group| {
            let set = self
                .settings()
                .filter(|setting| setting.attribute.group() == Some(group));
            let sources: Vec<_> = set
                .map(|setting| format!("{} from {}", setting.attribute, setting.source))
                .collect();
            format!("{group} ({})", sources.join(", "))
        });
        named.collect::<Vec<_>>().join(" and ")
    }

    fn nothing(&self) -> ConfigError {
        let found: Vec<_> = self.settings().map(ToString::to_string).collect();
        let variables: Vec<_> = Attribute::ALL
            .into_iter()
            .filter(|attribute| attribute.group().is_some_and(|group| group != "basic"))
            .map(Attribute::variable)
            .collect();
        ConfigError::NoMethod {
            found: if found.is_empty() {
                "nothing".to_owned()
            } else {
                found.join("; ")
            },
            variables: variables.join(", "),
            file: self.file_note.clone(),
        }
    }

    fn is_azure(&self) -> bool {
        const SUFFIXES: [&str; 3] = [
            ".azuredatabricks.net",
            ".databricks.azure.us",
            ".databricks.azure.cn",
        ];
        self.host()
            .is_ok_and(|host| SUFFIXES.iter().any(|suffix| host.ends_with(suffix)))
    }

    /// Whether a yes-or-no setting says yes.
    fn is_set(&self, attribute: Attribute) -> bool {
        self.value(attribute).is_some_and(|value| {
            matches!(value.to_ascii_lowercase().as_str(), "true" | "1" | "yes")
        })
    }
}
