//! What every rule wants to know about the subject, gathered once.

use std::collections::{HashMap, HashSet};
use std::ops::Deref;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use adf_graph::ResourceGraph;
use adf_model::{Kind, ResourceId};
use adf_source::{Repository, SourceResource};

use crate::notebooks::Notebooks;
use crate::pipeline::Pipeline;
use crate::rules::misplaced;
use crate::{Subject, suggestion};

/// The subject, with its resources by name and its pipelines by activity. What not every rule needs is gathered when it is first
/// asked for.
pub(crate) struct Context<'a> {
    subject: &'a Subject<'a>,
    pipelines: OnceLock<Vec<Pipeline<'a>>>,
    graph: OnceLock<ResourceGraph>,
    notebooks: OnceLock<Option<Notebooks<'a>>>,
    global_scope: OnceLock<adf_expr::Context>,
    by_id: HashMap<ResourceKey, &'a SourceResource>,
    unread: HashSet<ResourceKey>,
    around: Option<Around<'a>>,
    suggested: AtomicUsize,
}

/// The solution that some of its documents are looked at in, where they are not what they are there.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    repository: &'a Repository,
    notebooks: Option<&'a Notebooks<'a>>,
    by_id: &'a HashMap<ResourceKey, &'a SourceResource>,
    unread: &'a HashSet<ResourceKey>,
}

/// The most names that are compared with all others.
const MOST_SUGGESTIONS: usize = 100;

type ResourceKey = (Kind, String);

impl<'a> Context<'a> {
    pub(crate) fn new(subject: &'a Subject<'a>) -> Self {
        let resources = subject.repository.resources.iter();
        let by_id = resources
            .rev()
            .map(|resource| (key(&resource.id), resource))
            .collect();
        let resources = subject.repository.resources.iter();
        let misplaced = resources.filter_map(|resource| {
            let kind = misplaced(resource)?;
            Some((kind, resource.id.name.to_lowercase()))
        });
        Self {
            subject,
            pipelines: OnceLock::new(),
            graph: OnceLock::new(),
            notebooks: OnceLock::new(),
            global_scope: OnceLock::new(),
            by_id,
            unread: subject
                .repository
                .lost
                .iter()
                .map(key)
                .chain(misplaced)
                .collect(),
            around: None,
            suggested: AtomicUsize::new(0),
        }
    }

    /// The same for a subject of few documents: others are found where these are looked at.
    pub(crate) fn within(subject: &'a Subject<'a>, around: Around<'a>) -> Self {
        Self {
            around: Some(around),
            ..Self::new(subject)
        }
    }

    /// What there is around some of the documents.
    pub(crate) fn around(&self) -> Around<'_> {
        Around {
            repository: self.subject.repository,
            notebooks: self.notebooks(),
            by_id: &self.by_id,
            unread: &self.unread,
        }
    }

    /// The pipelines, in the order of their files.
    pub(crate) fn pipelines(&self) -> &[Pipeline<'a>] {
        self.pipelines.get_or_init(|| {
            let pipelines = self.subject.repository.of_kind(Kind::Pipeline);
            pipelines.map(Pipeline::of).collect()
        })
    }

    /// The notebooks of the solution, where it has a folder of them.
    pub(crate) fn notebooks(&self) -> Option<&Notebooks<'a>> {
        if let Some(around) = self.around {
            return around.notebooks;
        }
        let notebooks = || self.subject.solution.and_then(Notebooks::of);
        self.notebooks.get_or_init(notebooks).as_ref()
    }

    /// Who refers to whom.
    pub(crate) fn graph(&self) -> &ResourceGraph {
        self.graph
            .get_or_init(|| ResourceGraph::of(self.subject.repository))
    }

    /// What an expression sees that is the same in every run: the factory's global parameters that no environment changes.
    pub(crate) fn global_scope(&self) -> &adf_expr::Context {
        self.global_scope.get_or_init(|| {
            let factories = self.subject.repository.of_kind(Kind::Factory);
            let declared = factories.filter_map(|factory| {
                let properties = &factory.file.json()["properties"];
                properties["globalParameters"].as_object()
            });
            let changed = self.changed_parameters();
            let values = declared
                .flatten()
                .filter(|(name, _)| !changed.contains(&name.to_lowercase()))
                .filter_map(|(name, value)| Some((name.clone(), value.get("value")?.clone())));
            adf_expr::Context {
                global_parameters: values.collect(),
                ..adf_expr::Context::default()
            }
        })
    }

    /// The names, in small letters, of the global parameters that have another value in some environment.
    fn changed_parameters(&self) -> HashSet<String> {
        let solution = self.subject.solution;
        let settings = solution.and_then(|solution| solution.settings.as_ref().ok());
        let environments = settings.map(|settings| settings.environments.values());
        let changed = environments.into_iter().flatten();
        let changed = changed.flat_map(|environment| environment.global_parameters.keys());
        changed.map(|name| name.to_lowercase()).collect()
    }

    /// The resource with this kind and name, whatever the name's case; the first where there are several.
    pub(crate) fn find(&self, kind: Kind, name: &str) -> Option<&'a SourceResource> {
        let key = (kind, name.to_lowercase());
        let around = || self.around.and_then(|around| around.by_id.get(&key));
        self.by_id.get(&key).or_else(around).copied()
    }

    /// What to do about the name of a resource that does not exist. In a flood of them, the later ones get no answer.
    pub(crate) fn meant(&self, kind: Kind, name: &str) -> Option<String> {
        if self.suggested.fetch_add(1, Ordering::Relaxed) >= MOST_SUGGESTIONS {
            return None;
        }
        let around = self.around.map(|around| around.repository);
        let resources = around.unwrap_or(self.subject.repository).of_kind(kind);
        suggestion::meant(name, resources.map(|resource| resource.id.name.as_str()))
    }

    /// Whether there is a resource with this kind and name, if only in a file that cannot be read, or in the folder of another kind.
    pub(crate) fn exists(&self, kind: Kind, name: &str) -> bool {
        let key = (kind, name.to_lowercase());
        let is_known = |by_id: &HashMap<ResourceKey, _>, unread: &HashSet<ResourceKey>| {
            by_id.contains_key(&key) || unread.contains(&key)
        };
        let around = self.around;
        is_known(&self.by_id, &self.unread)
            || around.is_some_and(|around| is_known(around.by_id, around.unread))
    }
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
