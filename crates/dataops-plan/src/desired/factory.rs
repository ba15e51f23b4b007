//! The factory's own document: which of several, and what of it another factory takes.

use adf_model::ResourceId;
use serde_json::Value;

use super::DesiredError;

/// The one that counts: the only one, or the one that is called as the environment's factory. Never the first in some order.
pub(super) fn choose(
    mut factories: Vec<(ResourceId, Value)>,
    name: Option<&str>,
) -> Result<Option<(ResourceId, Value)>, DesiredError> {
    if factories.len() < 2 {
        return Ok(factories.pop());
    }
    let called = |(id, _): &(ResourceId, Value)| {
        name.is_some_and(|name| name.to_lowercase() == id.name.to_lowercase())
    };
    match factories.iter().position(called) {
        Some(at) => Ok(Some(factories.swap_remove(at))),
        None => {
            let names = factories.into_iter().map(|(id, _)| id.name);
            Err(DesiredError::SeveralFactories(names.collect()))
        }
    }
}

/// Leaves out what belongs to the source's factory alone: its name, its repository, and global parameters, which are a resource of
/// their own.
pub(super) fn prepare(document: &mut Value, name: Option<&str>) {
    if let (Some(name), Some(document)) = (name, document.as_object_mut()) {
        document.insert("name".to_owned(), name.into());
    }
    if let Some(properties) = document
        .get_mut("properties")
        .and_then(Value::as_object_mut)
    {
        properties.shift_remove("globalParameters");
        properties.shift_remove("repoConfiguration");
    }
}
