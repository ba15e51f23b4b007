//! The Delete and GetMetadata activities.

use std::sync::Arc;

use adf_runtime::{ActivityCall, ActivityFailure, ResolvedDataset};
use serde_json::{Map, Value, json};

use super::storage::{Location, Selection, billed, failed, flag, user};
use crate::blob::delete_blob;
use crate::blob::disk::Blob;
use crate::http_date;
use crate::state::State;

fn dataset(call: &ActivityCall) -> Result<&ResolvedDataset, ActivityFailure> {
    let found = call.inputs.last();
    found.ok_or_else(|| user("UserErrorInvalidDataset", "the activity has no dataset"))
}

/// Carries out a Delete activity.
pub(super) fn delete(state: &Arc<State>, call: &ActivityCall) -> Result<Value, ActivityFailure> {
    let at = Location::of(state, dataset(call)?)?;
    let settings = &call.properties["storeSettings"];
    let mut selection = Selection::of(settings)?;
    // Unlike what is read, what is deleted lies below subfolders only when somebody says so.
    let recursive = [&settings["recursive"], &call.properties["recursive"]];
    selection.recursive = recursive.into_iter().find_map(flag).unwrap_or(false);
    let files = selection.files(state, &at)?;
    for file in &files {
        delete_blob(state, &at.container, &file.blob).map_err(|failure| failed(&failure))?;
    }
    Ok(json!({
        "datasetName": dataset(call)?.name,
        "relativePath": at.path(at.file.as_deref().unwrap_or_default()),
        "prefix": "",
        "recursive": selection.recursive,
        "isWildcardUsed": selection.has_wildcard(),
        "filesDeleted": files.len(),
        "effectiveIntegrationRuntime": "AutoResolveIntegrationRuntime (Local)",
    }))
}

/// Carries out a GetMetadata activity.
pub(super) fn metadata(state: &Arc<State>, call: &ActivityCall) -> Result<Value, ActivityFailure> {
    let at = Location::of(state, dataset(call)?)?;
    let settings = &call.properties["storeSettings"];
    let selection = Selection::of(settings)?;
    if selection.has_wildcard() {
        let message = "GetMetadata takes no wildcards; ask for childItems, and filter them";
        return Err(user("UserErrorInvalidStoreSettings", message));
    }
    let fields = call.properties["fieldList"].as_array();
    let fields: Vec<&str> = fields
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let found = Item::find(state, &at, &selection);
    if found.is_none() && !fields.contains(&"exists") {
        return Err(user(
            "UserErrorFileNotFound",
            &format!(
                "the required file or folder is missing. ContainerName: {}, path: {}",
                at.container,
                at.path(at.file.as_deref().unwrap_or_default())
            ),
        ));
    }
    let mut output = Map::new();
    for field in fields {
        let value = match (&found, field) {
            (found, "exists") => found.is_some().into(),
            (Some(item), field) => item.field(state, &at, field)?,
            (None, _) => continue,
        };
        output.insert(field.to_owned(), value);
    }
    output.insert("executionDuration".to_owned(), 0.into());
    billed(&mut output);
    Ok(Value::Object(output))
}

enum Item {
    File(Box<Blob>),
    Folder(Vec<String>),
}

impl Item {
    /// What is there. The times of `selection` are about files: those outside of them are not seen, folders always.
    fn find(state: &State, at: &Location, selection: &Selection) -> Option<Self> {
        if let Some(file) = &at.file {
            let blob = state.blob.blob(&at.container, &at.path(file)).ok()?;
            return selection
                .has_time_of(&blob)
                .then(|| Self::File(Box::new(blob)));
        }
        let start = at.path("");
        let mut names = state.blob.names(&at.container, &start).ok()?;
        let exists = at.folder.is_empty() || !names.is_empty();
        names.retain(|name| {
            let below = name.strip_prefix(&start).unwrap_or(name);
            below.contains('/') || selection.is_in_time(state, at, name)
        });
        exists.then_some(Self::Folder(names))
    }

    fn field(&self, state: &State, at: &Location, field: &str) -> Result<Value, ActivityFailure> {
        let name = match &at.file {
            Some(file) => file.as_str(),
            None => at.folder.rsplit('/').next().unwrap_or_default(),
        };
        Ok(match (self, field) {
            (_, "itemName") if name.is_empty() => at.container.as_str().into(),
            (_, "itemName") => name.into(),
            (Self::File(_), "itemType") => "File".into(),
            (Self::Folder(_), "itemType") => "Folder".into(),
            (Self::File(blob), "size") => blob.bytes.into(),
            (Self::File(blob), "lastModified") => http_date::seconds(blob.modified).into(),
            (Self::File(blob), "created") => http_date::seconds(blob.created).into(),
            (Self::File(blob), "contentMD5") => {
                let md5 = blob.properties.headers.get("content-md5");
                md5.cloned().map_or(Value::Null, Value::from)
            }
            (Self::Folder(names), "childItems") => children(names, &at.path("")),
            (Self::Folder(names), "lastModified") => {
                let blobs = names
                    .iter()
                    .filter_map(|name| state.blob.blob(&at.container, name).ok());
                let latest = blobs.map(|blob| blob.modified).max();
                latest.map_or(Value::Null, |at| http_date::seconds(at).into())
            }
            _ => {
                return Err(user(
                    "UserErrorInvalidFieldList",
                    &format!("the field `{field}` is not emulated for this kind of item"),
                ));
            }
        })
    }
}

fn children(names: &[String], below: &str) -> Value {
    let mut items: Vec<(&str, &str)> = names
        .iter()
        .filter_map(|name| name.strip_prefix(below))
        .map(|rest| match rest.split_once('/') {
            Some((folder, _)) => (folder, "Folder"),
            None => (rest, "File"),
        })
        .collect();
    items.sort_unstable();
    items.dedup();
    items
        .into_iter()
        .map(|(name, kind)| json!({"name": name, "type": kind}))
        .collect()
}
