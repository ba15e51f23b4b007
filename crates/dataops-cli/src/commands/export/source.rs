//! The factory's documents, from the folder that was named or from the solution's.

use std::path::{Path, PathBuf};

use adf_model::ResourceId;
use adf_source::{Files, Limits, Problem, ProblemKind, Repository};

use super::arm::Args;
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
    match &solution.settings.adf {
        Some(adf) => Ok(shortened(&solution.path(&adf.root))),
        None => Err(Failure::usage("dataops.yaml has no `adf.root`")
            .hint("name the folder of the factory's documents by --source DIR")),
    }
}

/// Reads the documents. What is lost makes the whole useless: whoever deploys a template deletes what it lacks.
pub(super) fn read(folder: &Path) -> Result<Repository, Failure> {
    let named = |error: std::io::Error| Failure::usage(format!("{}: {error}", folder.display()));
    let files = Files::read_folder(folder, &Limits::default()).map_err(named)?;
    let repository = Repository::read(&files);
    if let Some(problem) = repository
        .problems
        .iter()
        .find(|problem| is_loss(problem, &repository))
    {
        let others = repository
            .problems
            .iter()
            .filter(|problem| is_loss(problem, &repository));
        let failure = failure(problem, &folder.join(&problem.path).display().to_string());
        let failure = match others.count() - 1 {
            0 => failure,
            more => failure.hint(format!(
                "{more} more cannot be read; `dataops validate` lists them"
            )),
        };
        return Err(failure.hint("nothing was written: the templates would lack it"));
    }
    if repository.resources.is_empty() {
        let message = format!("{} has no documents of a factory", folder.display());
        return Err(Failure::usage(message)
            .hint("it is the folder that has pipeline/, dataset/, linkedService/ and so on"));
    }
    Ok(repository)
}

/// Whether a problem has kept a document out of the repository.
fn is_loss(problem: &Problem, repository: &Repository) -> bool {
    match problem.kind {
        ProblemKind::SeveralRoots | ProblemKind::TooMany => true,
        ProblemKind::Unreadable
        | ProblemKind::TooLarge
        | ProblemKind::Link
        | ProblemKind::Encoding
        | ProblemKind::Empty
        | ProblemKind::Conflict
        | ProblemKind::Syntax
        | ProblemKind::TooDeep
        | ProblemKind::NotAnObject => repository
            .lost
            .iter()
            .any(|id| is_file_of(&problem.path, id)),
        _ => false,
    }
}

/// Whether a path is where the file of a resource is.
fn is_file_of(path: &str, id: &ResourceId) -> bool {
    let mut folders = path.split('/');
    let file = folders.next_back().unwrap_or_default();
    let stem = Path::new(file).file_stem().and_then(|stem| stem.to_str());
    stem == Some(&id.name) && folders.any(|folder| folder.eq_ignore_ascii_case(id.kind.folder()))
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
