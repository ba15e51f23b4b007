//! Digests of documents that do not depend on how they are written.

use std::fmt;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A SHA-256, in lower-case hexadecimal.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// Of bytes.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(hex(&Sha256::digest(bytes)))
    }

    /// Of a JSON value; the order of its keys and its white space do not count.
    #[must_use]
    pub fn of_json(value: &Value) -> Self {
        let mut text = Vec::with_capacity(1 << 12);
        // Writing to memory cannot fail.
        let _ = write(value, &mut text);
        Self::of_bytes(&text)
    }

    /// The hexadecimal text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves
        .map(|half| char::from(DIGITS[usize::from(half)]))
        .collect()
}

/// Writes a value with its keys in the order of their bytes.
fn write(value: &Value, out: &mut impl Write) -> io::Result<()> {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<_> = object.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            out.write_all(b"{")?;
            for (key, value) in entries {
                serde_json::to_writer(&mut *out, key)?;
                out.write_all(b":")?;
                write(value, out)?;
                out.write_all(b",")?;
            }
            out.write_all(b"}")
        }
        Value::Array(items) => {
            out.write_all(b"[")?;
            for item in items {
                write(item, out)?;
                out.write_all(b",")?;
            }
            out.write_all(b"]")
        }
        scalar => Ok(serde_json::to_writer(out, scalar)?),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_of_keys_does_not_count_and_that_of_items_does() {
        let one = json!({"a": [1, 2], "b": {"c": "x", "d": null}});
        let same = json!({"b": {"d": null, "c": "x"}, "a": [1, 2]});
        let other = json!({"a": [2, 1], "b": {"c": "x", "d": null}});

        assert_eq!(Digest::of_json(&one), Digest::of_json(&same));
        assert_ne!(Digest::of_json(&one), Digest::of_json(&other));
    }

    #[test]
    fn what_is_written_alike_is_told_apart() {
        let values = [
            json!(["a", "b"]),
            json!(["a,b"]),
            json!(["a", ["b"]]),
            json!({"a": "b"}),
            json!(1),
            json!("1"),
            json!(null),
        ];
        let digests: std::collections::BTreeSet<_> = values.iter().map(Digest::of_json).collect();

        assert_eq!(digests.len(), values.len());
    }
}
