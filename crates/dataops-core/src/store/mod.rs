//! Small documents that outlive a process, where the next agent finds them.
//!
//! What deployments have to remember is little and must not be lost with the machine that they ran on: it stands in a container of the
//! environment's storage or, where there is none, in a folder.

mod blob;
mod folder;
mod place;

use std::fmt;
use std::path::PathBuf;

use async_trait::async_trait;

pub use blob::BlobStore;
pub use folder::FolderStore;
pub use place::Place;

use crate::connection::StorageError;

/// A version of a document. Equal versions have the same content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(String);

/// A document and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The content.
    pub bytes: Vec<u8>,
    /// The version.
    pub version: Version,
}

/// When a document is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// Whatever is there.
    Always,
    /// If there is none (`If-None-Match: *`).
    Absent,
    /// If this version is there (`If-Match`).
    Still(Version),
}

/// A document could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another version is there than the caller has seen, or none.
    #[error("`{key}` was written by somebody else meanwhile")]
    Conflict {
        /// The document.
        key: String,
    },
    /// The key is none.
    #[error("`{0}` is no key: letters, digits, `.`, `_`, `-` and `=`, with `/` between its parts")]
    Key(String),
    /// A file cannot be read or written.
    #[error("{}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The storage account did not answer.
    #[error("`{key}`: the storage account is silent")]
    Silent {
        /// The document.
        key: String,
    },
    /// The storage account refused, or did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Where small documents are kept.
#[async_trait]
pub trait Store: fmt::Debug + Send + Sync {
    /// Reads a document; nothing where there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be told.
    async fn get(&self, key: &str) -> Result<Option<Stored>, StoreError>;

    /// Writes a document as a whole.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] when the condition does not hold, and when it cannot be written.
    async fn put(&self, key: &str, bytes: Vec<u8>, when: When) -> Result<Version, StoreError>;

    /// The keys below a prefix, in order.
    ///
    /// # Errors
    ///
    /// When they cannot be listed.
    async fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError>;

    /// Removes a document, or only this version of it; one that is gone already is no error.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] when another version is there, and when it cannot be removed.
    async fn delete(&self, key: &str, version: Option<&Version>) -> Result<(), StoreError>;

    /// Where it is, for people.
    fn place(&self) -> String;
}

/// A text as a part of a key: what keys do not have is written as `=` and its bytes in hex.
#[must_use]
pub fn part(text: &str) -> String {
    let mut part = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => part.push(char::from(byte)),
            // A part of dots alone would lead elsewhere.
            b'.' if !part.is_empty() => part.push('.'),
            _ => part.push_str(&format!("={byte:02x}")),
        }
    }
    part
}

fn check(key: &str) -> Result<(), StoreError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.=".contains(&byte);
    let is_part =
        |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(plain);
    match key.split('/').all(is_part) {
        true => Ok(()),
        false => Err(StoreError::Key(key.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_a_part_of_a_key_and_none_climbs() {
        for (text, written) in [
            ("qa", "qa"),
            ("..", "=2e."),
            ("a/b", "a=2fb"),
            ("über", "=c3=bcber"),
            ("v1.2", "v1.2"),
        ] {
            assert_eq!(part(text), written);
            assert!(check(&format!("journal/{}", part(text))).is_ok(), "{text}");
        }
        for key in ["", "/", "a//b", "../a", "a/..", "a b", "a/"] {
            assert!(check(key).is_err(), "{key}");
        }
    }
}
