//! A step of a preparation, and how it ended.

use databricks_client::ApiError;
use rest_core::{ServiceErrorExt, TimedOut};
use serde::Serialize;

use crate::connection::ConnectionError;
use crate::workspace::WorkspaceError;

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum StepState {
    /// It was as it ought to be.
    Ready,
    /// It was made so.
    Done,
    /// It would be made so; this time nothing is changed.
    Todo,
    /// It was not looked at, because of another step.
    Skipped,
    /// It cannot be made so: what the settings ask for does not fit, or what was started has failed.
    Failed,
    /// Somebody with more rights has to do it.
    NeedsSomebody,
    /// The service was not reached, or a time limit was.
    Unreachable,
}

impl StepState {
    /// Whether it is as it ought to be.
    #[must_use]
    pub const fn is_good(self) -> bool {
        matches!(self, Self::Ready | Self::Done)
    }

    /// Whether what follows can build on it, or could.
    pub(super) const fn carries(self) -> bool {
        matches!(self, Self::Ready | Self::Done | Self::Todo)
    }
}

/// What somebody can do about a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Remedy {
    /// Who may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// A command to run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// A place in a web page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

impl Remedy {
    pub(super) fn by(who: impl Into<String>) -> Self {
        Self {
            who: Some(who.into()),
            ..Self::default()
        }
    }

    pub(super) fn run(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    pub(super) fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }
}

/// A step of a preparation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Step {
    /// What it is about, such as `resource provider Microsoft.EventGrid`.
    pub name: String,
    /// How it stands.
    pub state: StepState,
    /// What was found, or done, or said.
    pub found: String,
    /// The service's id of what it is about, where others have to know it: that of a cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What somebody can do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Remedy>,
}

impl Step {
    pub(super) fn new(name: impl Into<String>, state: StepState, found: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            state,
            found: found.into(),
            id: None,
            remedy: None,
        }
    }

    pub(super) fn with_id(mut self, id: Option<&String>) -> Self {
        self.id = id.cloned();
        self
    }

    pub(super) fn ready(name: impl Into<String>, found: impl Into<String>) -> Self {
        Self::new(name, StepState::Ready, found)
    }

    pub(super) fn skipped(name: impl Into<String>, needs: &str) -> Self {
        Self::new(name, StepState::Skipped, format!("it needs the {needs}"))
    }

    /// What was done, or would be.
    pub(super) fn made(
        name: impl Into<String>,
        check: bool,
        done: impl Into<String>,
        todo: impl Into<String>,
    ) -> Self {
        match check {
            true => Self::new(name, StepState::Todo, todo),
            false => Self::new(name, StepState::Done, done),
        }
    }

    pub(super) fn remedy(mut self, remedy: Remedy) -> Self {
        self.remedy = Some(remedy);
        self
    }

    /// A step that a service has refused or not answered. The remedy is for somebody with more rights.
    pub(super) fn refused(name: impl Into<String>, trouble: &Trouble, remedy: Remedy) -> Self {
        let step = Self::new(name, trouble.state, trouble.said.clone());
        match trouble.state {
            StepState::NeedsSomebody => step.remedy(remedy),
            _ => step,
        }
    }
}

/// Why a step did not come about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) state: StepState,
    pub(super) said: String,
}

impl Trouble {
    pub(super) fn failed(said: impl Into<String>) -> Self {
        Self {
            state: StepState::Failed,
            said: said.into(),
        }
    }
}

impl From<azure_core::Error> for Trouble {
    fn from(error: azure_core::Error) -> Self {
        Self {
            state: state(&error),
            said: in_full(&error),
        }
    }
}

impl From<WorkspaceError> for Trouble {
    fn from(error: WorkspaceError) -> Self {
        Self {
            state: error.service().map_or(StepState::Failed, state),
            said: in_full(&error),
        }
    }
}

impl From<ConnectionError> for Trouble {
    fn from(error: ConnectionError) -> Self {
        Self::failed(in_full(&error))
    }
}

/// What a refusal means for whoever prepares an environment.
fn state(error: &azure_core::Error) -> StepState {
    use azure_core::error::ErrorKind;
    if TimedOut::of(error).is_some() {
        return StepState::Unreachable;
    }
    let status = error.service_error().map(|error| u16::from(error.status));
    let denied = ApiError::of(error)
        .is_some_and(|error| error.is_permission_denied() || error.is_unauthenticated());
    match error.kind() {
        _ if denied || matches!(status, Some(401 | 403)) => StepState::NeedsSomebody,
        ErrorKind::Connection | ErrorKind::Io => StepState::Unreachable,
        ErrorKind::Credential => StepState::NeedsSomebody,
        _ => match status {
            Some(429 | 502..=504) => StepState::Unreachable,
            _ => StepState::Failed,
        },
    }
}

/// An error with its causes, each once.
fn in_full(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(current) = cause {
        let said = current.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = current.source();
    }
    text
}
