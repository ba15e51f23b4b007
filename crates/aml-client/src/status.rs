//! States that the services write as a number or as a text, and may add to.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// An enumeration that is read from a text in any case, or from an index into `numbers`, and keeps what it does not know.
macro_rules! states {
    ($(#[$doc:meta])* $name:ident, numbers: [$($number:ident),*], {
        $($variant:ident $words:literal),+ $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = $words] $variant,)+
            /// One that this crate does not know; it counts as still going on.
            Other(String),
        }

        impl $name {
            /// The state as the service writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => stringify!($variant),)+
                    Self::Other(text) => text,
                }
            }

            fn of(json: Value) -> Result<Self, String> {
                match json {
                    Value::String(text) => Ok(Self::of_text(text)),
                    Value::Number(number) => Ok(number
                        .as_u64()
                        .and_then(Self::of_number)
                        .unwrap_or_else(|| Self::Other(number.to_string()))),
                    other => Err(format!("expected a status, found {other}")),
                }
            }

            fn of_text(text: String) -> Self {
                $(if text.eq_ignore_ascii_case(stringify!($variant)) {
                    return Self::$variant;
                })+
                Self::Other(text)
            }

            fn of_number(number: u64) -> Option<Self> {
                let known: &[Self] = &[$(Self::$number),*];
                known.get(usize::try_from(number).ok()?).cloned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                Self::of(Value::deserialize(from)?).map_err(D::Error::custom)
            }
        }
    };
}

states!(
    /// Whether a published pipeline or a pipeline endpoint may be used.
    EntityStatus, numbers: [Active, Deprecated, Disabled], {
        Active "It may be submitted.",
        Deprecated "It may be submitted, but should not be.",
        Disabled "A submission is refused.",
    }
);

states!(
    /// How far a run of a published pipeline is (`StatusCode` of the pipelines service).
    PipelineRunStatus, numbers: [NotStarted, Running, Failed, Finished, Canceled], {
        NotStarted "Submitted, or without a status so far.",
        Queued "Waiting for compute.",
        Running "Steps are running.",
        Failed "Ended: a step failed.",
        Finished "Ended well. Run history calls this `Completed`.",
        Canceled "Ended by a cancellation.",
    }
);

states!(
    /// How far one step of a pipeline run is. Its numbers are not documented: they are kept as [`NodeStatus::Other`].
    NodeStatus, numbers: [], {
        NotStarted "Not begun.",
        Queued "Waiting for compute.",
        Running "Running.",
        Failed "Ended: it failed.",
        Finished "Ended well.",
        Canceled "Ended by a cancellation.",
        PartiallyExecuted "Ended in part.",
        Bypassed "Ended without running, such as by reuse or a condition.",
    }
);

states!(
    /// How far a run is, as run history says it.
    HistoryStatus, numbers: [], {
        NotStarted "Not begun.",
        Unapproved "Waiting for an approval.",
        Queued "Waiting for compute.",
        Preparing "The environment is being prepared.",
        Provisioning "Compute is being provisioned.",
        Starting "About to run.",
        Running "Running.",
        Pausing "About to be paused.",
        Paused "Paused.",
        NotResponding "Silent for too long.",
        Finalizing "Done; outputs are being stored.",
        CancelRequested "About to be cancelled.",
        Completed "Ended well.",
        Failed "Ended: it failed.",
        Canceled "Ended by a cancellation.",
    }
);

states!(
    /// How far a job is.
    JobStatus, numbers: [], {
        NotStarted "Not begun.",
        Starting "About to run.",
        Provisioning "Compute is being provisioned.",
        Preparing "The environment is being prepared.",
        Queued "Waiting for compute.",
        Running "Running.",
        Finalizing "Done; outputs are being stored.",
        CancelRequested "About to be cancelled.",
        Completed "Ended well.",
        Failed "Ended: it failed.",
        Canceled "Ended by a cancellation.",
        NotResponding "Silent for too long.",
        Paused "Paused.",
    }
);

states!(
    /// How far the making of a resource is.
    ProvisioningState, numbers: [], {
        Creating "Being made.",
        Updating "Being changed.",
        Deleting "Being deleted.",
        Scaling "Being scaled.",
        Succeeded "Ready.",
        Failed "Could not be made.",
        Canceled "Its making was cancelled.",
    }
);

/// States with an end.
macro_rules! ends {
    ($($name:ident: $success:ident, $($other:ident),+;)+) => {
        $(impl $name {
            /// Whether nothing follows this state; an unknown one goes on.
            #[must_use]
            pub fn is_terminal(&self) -> bool {
                matches!(self, Self::$success $(| Self::$other)+)
            }

            /// Whether it ended well.
            #[must_use]
            pub fn is_success(&self) -> bool {
                *self == Self::$success
            }
        })+
    };
}

ends! {
    PipelineRunStatus: Finished, Failed, Canceled;
    NodeStatus: Finished, Failed, Canceled, PartiallyExecuted, Bypassed;
    HistoryStatus: Completed, Failed, Canceled;
    JobStatus: Completed, Failed, Canceled;
    ProvisioningState: Succeeded, Failed, Canceled;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn run(json: Value) -> PipelineRunStatus {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn numbers_and_texts_in_any_case_are_read() {
        assert_eq!(run(json!(3)), PipelineRunStatus::Finished);
        assert_eq!(run(json!("Finished")), PipelineRunStatus::Finished);
        assert_eq!(run(json!("canceled")), PipelineRunStatus::Canceled);
        let disabled: EntityStatus = serde_json::from_value(json!(2)).unwrap();
        assert_eq!(disabled, EntityStatus::Disabled);
    }

    #[test]
    fn an_unknown_state_is_kept_and_goes_on() {
        for json in [json!("Pondering"), json!(17), json!(-1), json!(1.5)] {
            let state = run(json.clone());

            assert!(!state.is_terminal() && !state.is_success(), "{json}");
            assert_eq!(state.to_string(), json.to_string().replace('"', ""));
        }
        assert!(serde_json::from_value::<PipelineRunStatus>(json!({})).is_err());
    }

    #[test]
    fn each_service_has_its_own_end() {
        assert!(run(json!("Finished")).is_terminal());
        assert!(!run(json!("Completed")).is_terminal());
        let history: HistoryStatus = serde_json::from_value(json!("Finished")).unwrap();
        assert!(!history.is_terminal());
        assert!(!HistoryStatus::CancelRequested.is_terminal());
        assert!(!JobStatus::Finalizing.is_terminal());
        assert!(JobStatus::Completed.is_success() && !JobStatus::Failed.is_success());
        assert!(NodeStatus::Bypassed.is_terminal());
    }
}
