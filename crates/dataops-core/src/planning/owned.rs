//! What of a factory belongs to a solution.

use std::collections::BTreeSet;

use adf_model::{Kind, ResourceId};
use adf_source::Repository;
use dataops_plan::{DesiredError, Overlay};
use serde_json::Value;

use super::PlanningError;
use crate::connection::Connection;

/// The resources that a solution brings to the environment of a connection, as they are called there. The factory is none of them; what
/// the environment sets, and its secrets, are not asked for.
///
/// # Errors
///
/// When a document cannot be read: its resource would be taken for one of somebody else.
pub fn owned(
    repository: &Repository,
    connection: &Connection,
) -> Result<BTreeSet<ResourceId>, PlanningError> {
    let overlay = Overlay::of(connection.environment())?;
    let mut documents = dataops_plan::documents(repository)?;
    let sets_globals = !overlay.global_parameters.is_empty()
        || documents
            .iter()
            .any(|(id, document)| id.kind == Kind::Factory && has_global_parameters(document));
    let renamed = overlay.renames.apply(&mut documents);
    renamed.map_err(DesiredError::from)?;
    let ids = documents.into_iter().map(|(id, _)| id);
    let is_ours =
        |id: &ResourceId| !matches!(id.kind, Kind::Factory | Kind::PrivateEndpointConnection);
    let mut owned: BTreeSet<_> = ids.filter(is_ours).collect();
    if sets_globals {
        owned.insert(ResourceId::new(Kind::GlobalParameters, "default"));
    }
    Ok(owned)
}

fn has_global_parameters(factory: &Value) -> bool {
    let parameters = factory.pointer("/properties/globalParameters");
    let parameters = parameters.and_then(Value::as_object);
    parameters.is_some_and(|parameters| !parameters.is_empty())
}
