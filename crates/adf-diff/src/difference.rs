//! What differs between two repositories, resource by resource.

use std::collections::HashSet;
use std::fmt;

use adf_model::secret::SecureParameters;
use adf_model::{Kind, ResourceId};
use adf_source::{Repository, SourceFile, SourceResource};
use serde_json::Value;

use crate::compare::{At, Comparison};
use crate::reach::Reach;
use crate::renames::Renames;
use crate::risk::{Risk, risks};
use crate::side::Side;
use crate::similar::{Candidate, Leaves, matches};
use crate::{PropertyChange, pipeline};

/// A resource, or a file beside the resources.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A resource.
    Resource(ResourceId),
    /// `arm-template-parameters-definition.json` or `publish_config.json`.
    File(String),
}

impl Subject {
    /// The kind, where it is a resource.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::Resource(id) => Some(id.kind),
            Self::File(_) => None,
        }
    }

    /// The name, without the kind.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Resource(id) => &id.name,
            Self::File(path) => path,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resource(id) => id.fmt(out),
            Self::File(path) => write!(out, "file `{path}`"),
        }
    }
}

/// What has become of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another name, and perhaps differs too.
    Renamed,
    /// It differs.
    Changed,
}

/// What differs about a resource.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceChange {
    /// The resource, as the head calls it; as the base does where it is gone.
    pub subject: Subject,
    /// The name that it had, where it is renamed.
    pub was: Option<String>,
    /// What has become of it.
    pub how: How,
    /// Its type within its kind, such as `DelimitedText`; empty where there is none.
    pub detail: String,
    /// Its file in the base.
    pub base_path: Option<String>,
    /// Its file in the head.
    pub head_path: Option<String>,
    /// What differs in it; nothing where it is new or gone.
    pub properties: Vec<PropertyChange>,
    /// What a reviewer should look at.
    pub risks: Vec<Risk>,
    /// What else it reaches.
    pub reach: Reach,
}

impl ResourceChange {
    /// Whether nothing about it means anything.
    #[must_use]
    pub fn is_noise(&self) -> bool {
        self.how == How::Changed && self.properties.iter().all(|change| change.is_noise)
    }

    /// Whether it only follows that something else was renamed.
    #[must_use]
    pub fn only_follows(&self) -> bool {
        let mut real = self
            .properties
            .iter()
            .filter(|change| !change.is_noise)
            .peekable();
        self.how == How::Changed
            && real.peek().is_some()
            && real.all(|change| change.follows_rename)
    }
}

/// What differs between two repositories.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    /// The resources that differ: triggers and pipelines first, then what they use.
    pub changes: Vec<ResourceChange>,
    /// Files of the base that could not be read, and so not compared.
    pub unreadable_base: Vec<String>,
    /// Files of the head that could not be read, and so not compared.
    pub unreadable_head: Vec<String>,
}

/// Compares two repositories. Work is about linear in what they hold.
#[must_use]
pub fn compare(base: &Repository, head: &Repository) -> Difference {
    let (base, head) = (Side::new(base), Side::new(head));
    let renamed = renamed(&base, &head);
    let mut renames = Renames::default();
    for (from, to) in &renamed {
        renames.add(&from.id, &to.id);
    }
    let resources = base.resources().chain(head.resources());
    let secure =
        SecureParameters::of(resources.map(|resource| (&resource.id, resource.file.json())));
    let both = |before: &SourceResource, after: &SourceResource, how| {
        both(before, after, how, &renames, &secure)
    };
    let mut changes = Vec::new();
    for (from, to) in &renamed {
        changes.push(both(from, to, How::Renamed));
    }
    let is_renamed: HashSet<_> = renamed
        .iter()
        .flat_map(|(from, to)| [&from.id, &to.id])
        .collect();
    for resource in head.resources() {
        match base.get(&resource.id) {
            Some(before) => {
                let same_name = before.id.name == resource.id.name;
                let how = if same_name {
                    How::Changed
                } else {
                    How::Renamed
                };
                let change = both(before, resource, how);
                if how == How::Renamed || !change.properties.is_empty() {
                    changes.push(change);
                }
            }
            None if is_renamed.contains(&resource.id) || base.hides(resource) => {}
            None => changes.push(alone(resource, How::Added)),
        }
    }
    for resource in base.resources() {
        let is_known = head.get(&resource.id).is_some() || is_renamed.contains(&resource.id);
        if !is_known && !head.hides(resource) {
            changes.push(alone(resource, How::Removed));
        }
    }
    changes.extend(files(&base, &head, &renames));
    changes.sort_by(|one, other| order(&one.subject).cmp(&order(&other.subject)));
    for change in &mut changes {
        change.reach = Reach::of(change, &base, &head);
        change.risks = risks(change, &base, &head);
    }
    Difference {
        changes,
        unreadable_base: unreadable(&base),
        unreadable_head: unreadable(&head),
    }
}

fn unreadable(side: &Side<'_>) -> Vec<String> {
    let mut paths: Vec<_> = side.unreadable().map(str::to_owned).collect();
    paths.sort_unstable();
    paths
}

