//! What a resource depends on: every reference in it whose target is in the same template.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use adf_model::{Kind, ResourceId};
use serde_json::{Map, Value};

use crate::draft::Draft;
use crate::kind;
use crate::node::Node;

/// The resources of a template, by kind and name whatever its case.
#[derive(Debug, Default)]
pub(crate) struct Index {
    places: HashMap<(Kind, String), usize>,
    /// How each is depended on.
    written: Vec<String>,
    factory: Option<usize>,
}

impl Index {
    /// The index of the resources to be.
    pub(crate) fn of(drafts: &[Draft<'_>]) -> Self {
        let mut index = Self::default();
        for (place, draft) in drafts.iter().enumerate() {
            let key = (draft.id.kind, draft.id.name.to_lowercase());
            index.places.entry(key).or_insert(place);
            index.written.push(kind::depends_on(&draft.id));
            if draft.id.kind == Kind::Factory {
                index.factory = Some(place);
            }
        }
        index
    }

    /// Where a resource is.
    pub(crate) fn find(&self, kind: Kind, name: &str) -> Option<usize> {
        self.places.get(&(kind, name.to_lowercase())).copied()
    }

    /// Where the factory is, when the template has it.
    pub(crate) fn factory(&self) -> Option<usize> {
        self.factory
    }

    /// The `dependsOn` of a resource with these targets.
    pub(crate) fn written<'a>(&self, targets: &[usize]) -> Node<'a> {
        let text = |at: &usize| Node::Text(Cow::Owned(self.written[*at].clone()));
        Node::Array(targets.iter().map(text).collect())
    }
}

/// The references of a resource.
#[derive(Debug, Default)]
pub(crate) struct Dependencies {
    /// The places of their targets in the template, each once.
    pub(crate) targets: Vec<usize>,
    /// Those that the template does not have.
    pub(crate) missing: Vec<ResourceId>,
}

impl Dependencies {
    /// The references within `properties`, in the service's order: those that are direct children come before those deeper
    /// down.
    pub(crate) fn of(properties: &Value, index: &Index) -> Self {
        let mut found = Self::default();
        let mut seen = HashSet::new();
        let mut missed = HashSet::new();
        let mut open = vec![properties];
        while let Some(value) = open.pop() {
            let below = open.len();
            let mut child = |value: &'_ Value| {
                if let Some((kind, name)) = reference(value) {
                    match index.find(kind, name) {
                        Some(at) if seen.insert(at) => found.targets.push(at),
                        Some(_) => {}
                        None => found.miss(kind, name, &mut missed),
                    }
                }
                value.is_object() || value.is_array()
            };
            match value {
                Value::Object(fields) => open.extend(fields.values().filter(|value| child(value))),
                Value::Array(items) => open.extend(items.iter().filter(|value| child(value))),
                _ => {}
            }
            open[below..].reverse();
        }
        found
    }

    fn miss(&mut self, kind: Kind, name: &str, seen: &mut HashSet<ResourceId>) {
        // The service has one of this name in every factory, mostly without a file.
        if kind == Kind::IntegrationRuntime
            && name.eq_ignore_ascii_case("AutoResolveIntegrationRuntime")
        {
            return;
        }
        let id = ResourceId::new(kind, name);
        if seen.insert(id.clone()) {
            self.missing.push(id);
        }
    }
}

fn reference(value: &Value) -> Option<(Kind, &str)> {
    let object: &Map<String, Value> = value.as_object()?;
    let name = object.get("referenceName")?.as_str()?;
    let kind = Kind::of_reference(object.get("type")?.as_str()?)?;
    kind::ORDER.contains(&kind).then_some((kind, name))
}
