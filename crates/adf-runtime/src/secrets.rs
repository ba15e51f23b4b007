//! The values of secure parameters, which no record shows.
//!
//! They are known by their text, so that they are hidden wherever an expression carries them: in inputs and outputs, in
//! messages, in what child runs are given and return.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use adf_expr::render;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::{ActivityRunRecord, PipelineRunRecord};

/// Stands for a secure value in records.
pub(crate) const HIDDEN: &str = "**********";

/// A shorter text is hidden only where it stands alone: as a part of others it is in everything.
const SHORTEST_PART: usize = 4;

/// A shorter line of a text with several lines, such as a key file, is not hidden by itself.
const SHORTEST_LINE: usize = 8;

/// What ends a text that a message shows the start of, and how long such a start may be.
const CUT: &str = "…";
const LONGEST_START: usize = 256;

/// What `uriComponent()` leaves as it is.
const URI: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

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
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    known: Arc<Mutex<Known>>,
}

#[derive(Default)]
struct Known {
    /// As they were given.
    plain: Vec<String>,
    /// What they look like inside of other texts: longest first, so that none is cut by another one inside of it.
    forms: Vec<String>,
}

impl Secrets {
    /// Keeps a value hidden from now on.
    pub(crate) fn add(&self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.add(item)),
            Value::Object(fields) => fields.values().for_each(|field| self.add(field)),
            _ => {}
        }
        let text = render(value);
        if text.trim().is_empty() || value.is_boolean() {
            return;
        }
        let mut known = self.known();
        if known.plain.iter().any(|plain| *plain == text) {
            return;
        }
        known.forms.extend(forms(&text));
        known
            .forms
            .sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        known.forms.dedup();
        known.plain.push(text.into_owned());
    }

    /// The record as anybody may see it.
    pub(crate) fn of_pipeline(&self, record: &PipelineRunRecord) -> PipelineRunRecord {
        let known = self.known();
        let mut shown = record.clone();
        if !known.plain.is_empty() {
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
        if !known.plain.is_empty() {
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
        let known = self.known();
        let mut text = known.text(message).into_owned();
        for plain in &known.plain {
            if plain.len() < SHORTEST_PART {
                text = without_word(&text, plain);
            }
        }
        text
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.plain.iter().any(|plain| plain == text) {
            return HIDDEN.into();
        }
        let mut text = Cow::Borrowed(text);
        for form in &self.forms {
            if text.contains(form.as_str()) {
                text = text.replace(form.as_str(), HIDDEN).into();
            }
            if text.contains(CUT) {
                text = without_starts(&text, form).into();
            }
        }
        text
    }

    fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.text(text).into(),
            Value::Number(_) if self.plain.iter().any(|plain| *plain == render(value)) => {
                HIDDEN.into()
            }
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => self.fields(fields).into(),
            other => other.clone(),
        }
    }

    fn fields(&self, fields: &Map<String, Value>) -> Map<String, Value> {
        let fields = fields.iter();
        fields
            .map(|(name, value)| (self.text(name).into_owned(), self.value(value)))
            .collect()
    }
}

fn without_word(text: &str, word: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, after) = (&rest[..at], &rest[at + word.len()..]);
        out.push_str(before);
        let inside = out.ends_with(is_part) || after.starts_with(is_part);
        out.push_str(if inside { word } else { HIDDEN });
        rest = after;
    }
    out + rest
}

/// What a secret looks like inside of other texts, also after the functions that change a text as a whole.
fn forms(text: &str) -> Vec<String> {
    let trimmed = text.trim();
    let json = Value::from(trimmed).to_string();
    let mut forms = vec![
        trimmed.to_owned(),
        json[1..json.len() - 1].to_owned(),
        trimmed.to_lowercase(),
        trimmed.to_uppercase(),
        STANDARD.encode(text),
        utf8_percent_encode(text, URI).to_string(),
    ];
    forms.retain(|form| form.len() >= SHORTEST_PART);
    if trimmed.contains('\n') {
        let lines = trimmed.lines().map(str::trim);
        forms.extend(
            lines
                .filter(|line| line.len() >= SHORTEST_LINE)
                .map(str::to_owned),
        );
    }
    forms
}

/// Hides the start of a secret where a message was cut in the middle of it.
fn without_starts(text: &str, secret: &str) -> String {
    let starts = secret.char_indices().map(|(end, _)| &secret[..end]);
    let starts: Vec<&str> = starts
        .take(LONGEST_START)
        .filter(|start| start.len() >= SHORTEST_PART)
        .collect();
    let mut pieces: Vec<Cow<'_, str>> = text.split(CUT).map(Cow::Borrowed).collect();
    let cut = pieces.len() - 1;
    for piece in &mut pieces[..cut] {
        let longest = starts.iter().rev().find(|start| piece.ends_with(**start));
        if let Some(start) = longest {
            *piece = format!("{}{HIDDEN}", &piece[..piece.len() - start.len()]).into();
        }
    }
    pieces.join(CUT)
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
