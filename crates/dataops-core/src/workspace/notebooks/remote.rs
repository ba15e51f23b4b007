//! What is in the folder of the workspace, and in its folders.

use std::collections::BTreeMap;

use databricks_client::{ApiError, ObjectInfo, ObjectType, WorkspaceClient};
use futures::{StreamExt, TryStreamExt, stream};

use crate::workspace::WorkspaceError;
use crate::workspace::gate::{Gate, WIDEST};

/// The folder in which deployments remember what they brought.
pub(super) const MEMORY: &str = ".dataops";

/// The most objects that are looked at.
const MOST_OBJECTS: usize = 50_000;

/// The deepest folder.
const DEEPEST: usize = 64;

/// The objects below a folder of the workspace.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Notebooks, files and folders by path; not the folder itself, and nothing of what deployments remember.
    pub(super) objects: BTreeMap<String, ObjectInfo>,
    /// Whether the folder is there.
    pub(super) has_root: bool,
    /// The files in which deployments remember what they brought, by path.
    pub(super) memory: BTreeMap<String, ObjectInfo>,
}

impl Listing {
    /// Reads a folder and all below it, the folders of one depth at once.
    pub(super) async fn read(
        client: &WorkspaceClient,
        gate: &Gate,
        root: &str,
    ) -> Result<Self, WorkspaceError> {
        let mut listing = Self::default();
        let mut open = vec![root.to_owned()];
        for _ in 0..DEEPEST {
            if open.is_empty() {
                break;
            }
            let folders = stream::iter(std::mem::take(&mut open));
            let listed = folders.map(|folder| list(client, gate, folder));
            let listed: Vec<_> = listed.buffer_unordered(WIDEST).try_collect().await?;
            for objects in listed.into_iter().flatten() {
                listing.has_root = true;
                for object in objects {
                    open.extend(listing.add(root, object));
                }
            }
            if listing.objects.len() > MOST_OBJECTS {
                return Err(WorkspaceError::TooMany {
                    place: format!("workspace folder `{root}`"),
                    limit: MOST_OBJECTS,
                });
            }
        }
        Ok(listing)
    }

    /// Takes an object in; gives its path when it is a folder that is to be looked into.
    fn add(&mut self, root: &str, mut object: ObjectInfo) -> Option<String> {
        if let Some(plain) = object.path.strip_prefix("/Workspace/") {
            object.path = format!("/{plain}");
        }
        let path = object.path.clone();
        let below = path.strip_prefix(root)?;
        if !below.is_empty() && !below.starts_with('/') {
            return None;
        }
        // Those of a solution whose folder lies in this one too.
        let remembers = below.split('/').any(|part| part == MEMORY);
        match object.object_type {
            ObjectType::Directory if remembers => return Some(path),
            ObjectType::File if remembers => drop(self.memory.insert(path, object)),
            ObjectType::Directory => {
                self.objects.insert(path.clone(), object);
                return Some(path);
            }
            ObjectType::Notebook | ObjectType::File if !remembers => {
                self.objects.insert(path, object);
            }
            // Git folders, dashboards, libraries and experiments are nobody's notebooks.
            _ => {}
        }
        None
    }

    /// Whether a folder is there.
    pub(super) fn has_folder(&self, root: &str, path: &str) -> bool {
        let found = self.objects.get(path);
        let is_folder = found.is_some_and(|object| object.object_type == ObjectType::Directory);
        is_folder || (path == root && self.has_root)
    }
}

/// The objects in a folder; none where it is gone.
async fn list(
    client: &WorkspaceClient,
    gate: &Gate,
    folder: String,
) -> Result<Option<Vec<ObjectInfo>>, WorkspaceError> {
    let workspace = client.workspace();
    let listed = gate
        .pass(|| async { workspace.list(&folder, None).await?.into_model() })
        .await;
    match listed {
        Ok(listed) => Ok(Some(listed.objects)),
        Err(error) if ApiError::of(&error).is_some_and(|error| error.is_not_found()) => Ok(None),
        Err(error) => Err(WorkspaceError::step(format!(
            "listing workspace folder `{folder}`"
        ))(error)),
    }
}
