//! A record's file: written in one way only, and trusted only as it was written.

use dataops_plan::Digest;
use serde_json::Value;

use super::{Entry, Record};

/// The version of the form of records.
pub const SCHEMA: u32 = 1;

/// A file that is no record, or no longer the one that was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// It is not what a record looks like.
    #[error("it is no record: {0}")]
    Malformed(serde_json::Error),
    /// A newer version of this program wrote it.
    #[error("its schema is {0}, and this program reads {SCHEMA}")]
    Schema(u64),
    /// It is not as it was written.
    #[error("it was changed: its digest is {written}, and that of its contents {found}")]
    Changed {
        /// The digest that stands in it.
        written: Digest,
        /// The digest of its contents.
        found: Digest,
    },
}

impl Entry {
    /// The record of this entry at a place of its environment's chain.
    #[must_use]
    pub fn seal(self, number: u64, previous: Option<Digest>) -> Record {
        let mut record = Record {
            schema: SCHEMA,
            number,
            previous,
            environment: self.environment,
            at: self.at,
            who: self.who,
            tool: self.tool,
            did: self.did,
            digest: Digest::of_bytes(&[]),
        };
        let json = serde_json::to_value(&record);
        record.digest = digest(&json.expect("a record has text keys only"));
        record
    }
}

impl Record {
    /// The bytes of the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("a record has text keys only");
        bytes.push(b'\n');
        bytes
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When it is no record, a newer one, or one that was changed.
    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let json: Value = serde_json::from_slice(bytes).map_err(RecordError::Malformed)?;
        match json.get("schema").and_then(Value::as_u64) {
            Some(schema) if schema > u64::from(SCHEMA) => return Err(RecordError::Schema(schema)),
            _ => {}
        }
        let found = digest(&json);
        let record: Self = serde_json::from_value(json).map_err(RecordError::Malformed)?;
        match record.digest == found {
            true => Ok(record),
            false => Err(RecordError::Changed {
                written: record.digest,
                found,
            }),
        }
    }
}

fn digest(record: &Value) -> Digest {
    let mut rest = record.clone();
    if let Some(rest) = rest.as_object_mut() {
        rest.remove("digest");
    }
    Digest::of_json(&rest)
}
