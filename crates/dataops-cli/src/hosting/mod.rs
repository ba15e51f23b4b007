//! Where the repository is hosted: as whom Azure DevOps and GitHub are called, and which repository is meant.

pub(crate) mod azure_devops;
pub(crate) mod github;

use azure_core::error::ErrorKind;
use rest_core::ServiceErrorExt;

use crate::failure::Failure;

/// A host of repositories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Host {
    /// Azure DevOps.
    #[value(name = "azure-devops", alias = "azdo")]
    AzureDevOps,
    /// GitHub.
    #[value(name = "github")]
    GitHub,
}

impl Host {
    /// Its name, as people write it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::AzureDevOps => "Azure DevOps",
            Self::GitHub => "GitHub",
        }
    }
}

/// What is missing, and how it is given.
fn missing(what: &str, setting: &str, variable: &str) -> Failure {
    let failure = Failure::usage(format!("no {what} is named"));
    failure.hint(format!(
        "write `{setting}` in branch-policy.yaml, or set {variable}, as its CI does"
    ))
}

/// A refusal of a host, with what to do about it there.
fn refused(error: azure_core::Error, rights: &str, token: &str) -> Failure {
    let status = error.service_error().map(|said| u16::from(said.status));
    let page = error
        .service_error()
        .is_some_and(|said| matches!(said.code.as_deref(), Some("SignInPage" | "Redirected")));
    let is_answer = matches!(error.kind(), ErrorKind::HttpResponse { .. });
    let hint = match status {
        _ if page => Some(format!("the token is not accepted; check {token}")),
        Some(401) => Some(format!("the token is not accepted; check {token}")),
        Some(403) => Some(rights.to_owned()),
        Some(404) => Some(format!(
            "check the names; what {token} may not see is not found either"
        )),
        _ => None,
    };
    match (hint, is_answer) {
        (Some(hint), true) => Failure::new(crate::exit::Exit::Refused, error).hint(hint),
        _ => Failure::service(error),
    }
}
