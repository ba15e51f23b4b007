//! What a resource depends on: every reference in it whose target is in the same template.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use adf_model::{Kind, Members as _, ResourceId};
use serde_json::{Map, Value};

use crate::draft::Draft;
use crate::kind;
use crate::node::Node;

/// The key of a reference's name.
pub(crate) const REFERENCE_NAME: &str = "referenceName";

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

    /// What stands in the `dependsOn` of a resource with these targets: their names, or the parameters that the references to
    /// them have for names now.
    pub(crate) fn entries(&self, targets: &[Target], renamed: &[Renamed]) -> Vec<Entry> {
        let mut parameters: HashMap<usize, Vec<&Renamed>> = HashMap::new();
        for renamed in renamed {
            if let Some(place) = self.find(renamed.kind, &renamed.name) {
                parameters.entry(place).or_default().push(renamed);
            }
        }
        let mut entries = Vec::with_capacity(targets.len());
        for target in targets {
            let place = target.place;
            let own = parameters.get(&place).map_or(&[][..], Vec::as_slice);
            if own.len() < target.references {
                let text = self.written[place].clone();
                entries.push(Entry { place, text });
            }
            let mut seen = HashSet::new();
            let own = own.iter().filter(|renamed| seen.insert(&renamed.parameter));
            entries.extend(own.map(|renamed| Entry {
                place,
                text: kind::depends_on_parameter(renamed.kind, &renamed.parameter),
            }));
        }
        entries
    }
}

/// A resource that another one depends on.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// Its place in the template.
    pub(crate) place: usize,
    /// How many references lead to it.
    references: usize,
}

impl Target {
    /// What a resource depends on without a reference.
    pub(crate) const fn implied(place: usize) -> Self {
        Self {
            place,
            references: 1,
        }
    }
}

/// A reference whose name has become a parameter.
#[derive(Clone, Debug)]
pub(crate) struct Renamed {
    pub(crate) kind: Kind,
    /// The name as the source has it.
    pub(crate) name: String,
    pub(crate) parameter: Arc<str>,
}

/// An entry of a `dependsOn`.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The place in the template of what it leads to.
    pub(crate) place: usize,
    text: String,
}

/// The `dependsOn` with these entries.
pub(crate) fn written<'a>(entries: &[Entry]) -> Node<'a> {
    let text = |entry: &Entry| Node::Text(Cow::Owned(entry.text.clone()));
    Node::Array(entries.iter().map(text).collect())
}

/// The references of a resource.
#[derive(Debug, Default)]
pub(crate) struct Dependencies {
    /// Their targets in the template, each once.
    pub(crate) targets: Vec<Target>,
    /// Those that the template does not have.
    pub(crate) missing: Vec<ResourceId>,
}

impl Dependencies {
    /// The references within `properties`, in the service's order: those that are direct children come before those deeper
    /// down.
    pub(crate) fn of(properties: &Value, index: &Index) -> Self {
        let mut found = Self::default();
        let mut seen: HashMap<usize, usize> = HashMap::new();
        let mut missed = HashSet::new();
        let mut open = vec![properties];
        while let Some(value) = open.pop() {
            let below = open.len();
            let mut child = |value: &'_ Value| {
                if let Some((kind, name)) = reference(value) {
                    match index.find(kind, name) {
                        Some(place) => found.meet(place, &mut seen),
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

    fn meet(&mut self, place: usize, seen: &mut HashMap<usize, usize>) {
        let known = *seen.entry(place).or_insert(self.targets.len());
        match self.targets.get_mut(known) {
            Some(target) => target.references += 1,
            None => self.targets.push(Target::implied(place)),
        }
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
    let name = object.member(REFERENCE_NAME)?.as_str()?;
    Some((referenced(object.member("type")?.as_str()?)?, name))
}

/// The reference that a value is, if it is one that counts here.
pub(crate) fn reference_within(node: &Node<'_>) -> Option<(Kind, String)> {
    let name = node.field(REFERENCE_NAME)?;
    let kind = referenced(node.field("type")?.text()?)?;
    Some((kind, name.text()?.to_owned()))
}

fn referenced(kind: &str) -> Option<Kind> {
    let kind = Kind::of_reference(kind)?;
    kind::ORDER.contains(&kind).then_some(kind)
}
