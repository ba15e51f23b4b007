//! Cells, magics, Jupyter documents, and what keeps a file from being imported.

use std::collections::HashMap;

use databricks_notebook::{Oddity, OddityKind, magics};
use dataops_solution::source::{Contents, below_root};
use dataops_solution::text::NotUtf8;

use crate::notebooks::{NotebookFile, Notebooks, is_source};
use crate::rules::rule;
use crate::suggestion::meant;
use crate::text::place_of;
use crate::{Context, Finding, Findings, Fix, Related, Rule};

pub(super) static SEPARATOR: Rule = rule!(
    "NB104",
    "malformed-separator",
    Warning,
    "A comment is nearly the separator of cells, and does not separate any"
);
pub(super) static MARK: Rule = rule!(
    "NB105",
    "malformed-magic",
    Warning,
    "A comment is nearly the mark of a magic, and does nothing"
);
pub(super) static BELOW: Rule = rule!(
    "NB106",
    "magic-below",
    Error,
    "A magic that decides what its cell is stands below the cell's first line"
);
pub(super) static UNMARKED: Rule = rule!(
    "NB107",
    "unmarked-magic",
    Warning,
    "A magic stands in a source file without the mark before it"
);
pub(super) static UNKNOWN: Rule = rule!(
    "NB108",
    "unknown-magic",
    Warning,
    "Neither Databricks nor IPython knows a magic"
);
pub(super) static RUN: Rule = rule!(
    "NB109",
    "run-not-alone",
    Error,
    "A `%run` has no path, or something else in its cell"
);
pub(super) static JUPYTER: Rule = rule!(
    "NB114",
    "jupyter-document",
    Error,
    "A Jupyter document cannot be imported"
);
pub(super) static CLASH: Rule = rule!(
    "NB115",
    "notebook-clash",
    Error,
    "Two files become the same object of the workspace"
);
pub(super) static SIZE: Rule = rule!(
    "NB116",
    "notebook-size",
    Error,
    "A file is larger than Databricks imports"
);
pub(super) static ENCODING: Rule = rule!(
    "NB118",
    "notebook-encoding",
    Error,
    "A source file is not text in UTF-8"
);

pub(super) static UNREADABLE: Rule = rule!(
    "NB123",
    "unreadable-notebook",
    Error,
    "A file or folder among the notebooks cannot be read"
);

/// Looks at what could not be read of the notebooks' folder.
pub(super) fn check_files(context: &Context<'_>, findings: &mut Findings) {
    let Some(solution) = context.solution else {
        return;
    };
    let settings = solution.settings.as_ref().ok();
    let notebooks = settings.and_then(|settings| settings.notebooks.as_ref());
    let root = notebooks.and_then(|notebooks| below_root(&notebooks.root.to_string_lossy()));
    let Some(root) = root else {
        return;
    };
    for (path, contents) in solution.files.below(&root) {
        let path = format!("{root}/{path}");
        match contents {
            Contents::TooLarge(size) => {
                let message = format!(
                    "the file has {size} bytes; at most {} are imported",
                    10 << 20
                );
                let hint = "outputs and data do not belong into a notebook; keep them in a storage container";
                findings.add(Finding::in_file(&SIZE, path, message).hint(hint));
            }
            Contents::Bytes(fault) if is_source(&path) => {
                let message = format!("the file is not text in UTF-8: {}", fault.fault);
                let finding = Finding {
                    span: Some(place_of(fault)),
                    ..Finding::in_file(&ENCODING, path, message)
                };
                findings.add(finding.hint(NotUtf8::HINT));
            }
            Contents::Unreadable(reason) => {
                let message = format!("the file cannot be read: {reason}");
                findings.add(Finding::in_file(&UNREADABLE, path, message));
            }
            Contents::UnreadableFolder(reason) => {
                let message = format!("the folder cannot be read: {reason}");
                findings.add(Finding::in_file(&UNREADABLE, path, message));
            }
            _ => {}
        }
    }
}

/// Looks for files that become the same object.
pub(super) fn check_targets(
    context: &Context<'_>,
    notebooks: &Notebooks<'_>,
    findings: &mut Findings,
) {
    let mut first = HashMap::new();
    for file in &notebooks.files {
        let others = first.insert(file.target.clone(), file.path.as_str());
        if let Some(other) = others {
            findings.add(clash(&file.path, other, &file.target));
        }
    }
    // A file keeps its name: one without an extension meets the notebook of this name.
    let files = context
        .solution
        .map(|solution| solution.files.below(&notebooks.root));
    for (below, _) in files.into_iter().flatten() {
        let target = format!("{}/{below}", notebooks.target);
        let path = notebooks.path(below);
        if let Some(other) = first.get(&target).filter(|other| **other != path) {
            findings.add(clash(&path, other, &target));
        }
    }
}

fn clash(path: &str, other: &str, target: &str) -> Finding {
    let message = format!("the file becomes `{target}`, and so does {other}");
    Finding::in_file(&CLASH, path, message)
        .hint("a notebook loses its extension; give one of them another name")
        .related(Related::in_file(other, "the other file"))
}

/// Looks at the cells of a notebook.
pub(super) fn check(file: &NotebookFile<'_>, findings: &mut Findings) {
    match file.notebook() {
        Ok(notebook) => {
            for oddity in &notebook.oddities {
                findings.add(finding(file, oddity));
            }
        }
        Err(error) => findings.add(Finding {
            span: error.span.clone(),
            ..Finding::in_file(&JUPYTER, &file.path, &error.message)
        }),
    }
}

fn finding(file: &NotebookFile<'_>, oddity: &Oddity) -> Finding {
    let text = file.text.get(oddity.bytes.clone()).unwrap_or_default();
    let found = |rule, message: &str| file.finding(rule, oddity.bytes.clone(), message);
    match &oddity.kind {
        OddityKind::Separator { right } => found(&SEPARATOR, "this comment separates no cells")
            .hint(format!("write `{right}`"))
            .fix(rewrite(oddity, right)),
        OddityKind::Mark { right } => found(&MARK, "this is a comment, and no magic")
            .hint(format!("write `{right}`"))
            .fix(rewrite(oddity, right)),
        OddityKind::Below { name } => found(
            &BELOW,
            &format!("`%{name}` does not stand at the beginning of its cell"),
        )
        .hint("give it a cell of its own"),
        OddityKind::Unmarked { right } => found(
            &UNMARKED,
            &format!("`{text}` makes the file no source file of its language"),
        )
        .hint(format!("write `{right}`")),
        OddityKind::Unknown { name } => {
            found(&UNKNOWN, &format!("there is no magic `%{name}`")).hint_if(meant(name, magics()))
        }
        OddityKind::NotAlone => found(
            &RUN,
            "a `%run` stands alone in its cell; this is passed to it as well",
        )
        .hint("give what follows it a cell of its own"),
        _ => found(&RUN, "this `%run` names no notebook")
            .hint("write the path of a notebook behind it, such as `%run ./shared`"),
    }
}

fn rewrite(oddity: &Oddity, right: &str) -> Fix {
    Fix {
        message: format!("write `{right}`"),
        bytes: oddity.bytes.clone(),
        text: right.to_owned(),
    }
}
