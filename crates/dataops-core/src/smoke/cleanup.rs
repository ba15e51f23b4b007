//! What a smoke test has made is removed: its folder, and the folders named after its runs. Nothing else is looked at.

use std::collections::BTreeSet;

use dataops_solution::Solution;
use serde::Serialize;

use super::Canary;
use crate::connection::{BlobCondition, Connection, Storage, StorageError};
use crate::ingestion::Check;

/// What was removed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Cleaned {
    /// How many blobs.
    pub blobs: usize,
    /// What is left, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<String>,
}

impl Cleaned {
    /// That something is left is a failure: it lies among data.
    pub(super) fn check(&self) -> Option<Check> {
        let left = self.left.first()?;
        Some(Check::of("nothing is left behind", false, left.clone()))
    }
}

/// Empties these folders of these containers.
pub(super) async fn remove(
    connection: &Connection,
    containers: &[String],
    folders: &[String],
) -> Cleaned {
    let mut cleaned = Cleaned::default();
    // Without containers nothing was written that is known of.
    if containers.is_empty() {
        return cleaned;
    }
    let storage = match connection.storage() {
        Ok(storage) => storage,
        Err(error) => {
            cleaned.left.push(error.to_string());
            return cleaned;
        }
    };
    for container in containers {
        for folder in folders.iter().filter(|folder| !folder.is_empty()) {
            let folder = format!("{folder}/");
            match empty(&storage, container, &folder).await {
                Ok(blobs) => cleaned.blobs += blobs,
                Err(StorageError::NoContainer { .. }) => {}
                Err(error) => cleaned.left.push(format!("{container}/{folder}: {error}")),
            }
        }
    }
    cleaned
}

/// The containers of the solution, and the one of the input.
pub(super) fn containers(solution: &Solution, canary: &Canary) -> Vec<String> {
    let storage = &solution.settings.storage;
    let named = [&storage.input, &storage.training, &storage.testing];
    let named = named.into_iter().flatten().chain(&storage.containers);
    let input = canary.input.as_ref().map(|input| &input.container);
    let all: BTreeSet<_> = named.chain(input).cloned().collect();
    all.into_iter().collect()
}

/// Removes the blobs below a folder; in an account with folders these are listed too, and go last.
async fn empty(storage: &Storage, container: &str, folder: &str) -> Result<usize, StorageError> {
    let mut found = storage.list(container, folder).await?;
    found.sort_by_key(|blob| std::cmp::Reverse(blob.name.len()));
    let mut removed = 0;
    for blob in found {
        match storage
            .remove(container, &blob.name, BlobCondition::None)
            .await
        {
            Ok(()) => removed += 1,
            Err(StorageError::NoBlob { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(removed)
}
