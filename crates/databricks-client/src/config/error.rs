//! Why settings make no client.

use std::path::PathBuf;

use azure_core::Error;
use azure_core::error::ErrorKind;

use super::{Attribute, AuthMethod};

/// Why settings make no client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file of profiles cannot be read.
    #[error("{}: {reason}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The file has no such profile.
    #[error("{} has no profile `{profile}`; it has {}", file.display(), listed(profiles))]
    NoProfile {
        /// The file.
        file: PathBuf,
        /// The profile that was asked for.
        profile: String,
        /// The profiles that it has.
        profiles: Vec<String>,
    },
    /// A profile is named, but nobody says where its file is.
    #[error(
        "profile `{profile}` is asked for, but there is no home directory to look for `.databrickscfg` in"
    )]
    NoHome {
        /// The profile.
        profile: String,
    },
    /// There is no host.
    #[error("no workspace: set DATABRICKS_HOST, or `host` in a profile ({file})")]
    NoHost {
        /// What was done about the file of profiles.
        file: String,
    },
    /// Settings of several ways to sign in are there.
    #[error("more than one way to sign in is configured: {methods}; choose one with auth_type")]
    SeveralMethods {
        /// The ways and where their settings came from.
        methods: String,
    },
    /// The chosen way lacks settings.
    #[error("signing in by {method} also needs {}", needed(missing))]
    Incomplete {
        /// The way.
        method: AuthMethod,
        /// The settings.
        missing: Vec<Attribute>,
    },
    /// `auth_type` names a way that this client does not know.
    #[error("auth_type `{name}` is not known here; known are {known}")]
    UnknownMethod {
        /// The name.
        name: String,
        /// The names that are known.
        known: String,
    },
    /// A user name and a password are set.
    #[error("the service no longer accepts a user name and a password; use a token")]
    Password,
    /// The Azure cloud is not known.
    #[error("azure_environment `{name}` is not known; known are PUBLIC, USGOVERNMENT and CHINA")]
    UnknownCloud {
        /// The name.
        name: String,
    },
    /// There is no way to sign in.
    #[error(
        "no way to sign in is configured; found: {found}; looked at: {variables}, and a profile ({file})"
    )]
    NoMethod {
        /// The settings that are there.
        found: String,
        /// The environment variables that were looked at.
        variables: String,
        /// What was done about the file of profiles.
        file: String,
    },
}

fn listed(names: &[String]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

fn needed(missing: &[Attribute]) -> String {
    let names = missing
        .iter()
        .map(|attribute| format!("{attribute} ({})", attribute.variable()));
    names.collect::<Vec<_>>().join(", ")
}

pub(crate) fn into_error(error: ConfigError) -> Error {
    Error::new(ErrorKind::Credential, error)
}

impl ConfigError {
    /// Finds such an error inside an [`azure_core::Error`].
    #[must_use]
    pub fn of(error: &Error) -> Option<&Self> {
        error.downcast_ref()
    }
}
