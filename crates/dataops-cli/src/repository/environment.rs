//! The documents of a factory that runs, and those of the source as they would be deployed to it.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use adf_client::Remote;
use adf_model::{Factory as _, Kind, ResourceId};
use adf_source::{Repository, SourceFile, SourceResource};
use dataops_core::connection::Connection;
use dataops_core::deployment::place_of_azure;
use dataops_plan::{STARS, SecretState, as_far_as_said, conceal};
use dataops_solution::Solution;
use dataops_solution::overrides::{OverridePath, OverrideValue};
use dataops_solution::renames::{RenameError, Renames};
use dataops_solution::secret::Secret;
use serde_json::Value;

use super::globals::globals_apart;
use crate::context::Context;
use crate::failure::Failure;

/// The documents of an environment's factory, as if they stood in git.
pub(super) async fn read(
    context: &Context,
    solution: &Solution,
    name: &str,
) -> Result<Repository, Failure> {
    // A comparison writes nothing: what is not deployed is told as missing.
    let session = context.look_at(solution, name).await?;
    let documents = list(&session.connection).await;
    session.close().await;
    let documents = documents.map_err(|source| {
        Failure::service(Unreadable {
            name: name.to_owned(),
            source,
        })
    })?;
    let mut repository = Repository::default();
    for (id, document) in documents {
        let path = path(&id);
        repository.resources.push(SourceResource {
            id,
            file: SourceFile::of_json(path, document),
        });
    }
    repository.resources.sort_by(|one, other| {
        (one.id.kind, &one.file.path).cmp(&(other.id.kind, &other.file.path))
    });
    Ok(repository)
}

/// That an environment's factory cannot be read.
#[derive(Debug)]
struct Unreadable {
    name: String,
    source: Box<dyn Error + Send + Sync>,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "the factory of environment `{}` cannot be read",
            self.name
        )
    }
}

impl Error for Unreadable {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

async fn list(
    connection: &Connection,
) -> Result<Vec<(ResourceId, Value)>, Box<dyn Error + Send + Sync>> {
    let remote = Remote::new(connection.factory()?);
    let mut documents = Vec::new();
    let kinds = Kind::ALL.into_iter().chain([Kind::Factory]);
    for kind in kinds.filter(|kind| !kind.folder().is_empty()) {
        documents.extend(remote.list(kind).await?);
    }
    Ok(documents)
}

fn path(id: &ResourceId) -> String {
    let folder = match &id.parent {
        Some(parent) => format!(
            "{}/{parent}/{}",
            Kind::ManagedVirtualNetwork.folder(),
            id.kind.folder()
        ),
        None => id.kind.folder().to_owned(),
    };
    format!("{folder}/{}.json", id.name)
}

/// Puts the values of an environment into the documents of the other side, which then differ only where a deployment would
/// change something. A factory is called otherwise in each environment: it takes the name of the one that runs.
pub(super) fn adapt(
    context: &Context,
    solution: &Solution,
    name: &str,
    source: &mut Repository,
    live: &mut Repository,
) -> Result<(), Failure> {
    let environment = solution.environment(name, &context.variables)?;
    let renames = Renames::parse(&environment.renames).map_err(Failure::usage)?;
    let mut unread = Vec::new();
    for (text, value) in &environment.overrides {
        let path = OverridePath::parse(text)?;
        for resource in &mut source.resources {
            if path.is_about(&resource.id) {
                let state = put((&path, value), resource, &renames, live)?;
                if state == Some(SecretState::Unknown) {
                    unread.push(text.as_str());
                }
            }
        }
    }
    if !unread.is_empty() {
        let text = format!(
            "the service does not show {}: whether the secret there differs is not known",
            unread.join(", ")
        );
        context.warn("note", &text, None);
    }
    // An old commit need not have what the environment speaks of by now.
    let misfits = [
        rename(source, &renames)
            .err()
            .map(|error| error.to_string()),
        globals_apart(source, &environment.global_parameters).map(|error| error.to_string()),
        globals_apart(live, &BTreeMap::new()).map(|error| error.to_string()),
    ];
    for misfit in misfits.into_iter().flatten() {
        context.warn("warning", &misfit, None);
    }
    let is_emulated = environment.emulator || context.emulator()?.is_some();
    look_up(source, live, is_emulated);
    take_paths(source, live);
    spell_as_git(source);
    spell_as_git(live);
    // What is only for the web page is not deployed.
    source.parameters_definition = None;
    source.publish_config = None;
    align_factories(source, live);
    Ok(())
}

/// Makes the factories themselves comparable: one is called otherwise in each environment, and only what the source says of it counts. Of
/// several nobody knows which is meant.
fn align_factories(source: &mut Repository, live: &mut Repository) {
    let factories = |repository: &Repository| repository.of_kind(Kind::Factory).count();
    if factories(source) == 1 && factories(live) == 1 {
        let running = live
            .of_kind(Kind::Factory)
            .next()
            .map(|factory| factory.id.clone());
        let own = source
            .resources
            .iter_mut()
            .find(|resource| resource.id.kind == Kind::Factory);
        if let (Some(own), Some(running)) = (own, running) {
            own.id = running;
            let said = own.file.json();
            for there in &mut live.resources {
                if there.id == own.id {
                    let mut document = there.file.json().clone();
                    as_far_as_said(&mut document, said);
                    there.file = SourceFile::of_json(there.file.path.clone(), document);
                }
            }
        }
    } else {
        for repository in [source, live] {
            repository
                .resources
                .retain(|resource| resource.id.kind != Kind::Factory);
        }
    }
}

/// Gives resources the names that they have in an environment, and the references to them; tells what does not fit, beside which the
/// rest is done.
fn rename(source: &mut Repository, renames: &Renames) -> Result<(), RenameError> {
    let resources = source.resources.iter();
    let documents = resources.map(|it| (it.id.clone(), it.file.json().clone()));
    let mut documents: Vec<_> = documents.collect();
    let applied = renames.apply(&mut documents);
    for (resource, (id, document)) in source.resources.iter_mut().zip(documents) {
        if resource.id != id || resource.file.json() != &document {
            resource.file = SourceFile::of_json(resource.file.path.clone(), document);
            resource.id = id;
        }
    }
    applied
}

/// Puts a value of the environment into a document. A secret is hidden there and in the document of the factory; tells what is known of it.
fn put(
    (path, value): (&OverridePath, &OverrideValue),
    resource: &mut SourceResource,
    renames: &Renames,
    live: &mut Repository,
) -> Result<Option<SecretState>, Failure> {
    let mut document = resource.file.json().clone();
    let state = match value {
        OverrideValue::Plain(value) => {
            let put = path.apply(&mut document, value.clone());
            put.map_err(Failure::usage)?;
            None
        }
        OverrideValue::Secret(secret) => {
            // What a Key Vault keeps is not asked for here.
            let hidden = Secret::new(STARS);
            let secret = if secret.is_address() { &hidden } else { secret };
            let put = path.apply_secret(&mut document, secret);
            let pointer = put.map_err(Failure::usage)?;
            let mut id = resource.id.clone();
            if let Some(new) = renames.new_name(id.kind, &id.name) {
                id.name = new.into();
            }
            let mut there = live.resources.iter_mut();
            let there = there.find(|there| there.id == id);
            let mut running = there.as_ref().map(|it| it.file.json().clone());
            let state = conceal(&mut document, &pointer, running.get_or_insert_default());
            if let (Some(there), Some(running)) = (there, running) {
                there.file = SourceFile::of_json(there.file.path.clone(), running);
            }
            Some(state)
        }
    };
    resource.file = SourceFile::of_json(resource.file.path.clone(), document);
    Ok(state)
}

fn spell_as_git(repository: &mut Repository) {
    for resource in &mut repository.resources {
        let file = &mut resource.file;
        if resource.id.kind == Kind::Pipeline
            && let Some(document) = as_in_git(file.json())
        {
            *file = SourceFile::of_json(file.path.clone(), document);
        }
    }
}

/// The document with `dataflow` for `dataFlow`, which is how the service writes the property that git has in small letters; nothing
/// where it has none.
fn as_in_git(document: &Value) -> Option<Value> {
    let mut document = document.clone();
    let mut is_changed = false;
    let mut open = vec![&mut document];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(object) => {
                let is_reference = |value: &Value| value.get("referenceName").is_some();
                if object.get("dataFlow").is_some_and(is_reference)
                    && let Some(flow) = object.remove("dataFlow")
                {
                    object.insert("dataflow".to_owned(), flow);
                    is_changed = true;
                }
                open.extend(object.values_mut());
            }
            _ => {}
        }
    }
    is_changed.then_some(document)
}

