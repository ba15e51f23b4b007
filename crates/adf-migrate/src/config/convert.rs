//! The text of a value as the type of what it replaces.

use serde_json::{Number, Value};

use super::expand::{Expanded, has_variable};
use super::literal;
use crate::note::NoteKind;

/// A value for a place.
#[derive(Debug)]
pub(crate) struct Converted {
    pub(crate) value: Value,
    /// What the old tool makes of it that is hardly meant, or cannot do.
    pub(crate) notes: Vec<(NoteKind, &'static str)>,
}

/// Why a value does not fit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Misfit {
    pub(crate) kind: NoteKind,
    pub(crate) reason: String,
    pub(crate) hint: Option<&'static str>,
}

impl Converted {
    fn plain(value: Value) -> Result<Self, Misfit> {
        Ok(Self {
            value,
            notes: Vec::new(),
        })
    }

    fn noted(value: Value, kind: NoteKind, message: &'static str) -> Result<Self, Misfit> {
        Ok(Self {
            value,
            notes: vec![(kind, message)],
        })
    }
}

/// The text as the type of `there`.
pub(crate) fn convert(there: &Value, expanded: &Expanded) -> Result<Converted, Misfit> {
    let text = expanded.text.as_str();
    let read = text.trim();
    if read.is_empty() && !there.is_string() && !there.is_null() {
        return Err(Misfit {
            kind: NoteKind::EmptyValue,
            reason: format!("{} is there, and the value is empty", type_of(there)),
            hint: None,
        });
    }
    match there {
        Value::String(old) if is_moment(old) => Ok(moment(text)),
        Value::String(_) => Converted::plain(text.into()),
        Value::Number(old) => number(old, read),
        Value::Bool(_) => boolean(read),
        Value::Object(_) => object(there, read),
        Value::Array(_) => array(read),
        Value::Null => Converted::noted(
            scalar(read).unwrap_or_else(|| text.into()),
            NoteKind::Tolerated,
            "`null` is there, where the old tool fails; the value is put there",
        ),
    }
}

pub(crate) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a Boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn misfit(there: &str, hint: Option<&'static str>) -> Misfit {
    Misfit {
        kind: NoteKind::Type,
        reason: format!("{there} is there, and the value does not read as one"),
        hint,
    }
}

/// Text that reads as a number or Boolean.
pub(crate) fn scalar(text: &str) -> Option<Value> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        _ => text.parse().ok().map(Value::Number),
    }
}

fn number(old: &Number, text: &str) -> Result<Converted, Misfit> {
    if has_variable(text) {
        return Converted::plain(text.into());
    }
    let value: Number = text.parse().map_err(|_| misfit("a number", None))?;
    match (old.is_f64(), value.is_f64()) {
        (true, _) => Converted::noted(
            Value::Number(value),
            NoteKind::NumberBecameText,
            "the old tool writes text where a number with a fraction was; it is taken over as a number",
        ),
        (false, true) => Converted::noted(
            Value::Number(value),
            NoteKind::Tolerated,
            "a whole number is there, and the old tool rounds the value to one; it is taken over as it is written",
        ),
        (false, false) => Converted::plain(Value::Number(value)),
    }
}

fn boolean(text: &str) -> Result<Converted, Misfit> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Converted::plain(Value::Bool(true)),
        "false" => Converted::plain(Value::Bool(false)),
        _ if has_variable(text) => Converted::plain(text.into()),
        _ => Err(misfit("a Boolean", Some("write `true` or `false`"))),
    }
}

fn object(there: &Value, text: &str) -> Result<Converted, Misfit> {
    match literal::json(text) {
        Some(value) if value.is_object() => Converted::plain(value),
        _ => {
            let is_expression = there.get("value").is_some();
            let hint = is_expression.then_some("the text stands one level deeper, in `.value`");
            Err(misfit("an object", hint.or(Some("write it as JSON"))))
        }
    }
}

fn array(text: &str) -> Result<Converted, Misfit> {
    if let Some(items) = literal::powershell(text) {
        return Converted::plain(Value::Array(items));
    }
    match literal::json(text) {
        Some(value) if value.is_array() => Converted::noted(
            value,
            NoteKind::Tolerated,
            "the old tool runs the value of an array as PowerShell, where JSON is none; it is taken over as JSON",
        ),
        _ => Err(misfit(
            "an array",
            Some("write it as JSON, such as [\"a\", \"b\"]"),
        )),
    }
}

/// Whether PowerShell 7 takes the text of a JSON file for a time.
fn is_moment(text: &str) -> bool {
    Moment::read(text).is_some_and(|moment| moment.has_time)
}

