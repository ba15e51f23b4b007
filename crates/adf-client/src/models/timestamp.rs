//! Times as the service writes them: RFC 3339 in UTC with up to seven digits, now and then without a zone.

use azure_core::time::{OffsetDateTime, parse_rfc3339};
use serde::de::{Deserializer, Error as _, Unexpected};
use serde::ser::{Error as _, Serializer};
use serde::{Deserialize, Serialize};
use time::UtcOffset;
use time::format_description::well_known::Rfc3339;

/// Reads a time; nothing for `null` and an empty text.
pub(super) fn optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<OffsetDateTime>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?.unwrap_or_default();
    if text.trim().is_empty() {
        return Ok(None);
    }
    let time = parse_rfc3339(&text).or_else(|_| parse_rfc3339(&format!("{text}Z")));
    time.map(Some)
        .map_err(|_| D::Error::invalid_value(Unexpected::Str(&text), &"a time in RFC 3339"))
}

/// Writes a time in UTC.
pub(super) fn utc<S: Serializer>(time: &OffsetDateTime, serializer: S) -> Result<S::Ok, S::Error> {
    let utc = time.checked_to_offset(UtcOffset::UTC);
    let text = utc.and_then(|utc| utc.format(&Rfc3339).ok());
    text.ok_or_else(|| S::Error::custom(format!("the time {time} cannot be written in RFC 3339")))?
        .serialize(serializer)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(json: serde_json::Value) -> Option<String> {
        let time = optional(json).ok()?;
        Some(time.map_or_else(String::new, |time| time.format(&Rfc3339).unwrap()))
    }

    #[test]
    fn times_are_read_in_all_their_forms() {
        for (written, expected) in [
            (
                json!("2026-01-02T03:04:05.1234567Z"),
                Some("2026-01-02T03:04:05.1234567Z"),
            ),
            (json!("2026-01-02T03:04:05Z"), Some("2026-01-02T03:04:05Z")),
            (json!("2026-01-02T03:04:05"), Some("2026-01-02T03:04:05Z")),
            (
                json!("2026-01-02T03:04:05+02:00"),
                Some("2026-01-02T03:04:05+02:00"),
            ),
            (json!(null), Some("")),
            (json!(""), Some("")),
            (json!("yesterday"), None),
            (json!(5), None),
        ] {
            assert_eq!(read(written.clone()).as_deref(), expected, "{written}");
        }
    }
}
