//! What every rule wants to know about the subject, gathered once.

use std::collections::{HashMap, HashSet};
use std::ops::Deref;

use adf_model::{Kind, ResourceId};
use adf_source::{ProblemKind, Repository, SourceResource};

use crate::Subject;

/// The subject, with its resources by name.
pub(crate) struct Context<'a> {
    subject: &'a Subject<'a>,
    by_id: HashMap<ResourceKey, &'a SourceResource>,
    unread: HashSet<ResourceKey>,
}

type ResourceKey = (Kind, String);

impl<'a> Context<'a> {
    pub(crate) fn new(subject: &'a Subject<'a>) -> Self {
        let resources = subject.repository.resources.iter();
        let by_id = resources
            .rev()
            .map(|resource| (key(&resource.id), resource))
            .collect();
        Self {
            subject,
            by_id,
            unread: unread(subject.repository),
        }
    }

    /// The resource with this kind and name, whatever the name's case; the first where there are several.
    pub(crate) fn find(&self, kind: Kind, name: &str) -> Option<&'a SourceResource> {
        self.by_id.get(&(kind, name.to_lowercase())).copied()
    }

    /// Whether there is a resource with this kind and name, if only in a file that cannot be read.
    pub(crate) fn exists(&self, kind: Kind, name: &str) -> bool {
        let key = (kind, name.to_lowercase());
        self.by_id.contains_key(&key) || self.unread.contains(&key)
    }
}

/// The resources that files with faults would hold, by the files' names.
fn unread(repository: &Repository) -> HashSet<ResourceKey> {
    let stray = |kind| matches!(kind, ProblemKind::StrayFile);
    let problems = repository.problems.iter();
    let paths = problems.filter(|problem| !stray(problem.kind));
    paths.filter_map(|problem| of_path(&problem.path)).collect()
}

fn of_path(path: &str) -> Option<ResourceKey> {
    let (folders, file) = path.rsplit_once('/')?;
    let folder = folders.rsplit('/').next()?;
    let name = file.rsplit_once('.').map_or(file, |(name, _)| name);
    Some((Kind::of_folder(folder)?, name.to_lowercase()))
}

fn key(id: &ResourceId) -> ResourceKey {
    (id.kind, id.name.to_lowercase())
}

impl<'a> Deref for Context<'a> {
    type Target = Subject<'a>;

    fn deref(&self) -> &Subject<'a> {
        self.subject
    }
}
