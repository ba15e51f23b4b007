//! `plan.json`: written in one way only, and trusted only as it was written.

use serde_json::Value;

use super::Plan;
use crate::digest::Digest;

/// The version of the form of `plan.json`.
pub const SCHEMA: u32 = 1;

/// A `plan.json` that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanFileError {
    /// It is not what a plan looks like.
    #[error("it is no plan")]
    Malformed(#[source] serde_json::Error),
    /// Another version of this program wrote it.
    #[error("its schema is {0}, and this program reads {SCHEMA}; make the plan again")]
    Schema(u64),
    /// It is not as it was written.
    #[error("it was changed after it was written: {written} is not the digest of its contents")]
    Changed {
        /// The digest that stands in it.
        written: Digest,
    },
}

impl Plan {
    /// The text of `plan.json`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let text = serde_json::to_string_pretty(self);
        text.expect("a plan has text keys only") + "\n"
    }

    /// Reads `plan.json`.
    ///
    /// # Errors
    ///
    /// When it is no plan, of another version, or was changed.
    pub fn read(text: &str) -> Result<Self, PlanFileError> {
        let json: Value = serde_json::from_str(text).map_err(PlanFileError::Malformed)?;
        match json.get("schema").and_then(Value::as_u64) {
            Some(schema) if schema != u64::from(SCHEMA) => {
                return Err(PlanFileError::Schema(schema));
            }
            _ => {}
        }
        let found = digest(&json);
        let plan: Self = serde_json::from_value(json).map_err(PlanFileError::Malformed)?;
        if plan.digest == found {
            Ok(plan)
        } else {
            Err(PlanFileError::Changed {
                written: plan.digest,
            })
        }
    }

    /// Computes the digest of all the rest.
    pub(crate) fn seal(&mut self) {
        let json = serde_json::to_value(&*self);
        self.digest = digest(&json.expect("a plan has text keys only"));
    }
}

fn digest(plan: &Value) -> Digest {
    let mut rest = plan.clone();
    if let Some(rest) = rest.as_object_mut() {
        rest.remove("digest");
    }
    Digest::of_json(&rest)
}
