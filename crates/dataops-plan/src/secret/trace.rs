//! What a factory shows of its secrets, remembered without them: enough to see later that one is another.

use std::collections::BTreeMap;

use adf_diff::Path;
use adf_model::secret::secrets_in;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Hidden, Masked, STARS};
use crate::digest::Digest;

/// How many hexadecimal digits of a digest are kept: enough that another secret is seen, and too few to find out a secret by them.
///
/// Whoever reads them can rule out all guesses but one in 65,536. That is all that they ever learn, because the digest has no salt: the same
/// secret leaves the same digits in each state of each environment. A salt would have to stand beside them, where the next agent finds it,
/// so that it hides nothing from the same reader; and with another one in each place or state, each of them would rule out as many guesses
/// again, until two or three leave only the secret. A key that readers of records do not have would help, and there is none: what
/// `drift` signs in as may have nothing but the right to read. What the service hides (`**********`) leaves the digits of those stars; so
/// this is about secrets alone that the factory shows to each of its readers in clear text.
const DIGITS: usize = 4;

/// What a factory shows of a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SecretTrace {
    /// The beginning of a digest of what is shown. It is that of the secret alone, whatever its place: a secret in many places is not
    /// told by more of it.
    shown: String,
    /// Whether the service hides the secret, or some of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_hidden: bool,
}

impl SecretTrace {
    fn of(shown: &Value, secret: &Hidden) -> Self {
        let value = secret.reveal();
        // Where the rest of a text is no secret, it is compared as it stands.
        let parts = match (shown.as_str(), value) {
            (Some(STARS), _) | (None, _) => None,
            (Some(_), Value::String(text)) => {
                let parts = secrets_in(text).into_iter();
                let parts: Vec<_> = parts.map(|part| &text[part.at]).collect();
                (!parts.is_empty()).then(|| json!(parts))
            }
            _ => None,
        };
        let digest = Digest::of_json(&json!(["secret", parts.as_ref().unwrap_or(value)]));
        Self {
            shown: digest.as_str()[..DIGITS].to_owned(),
            is_hidden: !secret.is_known(),
        }
    }

    /// Whether what is shown is another, as far as it is shown at all.
    #[must_use]
    pub fn differs(&self, other: &Self) -> bool {
        self.shown != other.shown
    }
}

impl Masked {
    /// What is shown of each secret, by its place in words.
    pub(crate) fn traces(&self) -> BTreeMap<String, SecretTrace> {
        let traces = self.secrets.iter().filter_map(|secret| {
            let shown = self.json.pointer(&secret.pointer)?;
            let place = Path::of_pointer(&self.json, &secret.pointer);
            Some((place.to_string(), SecretTrace::of(shown, &secret.value)))
        });
        traces.collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use adf_model::Kind;

    use super::*;

    #[expect(
        clippy::needless_pass_by_value,
        reason = "every caller writes it in place"
    )]
    fn traces(details: Value) -> BTreeMap<String, SecretTrace> {
        let document = json!({"properties": {"type": "RestService", "typeProperties": details}});
        Masked::of(Kind::LinkedService, document, &BTreeSet::new()).traces()
    }

    #[test]
    fn another_secret_leaves_another_trace() {
        let header = |key: &str| traces(json!({"authHeaders": {"X-Key": key}}));
        let place = "typeProperties.authHeaders.X-Key";

        assert_eq!(header("one"), header("one"));
        assert!(header("one")[place].differs(&header("two")[place]));
        assert!(!header("one")[place].is_hidden);
    }

    #[test]
    fn what_is_no_secret_of_a_text_does_not_count_in_its_trace() {
        let text = |text: &str| traces(json!({"connectionString": text}));
        let place = "typeProperties.connectionString";
        let trace = &text("Server=s;Password=hunter2")[place];

        assert!(!trace.differs(&text("Server=t;Password=hunter2")[place]));
        assert!(trace.differs(&text("Server=s;Password=hunter3")[place]));
        let hidden = &text("Server=s;Password=**********")[place];
        assert!(hidden.is_hidden);
        assert!(!hidden.differs(&text("Server=t;Password=**********")[place]));
    }

    #[test]
    fn a_trace_is_too_short_to_find_a_secret_by() {
        let trace = &traces(json!({"authHeaders": {"X-Key": "hunter2"}}));
        let other = &traces(json!({"authHeaders": {"X-Other-Key": "hunter2"}}));

        let trace = trace.values().next().unwrap();
        assert_eq!(trace.shown.len(), DIGITS);
        assert_eq!(Some(trace), other.values().next());
    }
}
