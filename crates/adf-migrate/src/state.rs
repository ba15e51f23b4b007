//! The state that the old tool keeps in a blob: only reported, never trusted.

use std::collections::BTreeSet;

use adf_source::Repository;
use serde_json::Value;

use crate::note::{Note, NoteKind, Notes, Severity, Spot};
use crate::text::listed;

/// Whether a document is the state of a factory's deployments.
pub(crate) fn is_state(json: &Value) -> bool {
    json.get("Deployed").is_some_and(Value::is_object)
        && (json.get("adftoolsVer").is_some() || json.get("Algorithm").is_some())
}

/// Tells what it says.
pub(crate) fn report(json: &Value, path: &str, repository: &Repository, notes: &mut Notes) {
    let deployed = json.get("Deployed").and_then(Value::as_object);
    let names = deployed
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str());
    let known: BTreeSet<String> = repository
        .resources
        .iter()
        .map(|resource| {
            format!("{}.{}", resource.id.kind.folder(), resource.id.name).to_lowercase()
        })
        .collect();
    let (there, gone): (Vec<_>, Vec<_>) =
        names.partition(|name| known.contains(&name.to_lowercase()));
    let mut message = format!(
        "the state names {} of the source's resources; it is not needed, because dataops compares with the live factory",
        there.len()
    );
    if !gone.is_empty() {
        message += &format!(
            "; it also names {}, which the source does not have",
            listed(gone)
        );
    }
    let spot = Spot {
        path: path.to_owned(),
        line: 1,
        column: 1,
    };
    notes.add(Note::new(Severity::Remark, NoteKind::State, spot, message));
}
