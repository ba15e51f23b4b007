//! The files: branch-policy.yaml, and CODEOWNERS beside it.

use std::path::{Path, PathBuf};

use adf_source::Span;
use branch_policy::File;
use branch_policy::codeowners::{Gap, Ownership, PLACES, gaps};
use branch_policy::settings::FILE_NAME;
use dataops_solution::text;
use dataops_solution::yaml::{Limits, Node, Value};
use serde::Serialize;

use crate::context::Context;
use crate::failure::Failure;
use crate::terminal::Place;

/// Reads the file, and refuses what cannot be meant.
pub(super) fn read(context: &Context, named: Option<&Path>) -> Result<File, Failure> {
    let path = match named {
        Some(path) => path.to_owned(),
        None => match context.solution_root() {
            Ok(root) => root.join(FILE_NAME),
            Err(_) => context.solution_folder().join(FILE_NAME),
        },
    };
    let bytes = std::fs::read(&path).map_err(|error| {
        let failure = Failure::usage(format!("{} cannot be read: {error}", path.display()));
        failure.hint("name the file by --file; `dataops policy schema` says what it may hold")
    })?;
    let text =
        String::from_utf8(bytes).map_err(|error| match text::first_fault(error.as_bytes()) {
            Ok(Some(fault)) => Failure::not_utf8(&path, &fault),
            _ => Failure::usage(format!("{} is not UTF-8", path.display())),
        })?;
    let file = File::read(&path, &text).map_err(|error| {
        let place = Place {
            path: error.path.clone(),
            line: error.error.line,
            column: error.error.column,
        };
        Failure::usage(error).at(place)
    })?;
    let mut problems = file.problems().into_iter();
    let Some(first) = problems.next() else {
        return Ok(file);
    };
    for problem in problems {
        let at = problem.span.start;
        let text = format!(
            "{}:{}:{}: {}",
            path.display(),
            at.line,
            at.column,
            problem.message
        );
        context.warn("error", &text, Some(&problem.hint));
    }
    Err(at(&file, &first.span, first.message).hint(first.hint))
}

/// A failure about a place of the file.
pub(super) fn at(file: &File, span: &Span, message: impl std::fmt::Display) -> Failure {
    let (path, start) = (file.source().path(), span.start);
    let text = format!(
        "{}:{}:{}: {message}",
        path.display(),
        start.line,
        start.column
    );
    Failure::usage(text).at(Place {
        path: path.to_owned(),
        line: start.line as u64,
        column: start.column as u64,
    })
}

/// A failure about the first place that mentions `text`.
pub(super) fn mentioned(file: &File, text: &str, message: impl std::fmt::Display) -> Failure {
    let source = file.source().text();
    let found = Node::read(source, Limits::SETTINGS).ok();
    let bytes = found.and_then(|node| find(&node, text)).unwrap_or(0..0);
    at(file, &Span::of(source, bytes), message)
}

/// The first value that is `text`; the depth is that of a text within [`Limits::SETTINGS`].
fn find(node: &Node, text: &str) -> Option<std::ops::Range<usize>> {
    if matches!(&node.value, Value::Text(own) if own == text) {
        return Some(node.bytes.clone());
    }
    let members = node.members().iter().map(|member| &member.value);
    members
        .chain(node.items())
        .find_map(|below| find(below, text))
}

/// What CODEOWNERS lacks.
#[derive(Debug, Serialize)]
pub(crate) struct Codeowners {
    /// The file; nothing where there is none.
    pub(crate) path: Option<String>,
    /// What it lacks.
    pub(crate) gaps: Vec<Gap>,
    /// The lines that it has to have for that.
    pub(crate) lines: Vec<String>,
}

/// Compares CODEOWNERS of the working tree with the file.
pub(super) fn codeowners(file: &File, wanted: &[Ownership]) -> Option<Codeowners> {
    if wanted.is_empty() {
        return None;
    }
    let root = top(file.source().path());
    let found = PLACES
        .iter()
        .find_map(|place| Some((*place, std::fs::read_to_string(root.join(place)).ok()?)));
    let (path, text) = found.unzip();
    let gaps = gaps(&text.unwrap_or_default(), wanted);
    let lines = gaps.iter().map(|gap| gap.wanted().line());
    Some(Codeowners {
        path: path.map(str::to_owned),
        lines: lines.collect(),
        gaps,
    })
}

/// The folder that the repository begins in; that of the file where there is none.
fn top(file: &Path) -> PathBuf {
    let folder = file.parent().unwrap_or(Path::new("."));
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let found = absolute
        .ancestors()
        .find(|above| above.join(".git").exists());
    found.map_or_else(|| folder.to_owned(), Path::to_owned)
}
