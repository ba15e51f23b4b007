//! Where a Data Factory repository is read from: a folder, a commit, an environment.

mod environment;
mod folder;
mod git;
mod globals;
mod place;

pub(crate) use folder::{AdfFolder, shortened};
pub(crate) use git::{Blobs, Git, MergedTree, SHALLOW, Tree, person, short};
pub(crate) use place::{Place, Read};

use adf_source::Repository;

use crate::context::Context;

/// Says on stderr which files could not be used, or are only a guess, a few of them by name.
pub(crate) fn warn(context: &Context, of: &str, repository: &Repository) {
    let read: std::collections::HashSet<_> = repository
        .resources
        .iter()
        .map(|resource| resource.file.path.as_str())
        .collect();
    let problems = repository.problems.iter();
    let lost: Vec<_> = problems
        .filter(|problem| !read.contains(problem.path.as_str()) || problem.is_damage())
        .collect();
    for problem in lost.iter().take(MOST) {
        let place = problem
            .span
            .as_ref()
            .map(|span| format!(":{}:{}", span.start.line, span.start.column))
            .unwrap_or_default();
        context.say(&format!(
            "warning: {of}: {}{place}: {}",
            crate::terminal::harmless(&problem.path),
            crate::terminal::harmless(&problem.message)
        ));
    }
    if lost.len() > MOST {
        context.say(&format!(
            "warning: {of}: {} more files are damaged or not used; `dataops validate` names them",
            lost.len() - MOST
        ));
    }
}

/// The most files that are named.
const MOST: usize = 5;
