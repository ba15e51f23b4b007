//! What stands at a path of the workspace tree.

use std::fs;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::clock::millis;
use super::format::Language;
use super::path::WorkspacePath;

/// A notebook's row.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Notebook {
    pub(super) language: Language,
    pub(super) jupyter: bool,
    /// Where its text is kept.
    pub(super) file: String,
    pub(super) created_at: i64,
    pub(super) modified_at: i64,
}

/// What stands at a path.
pub(super) enum Object {
    Folder,
    File(fs::Metadata),
    Notebook(Notebook),
}

impl Object {
    pub(super) fn is_folder(&self) -> bool {
        matches!(self, Self::Folder)
    }
}

/// The `ObjectInfo` of an object.
pub(super) fn describe(path: &WorkspacePath, object: &Object) -> Value {
    let id = object_id(path);
    let mut info = json!({"object_id": id, "resource_id": id.to_string(), "path": path.as_str()});
    match object {
        Object::Folder => info["object_type"] = "DIRECTORY".into(),
        Object::File(found) => {
            let modified = found.modified().map(millis).unwrap_or_default();
            info["object_type"] = "FILE".into();
            info["size"] = found.len().into();
            info["created_at"] = found.created().map_or(modified, millis).into();
            info["modified_at"] = modified.into();
        }
        Object::Notebook(row) => {
            info["object_type"] = "NOTEBOOK".into();
            info["language"] = row.language.as_str().into();
            info["created_at"] = row.created_at.into();
            info["modified_at"] = row.modified_at.into();
        }
    }
    info
}

/// The id of whatever stands at a path; small enough for programs that count in floating point.
fn object_id(path: &WorkspacePath) -> u64 {
    let digest = Sha256::digest(path.as_str());
    digest[..6]
        .iter()
        .fold(0, |id, byte| id << 8 | u64::from(*byte))
}
