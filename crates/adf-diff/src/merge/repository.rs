//! Merges two repositories that come from one.

use std::collections::{BTreeMap, HashMap};

use adf_model::ResourceId;
use adf_source::{Repository, SourceFile, SourceResource};
use serde_json::Value;

use super::document;
use crate::difference::{documents, renamed};
use crate::renames::Renames;
use crate::side::Side;
use crate::{Path, Subject};

/// A place where the two sides do not fit together.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// The resource.
    pub subject: Subject,
    /// The place in it; none where it is about the resource as a whole.
    pub path: Option<Path>,
    /// What is the case, without a full stop.
    pub text: String,
}

/// Two repositories in one.
#[derive(Clone, Debug, Default)]
pub struct Merged {
    /// The documents; where the sides do not fit together, those of the first one.
    pub repository: Repository,
    /// Where they do not.
    pub conflicts: Vec<Conflict>,
}

/// A resource under the name that it has on each side.
#[derive(Default)]
struct Versions<'r> {
    base: Option<&'r SourceResource>,
    one: Option<&'r SourceResource>,
    other: Option<&'r SourceResource>,
}

/// Merges what `one` and `other` have made of `base`.
#[must_use]
pub fn merge(base: &Repository, one: &Repository, other: &Repository) -> Merged {
    let sides = [Side::new(base), Side::new(one), Side::new(other)];
    merge_sides(&sides)
}

pub(super) fn merge_sides(sides: &[Side<'_>; 3]) -> Merged {
    let mut merged = Merged::default();
    for versions in versions(sides).into_values() {
        merged.add(&versions);
    }
    let resources = &mut merged.repository.resources;
    resources.sort_by(|one, other| {
        (one.id.kind, &one.file.path).cmp(&(other.id.kind, &other.file.path))
    });
    merged.files(sides);
    merged
}

/// The versions of each resource, by the name that it has in the base, otherwise by its own.
fn versions<'r>([base, one, other]: &[Side<'r>; 3]) -> BTreeMap<ResourceId, Versions<'r>> {
    let old_names = |side: &Side<'r>| -> HashMap<ResourceId, ResourceId> {
        let pairs = renamed(base, side).into_iter();
        pairs
            .map(|(from, to)| (to.id.clone(), from.id.clone()))
            .collect()
    };
    let mut versions: BTreeMap<ResourceId, Versions<'r>> = BTreeMap::new();
    for resource in base.resources() {
        versions.entry(resource.id.clone()).or_default().base = Some(resource);
    }
    let names = old_names(one);
    for resource in one.resources() {
        let id = names.get(&resource.id).unwrap_or(&resource.id);
        versions.entry(id.clone()).or_default().one = Some(resource);
    }
    let names = old_names(other);
    for resource in other.resources() {
        let id = names.get(&resource.id).unwrap_or(&resource.id);
        versions.entry(id.clone()).or_default().other = Some(resource);
    }
    versions
}

impl Merged {
    fn add(&mut self, versions: &Versions<'_>) {
        let Versions { base, one, other } = versions;
        match (base, one, other) {
            (_, Some(one), Some(other)) => self.both(*base, one, other),
            (Some(base), Some(kept), None) | (Some(base), None, Some(kept)) => {
                // Gone on one side: it goes, unless the other has changed it.
                if differs(base, kept) {
                    let text = "one side removes it, the other changes it";
                    self.conflict(Subject::Resource(kept.id.clone()), None, text);
                    self.keep(kept, kept.file.json().clone());
                }
            }
            (None, Some(new), None) | (None, None, Some(new)) => {
                self.keep(new, new.file.json().clone());
            }
            (_, None, None) => {}
        }
    }

    fn both(
        &mut self,
        base: Option<&SourceResource>,
        one: &SourceResource,
        other: &SourceResource,
    ) {
        let subject = Subject::Resource(one.id.clone());
        let name = base.map(|base| &base.id.name);
        let moved = |side: &SourceResource| name.is_some_and(|name| *name != side.id.name);
        if base.is_none() && one.id.name != other.id.name {
            let text = format!(
                "both sides add it, as `{}` and as `{}`",
                one.id.name, other.id.name
            );
            self.conflict(subject.clone(), None, &text);
        } else if base.is_none() && one.file.path != other.file.path {
            let text = format!(
                "both sides add it, in {} and in {}",
                one.file.path, other.file.path
            );
            self.conflict(subject.clone(), None, &text);
        } else if moved(one) && moved(other) && one.id.name != other.id.name {
            let text = format!(
                "both sides rename it, to `{}` and to `{}`",
                one.id.name, other.id.name
            );
            self.conflict(subject.clone(), None, &text);
        }
        let three = (
            base.map(|base| base.file.json()),
            Some(one.file.json()),
            Some(other.file.json()),
        );
        let (value, clashes) = document::merge(Some(one.id.kind), three);
        for clash in clashes {
            self.conflict(subject.clone(), Some(clash.path), &clash.text);
        }
        let named = if moved(other) { other } else { one };
        self.keep(named, value.unwrap_or_default());
    }

    fn keep(&mut self, resource: &SourceResource, document: Value) {
        self.repository.resources.push(SourceResource {
            id: resource.id.clone(),
            file: SourceFile::of_json(resource.file.path.clone(), document),
        });
    }

    fn conflict(&mut self, subject: Subject, path: Option<Path>, text: &str) {
        self.conflicts.push(Conflict {
            subject,
            path,
            text: text.to_owned(),
        });
    }

    /// The files beside the resources.
    fn files(&mut self, sides: &[Side<'_>; 3]) {
        let of = |pick: fn(&Repository) -> Option<&SourceFile>| -> [Option<&SourceFile>; 3] {
            std::array::from_fn(|at| pick(sides[at].repository))
        };
        let definition = of(|repository| repository.parameters_definition.as_ref());
        let publish = of(|repository| repository.publish_config.as_ref());
        self.repository.parameters_definition = self.file(definition);
        self.repository.publish_config = self.file(publish);
    }

    fn file(&mut self, [base, one, other]: [Option<&SourceFile>; 3]) -> Option<SourceFile> {
        let path = one.or(other).or(base)?.path.clone();
        let three = (
            base.map(SourceFile::json),
            one.map(SourceFile::json),
            other.map(SourceFile::json),
        );
        let (value, clashes) = document::merge(None, three);
        for clash in clashes {
            self.conflict(Subject::File(path.clone()), Some(clash.path), &clash.text);
        }
        Some(SourceFile::of_json(path, value?))
    }
}

/// Whether two versions differ in what means something.
fn differs(before: &SourceResource, after: &SourceResource) -> bool {
    let renames = Renames::default();
    let changes = documents(
        Some(after.id.kind),
        before.file.json(),
        after.file.json(),
        &renames,
    );
    before.id.name != after.id.name || changes.iter().any(|change| !change.is_noise)
}
