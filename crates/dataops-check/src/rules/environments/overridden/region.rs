//! The documents that are looked at again: those that change, and those beside them.

use std::collections::{BTreeMap, HashMap, HashSet};

use adf_graph::Node;
use adf_model::{Kind, ResourceId, references};
use adf_source::{Repository, SourceFile, SourceResource};
use serde_json::Value;

use super::changes::Changes;
use crate::finding::Base;
use crate::rules::{
    Group, across, activities, dependencies, expressions, fitting, limits, references as targets,
    retired, secrets, shape, triggers,
};
use crate::{Context, Finding, Findings, Subject};

/// The rules that look at one document, or at one and what it refers to.
const GROUPS: [&Group; 11] = [
    &shape::GROUP,
    &activities::GROUP,
    &targets::GROUP,
    &fitting::GROUP,
    &dependencies::GROUP,
    &expressions::GROUP,
    &across::GROUP,
    &limits::GROUP,
    &triggers::GROUP,
    &secrets::GROUP,
    &retired::GROUP,
];

/// What a finding says, wherever its text begins.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    rule: &'static str,
    pub(super) file: String,
    pub(super) pointer: Option<String>,
    message: String,
}

impl Key {
    fn of(finding: &Finding) -> Self {
        Self {
            rule: finding.rule.id,
            file: finding.path.clone(),
            pointer: finding.pointer.clone(),
            message: finding.message.clone(),
        }
    }
}

/// What is found in the source, by the files that were looked at: environments often change the same.
#[derive(Default)]
pub(super) struct Known<'c>(HashMap<Vec<&'c str>, HashSet<Key>>);

impl<'c> Known<'c> {
    /// What is found in changed documents and not in the source.
    pub(super) fn news(
        &mut self,
        context: &Context<'c>,
        changes: &Changes<'c, '_>,
    ) -> Vec<(Key, Finding)> {
        if changes.documents().next().is_none() {
            return Vec::new();
        }
        let region = Region::of(context, changes);
        let mut found = look(context, &region.repository(Some(changes)));
        found.retain(|(key, _)| !changes.is_unknown(&key.file, key.pointer.as_deref()));
        if !found.is_empty() {
            let known = self.0.entry(region.files()).or_insert_with(|| {
                let known = look(context, &region.repository(None)).into_iter();
                known.map(|(key, _)| key).collect()
            });
            found.retain(|(key, _)| !known.contains(key));
        }
        found
    }
}

/// What is found in documents; what is said of other files depends on all documents.
fn look(context: &Context<'_>, repository: &Repository) -> Vec<(Key, Finding)> {
    let subject = Subject {
        repository,
        python: &[],
        ..**context
    };
    let part = Context::within(&subject, context.around());
    let mut findings = Findings::default();
    for group in GROUPS {
        (group.check)(&part, &mut findings);
    }
    let found = findings.since(0).iter();
    let found = found.filter(|finding| finding.base == Base::Repository);
    found
        .map(|finding| (Key::of(finding), finding.clone()))
        .collect()
}

/// What a document refers to, and what that refers to: a pipeline depends on the linked services of its datasets.
const STEPS: usize = 2;

/// The most documents that are looked at because they refer to one that changes: what is wrong with all shows in these.
const MOST_REFERRERS: usize = 500;

/// Documents, in the order of a repository.
struct Region<'c>(BTreeMap<(Kind, &'c str), &'c SourceResource>);

impl<'c> Region<'c> {
    fn of(context: &Context<'c>, changes: &Changes<'c, '_>) -> Self {
        let mut reached = Reached::default();
        for (source, document) in changes.documents() {
            // A circle may begin with a new reference.
            let steps = match is_rewired(source, document) {
                true => usize::MAX,
                false => STEPS,
            };
            reached.add(source, steps);
            if looks_otherwise(source, document) {
                let node = Node::Resource(source.id.clone());
                let referrers = context.graph().referrers_of(&node).into_iter();
                for reference in referrers.take(MOST_REFERRERS) {
                    let referrer = &context.repository.resources[reference.document];
                    reached.add(referrer, STEPS);
                }
            }
        }
        reached.follow(context, changes);
        for kind in [Kind::Factory, Kind::GlobalParameters] {
            let globals = context.repository.of_kind(kind);
            globals.for_each(|resource| reached.add(resource, 0));
        }
        let members = reached.steps.into_iter();
        Self(members.map(|(at, (member, _))| (at, member)).collect())
    }

