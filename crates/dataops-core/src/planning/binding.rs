//! The ML side hands over new ids without the sources of Data Factory: what runs is what ought to be, but for those ids.

use std::collections::BTreeSet;

use adf_client::Remote;
use adf_model::{Factory as _, FactoryError, Kind, ResourceId};
use dataops_plan::{Desired, Overlay};
use dataops_solution::environment::Environment;
use dataops_solution::overrides::OverrideValue;
use dataops_solution::renames::Renames;
use serde_json::Value;

use super::ml_place::MlPlaces;
use super::sources::look_up;
use super::{Lookup, PlanningError};
use crate::connection::Connection;

/// What of an environment names something of the ML side, and nothing else of it.
///
/// # Errors
///
/// When a path or a rename cannot be read.
pub fn bindings(environment: &Environment) -> Result<Overlay, PlanningError> {
    let mut overlay = Overlay::of(environment)?;
    let is_ml = |value: &Value| value.as_str().is_some_and(|it| it.starts_with("aml://"));
    overlay
        .overrides
        .retain(|(_, value)| value.plain().is_some_and(is_ml));
    overlay.global_parameters.retain(|_, value| is_ml(value));
    Ok(overlay)
}

/// The resources of the factory that bindings are about, as they are but for the ids that are looked up now.
///
/// # Errors
///
/// When the factory lacks one of them, a place holds no id of the ML side, an id is not found, or a document has secrets that the service does not give back: whoever writes
/// it would lose them.
pub async fn bound(
    connection: &Connection,
    mut overlay: Overlay,
) -> Result<Desired, PlanningError> {
    look_up(connection, &mut overlay, Lookup::Must).await?;
    let renames = std::mem::take(&mut overlay.renames);
    let wanted = resources(&mut overlay, &renames)?;
    let remote = Remote::new(connection.factory()?);
    let mut documents = Vec::new();
    for id in wanted {
        let document = match remote.get(&id).await {
            Err(FactoryError::NotFound { .. }) => return Err(PlanningError::NotDeployed(id)),
            found => found?,
        };
        documents.push((id, as_written(document)));
    }
    let mut ours = bindings(connection.environment())?;
    let _ = resources(&mut ours, &renames)?;
    let places = MlPlaces::of(&ours, &documents);
    for (path, value) in &overlay.overrides {
        places.has(path, value)?;
        overlay.notes.extend(places.note(path, value));
    }
    let desired = Desired::of_documents(documents, &overlay)?;
    match desired.incomplete() {
        Some(id) => Err(PlanningError::Incomplete(id.clone())),
        None => Ok(desired),
    }
}

/// Which resources they are, by the names that they have in the environment.
fn resources(
    overlay: &mut Overlay,
    renames: &Renames,
) -> Result<BTreeSet<ResourceId>, PlanningError> {
    let mut wanted = BTreeSet::new();
    for (path, value) in &mut overlay.overrides {
        if path.id.kind == Kind::Factory || matches!(value, OverrideValue::Secret(_)) {
            return Err(PlanningError::NotBound(path.text.clone()));
        }
        if let Some(name) = renames.new_name(path.id.kind, &path.id.name) {
            path.id.name = name.to_owned();
        }
        wanted.insert(path.id.clone());
    }
    if !overlay.global_parameters.is_empty() {
        wanted.insert(ResourceId::new(Kind::GlobalParameters, "default"));
    }
    Ok(wanted)
}

/// A document without what the service says of it.
fn as_written(mut document: Value) -> Value {
    if let Some(properties) = document
        .get_mut("properties")
        .and_then(Value::as_object_mut)
    {
        for name in ["lastPublishTime", "provisioningState"] {
            properties.shift_remove(name);
        }
    }
    document
}
