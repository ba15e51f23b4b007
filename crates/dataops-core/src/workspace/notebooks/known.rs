//! What is known of the objects in the workspace: from the manifests where these still hold, from their content otherwise.

use databricks_client::{ApiError, ExportFormat, ObjectInfo, ObjectType, WorkspaceClient};
use dataops_plan::{Digest, ObjectKind, RemoteObject};
use futures::{StreamExt, TryStreamExt, stream};

use super::manifest::{Entry, Manifest, Others};
use super::remote::Listing;
use super::source::NotebookSource;
use crate::workspace::WorkspaceError;
use crate::workspace::gate::{Gate, WIDEST};

/// The objects with their contents, as far as these matter and can be told.
pub(super) async fn objects(
    client: &WorkspaceClient,
    gate: &Gate,
    source: &NotebookSource,
    listing: &Listing,
    (manifest, others): (&Manifest, &Others),
) -> Result<Vec<RemoteObject>, WorkspaceError> {
    let wanted = source.by_path();
    let objects = listing.objects.values().map(|object| {
        let entry = manifest.entry(&source.target, &object.path);
        let local = wanted.get(object.path.as_str()).copied();
        let kind = kind(object, local.map(|local| &local.kind));
        let other = others.of(&object.path);
        let other = other.filter(|_| kind != ObjectKind::Folder);
        let wanted_by = others.wanting(&object.path);
        let wanted_by = wanted_by.filter(|_| kind != ObjectKind::Folder);
        // What was given up to another solution is that one's, as if it had brought it.
        let heir = wanted_by.filter(|_| entry.is_none());
        async move {
            let theirs = other.map(|(_, entry)| entry);
            let mut entries = entry.into_iter().chain(theirs);
            let holds = entries.find(|entry| entry.holds_for(object));
            let (kind, content) = match holds {
                // The service may tell another language of a Jupyter document than its own text.
                Some(entry) => (entry.kind.clone(), Some(entry.sha256.clone())),
                None if is_worth_reading(&kind, source, object, entry, local.is_some()) => {
                    (kind, content(client, gate, object).await?)
                }
                None => (kind, None),
            };
            // Of what the source does not have, only what was brought is known to be nobody's work.
            let content = match (local, holds, entry) {
                (None, None, Some(entry)) => content.filter(|content| *content == entry.sha256),
                _ => content,
            };
            Ok::<_, WorkspaceError>(RemoteObject {
                path: object.path.clone(),
                kind,
                content,
                is_ours: entry.is_some(),
                brought_by: other
                    .map(|(solution, _)| solution)
                    .or(heir)
                    .map(str::to_owned),
                wanted_by: wanted_by.map(str::to_owned),
            })
        }
    });
    let mut objects: Vec<_> = stream::iter(objects)
        .buffer_unordered(WIDEST)
        .try_collect()
        .await?;
    objects.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(objects)
}

/// Whether an object's content says something: it is compared with a file, or with what was brought.
fn is_worth_reading(
    kind: &ObjectKind,
    source: &NotebookSource,
    object: &ObjectInfo,
    entry: Option<&Entry>,
    is_wanted: bool,
) -> bool {
    *kind != ObjectKind::Folder
        && (is_wanted || (entry.is_some() && source.remove_stale))
        && !source.is_jupyter(&object.path)
}

/// What an object is. A notebook of no language has that of the file that it is compared with.
fn kind(object: &ObjectInfo, wanted: Option<&ObjectKind>) -> ObjectKind {
    match (&object.object_type, &object.language, wanted) {
        (ObjectType::Notebook, Some(language), _) => ObjectKind::Notebook(language.to_string()),
        (ObjectType::Notebook, None, Some(wanted @ ObjectKind::Notebook(_))) => wanted.clone(),
        (ObjectType::Notebook, None, _) => ObjectKind::Notebook("PYTHON".to_owned()),
        (ObjectType::File, ..) => ObjectKind::File,
        _ => ObjectKind::Folder,
    }
}

/// The SHA-256 of an object's content; none where the service does not give it out.
async fn content(
    client: &WorkspaceClient,
    gate: &Gate,
    object: &ObjectInfo,
) -> Result<Option<Digest>, WorkspaceError> {
    let workspace = client.workspace();
    let exported = gate
        .pass(|| async {
            let path = &object.path;
            let exported = workspace.export(path, ExportFormat::Auto, None).await?;
            exported.into_model()
        })
        .await;
    match exported {
        Ok(exported) => Ok(Some(Digest::of_bytes(&exported.content))),
        // It went in the meantime, or it is too large: whatever it is, it is not what is wanted.
        Err(error) if ApiError::of(&error).is_some_and(is_about_the_object) => Ok(None),
        Err(error) => {
            let step = format!("reading `{}` of the workspace", object.path);
            Err(WorkspaceError::step(step)(error))
        }
    }
}

fn is_about_the_object(error: ApiError<'_>) -> bool {
    use databricks_client::ApiErrorKind::{BadRequest, NotFound};
    matches!(error.kind(), NotFound | BadRequest)
}