    fn files(&self) -> Vec<&'c str> {
        self.0.keys().map(|(_, file)| *file).collect()
    }

    /// The documents as the source has them, or with their changes.
    fn repository(&self, changes: Option<&Changes<'_, '_>>) -> Repository {
        let resources = self.0.values().map(|source| {
            let path = &source.file.path;
            let changed = changes.and_then(|changes| changes.document(path));
            match changed {
                Some(changed) => SourceResource {
                    id: source.id.clone(),
                    file: SourceFile::of_json(path, changed.clone()),
                },
                None => (*source).clone(),
            }
        });
        let mut repository = Repository::default();
        repository.resources.extend(resources);
        repository
    }
}

/// Documents with the number of references that are followed from each.
#[derive(Default)]
struct Reached<'c> {
    steps: BTreeMap<(Kind, &'c str), (&'c SourceResource, usize)>,
    open: Vec<&'c SourceResource>,
}

impl<'c> Reached<'c> {
    fn add(&mut self, resource: &'c SourceResource, steps: usize) {
        let at = (resource.id.kind, resource.file.path.as_str());
        let known = self.steps.get(&at);
        if known.is_none_or(|(_, known)| *known < steps) {
            self.steps.insert(at, (resource, steps));
            self.open.push(resource);
        }
    }

    fn follow(&mut self, context: &Context<'c>, changes: &Changes<'c, '_>) {
        while let Some(resource) = self.open.pop() {
            let path = resource.file.path.as_str();
            let steps = self.steps.get(&(resource.id.kind, path));
            let steps = steps.map_or(0, |(_, steps)| *steps);
            if steps == 0 {
                continue;
            }
            // What nobody wants to know how far it is stays so.
            let left = if steps == usize::MAX {
                steps
            } else {
                steps - 1
            };
            let source = targets_of(resource.file.json());
            let changed = changes.document(path).map(targets_of);
            for target in source.into_iter().chain(changed.unwrap_or_default()) {
                if let Some(target) = context.find(target.kind, &target.name) {
                    self.add(target, left);
                }
            }
        }
    }
}

pub(super) fn targets_of(document: &Value) -> Vec<ResourceId> {
    let references = references(document).into_iter();
    references.map(|reference| reference.target).collect()
}

/// Whether a document refers to others than before.
pub(super) fn is_rewired(source: &SourceResource, changed: &Value) -> bool {
    targets_of(source.file.json()) != targets_of(changed)
}

/// Whether a document is another one for those that refer to it: by its type, its linked service, or what it takes.
pub(super) fn looks_otherwise(source: &SourceResource, changed: &Value) -> bool {
    let source_json = source.file.json();
    let differs = |pointer| source_json.pointer(pointer) != changed.pointer(pointer);
    let is_open = source.id.kind == Kind::DataFlow && differs("/properties/typeProperties");
    is_open
        || differs("/properties/type")
        || differs("/properties/linkedServiceName/referenceName")
        || parameters(source_json) != parameters(changed)
}

/// The names of parameters, their types, and whether they have a default value.
fn parameters(document: &Value) -> Vec<(&str, Option<&Value>, bool)> {
    let parameters = document.pointer("/properties/parameters");
    let parameters = parameters.and_then(Value::as_object).into_iter().flatten();
    parameters
        .map(|(name, declared)| {
            let default = declared.get("defaultValue");
            (name.as_str(), declared.get("type"), default.is_some())
        })
        .collect()
}
