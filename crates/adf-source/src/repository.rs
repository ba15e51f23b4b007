//! The documents of a repository.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

use adf_model::{Kind, Members as _, ResourceId};
use serde_json::Value;

use crate::layout::{self, Place, Role, Root};
use crate::read::{self, Read};
use crate::{Files, Problem, ProblemKind, SourceFile, complaints};

/// A resource and its file.
#[derive(Clone, Debug)]
pub struct SourceResource {
    /// The resource. Its name is the `name` in the file, otherwise the file's; nobody has checked it, so it is no path.
    pub id: ResourceId,
    /// Its file.
    pub file: SourceFile,
}

impl SourceResource {
    /// A member of the `properties` of its document.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Value> {
        self.file.json().member("properties")?.member(name)
    }
}

/// What a Data Factory git repository holds.
#[derive(Clone, Debug, Default)]
pub struct Repository {
    /// Where the factory is: nothing, or a path with `/` at its end. All paths begin with it.
    pub root: String,
    /// The resources, the factory among them, in the order of kinds and then of the bytes of their paths.
    pub resources: Vec<SourceResource>,
    /// What could not be read, by what its file says that it is. Whoever refers to it is not wrong for that.
    pub lost: Vec<ResourceId>,
    /// `arm-template-parameters-definition.json`.
    pub parameters_definition: Option<SourceFile>,
    /// `publish_config.json`.
    pub publish_config: Option<SourceFile>,
    /// What is wrong with files, in the order of their paths.
    pub problems: Vec<Problem>,
    lost_paths: BTreeSet<String>,
    places: OnceLock<HashMap<ResourceId, usize>>,
}

impl Repository {
    /// Makes documents of files. The factory is at the top, or in the one folder that looks like it.
    #[must_use]
    pub fn read(files: &Files) -> Self {
        let mut repository = Self {
            problems: files.problems().to_vec(),
            ..Self::default()
        };
        let strangers = files.strangers().iter().map(String::as_str);
        let paths = files.iter().map(|(path, _)| path).chain(strangers);
        match layout::root(paths) {
            Root::At(root) => repository.root = root,
            Root::Several(roots) => {
                repository.problems.push(complaints::several_roots(&roots));
                return repository;
            }
        }
        repository.judge_configuration();
        repository.read_files(files);
        let problems = complaints::all(&repository, files);
        repository.problems.extend(problems);
        let start = |problem: &Problem| problem.span.as_ref().map(|span| span.start);
        repository
            .problems
            .sort_by(|left, right| (&left.path, start(left)).cmp(&(&right.path, start(right))));
        repository
    }

    /// A file of the configuration that cannot be read has no effect; one that lies elsewhere has none anyway.
    fn judge_configuration(&mut self) {
        let problems = std::mem::take(&mut self.problems);
        self.problems = problems
            .into_iter()
            .filter_map(|problem| {
                let name = problem.path.rsplit('/').next().unwrap_or_default();
                match layout::role(&self.root, &problem.path) {
                    Role::ParametersDefinition | Role::PublishConfig => Some(read::unused(problem)),
                    Role::Elsewhere if layout::is_configuration(name) => None,
                    _ => Some(problem),
                }
            })
            .collect();
    }

    fn read_files(&mut self, files: &Files) {
        let root = self.root.clone();
        let tasks: Vec<_> = files
            .iter()
            .map(|(path, bytes)| read::Task {
                path,
                bytes,
                role: layout::role(&root, path),
            })
            .collect();
        for (task, read) in tasks.iter().zip(read::all(&tasks)) {
            self.add(&task.role, task.path, read);
        }
        for problem in files.problems() {
            if let Role::Resource(place) = layout::role(&root, &problem.path) {
                self.lose(&place, &problem.path);
            }
        }
        // A disk and a tree tell them in other orders.
        self.lost.sort();
        self.resources.sort_by(|left, right| {
            (left.id.kind, &left.file.path).cmp(&(right.id.kind, &right.file.path))
        });
    }

    fn add(&mut self, role: &Role<'_>, path: &str, read: Read) {
        self.problems.extend(read.problems);
        match (role, read.file) {
            (Role::Resource(place), Some(file)) => {
                let name = file.json().member("name").and_then(Value::as_str);
                let id = place.id(name.unwrap_or(place.stem));
                self.problems.extend(complaints::name(place, &file));
                self.resources.push(SourceResource { id, file });
            }
            (Role::Resource(place), None) => self.lose(place, path),
            (Role::ParametersDefinition, Some(file)) => keep(&mut self.parameters_definition, file),
            (Role::PublishConfig, Some(file)) => keep(&mut self.publish_config, file),
            (Role::Copy, _) => self.problems.push(complaints::copy(path)),
            _ if read.is_stray => self.problems.push(complaints::stray(path, &self.root)),
            _ => {}
        }
    }

    fn lose(&mut self, place: &Place<'_>, path: &str) {
        self.lost.push(place.id(place.stem));
        self.lost_paths.insert(path.to_owned());
    }

    /// Why documents are not here that should be. Whoever deploys a repository without them deletes them.
    pub fn losses(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| match problem.kind {
            ProblemKind::SeveralRoots | ProblemKind::TooMany => true,
            kind => kind.is_fatal() && self.lost_paths.contains(&problem.path),
        })
    }

    /// Why documents are only a guess: their files say something that nobody meant. Whoever deploys them deploys the guess.
    pub fn guesses(&self) -> impl Iterator<Item = &Problem> {
        let damages = || self.problems.iter().filter(|problem| problem.is_damage());
        let mut paths: BTreeSet<&str> = damages().map(|problem| problem.path.as_str()).collect();
        if !paths.is_empty() {
            let read = self.resources.iter().map(|resource| &*resource.file.path);
            let read: HashSet<&str> = read.collect();
            paths.retain(|path| read.contains(path));
        }
        damages().filter(move |problem| paths.contains(problem.path.as_str()))
    }

    /// The problems of files that azure.datafactory.tools has generated beside resources, and that are none.
    pub fn copies(&self) -> impl Iterator<Item = &Problem> {
        let problems = self.problems.iter();
        problems.filter(|problem| layout::role(&self.root, &problem.path) == Role::Copy)
    }

    /// The resources of a kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &SourceResource> {
        let start = self
            .resources
            .partition_point(|resource| resource.id.kind < kind);
        self.resources[start..]
            .iter()
            .take_while(move |resource| resource.id.kind == kind)
    }

    /// The resource with an id, whatever the case of its name; the last one where several files hold it, as
    /// Data Factory takes them.
    #[must_use]
    pub fn get(&self, id: &ResourceId) -> Option<&SourceResource> {
        let places = self.places.get_or_init(|| {
            let ids = self.resources.iter().enumerate();
            ids.map(|(at, resource)| (resource.id.clone(), at))
                .collect()
        });
        self.resources.get(*places.get(id)?)
    }
}

/// Keeps the file that lies nearer to the factory.
fn keep(kept: &mut Option<SourceFile>, file: SourceFile) {
    match kept {
        Some(other) if other.path.len() > file.path.len() => {}
        _ => *kept = Some(file),
    }
}
