//! The values of secrets that are known, which no text shows.
//!
//! They are known by their text, so that they are hidden wherever something carries them: in inputs and outputs, in messages, in what
//! others are given and return.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

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

/// The values of secrets. `Debug` shows none.
///
/// ```
/// use adf_model::secret::SecretValues;
/// use serde_json::json;
///
/// let mut secrets = SecretValues::hidden_by("***");
/// secrets.add("hunter2");
/// assert_eq!(secrets.text("bad password: hunter2"), "bad password: ***");
/// assert_eq!(secrets.value(&json!(["aHVudGVyMg==", 7])), json!(["***", 7]));
/// ```
#[derive(Clone)]
pub struct SecretValues {
    /// What stands in their places.
    mask: &'static str,
    /// As they were given.
    plain: Vec<String>,
    /// What they look like inside of other texts: longest first, so that none is cut by another one inside of it.
    forms: Vec<String>,
}

impl fmt::Debug for SecretValues {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.mask)
    }
}

impl SecretValues {
    /// No secret yet, and what will stand in the place of each.
    #[must_use]
    pub fn hidden_by(mask: &'static str) -> Self {
        Self {
            mask,
            plain: Vec::new(),
            forms: Vec::new(),
        }
    }

    /// Whether no secret is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.plain.is_empty()
    }

    /// Keeps a value hidden from now on.
    pub fn add(&mut self, text: &str) {
        if text.trim().is_empty() || self.plain.iter().any(|plain| plain == text) {
            return;
        }
        self.forms.extend(forms(text));
        self.forms
            .sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        self.forms.dedup();
        self.plain.push(text.to_owned());
    }

    /// A text without the secrets.
    #[must_use]
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.plain.iter().any(|plain| plain == text) {
            return self.mask.into();
        }
        let mut text = Cow::Borrowed(text);
        for form in &self.forms {
            if text.contains(form.as_str()) {
                text = text.replace(form.as_str(), self.mask).into();
            }
            if text.contains(CUT) {
                text = self.without_starts(&text, form).into();
            }
        }
        text
    }

    /// A value without the secrets, also in the names of its members.
    #[must_use]
    pub fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.text(text).into(),
            Value::Number(number) => match self.plain.contains(&number.to_string()) {
                true => self.mask.into(),
                false => value.clone(),
            },
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => self.fields(fields).into(),
            other => other.clone(),
        }
    }

    /// The same of the members of an object.
    #[must_use]
    pub fn fields(&self, fields: &Map<String, Value>) -> Map<String, Value> {
        let fields = fields.iter();
        fields
            .map(|(name, value)| (self.text(name).into_owned(), self.value(value)))
            .collect()
    }

    /// A message that was made of values which are all secret: short ones, too, are hidden where they stand as words.
    #[must_use]
    pub fn taken_out_of(&self, message: &str) -> String {
        let mut text = self.text(message).into_owned();
        for plain in &self.plain {
            if plain.len() < SHORTEST_PART {
                text = self.without_word(&text, plain);
            }
        }
        text
    }

    fn without_word(&self, text: &str, word: &str) -> String {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(word) {
            let (before, after) = (&rest[..at], &rest[at + word.len()..]);
            out.push_str(before);
            let inside = out.ends_with(is_part) || after.starts_with(is_part);
            out.push_str(if inside { word } else { self.mask });
            rest = after;
        }
        out + rest
    }

    /// Hides the start of a secret where a message was cut in the middle of it.
    fn without_starts(&self, text: &str, secret: &str) -> String {
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
                *piece = format!("{}{}", &piece[..piece.len() - start.len()], self.mask).into();
            }
        }
        pieces.join(CUT)
    }
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
