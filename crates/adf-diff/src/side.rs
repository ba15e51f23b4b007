//! One side of a comparison: a repository, its graph, and where its resources are.

use std::collections::{HashMap, HashSet};

use adf_graph::ResourceGraph;
use adf_model::ResourceId;
use adf_source::{ProblemKind, Repository, SourceResource};

/// A repository, ready to be compared.
pub(crate) struct Side<'r> {
    pub(crate) repository: &'r Repository,
    pub(crate) graph: ResourceGraph,
    places: HashMap<&'r ResourceId, usize>,
    unreadable: HashSet<&'r str>,
    lost: HashSet<&'r ResourceId>,
}

impl<'r> Side<'r> {
    pub(crate) fn new(repository: &'r Repository) -> Self {
        // Of several documents of one resource the last counts; the reader tells of the others.
        let ids = repository.resources.iter().enumerate();
        let places = ids.map(|(at, resource)| (&resource.id, at)).collect();
        let resources = repository.resources.iter();
        let read: HashSet<_> = resources
            .map(|resource| resource.file.path.as_str())
            .collect();
        let problems = repository.problems.iter();
        let unreadable = problems
            .filter(|problem| hides_content(problem.kind))
            .map(|problem| problem.path.as_str())
            .filter(|path| !read.contains(path));
        Self {
            unreadable: unreadable.collect(),
            lost: repository.lost.iter().collect(),
            graph: ResourceGraph::of(repository),
            repository,
            places,
        }
    }

    /// The document of a resource.
    pub(crate) fn get(&self, id: &ResourceId) -> Option<&'r SourceResource> {
        self.places
            .get(id)
            .map(|at| &self.repository.resources[*at])
    }

    /// Each resource once.
    pub(crate) fn resources(&self) -> impl Iterator<Item = &'r SourceResource> {
        let resources = self.repository.resources.iter().enumerate();
        resources
            .filter(|(at, resource)| self.places.get(&resource.id) == Some(at))
            .map(|(_, resource)| resource)
    }

    /// Files that are there and could not be read.
    pub(crate) fn unreadable(&self) -> impl Iterator<Item = &'r str> {
        self.unreadable.iter().copied()
    }

    /// Whether a resource of the other side is here, and cannot be read: nothing is known of it then.
    pub(crate) fn hides(&self, other: &SourceResource) -> bool {
        self.lost.contains(&other.id) || self.unreadable.contains(other.file.path.as_str())
    }
}

/// Whether a problem can keep a resource from being read.
fn hides_content(kind: ProblemKind) -> bool {
    matches!(
        kind,
        ProblemKind::Unreadable
            | ProblemKind::TooLarge
            | ProblemKind::TooMany
            | ProblemKind::TooDeep
            | ProblemKind::Link
            | ProblemKind::Encoding
            | ProblemKind::Empty
            | ProblemKind::Conflict
            | ProblemKind::Syntax
            | ProblemKind::NotAnObject
    )
}