/// What starts work first, then what does it, then what it needs.
fn order(subject: &Subject) -> (usize, &Subject) {
    let rank = match subject.kind() {
        Some(Kind::Trigger) => 0,
        Some(Kind::Pipeline) => 1,
        Some(Kind::DataFlow) => 2,
        Some(Kind::ChangeDataCapture) => 3,
        Some(Kind::Dataset) => 4,
        Some(Kind::LinkedService) => 5,
        Some(Kind::IntegrationRuntime) => 6,
        Some(Kind::Credential) => 7,
        Some(_) => 8,
        None => 9,
    };
    (rank, subject)
}

/// Resources that are gone and have come back under another name.
pub(crate) fn renamed<'r>(
    base: &Side<'r>,
    head: &Side<'r>,
) -> Vec<(&'r SourceResource, &'r SourceResource)> {
    let gone: Vec<_> = base
        .resources()
        .filter(|resource| head.get(&resource.id).is_none() && !head.hides(resource))
        .collect();
    let new: Vec<_> = head
        .resources()
        .filter(|resource| base.get(&resource.id).is_none() && !base.hides(resource))
        .collect();
    let pairs = matches(&candidates(&gone), &candidates(&new));
    pairs
        .into_iter()
        .map(|(from, to)| (gone[from], new[to]))
        .collect()
}

fn candidates<'r>(resources: &[&'r SourceResource]) -> Vec<Candidate<'r>> {
    let of = |resource: &&'r SourceResource| {
        let parent = resource
            .id
            .parent
            .as_ref()
            .map(|parent| parent.to_lowercase());
        Candidate {
            name: &resource.id.name,
            group: crate::similar::number(&(resource.id.kind, parent)),
            leaves: Leaves::of(resource.file.json(), &["name", "type", "id", "etag"]),
        }
    };
    resources.iter().map(of).collect()
}

fn both(
    before: &SourceResource,
    after: &SourceResource,
    how: How,
    renames: &Renames,
    secure: &SecureParameters,
) -> ResourceChange {
    let properties = match before.file.json() == after.file.json() {
        true => Vec::new(),
        false => documents(
            Some(after.id.kind),
            &secure.marked(before.file.json()),
            &secure.marked(after.file.json()),
            renames,
        ),
    };
    ResourceChange {
        was: (how == How::Renamed).then(|| before.id.name.clone()),
        base_path: Some(before.file.path.clone()),
        properties,
        ..alone(after, how)
    }
}

/// What differs between two documents of a kind; none for files that are no resources.
pub(crate) fn documents(
    kind: Option<Kind>,
    before: &Value,
    after: &Value,
    renames: &Renames,
) -> Vec<PropertyChange> {
    if before == after {
        return Vec::new();
    }
    if kind == Some(Kind::Pipeline) {
        return pipeline::compare(before, after, renames);
    }
    let mut comparison = Comparison::new(kind, renames);
    comparison.values(before, after, At::root(kind));
    comparison.finish()
}

fn alone(resource: &SourceResource, how: How) -> ResourceChange {
    let path = Some(resource.file.path.clone());
    let (base_path, head_path) = match how {
        How::Removed => (path, None),
        _ => (None, path),
    };
    ResourceChange {
        subject: Subject::Resource(resource.id.clone()),
        was: None,
        how,
        detail: detail(resource.file.json()),
        base_path,
        head_path,
        properties: Vec::new(),
        risks: Vec::new(),
        reach: Reach::default(),
    }
}

fn detail(document: &Value) -> String {
    let kind = document.pointer("/properties/type").and_then(Value::as_str);
    kind.unwrap_or_default().to_owned()
}

/// The files beside the resources that differ.
fn files(base: &Side<'_>, head: &Side<'_>, renames: &Renames) -> Vec<ResourceChange> {
    let (base, head) = (base.repository, head.repository);
    let pairs = [
        (&base.parameters_definition, &head.parameters_definition),
        (&base.publish_config, &head.publish_config),
    ];
    pairs
        .into_iter()
        .filter_map(|pair| match pair {
            (Some(before), Some(after)) => {
                let properties = documents(None, before.json(), after.json(), renames);
                let change = file(after, How::Changed);
                (!properties.is_empty()).then_some(ResourceChange {
                    base_path: Some(before.path.clone()),
                    properties,
                    ..change
                })
            }
            (Some(before), None) => Some(file(before, How::Removed)),
            (None, Some(after)) => Some(file(after, How::Added)),
            (None, None) => None,
        })
        .collect()
}

fn file(file: &SourceFile, how: How) -> ResourceChange {
    let path = Some(file.path.clone());
    let (base_path, head_path) = match how {
        How::Removed => (path, None),
        _ => (None, path),
    };
    ResourceChange {
        subject: Subject::File(file.path.clone()),
        was: None,
        how,
        detail: String::new(),
        base_path,
        head_path,
        properties: Vec::new(),
        risks: Vec::new(),
        reach: Reach::default(),
    }
}
