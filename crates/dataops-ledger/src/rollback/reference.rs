//! How a record is named.

use std::fmt;
use std::str::FromStr;

/// How people name a record: by its number, or by the first digits of the bundle that it deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordRef {
    /// The record with this number.
    Number(u64),
    /// The last good deployment of the bundle whose digest begins so.
    Bundle(String),
}

/// A text that names no record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` names no record; expected its number, or `sha256:` and at least six digits of the bundle's digest"
)]
pub struct RecordRefError(String);

impl FromStr for RecordRef {
    type Err = RecordRefError;

    fn from_str(text: &str) -> Result<Self, RecordRefError> {
        if let Ok(number) = text.trim_start_matches('#').parse() {
            return Ok(Self::Number(number));
        }
        let digits = text.strip_prefix("sha256:").unwrap_or(text);
        let is_digest =
            (6..=64).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        match is_digest {
            true => Ok(Self::Bundle(format!(
                "sha256:{}",
                digits.to_ascii_lowercase()
            ))),
            false => Err(RecordRefError(text.to_owned())),
        }
    }
}

impl fmt::Display for RecordRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(out, "record {number}"),
            Self::Bundle(digest) => write!(out, "bundle {digest}"),
        }
    }
}
