//! The documents of a source, each of another resource, and whole.

use std::collections::{BTreeSet, HashMap};

use adf_model::{Kind, ResourceId};
use adf_source::Repository;
use serde_json::{Value, json};

use super::DesiredError;

/// The documents of a repository, for callers that change them before an environment does.
///
/// # Errors
///
/// When a file cannot be read: its resource would be taken for one that the source does not have.
pub fn documents(repository: &Repository) -> Result<Vec<(ResourceId, Value)>, DesiredError> {
    let mut losses = repository.losses().chain(repository.guesses());
    if let Some(first) = losses.next() {
        let start = first.span.as_ref().map(|span| span.start);
        return Err(DesiredError::Unreadable {
            path: first.path.clone(),
            at: start.map(|start| (start.line, start.column)),
            reason: first.message.clone(),
            more: losses.filter(|loss| loss.path != first.path).count(),
        });
    }
    let paths = repository.resources.iter();
    let last: HashMap<_, _> = paths.map(|it| (&it.id, &it.file.path)).collect();
    // Of several factories one may be chosen; of several documents of another resource the last counts, as for Data Factory.
    let resources = repository.resources.iter().filter(|resource| {
        resource.id.kind == Kind::Factory || last[&resource.id] == &resource.file.path
    });
    let documents = resources.map(|resource| (resource.id.clone(), resource.file.json().clone()));
    Ok(documents.collect())
}

/// Refuses two documents of one resource.
pub(super) fn unique(documents: &[(ResourceId, Value)]) -> Result<(), DesiredError> {
    let mut seen = BTreeSet::new();
    let twice = documents.iter().find(|(id, _)| !seen.insert(id));
    twice.map_or(Ok(()), |(id, _)| {
        Err(DesiredError::Twice {
            id: id.clone(),
            files: Vec::new(),
        })
    })
}

/// A managed virtual network has nothing to say, and its file may leave that out; the service does not take it so.
pub(super) fn complete(id: &ResourceId, document: &mut Value) {
    if id.kind == Kind::ManagedVirtualNetwork
        && document.get("properties").is_none_or(Value::is_null)
        && let Some(document) = document.as_object_mut()
    {
        document.insert("properties".to_owned(), json!({}));
    }
}
