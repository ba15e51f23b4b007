//! The documents of a source, and what an environment makes of them.

use std::collections::{BTreeMap, HashMap};

use adf_model::{Kind, ResourceId};
use adf_source::{Repository, SourceResource};
use serde_json::Value;

use crate::note::Spot;
use crate::wildcard::Wildcard;

/// A document as it is and as it will be.
#[derive(Debug)]
pub(crate) struct Draft<'r> {
    pub(crate) id: &'r ResourceId,
    /// The name of its file, by which azure.datafactory.tools knows it.
    pub(crate) file_name: &'r str,
    pub(crate) before: &'r Value,
    pub(crate) after: Value,
    /// The lines that have set places, by JSON pointer.
    pub(crate) origins: BTreeMap<String, Spot>,
    /// The numbers and Booleans that variables have taken the place of.
    pub(crate) typed: BTreeMap<String, Value>,
}

/// All documents of a source.
#[derive(Debug)]
pub(crate) struct Drafts<'r> {
    pub(crate) list: Vec<Draft<'r>>,
    places: HashMap<(Kind, String), Vec<usize>>,
    ids: HashMap<&'r ResourceId, usize>,
}

impl<'r> Drafts<'r> {
    pub(crate) fn of(repository: &'r Repository) -> Self {
        let list: Vec<_> = repository.resources.iter().map(Draft::of).collect();
        let mut places: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, draft) in list.iter().enumerate() {
            let key = (draft.id.kind, draft.file_name.to_lowercase());
            places.entry(key).or_default().push(at);
        }
        let ids = list.iter().enumerate().rev();
        let ids = ids.map(|(at, draft)| (draft.id, at)).collect();
        Self { list, places, ids }
    }

    /// The documents of a kind whose files are called so.
    pub(crate) fn called(&self, kind: Kind, pattern: &str, name: &Wildcard) -> Vec<usize> {
        if name.is_exact() && !pattern.contains('`') {
            let key = (kind, pattern.to_lowercase());
            return self.places.get(&key).cloned().unwrap_or_default();
        }
        let list = self.list.iter().enumerate();
        let found =
            list.filter(|(_, draft)| draft.id.kind == kind && name.matches(draft.file_name));
        found.map(|(at, _)| at).collect()
    }

    pub(crate) fn names(&self, kind: Kind) -> impl Iterator<Item = &'r str> {
        let of_kind = self.list.iter().filter(move |draft| draft.id.kind == kind);
        of_kind.map(|draft| draft.file_name)
    }

    /// The document of a resource.
    pub(crate) fn find(&self, id: &ResourceId) -> Option<usize> {
        self.ids.get(id).copied()
    }
}

impl<'r> Draft<'r> {
    fn of(resource: &'r SourceResource) -> Self {
        let path = resource.file.path.as_str();
        let name = path.rsplit('/').next().unwrap_or_default();
        Self {
            id: &resource.id,
            file_name: name.strip_suffix(".json").unwrap_or(name),
            before: resource.file.json(),
            after: resource.file.json().clone(),
            origins: BTreeMap::new(),
            typed: BTreeMap::new(),
        }
    }

    /// Forgets what was known of a place and of all that is in it.
    pub(crate) fn forget(&mut self, pointer: &str) {
        let is_in = |place: &str| {
            let rest = place.strip_prefix(pointer);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.typed.retain(|place, _| !is_in(place));
    }

    /// The line that has set a place, something in it, or what it is in.
    pub(crate) fn origin(&self, pointer: &str) -> Option<&Spot> {
        let mut origins = self.origins.iter();
        let found = origins.find(|(set, _)| set.starts_with(pointer) || pointer.starts_with(*set));
        found.map(|(_, spot)| spot)
    }

    /// The properties, which are made where there are none.
    pub(crate) fn properties(&mut self) -> &mut Value {
        if !self.after.is_object() {
            self.after = Value::Object(serde_json::Map::new());
        }
        if !self.after["properties"].is_object() {
            self.after["properties"] = Value::Object(serde_json::Map::new());
        }
        &mut self.after["properties"]
    }
}
