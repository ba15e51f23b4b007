//! Global parameters of the two sides of a comparison: in a factory they are a resource.

use std::collections::BTreeMap;

use adf_model::{Kind, ResourceId};
use adf_source::{Repository, SourceFile, SourceResource};
use dataops_plan::{DesiredError, all_global_parameters};
use serde_json::Value;

/// Makes global parameters the resource that they are in a factory: the source may keep them in the file of the factory, and the
/// service tells them there too. Gives what is wrong with the values; then none of them is put.
pub(super) fn globals_apart(
    repository: &mut Repository,
    values: &BTreeMap<String, Value>,
) -> Option<DesiredError> {
    let resources = repository.resources.iter();
    let documents = resources.map(|it| (&it.id, it.file.json()));
    let (globals, misfit) = match all_global_parameters(documents.clone(), values) {
        Ok(globals) => (globals, None),
        Err(misfit) => {
            let globals = all_global_parameters(documents, &BTreeMap::new());
            (globals.ok().flatten(), Some(misfit))
        }
    };
    let is_kept_in = |it: &&SourceResource| {
        let kept = it.file.json().pointer("/properties/globalParameters");
        it.id.kind == Kind::GlobalParameters || (it.id.kind == Kind::Factory && kept.is_some())
    };
    let mut keeping: Vec<_> = repository.resources.iter().filter(is_kept_in).collect();
    keeping.sort_by_key(|it| it.id.kind == Kind::Factory);
    let path = keeping.first().map(|it| it.file.path.clone());
    let resources = &mut repository.resources;
    resources.retain(|it| it.id.kind != Kind::GlobalParameters);
    for factory in resources
        .iter_mut()
        .filter(|it| it.id.kind == Kind::Factory)
    {
        let mut document = factory.file.json().clone();
        let properties = document.pointer_mut("/properties");
        if let Some(properties) = properties.and_then(Value::as_object_mut)
            && properties.shift_remove("globalParameters").is_some()
        {
            factory.file = SourceFile::of_json(factory.file.path.clone(), document);
        }
    }
    if let (Some(document), Some(path)) = (globals, path) {
        resources.push(SourceResource {
            id: ResourceId::new(Kind::GlobalParameters, "default"),
            file: SourceFile::of_json(path, document),
        });
    }
    misfit
}
