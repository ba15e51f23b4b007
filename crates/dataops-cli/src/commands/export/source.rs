//! The factory's documents, from the folder that was named or from the solution's.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use adf_source::{Files, Limits, Problem, Repository};

use super::arm::Args;
use super::renamed::Named;
use crate::context::Context;
use crate::failure::Failure;
use crate::repository::shortened;
use crate::terminal::Place;

/// The folder of the documents.
pub(super) fn folder(context: &Context, args: &Args) -> Result<PathBuf, Failure> {
    if let Some(folder) = &args.source {
        return Ok(folder.clone());
    }
    let solution = context.solution().map_err(|failure| {
        failure.hint("or name the folder of the factory's documents by --source DIR")
    })?;
    match solution.documents().map_err(Failure::usage)? {
        Some(folder) => Ok(shortened(&folder)),
        None => Err(Failure::usage("dataops.yaml has no `adf.root`")
            .hint("name the folder of the factory's documents by --source DIR")),
    }
}

/// Reads the documents, by the names of an environment where that is asked for. What is lost makes the whole useless: whoever deploys a
/// template deletes what it lacks.
pub(super) fn read(folder: &Path, named: Option<&Named>) -> Result<Repository, Failure> {
    let unread = |error: std::io::Error| Failure::usage(format!("{}: {error}", folder.display()));
    let files = Files::read_folder(folder, &Limits::default()).map_err(unread)?;
    let repository = Repository::read(&files);
    if let Some(refusal) = refusal(&repository, folder) {
        return Err(refusal);
    }
    if repository.resources.is_empty() {
        let message = format!("{} has no documents of a factory", folder.display());
        return Err(Failure::usage(message)
            .hint("it is the folder that has pipeline/, dataset/, linkedService/ and so on"));
    }
    match named {
        Some(named) => named.apply(&files, &repository),
        None => Ok(repository),
    }
}

/// Why no templates are made, if so.
fn refusal(repository: &Repository, folder: &Path) -> Option<Failure> {
    let mut problems = repository.losses();
    let first = problems.next()?;
    let failure = failure(first, &folder.join(&first.path).display().to_string());
    let others = problems.map(|problem| problem.path.as_str());
    let others: BTreeSet<_> = others.filter(|path| *path != first.path).collect();
    let failure = match others.len() {
        0 => failure,
        more => failure.hint(format!(
            "{more} more cannot be read; `dataops validate` lists them"
        )),
    };
    Some(failure.hint("nothing was written: the templates would lack it"))
}

/// A problem as the reason why nothing is done.
pub(super) fn failure(problem: &Problem, path: &str) -> Failure {
    let start = problem.span.as_ref().map(|span| span.start);
    let place = start.map_or_else(String::new, |at| format!(":{}:{}", at.line, at.column));
    let mut failure = Failure::usage(format!("{path}{place}: {}", problem.message));
    if let Some(at) = start {
        failure = failure.at(Place {
            path: path.into(),
            line: at.line as u64,
            column: at.column as u64,
        });
    }
    match &problem.hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
