//! The documents that differ in an environment, as far as that is known.

use std::collections::BTreeMap;

use adf_model::{Kind, ResourceId};
use adf_source::SourceResource;
use dataops_solution::fit::Fit;
use dataops_solution::secret::Secret;
use serde_json::Value;

use super::super::overrides::{fit, has_clear_secret, unknown_state};
use super::super::variables::has_variable;
use super::effective::Effective;
use crate::Context;
use crate::walk::{Enter, walk};

/// The documents that differ.
#[derive(Default)]
pub(super) struct Changes<'c, 's> {
    /// By the paths of their files: the source, and what becomes of it.
    documents: BTreeMap<&'c str, (&'c SourceResource, Value)>,
    /// The overrides that make them so.
    pub(super) made: Vec<Made<'c, 's>>,
    unknown: Vec<Unknown<'c>>,
}

/// An override that has changed a document.
#[derive(Clone)]
pub(super) struct Made<'c, 's> {
    pub(super) by: &'s Effective<'s>,
    /// The document's file.
    pub(super) file: &'c str,
    /// The JSON pointer of the place.
    pub(super) pointer: String,
}

/// A place whose value nobody knows here.
struct Unknown<'c> {
    file: &'c str,
    pointer: String,
    /// Whether it says what else in the document means.
    says_all: bool,
}

impl<'c, 's> Changes<'c, 's> {
    /// What overrides change, where resources have other names than in the source.
    pub(super) fn of(
        context: &Context<'c>,
        overrides: &'s [Effective<'s>],
        renames: &BTreeMap<&str, &str>,
    ) -> Self {
        let mut changes = Self::default();
        for effective in overrides {
            changes.put(context, effective);
        }
        let old_names = OldNames::of(context, renames);
        for (_, document) in changes.documents.values_mut() {
            old_names.put(document);
        }
        changes
            .documents
            .retain(|_, (source, document)| source.file.json() != document);
        let documents = changes.documents.iter();
        let absent = documents.flat_map(|(file, (_, document))| {
            let pointers = only_there(context, document).into_iter();
            pointers.map(|pointer| Unknown::at(file, pointer))
        });
        changes.unknown.extend(absent);
        changes
    }

    /// The documents: the source, and what becomes of it.
    pub(super) fn documents(&self) -> impl Iterator<Item = (&'c SourceResource, &Value)> {
        let documents = self.documents.values();
        documents.map(|(source, document)| (*source, document))
    }

    /// What becomes of the document of a file, where it changes.
    pub(super) fn document(&self, file: &str) -> Option<&Value> {
        self.documents.get(file).map(|(_, document)| document)
    }

    /// The document of a resource as it will be.
    pub(super) fn will_be(&self, context: &Context<'c>, id: &ResourceId) -> Option<&Value> {
        let source = context.find(id.kind, &id.name)?;
        let changed = self.document(&source.file.path);
        changed.or(Some(source.file.json()))
    }

    /// Whether what is found at a place depends on a value that nobody knows here.
    pub(super) fn is_unknown(&self, file: &str, pointer: Option<&str>) -> bool {
        let mut unknown = self.unknown.iter().filter(|unknown| unknown.file == file);
        unknown.any(|unknown| {
            unknown.says_all || pointer.is_some_and(|pointer| is_below(pointer, &unknown.pointer))
        })
    }

    /// Puts the value of an override into its document. One that does not fit is found as such.
    fn put(&mut self, context: &Context<'c>, effective: &'s Effective<'s>) {
        let (path, value) = (&effective.path, effective.value);
        let Some(source) = context.find(path.id.kind, &path.id.name) else {
            return;
        };
        let file = source.file.path.as_str();
        let entry = self.documents.entry(file);
        let (_, document) = entry.or_insert_with(|| (source, source.file.json().clone()));
        let there = match fit(path, document, value) {
            Err(_) => return,
            Ok(Fit::Adds { known }) if path.addition(&known).is_slip => return,
            Ok(Fit::Adds { .. }) => None,
            Ok(Fit::Replaces(there)) => Some(there.clone()),
        };
        if unknown_state(path, value).is_some() {
            return;
        }
        let is_known = is_known(value) && !has_clear_secret(path, value);
        let put = match is_known {
            true => value.clone(),
            // What stands there is as good as anything.
            false => there.unwrap_or_else(|| "unknown".into()),
        };
        let Ok(pointer) = path.apply(document, put) else {
            return;
        };
        match is_known {
            true => {
                let unknown = unknown_within(file, &pointer, value);
                self.unknown.extend(unknown);
                self.made.push(Made {
                    by: effective,
                    file,
                    pointer,
                });
            }
            false => self.unknown.push(Unknown::at(file, pointer)),
        }
    }
}

impl<'c> Unknown<'c> {
    fn at(file: &'c str, pointer: String) -> Self {
        let last = pointer.rsplit('/').next();
        Self {
            file,
            says_all: matches!(last, Some("referenceName" | "type")),
            pointer,
        }
    }
}

/// Whether a JSON pointer leads to a place or into it.
pub(super) fn is_below(pointer: &str, place: &str) -> bool {
    let rest = pointer.strip_prefix(place);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether the value is known without a service or a variable.
fn is_known(value: &Value) -> bool {
    let is_open = value.as_str().is_some_and(is_open);
    !is_open && Secret::of_setting(value).is_none() && value.get("secret").is_none()
}

fn is_open(text: &str) -> bool {
    has_variable(text) || text.starts_with("aml://")
}

/// The references to what a factory may have that no source tells of: whoever runs an environment registers its integration runtimes,
/// and makes its credentials.
fn only_there(context: &Context<'_>, document: &Value) -> Vec<String> {
    let references = adf_model::references(document).into_iter();
    let absent = references.filter(|reference| {
        let ResourceId { kind, name, .. } = &reference.target;
        matches!(kind, Kind::IntegrationRuntime | Kind::Credential) && !context.exists(*kind, name)
    });
    absent.map(|reference| reference.pointer).collect()
}

/// The texts within an object or a list that have variables in them.
fn unknown_within<'c>(file: &'c str, pointer: &str, value: &Value) -> Vec<Unknown<'c>> {
    let mut unknown = Vec::new();
    if value.is_object() || value.is_array() {
        walk(value, &mut |way, value| {
            if value.as_str().is_some_and(is_open) {
                unknown.push(Unknown::at(file, format!("{pointer}{}", way.pointer())));
            }
            Enter::Yes
        });
    }
    unknown
}

/// The names that resources have before they are renamed, by those that they have then.
struct OldNames(BTreeMap<ResourceId, String>);

impl OldNames {
    fn of(context: &Context<'_>, renames: &BTreeMap<&str, &str>) -> Self {
        let known = renames.iter().filter_map(|(key, new)| {
            let (folder, old) = key.split_once('.')?;
            let kind = Kind::of_folder(folder)?;
            let resource = context.find(kind, &ResourceId::named(kind, old).name)?;
            let is_new = context.find(kind, new).is_none();
            is_new.then(|| (ResourceId::new(kind, *new), resource.id.name.clone()))
        });
        Self(known.collect())
    }

    /// Lets references to new names be some to the old ones, which are what the other documents say.
    fn put(&self, document: &mut Value) {
        if self.0.is_empty() {
            return;
        }
        for reference in adf_model::references(document) {
            let name = format!("{}/referenceName", reference.pointer);
            if let Some(old) = self.0.get(&reference.target)
                && let Some(name) = document.pointer_mut(&name)
            {
                *name = old.as_str().into();
            }
        }
    }
}
