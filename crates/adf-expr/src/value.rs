//! What the language knows about JSON values: type names, binary and XML values, numbers, look-up by name.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Number, Value, json};

/// The content type of plain bytes.
pub(crate) const OCTETS: &str = "application/octet-stream";
/// The content type of XML values.
pub(crate) const XML: &str = "application/xml;charset=utf-8";

const CODEC: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// The name of a value's type, as messages use it.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "Null",
        Value::Bool(_) => "Boolean",
        Value::Number(number) if number.is_f64() => "Float",
        Value::Number(_) => "Integer",
        Value::String(_) => "String",
        Value::Array(_) => "Array",
        Value::Object(_) => "Object",
    }
}

/// Looks a name up: exactly first, then ignoring case.
///
/// This is how the language finds properties, parameters, variables and activities.
#[must_use]
pub fn lookup<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    lookup_key(object, name).and_then(|key| object.get(key))
}

pub(crate) fn lookup_key<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    let exact = object.get_key_value(name).map(|(key, _)| key.as_str());
    exact.or_else(|| {
        let mut keys = object.keys().map(String::as_str);
        keys.find(|key| same_ignoring_case(key, name))
    })
}

pub(crate) fn same_ignoring_case(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
        || (!(a.is_ascii() && b.is_ascii()) && a.chars().map(upper).eq(b.chars().map(upper)))
}

/// Invariant upper case: one character for one, so `ß` stays, and so does the Turkish `ı`.
pub(crate) fn upper(c: char) -> char {
    if c == 'ı' {
        return c;
    }
    let mut mapped = c.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(upper), None) if upper.len_utf16() == c.len_utf16() => upper,
        _ => c,
    }
}

/// Invariant lower case: one character for one.
pub(crate) fn lower(c: char) -> char {
    let mut mapped = c.to_lowercase();
    match (mapped.next(), mapped.next()) {
        (Some(lower), None) if lower.len_utf16() == c.len_utf16() => lower,
        _ => c,
    }
}

/// A number of the language.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Num {
    Int(i64),
    Float(f64),
}

impl Num {
    pub(crate) fn of(number: &Number) -> Self {
        match number.as_i64() {
            Some(int) => Self::Int(int),
            None => Self::Float(number.as_f64().unwrap_or(f64::NAN)),
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "this is what mixing the types means"
    )]
    pub(crate) fn float(self) -> f64 {
        match self {
            Self::Int(int) => int as f64,
            Self::Float(float) => float,
        }
    }
}

/// A value that carries bytes and their content type.
#[derive(Debug)]
pub(crate) struct Binary {
    pub(crate) content_type: String,
    pub(crate) bytes: Vec<u8>,
}

impl Binary {
    pub(crate) fn new(content_type: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            content_type: content_type.into(),
            bytes: bytes.into(),
        }
    }

    pub(crate) fn of(value: &Value) -> Option<Self> {
        let object = value.as_object()?;
        let content_type = object.get("$content-type")?.as_str()?;
        let bytes = from_base64(object.get("$content")?.as_str()?)?;
        Some(Self::new(content_type, bytes))
    }

    pub(crate) fn is_xml(&self) -> bool {
        let kind = self
            .content_type
            .split(';')
            .next()
            .unwrap_or_default()
            .trim();
        kind.eq_ignore_ascii_case("application/xml")
            || kind.eq_ignore_ascii_case("text/xml")
            || kind.to_ascii_lowercase().ends_with("+xml")
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn into_value(self) -> Value {
        json!({"$content-type": self.content_type, "$content": to_base64(&self.bytes)})
    }
}

pub(crate) fn to_base64(bytes: &[u8]) -> String {
    CODEC.encode(bytes)
}

/// Decodes base64; blanks are ignored, padding and alphabet are not negotiable.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '\t' | '\r' | '\n'))
        .collect();
    CODEC.decode(text).ok()
}

/// A binary or XML value as text.
pub(crate) fn binary_text(object: &Value) -> Option<String> {
    Binary::of(object).map(|binary| binary.text())
}
