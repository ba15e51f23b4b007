//! What deployments remember in the workspace of what they brought: a file in the target folder, and nothing on any agent.
//!
//! An entry counts for the object's content only while the service says that the object is the one that was brought, last
//! modified when it was brought. An entry without a time says whose the object is, and nothing of its content: so a deployment that
//! was interrupted is known by the next one.
//!
//! Several solutions may have one folder: each has a file of its own there, and reads those of the others. What another one has
//! brought is neither written over nor deleted. One that has found an object there as it wants it remembers it as shared: that keeps
//! nobody from writing it, and everybody from deleting it; whoever brought it gives it up instead.

use std::collections::BTreeMap;

use databricks_client::{
    ApiError, ExportFormat, ImportFormat, ImportOptions, ObjectInfo, WorkspaceClient,
};
use dataops_plan::{Digest, ObjectKind};
use futures::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};

use super::place::target;
use super::remote::{Listing, MEMORY};
use super::source::NotebookSource;
use crate::workspace::WorkspaceError;
use crate::workspace::gate::{Gate, WIDEST};

/// The version of the form.
const SCHEMA: u32 = 1;

/// So many digits of a digest tell two names apart.
const MARK: usize = 8;

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
    /// Whether another solution has brought it, and this one wants it as it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    shared: bool,
}

impl Entry {
    /// An object that is about to be brought, or may have been.
    pub(super) fn unsure(kind: ObjectKind, sha256: Digest) -> Self {
        Self {
            kind,
            sha256,
            object_id: None,
            modified_at: None,
            shared: false,
        }
    }

    /// An object whose content is known to be this.
    pub(super) fn sure(kind: ObjectKind, sha256: Digest, object: &ObjectInfo) -> Self {
        Self {
            kind,
            sha256,
            object_id: object.object_id,
            modified_at: object.modified_at,
            shared: false,
        }
    }

    /// The entry of a solution that has not brought the object.
    pub(super) fn shared(self) -> Self {
        Self {
            shared: true,
            ..self
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

/// What other solutions remember, by path in the workspace.
#[derive(Clone, Debug, Default)]
pub(super) struct Others {
    /// The names and entries of those that have brought it.
    brought: BTreeMap<String, (String, Entry)>,
    /// The names of those that want what another one has brought.
    wanted: BTreeMap<String, String>,
}

impl Others {
    fn add(&mut self, folder: &str, manifest: Manifest) {
        let Manifest {
            solution, objects, ..
        } = manifest;
        for (below, entry) in objects {
            let (path, solution) = (format!("{folder}/{below}"), solution.clone());
            match entry.shared {
                true => drop(self.wanted.insert(path, solution)),
                false => drop(self.brought.insert(path, (solution, entry))),
            }
        }
    }

    /// The solution that has brought the object at a path of the workspace, and its entry.
    pub(super) fn of(&self, path: &str) -> Option<(&str, &Entry)> {
        let (solution, entry) = self.brought.get(path)?;
        Some((solution, entry))
    }

    /// The solution that has not brought the object at a path of the workspace, and wants it.
    pub(super) fn wanting(&self, path: &str) -> Option<&str> {
        self.wanted.get(path).map(String::as_str)
    }
}

/// Where a solution's manifest is.
pub(super) fn path(source: &NotebookSource) -> String {
    path_in(&source.target, &source.solution)
}

/// The file of a workspace in which deployments of a solution remember what they have brought to a folder; none where it is no folder of a
/// workspace.
#[must_use]
pub fn memory_of(solution: &str, folder: &str) -> Option<String> {
    let target = target(folder).ok()?;
    Some(path_in(&target, solution))
}

/// Names that would be the same file are told apart.
fn path_in(target: &str, solution: &str) -> String {
    let plain = |letter: char| match letter {
        letter if letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.') => letter,
        _ => '_',
    };
    let name: String = solution.chars().map(plain).collect();
    let digest = Digest::of_bytes(solution.as_bytes());
    let mark = match name == solution {
        true => String::new(),
        false => digest.as_str().chars().take(MARK).collect(),
    };
    let dash = if mark.is_empty() { "" } else { "-" };
    format!("{target}/{MEMORY}/{name}{dash}{mark}.json")
}

/// The solution's manifest in the workspace, and what those of others say. One that is missing, damaged, or in the solution's own place
/// of another time knows nothing: then everything is compared by its content, and nothing is deleted.
pub(super) async fn read(
    client: &WorkspaceClient,
    gate: &Gate,
    source: &NotebookSource,
    listing: &Listing,
) -> Result<(Manifest, Others), WorkspaceError> {
    let files = listing.memory.keys();
    let files = files.map(|path| async move {
        let manifest = exported(client, gate, path).await?;
        Ok::<_, WorkspaceError>(manifest.map(|manifest| (path, manifest)))
    });
    let files = stream::iter(files).buffered(WIDEST);
    let files: Vec<_> = files.try_collect().await?;
    let own = path(source);
    let mut ours = Manifest::new(&source.solution);
    let mut others = Others::default();
    for (path, manifest) in files.into_iter().flatten() {
        let Some((folder, _)) = path.rsplit_once(&format!("/{MEMORY}/")) else {
            continue;
        };
        if manifest.solution != source.solution || folder != source.target {
            others.add(folder, manifest);
        } else if manifest.schema == SCHEMA && (*path == own || ours.objects.is_empty()) {
            ours = manifest;
        }
    }
    Ok((ours, others))
}

/// The manifest at a path; none where it is gone or is none.
async fn exported(
    client: &WorkspaceClient,
    gate: &Gate,
    path: &str,
) -> Result<Option<Manifest>, WorkspaceError> {
    let workspace = client.workspace();
    let exported = gate
        .pass(|| async {
            let exported = workspace.export(path, ExportFormat::Auto, None).await?;
            exported.into_model()
        })
        .await;
    match exported {
        Ok(exported) => Ok(serde_json::from_slice(&exported.content).ok()),
        Err(error) if ApiError::of(&error).is_some_and(|error| error.is_not_found()) => Ok(None),
        Err(error) => Err(WorkspaceError::step(format!("reading `{path}`"))(error)),
    }
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
