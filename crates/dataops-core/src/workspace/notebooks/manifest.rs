//! What deployments remember in the workspace of what they brought: a file in the target folder, and nothing on any agent.
//!
//! An entry counts for the object's content only while the service says that the object is the one that was brought, last
//! modified when it was brought. An entry without a time says whose the object is, and nothing of its content: so a deployment that
//! was interrupted is known by the next one.

use std::collections::BTreeMap;

use databricks_client::{ExportFormat, ImportFormat, ImportOptions, ObjectInfo, WorkspaceClient};
use dataops_plan::{Digest, ObjectKind};
use serde::{Deserialize, Serialize};

use super::remote::{Listing, MEMORY};
use super::source::NotebookSource;
use crate::workspace::WorkspaceError;
use crate::workspace::gate::Gate;

/// The version of the form.
const SCHEMA: u32 = 1;

/// What a solution has brought, by path below the target folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest {
    schema: u32,
    solution: String,
    pub(super) objects: BTreeMap<String, Entry>,
}

/// An object that was brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    #[serde(flatten)]
    pub(super) kind: ObjectKind,
    /// The SHA-256 of what was brought.
    pub(super) sha256: Digest,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    object_id: Option<i64>,
    /// When the service says that it was modified by being brought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    modified_at: Option<i64>,
}

impl Entry {
    /// An object that is about to be brought, or may have been.
    pub(super) fn unsure(kind: ObjectKind, sha256: Digest) -> Self {
        Self {
            kind,
            sha256,
            object_id: None,
            modified_at: None,
        }
    }

    /// An object whose content is known to be this.
    pub(super) fn sure(kind: ObjectKind, sha256: Digest, object: &ObjectInfo) -> Self {
        Self {
            kind,
            sha256,
            object_id: object.object_id,
            modified_at: object.modified_at,
        }
    }

    /// Whether an object of the workspace still is what was brought.
    pub(super) fn holds_for(&self, object: &ObjectInfo) -> bool {
        self.modified_at.is_some()
            && self.modified_at == object.modified_at
            && self.object_id == object.object_id
    }
}

impl Manifest {
    pub(super) fn new(solution: &str) -> Self {
        Self {
            schema: SCHEMA,
            solution: solution.to_owned(),
            objects: BTreeMap::new(),
        }
    }

    /// The entry of the object at a path of the workspace.
    pub(super) fn entry(&self, target: &str, path: &str) -> Option<&Entry> {
        self.objects.get(below(target, path))
    }

    pub(super) fn insert(&mut self, target: &str, path: &str, entry: Entry) {
        self.objects.insert(below(target, path).to_owned(), entry);
    }

    pub(super) fn remove(&mut self, target: &str, path: &str) {
        self.objects.remove(below(target, path));
    }
}

fn below<'p>(target: &str, path: &'p str) -> &'p str {
    let below = path.strip_prefix(target).unwrap_or(path);
    below.trim_start_matches('/')
}

/// Where a solution's manifest is.
pub(super) fn path(source: &NotebookSource) -> String {
    let plain = |letter: char| match letter {
        letter if letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.') => letter,
        _ => '_',
    };
    let name: String = source.solution.chars().map(plain).collect();
    format!("{}/{MEMORY}/{name}.json", source.target)
}

/// The manifest in the workspace. One that is missing, damaged, of another solution or of another time knows nothing: then
/// everything is compared by its content, and nothing is deleted.
pub(super) async fn read(
    client: &WorkspaceClient,
    gate: &Gate,
    source: &NotebookSource,
    listing: &Listing,
) -> Result<Manifest, WorkspaceError> {
    let path = path(source);
    let nothing = Manifest::new(&source.solution);
    if !listing.memory.contains_key(&path) {
        return Ok(nothing);
    }
    let workspace = client.workspace();
    let exported = gate
        .pass(|| async {
            let exported = workspace.export(&path, ExportFormat::Auto, None).await?;
            exported.into_model()
        })
        .await
        .map_err(WorkspaceError::step(format!("reading `{path}`")))?;
    let read = serde_json::from_slice::<Manifest>(&exported.content).ok();
    let ours = read.filter(|read| read.schema == SCHEMA && read.solution == source.solution);
    Ok(ours.unwrap_or(nothing))
}

/// Writes the manifest, and makes the folder that it is in.
pub(super) async fn write(
    client: &WorkspaceClient,
    gate: &Gate,
    source: &NotebookSource,
    manifest: &Manifest,
) -> Result<(), WorkspaceError> {
    let path = path(source);
    let step = || WorkspaceError::step(format!("writing `{path}`"));
    let content = serde_json::to_vec_pretty(manifest).unwrap_or_default();
    let workspace = client.workspace();
    let folder = format!("{}/{MEMORY}", source.target);
    gate.pass(|| workspace.mkdirs(&folder, None))
        .await
        .map_err(step())?;
    gate.pass(|| {
        let options = ImportOptions {
            overwrite: true,
            ..ImportOptions::default()
        };
        workspace.import(&path, &content, ImportFormat::Raw, Some(options))
    })
    .await
    .map_err(step())?;
    Ok(())
}
