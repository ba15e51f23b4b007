//! What is wrong with where files lie and what they are called.

use std::collections::{BTreeMap, HashMap};

use adf_model::{Kind, ResourceId};
use serde_json::Value;

use crate::json::short;
use crate::layout::{self, Place, Role};
use crate::{Files, Problem, ProblemKind, Related, Repository, SourceFile, SourceResource};

/// A file that is called otherwise than the resource in it.
pub(crate) fn name(place: &Place<'_>, file: &SourceFile) -> Option<Problem> {
    let name = file.json().get("name").and_then(Value::as_str)?;
    if name == place.stem {
        return None;
    }
    let kind = match name.to_lowercase() == place.stem.to_lowercase() {
        true => ProblemKind::NameCase,
        false => ProblemKind::NameMismatch,
    };
    let is_a_file_name =
        !name.contains(|character: char| "/\\".contains(character) || character.is_control());
    let (name, stem) = (short(name), short(place.stem));
    let message = format!(
        "the {} is called `{name}`, its file `{stem}.json`",
        place.kind
    );
    let hint = match is_a_file_name {
        true => format!("Data Factory goes by `{name}`; name the file `{name}.json`"),
        false => "Data Factory goes by the name in the document".to_owned(),
    };
    let mut problem = Problem::new(kind, &file.path, message).hint(hint);
    problem.span = Some(file.span("/name"));
    Some(problem)
}

/// A document where none can be.
pub(crate) fn stray(path: &str, root: &str) -> Problem {
    let name = path.rsplit('/').next().unwrap_or(path);
    let message = "the file does not lie where Data Factory has resources";
    let folder = path.rsplit('/').nth(1).and_then(meant);
    let hint = match folder {
        Some(folder) => format!("put it into `{root}{folder}/`"),
        None => format!(
            "move `{}` into the folder of its kind, such as `{root}pipeline/`, or delete it",
            short(name)
        ),
    };
    Problem::new(ProblemKind::StrayFile, path, message).hint(hint)
}

/// A copy of a resource for one environment. It may have values of that environment in it, secrets too.
pub(crate) fn copy(path: &str) -> Problem {
    let message = "the file is a copy that azure.datafactory.tools has generated, and no resource";
    Problem::new(ProblemKind::StrayFile, path, message)
        .hint("it is not read; delete it, and keep `~*.json` out of git")
}

/// The folder that one with a slightly other name was meant to be.
fn meant(folder: &str) -> Option<&'static str> {
    let kinds = Kind::ALL.into_iter().chain([Kind::Factory]);
    kinds
        .filter(|kind| !kind.folder().is_empty())
        .find(|kind| {
            let plain = folder.replace([' ', '-', '_'], "");
            plain.eq_ignore_ascii_case(kind.collection())
                || plain.eq_ignore_ascii_case(kind.folder())
        })
        .map(Kind::folder)
}

/// Several folders with factories, none of which was named.
pub(crate) fn several_roots(roots: &[String]) -> Problem {
    const SHOWN: usize = 5;
    let names: Vec<_> = roots
        .iter()
        .take(SHOWN)
        .map(|root| format!("`{}`", short(root)))
        .collect();
    let rest = match roots.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!("there are factories in {}{rest}", names.join(", "));
    Problem::new(ProblemKind::SeveralRoots, "", message).hint("name one of these folders")
}

/// Everything that only shows when all files are known.
pub(crate) fn all(repository: &Repository, files: &Files) -> Vec<Problem> {
    let mut problems = strangers(&repository.root, files);
    problems.extend(folders(&repository.root, files));
    problems.extend(duplicates(&repository.resources));
    problems.extend(factories(repository));
    problems
}

/// Files that are not JSON, in the folders of the kinds.
fn strangers(root: &str, files: &Files) -> Vec<Problem> {
    let strays = files
        .strangers()
        .iter()
        .filter(|path| matches!(layout::role(root, path), Role::Resource(_)));
    strays
        .map(|path| {
            let message = "Data Factory keeps nothing but `.json` files here";
            let hint = "move it away; Data Factory's own build reads every file in this folder";
            Problem::new(ProblemKind::StrayFile, path, message).hint(hint)
        })
        .collect()
}

/// Folders that Data Factory does not look into.
fn folders(root: &str, files: &Files) -> Vec<Problem> {
    let mut cases = BTreeMap::new();
    let mut problems = Vec::new();
    for (path, _) in files.iter() {
        let Role::Resource(place) = layout::role(root, path) else {
            continue;
        };
        if place.has_other_case() {
            cases.entry(place.folder).or_insert(place.kind);
        }
        if let Some(folder) = place.sub_folder {
            let message = format!("Data Factory does not look into `{}`", short(folder));
            let hint = format!(
                "move the file to `{}/`; a folder in the editor is `properties.folder.name`",
                place.folder
            );
            problems.push(Problem::new(ProblemKind::SubFolder, path, message).hint(hint));
        }
    }
    problems.extend(cases.into_iter().map(|(folder, kind)| {
        let message = format!("the folder of a {kind} is called `{}`", kind.folder());
        Problem::new(ProblemKind::FolderCase, folder, message)
            .hint("rename it; git and Data Factory tell upper from lower case")
    }));
    problems
}

/// Documents that do not count, because a later file holds the same resource.
fn duplicates(resources: &[SourceResource]) -> Vec<Problem> {
    let ids = resources.iter().map(|resource| (&resource.id, resource));
    let last: HashMap<_, _> = ids.collect();
    let pairs = resources
        .iter()
        .map(|resource| (resource, last[&resource.id]));
    pairs
        .filter(|(resource, winner)| winner.file.path != resource.file.path)
        .map(|(resource, winner)| duplicate(resource, winner))
        .collect()
}

fn duplicate(resource: &SourceResource, winner: &SourceResource) -> Problem {
    let message = format!(
        "{} stands in `{}` too, which Data Factory takes in its place",
        short_id(&resource.id),
        short(&winner.file.path)
    );
    let mut problem = Problem::new(ProblemKind::DuplicateResource, &resource.file.path, message)
        .hint("names are compared without regard to case; rename one, or delete it");
    problem.span = Some(resource.file.span("/name"));
    problem.related = vec![Related {
        path: winner.file.path.clone(),
        span: Some(winner.file.span("/name")),
        message: "the one that counts".to_owned(),
    }];
    problem
}

fn short_id(id: &ResourceId) -> String {
    format!("the {} `{}`", id.kind, short(&id.name))
}

/// Factories beside the first one.
fn factories(repository: &Repository) -> Vec<Problem> {
    let mut factories = repository.of_kind(Kind::Factory);
    let Some(first) = factories.next() else {
        return Vec::new();
    };
    factories
        .map(|factory| {
            let message = format!("`{}` is a factory too", short(&first.file.path));
            Problem::new(ProblemKind::SeveralFactories, &factory.file.path, message)
                .hint("name the one that is meant where a command asks for it")
        })
        .collect()
}
