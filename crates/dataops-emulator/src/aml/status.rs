//! States, as the pipelines service (a text or a number) and run history name them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::refusal::Refusal;

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum RunStatus {
    /// Waits.
    NotStarted,
    /// Runs.
    Running,
    /// Ended: the script failed.
    Failed,
    /// Ended well.
    Finished,
    /// Ended by a cancellation.
    Canceled,
}

impl RunStatus {
    /// Whether the run has ended.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Failed | Self::Finished | Self::Canceled)
    }

    /// The pipelines service's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotStarted => "NotStarted",
            Self::Running => "Running",
            Self::Failed => "Failed",
            Self::Finished => "Finished",
            Self::Canceled => "Canceled",
        }
    }

    /// Run history's name.
    #[must_use]
    pub fn history(self) -> &'static str {
        match self {
            Self::Finished => "Completed",
            other => other.as_str(),
        }
    }

    pub(super) fn json(self, as_numbers: bool) -> Value {
        match as_numbers {
            true => (self as u8).into(),
            false => self.as_str().into(),
        }
    }
}

/// Whether an entity may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum EntityStatus {
    Active,
    Deprecated,
    Disabled,
}

impl EntityStatus {
    pub(super) fn parse(value: &Value) -> Result<Self, Refusal> {
        let text = value.as_str().map(str::to_ascii_lowercase);
        match (text.as_deref(), value.as_u64()) {
            (Some("active"), _) | (_, Some(0)) => Ok(Self::Active),
            (Some("deprecated"), _) | (_, Some(1)) => Ok(Self::Deprecated),
            (Some("disabled"), _) | (_, Some(2)) => Ok(Self::Disabled),
            _ => Err(Refusal::bad(format!(
                "{value} is not a status: Active, Deprecated or Disabled"
            ))),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Deprecated => "Deprecated",
            Self::Disabled => "Disabled",
        }
    }

    pub(super) fn json(self, as_numbers: bool) -> Value {
        match as_numbers {
            true => (self as u8).into(),
            false => self.as_str().into(),
        }
    }
}
