//! The values of secure parameters, which no record shows.
//!
//! They are known by their text, so that they are hidden wherever an expression carries them: in inputs and outputs, in
//! messages, in what child runs are given and return.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use adf_expr::render;
use adf_model::secret::SecretValues;
use serde_json::Value;

use crate::{ActivityRunRecord, PipelineRunRecord};

/// Stands for a secure value in records.
pub(crate) const HIDDEN: &str = "**********";

/// Whether a type of parameters is the one whose values are hidden.
pub(crate) fn is_secure(kind: &str) -> bool {
    kind.eq_ignore_ascii_case("SecureString")
}

/// Whether something in a record was hidden, so that the record does not have it.
pub(crate) fn has_hidden(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(HIDDEN),
        Value::Array(items) => items.iter().any(has_hidden),
        Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| name.contains(HIDDEN) || has_hidden(value)),
        _ => false,
    }
}

/// The secure values of a run and of all that it belongs together with; clones are the same.
#[derive(Clone)]
pub(crate) struct Secrets {
    known: Arc<Mutex<SecretValues>>,
}

impl Default for Secrets {
    fn default() -> Self {
        Self {
            known: Arc::new(Mutex::new(SecretValues::hidden_by(HIDDEN))),
        }
    }
}

impl Secrets {
    /// Keeps a value hidden from now on.
    pub(crate) fn add(&self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.add(item)),
            Value::Object(fields) => fields.values().for_each(|field| self.add(field)),
            _ => {}
        }
        if !value.is_boolean() {
            self.known().add(&render(value));
        }
    }

    /// The record as anybody may see it.
    pub(crate) fn of_pipeline(&self, record: &PipelineRunRecord) -> PipelineRunRecord {
        let known = self.known();
        let mut shown = record.clone();
        if !known.is_empty() {
            shown.parameters = known.fields(&shown.parameters);
            shown.message = known.text(&shown.message).into_owned();
            let returned = shown.pipeline_return_value.as_ref();
            shown.pipeline_return_value = returned.map(|returned| known.fields(returned));
        }
        shown
    }

    /// The record as anybody may see it.
    pub(crate) fn of_activity(&self, record: &ActivityRunRecord) -> ActivityRunRecord {
        let known = self.known();
        let mut shown = record.clone();
        if !known.is_empty() {
            shown.input = known.value(&shown.input);
            shown.output = known.value(&shown.output);
            shown.user_properties = known.fields(&shown.user_properties);
            shown.error.message = known.text(&shown.error.message).into_owned();
            shown.error.error_code = known.text(&shown.error.error_code).into_owned();
        }
        shown
    }

    /// A message that was made of values which are all secret: short ones, too, are hidden where they stand as words.
    pub(crate) fn taken_out_of(&self, message: &str) -> String {
        self.known().taken_out_of(message)
    }

    fn known(&self) -> MutexGuard<'_, SecretValues> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn secrets(values: &[Value]) -> Secrets {
        let secrets = Secrets::default();
        values.iter().for_each(|value| secrets.add(value));
        secrets
    }

    fn shown(values: &[Value], value: &Value) -> Value {
        secrets(values).known().value(value)
    }

    #[test]
    fn a_secret_is_hidden_as_a_whole_and_as_a_part() {
        let value = json!({"a": "s3cret", "b": ["x s3cret y", 1], "s3cret": "other"});

        assert_eq!(
            shown(&[json!("s3cret")], &value),
            json!({"a": HIDDEN, "b": [format!("x {HIDDEN} y"), 1], HIDDEN: "other"})
        );
    }

    #[test]
    fn a_secret_is_hidden_in_another_form() {
        let secret = json!("p\"a ss+Wörd");
        let value = json!([
            "{\"k\":\"p\\\"a ss+Wörd\"}",
            "P\"A SS+WÖRD",
            "p\"a ss+wörd",
            "cCJhIHNzK1fDtnJk",
            "p%22a%20ss%2BW%C3%B6rd"
        ]);

        assert_eq!(
            shown(&[secret], &value),
            json!([
                format!("{{\"k\":\"{HIDDEN}\"}}"),
                HIDDEN,
                HIDDEN,
                HIDDEN,
                HIDDEN
            ])
        );
    }

    #[test]
    fn the_longer_of_two_secrets_is_hidden_first() {
        assert_eq!(
            shown(
                &[json!("pass"), json!("password1")],
                &json!("a password1 b pass")
            ),
            json!(format!("a {HIDDEN} b {HIDDEN}"))
        );
    }

    #[test]
    fn a_secret_of_few_letters_is_hidden_alone_only() {
        assert_eq!(
            shown(&[json!("a")], &json!(["a", "banana"])),
            json!([HIDDEN, "banana"])
        );
        assert_eq!(
            shown(
                &[json!(""), json!(" "), json!(true)],
                &json!(["", " ", "True", true])
            ),
            json!(["", " ", "True", true])
        );
    }

    #[test]
    fn a_message_shows_no_word_of_secure_input() {
        let secrets = secrets(&[json!({"seconds": "-5x", "other": 7})]);

        assert_eq!(
            secrets.taken_out_of("`seconds` is \"-5x\" or 7; 0 to 2147 is allowed"),
            format!("`seconds` is \"{HIDDEN}\" or {HIDDEN}; 0 to 2147 is allowed")
        );
    }

    #[test]
    fn numbers_and_the_parts_of_objects_are_secrets_too() {
        assert_eq!(
            shown(
                &[json!(4711), json!({"key": "abcdef"})],
                &json!([4711, 4712, "4711", "abcdef"])
            ),
            json!([HIDDEN, 4712, HIDDEN, HIDDEN])
        );
    }

    #[test]
    fn the_start_of_a_secret_is_hidden_where_a_message_was_cut() {
        let secret = json!("correct horse battery staple");

        assert_eq!(
            shown(
                &[secret],
                &json!("`correct hor…` is no number; nor is `x…`")
            ),
            json!(format!("`{HIDDEN}…` is no number; nor is `x…`"))
        );
    }

    #[test]
    fn each_long_line_of_a_key_file_is_hidden() {
        let key = json!("-----BEGIN KEY-----\nMIIEvQIBADANBg\n-----END KEY-----\n");

        assert_eq!(
            shown(&[key], &json!("line MIIEvQIBADANBg")),
            json!(format!("line {HIDDEN}"))
        );
    }
}