/// A time as PowerShell writes it.
fn moment(text: &str) -> Converted {
    let rewritten = match Moment::read(text.trim()) {
        Some(moment) if !moment.has_zone => moment.in_utc(),
        _ => {
            return Converted {
                value: text.into(),
                notes: Vec::new(),
            };
        }
    };
    Converted {
        value: rewritten.into(),
        notes: vec![(
            NoteKind::RewrittenDate,
            "the old tool takes the value for a local time of the agent and writes it in UTC with a `Z`; a start time in a trigger's own time zone has none",
        )],
    }
}

/// A text that is a time.
struct Moment<'t> {
    date: &'t str,
    time: &'t str,
    fraction: &'t str,
    has_time: bool,
    has_zone: bool,
}

impl<'t> Moment<'t> {
    fn read(text: &'t str) -> Option<Self> {
        let (date, rest) = text.split_at_checked(10)?;
        let form = |text: &str, form: &str| {
            text.len() == form.len()
                && text
                    .bytes()
                    .zip(form.bytes())
                    .all(|(byte, form)| match form {
                        b'0' => byte.is_ascii_digit(),
                        other => byte == other,
                    })
        };
        if !form(date, "0000-00-00") {
            return None;
        }
        let whole = |time, fraction, has_time, has_zone| Self {
            date,
            time,
            fraction,
            has_time,
            has_zone,
        };
        if rest.is_empty() {
            return Some(whole("00:00:00", "", false, false));
        }
        let rest = rest.strip_prefix(['T', ' '])?;
        let (time, rest) = rest
            .split_at_checked(8)
            .filter(|(time, _)| form(time, "00:00:00"))?;
        let digits = rest.strip_prefix('.').unwrap_or_default();
        let digits = &digits[..digits.len()
            - digits
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .len()];
        let zone = match digits.is_empty() {
            true => rest,
            false => &rest[1 + digits.len()..],
        };
        let offset = zone.strip_prefix(['+', '-']);
        let has_zone = zone == "Z" || offset.is_some_and(|offset| form(offset, "00:00"));
        (zone.is_empty() || has_zone).then(|| whole(time, digits, true, has_zone))
    }

    fn in_utc(&self) -> String {
        let fraction: String = self.fraction.chars().chain("000".chars()).take(3).collect();
        format!("{}T{}.{fraction}Z", self.date, self.time)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn converted(there: &Value, text: &str) -> Result<Value, NoteKind> {
        let converted = convert(there, &Expanded::of(text));
        converted
            .map(|converted| converted.value)
            .map_err(|misfit| misfit.kind)
    }

    #[test]
    fn a_value_takes_the_type_of_what_is_there() {
        for (there, text, expected) in [
            (json!("x"), "5", json!("5")),
            (json!("x"), "", json!("")),
            (json!(1), " 5 ", json!(5)),
            (json!(1.5), "2.5", json!(2.5)),
            (json!(false), "TRUE", json!(true)),
            (json!(false), "$true", json!(true)),
            (json!({}), "{'a': 'b \"c\"'}", json!({"a": "b \"c\""})),
            (json!({}), "{\"a\": [1]}", json!({"a": [1]})),
            (json!([]), "@('a', \"b\")", json!(["a", "b"])),
            (json!([]), "'a','b'", json!(["a", "b"])),
            (json!([]), "@(1, $true)", json!([1, true])),
            (json!([]), "@()", json!([])),
            (json!([]), "[\"a\"]", json!(["a"])),
            (json!(null), "5", json!(5)),
            (json!(null), "x", json!("x")),
        ] {
            assert_eq!(converted(&there, text), Ok(expected), "{there} {text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_told() {
        for (there, text, kind) in [
            (json!(1), "x", NoteKind::Type),
            (json!(1), "", NoteKind::EmptyValue),
            (json!(true), "yes", NoteKind::Type),
            (json!({}), "[1]", NoteKind::Type),
            (json!({}), "{", NoteKind::Type),
            (json!([]), "Get-Item x", NoteKind::Type),
            (json!([]), " ", NoteKind::EmptyValue),
        ] {
            assert_eq!(converted(&there, text), Err(kind), "{there} {text}");
        }
    }

    #[test]
    fn times_without_a_zone_become_utc() {
        let there = json!("2020-01-01T00:00:00.0000000");
        for (text, expected) in [
            ("2021-02-03T04:05:06", "2021-02-03T04:05:06.000Z"),
            ("2021-02-03 04:05:06.12345", "2021-02-03T04:05:06.123Z"),
            ("2021-02-03", "2021-02-03T00:00:00.000Z"),
            ("2021-02-03T04:05:06Z", "2021-02-03T04:05:06Z"),
            ("2021-02-03T04:05:06+02:00", "2021-02-03T04:05:06+02:00"),
            ("@utcnow()", "@utcnow()"),
        ] {
            assert_eq!(converted(&there, text), Ok(json!(expected)), "{text}");
        }
        assert_eq!(
            converted(&json!("2020-01-01"), "2021-02-03"),
            Ok(json!("2021-02-03"))
        );
    }
}
