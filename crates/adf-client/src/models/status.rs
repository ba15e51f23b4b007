//! Statuses. Each set is open: the service may add to it at any time.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! statuses {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $status:ident = $wire:literal $(| $other:literal)*,)+ }) => {
        $(#[$about])*
        ///
        /// Read without regard to case, written as the service does.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $status,)+
            /// A status that is not known here.
            Unknown(String),
        }

        impl $name {
            /// The status as the service writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$status => $wire,)+
                    Self::Unknown(text) => text,
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                let is = |known: &str| text.eq_ignore_ascii_case(known);
                $(if is($wire) $(|| is($other))* {
                    return Self::$status;
                })+
                Self::Unknown(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                text.to_owned().into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.pad(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::from)
            }
        }
    };
}

statuses! {
    /// How a pipeline run stands.
    PipelineRunStatus {
        /// It waits for its turn.
        Queued = "Queued",
        /// It runs.
        InProgress = "InProgress",
        /// It has ended well.
        Succeeded = "Succeeded",
        /// It has ended with an error.
        Failed = "Failed",
        /// It is being cancelled.
        Canceling = "Canceling" | "Cancelling",
        /// It was cancelled.
        Cancelled = "Cancelled" | "Canceled",
    }
}

impl PipelineRunStatus {
    /// Whether the run has ended. A status that is not known here counts as running.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

statuses! {
    /// How an activity run stands.
    ActivityRunStatus {
        /// It waits for its turn.
        Queued = "Queued",
        /// It runs.
        InProgress = "InProgress",
        /// It has ended well.
        Succeeded = "Succeeded",
        /// It has ended with an error.
        Failed = "Failed",
        /// It is being cancelled.
        Canceling = "Canceling" | "Cancelling",
        /// It was cancelled.
        Cancelled = "Cancelled" | "Canceled",
        /// It was passed over, because what it depends on went another way.
        Skipped = "Skipped",
    }
}

impl ActivityRunStatus {
    /// Whether the activity run has ended. A status that is not known here counts as running.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Succeeded | Self::Failed | Self::Cancelled | Self::Skipped
        )
    }
}

statuses! {
    /// How a trigger run stands.
    TriggerRunStatus {
        /// A tumbling window waits for its time or for other windows.
        Waiting = "Waiting",
        /// It starts pipelines.
        InProgress = "Inprogress",
        /// The pipeline of a tumbling window runs.
        Running = "Running",
        /// It has started its pipelines.
        Succeeded = "Succeeded",
        /// It could not start them.
        Failed = "Failed",
        /// It was cancelled.
        Cancelled = "Cancelled" | "Canceled",
    }
}

statuses! {
    /// How a trigger's subscription to its events stands.
    EventSubscriptionStatus {
        /// Events arrive.
        Enabled = "Enabled",
        /// It is being made.
        Provisioning = "Provisioning",
        /// It is being ended.
        Deprovisioning = "Deprovisioning",
        /// There is none.
        Disabled = "Disabled",
    }
}

statuses! {
    /// How an integration runtime stands.
    IntegrationRuntimeState {
        /// It was just created.
        Initial = "Initial",
        /// A managed one is stopped.
        Stopped = "Stopped",
        /// A managed one is started.
        Started = "Started",
        /// A managed one is being started.
        Starting = "Starting",
        /// A managed one is being stopped.
        Stopping = "Stopping",
        /// No machine is registered.
        NeedRegistration = "NeedRegistration",
        /// All its machines are reached.
        Online = "Online",
        /// Some of its machines are reached.
        Limited = "Limited",
        /// None of its machines is reached.
        Offline = "Offline",
        /// The factory that it is shared from does not allow it.
        AccessDenied = "AccessDenied",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_read_in_any_case_and_spelling() {
        for (text, status) in [
            ("InProgress", PipelineRunStatus::InProgress),
            ("inprogress", PipelineRunStatus::InProgress),
            ("Canceled", PipelineRunStatus::Cancelled),
            ("Cancelling", PipelineRunStatus::Canceling),
            ("Paused", PipelineRunStatus::Unknown("Paused".to_owned())),
        ] {
            assert_eq!(PipelineRunStatus::from(text), status);
        }
        for text in ["Inprogress", "InProgress"] {
            assert_eq!(TriggerRunStatus::from(text), TriggerRunStatus::InProgress);
        }
    }

    #[test]
    fn an_unknown_status_is_written_as_it_came() {
        let status: ActivityRunStatus = serde_json::from_str("\"Half done\"").unwrap();

        assert_eq!(serde_json::to_string(&status).unwrap(), "\"Half done\"");
        assert!(!status.is_final());
    }
}