/// What runs stands in no file: a change of it is seen where the source has it.
fn take_paths(source: &Repository, live: &mut Repository) {
    for resource in &mut live.resources {
        if let Some(own) = source.get(&resource.id) {
            resource.file =
                SourceFile::of_json(own.file.path.clone(), resource.file.json().clone());
        }
    }
}

/// Names of ML pipelines in the source become ids when it is deployed, and only the ML side knows whose id it is: the one that runs
/// is taken for it. So it is with what an emulator has in the place of Azure.
fn look_up(source: &mut Repository, live: &Repository, is_emulated: bool) {
    for resource in &mut source.resources {
        let Some(running) = live.get(&resource.id) else {
            continue;
        };
        let mut document = resource.file.json().clone();
        let mut pointers = named(&document);
        if is_emulated {
            pointers.extend(place_of_azure(&resource.id, &document).map(str::to_owned));
        }
        let mut is_changed = false;
        for pointer in pointers {
            let (Some(value), Some(found)) = (
                document.pointer_mut(&pointer),
                running.file.json().pointer(&pointer),
            ) else {
                continue;
            };
            if found.is_string() {
                *value = found.clone();
                is_changed = true;
            }
        }
        if is_changed {
            resource.file = SourceFile::of_json(resource.file.path.clone(), document);
        }
    }
}

/// The JSON pointers of texts that name an ML pipeline.
fn named(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), document)];
    while let Some((pointer, value)) = open.pop() {
        match value {
            Value::String(text) if text.starts_with("aml://") => found.push(pointer),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                open.extend(items.map(|(at, item)| (format!("{pointer}/{at}"), item)));
            }
            Value::Object(object) => {
                let entries = object.iter();
                open.extend(entries.map(|(key, value)| {
                    let key = adf_model::pointer::escape(key);
                    (format!("{pointer}/{key}"), value)
                }));
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_to_data_flows_are_spelled_as_in_git() {
        let activity = |key: &str| {
            let flow = json!({"referenceName": "clean", "type": "DataFlowReference"});
            json!({"properties": {"activities": [{"typeProperties": {key: flow}}], "dataFlow": 1}})
        };

        assert_eq!(as_in_git(&activity("dataFlow")), Some(activity("dataflow")));
        assert_eq!(as_in_git(&activity("dataflow")), None);
    }
}
