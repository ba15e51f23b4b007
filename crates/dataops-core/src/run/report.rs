//! What a run did, as reports tell it.

use std::collections::BTreeSet;

use adf_model::Kind;
use adf_model::secret::{Secrecy, SecretValues, masked};
use azure_core::time::{Duration, OffsetDateTime};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// A pipeline run with its activity runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunReport {
    /// The factory.
    pub factory: String,
    /// The pipeline.
    pub pipeline: String,
    /// The run's id.
    pub run_id: String,
    /// `Queued`, `InProgress`, `Succeeded`, `Failed`, `Canceling`, `Cancelled`, or what the service says.
    pub status: String,
    /// What the service says about it, such as the reason of a failure.
    pub message: String,
    /// Who started it, such as `Manual` or a trigger's name.
    pub invoked_by: String,
    /// What it was given.
    pub parameters: Map<String, Value>,
    /// When it started.
    #[serde(serialize_with = "rfc3339")]
    pub start: Option<OffsetDateTime>,
    /// When it ended.
    #[serde(serialize_with = "rfc3339")]
    pub end: Option<OffsetDateTime>,
    /// Its activity runs, in the order of their start.
    pub activities: Vec<ActivityReport>,
    /// Where to look at it.
    pub url: Option<String>,
}

/// An activity run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivityReport {
    /// What tells it apart from other runs of the same activity.
    pub id: String,
    /// The activity.
    pub name: String,
    /// Its type, such as `Copy`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `Queued`, `InProgress`, `Succeeded`, `Failed`, `Cancelled`, `Skipped`, `Inactive`, or what the service says.
    pub status: String,
    /// When it started.
    #[serde(serialize_with = "rfc3339")]
    pub start: Option<OffsetDateTime>,
    /// When it ended.
    #[serde(serialize_with = "rfc3339")]
    pub end: Option<OffsetDateTime>,
    /// What it was given.
    pub input: Value,
    /// What it gave.
    pub output: Value,
    /// Why it failed.
    pub error: Option<ActivityError>,
    /// Which repetition it is, from 1; nothing for the first attempt.
    pub retry: Option<u32>,
}

/// Why an activity failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivityError {
    /// The service's code.
    pub code: String,
    /// What the service says.
    pub message: String,
}

/// What stands in the place of a secret.
pub(super) const MASK: &str = "***";

/// Whether a status is one that a run stays in.
#[must_use]
pub fn is_final(status: &str) -> bool {
    matches!(
        status,
        "Succeeded" | "Failed" | "Cancelled" | "Skipped" | "Inactive"
    )
}

impl RunReport {
    /// Whether the run has ended.
    #[must_use]
    pub fn is_final(&self) -> bool {
        is_final(&self.status)
    }

    /// Whether somebody has stopped the run.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.status == "Cancelled"
    }

    /// How long the run took, or has taken until `now`.
    #[must_use]
    pub fn duration(&self, now: OffsetDateTime) -> Option<Duration> {
        Some(self.end.unwrap_or(now) - self.start?)
    }

    /// The same without what is known to be a secret, in case somebody has not marked it as one: what shows itself, `known` values and
    /// those of parameters that are secrets, wherever the run carries them.
    pub(super) fn without_secrets(mut self, mut known: SecretValues) -> Self {
        let parameters = Value::Object(self.parameters);
        for secret in Secrecy::of(Kind::Pipeline).secrets(&parameters) {
            // The service has hidden it.
            if !secret.bytes().all(|byte| byte == b'*') {
                known.add(&secret);
            }
        }
        let hide = |value: &Value| {
            let mut shown = known.value(value);
            let _ = Secrecy::of(Kind::Pipeline).take(&mut shown, MASK, &BTreeSet::new());
            shown
        };
        self.parameters = match hide(&parameters) {
            Value::Object(parameters) => parameters,
            _ => Map::new(),
        };
        let text = |text: &str| without_secrets(&known.text(text));
        self.message = text(&self.message);
        for activity in &mut self.activities {
            activity.input = hide(&activity.input);
            activity.output = hide(&activity.output);
            if let Some(error) = &mut activity.error {
                error.message = text(&error.message);
                error.code = text(&error.code);
            }
        }
        self
    }
}

/// A text without the secrets that show themselves in it.
pub(super) fn without_secrets(text: &str) -> String {
    masked(text, MASK).into_owned()
}

impl ActivityReport {
    /// How long the activity took, or has taken until `now`.
    #[must_use]
    pub fn duration(&self, now: OffsetDateTime) -> Option<Duration> {
        Some(self.end.unwrap_or(now) - self.start?)
    }

    /// What the work itself said when it failed, such as a notebook's traceback.
    #[must_use]
    pub fn trace(&self) -> Option<&str> {
        let said = ["runTrace", "runError"].into_iter();
        said.filter_map(|key| self.output.get(key)?.as_str())
            .find(|text| !text.is_empty())
    }

    /// Where the work can be looked at, where the activity says so.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        ["runPageUrl", "runUrl"]
            .into_iter()
            .find_map(|key| self.output.get(key)?.as_str())
    }
}

#[expect(clippy::ref_option, reason = "the form that serde calls")]
pub(super) fn rfc3339<S: Serializer>(
    time: &Option<OffsetDateTime>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let text = time.and_then(|time| {
        time.format(&time::format_description::well_known::Rfc3339)
            .ok()
    });
    text.serialize(serializer)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_nobody_has_marked_as_a_secret_is_hidden_too() {
        let activity = ActivityReport {
            id: "1".into(),
            name: "call".into(),
            kind: "WebActivity".into(),
            status: "Failed".into(),
            start: None,
            end: None,
            input: json!({"url": "https://a.test", "headers": {"Authorization": "Bearer CANARYCANARY"}}),
            output: json!({"rows": 3, "clientSecret": "CANARY", "said": "PARAMETER-1 and DECLARED-1"}),
            error: Some(ActivityError {
                code: "PARAMETER-1".into(),
                message: "wrong word: PARAMETER-1, no answer of https://a.test/?sig=CANARYCANARY"
                    .into(),
            }),
            retry: None,
        };
        let run = RunReport {
            factory: "f".into(),
            pipeline: "p".into(),
            run_id: "r".into(),
            status: "Failed".into(),
            message: "no answer of https://a.test/?sig=CANARYCANARY to DECLARED-1".into(),
            invoked_by: "Manual".into(),
            parameters: Map::from_iter([
                ("password".to_owned(), "PARAMETER-1".into()),
                ("token".to_owned(), "***".into()),
                ("day".to_owned(), "today".into()),
            ]),
            start: None,
            end: None,
            activities: vec![activity],
            url: None,
        };

        let mut known = SecretValues::hidden_by(MASK);
        known.add("DECLARED-1");
        let shown = serde_json::to_string(&run.without_secrets(known)).unwrap();

        for secret in ["CANARY", "PARAMETER-1", "DECLARED-1"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains(r#""day":"today""#) && shown.contains("wrong word: ***, no answer"));
        assert!(shown.contains(r#""rows":3"#) && shown.contains("https://a.test"));
    }
}
