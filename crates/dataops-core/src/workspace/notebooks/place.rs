//! Where in the workspace a deployment brings a file.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use databricks_notebook::Format;
use dataops_solution::Solution;
use dataops_solution::environment::Environment;
use dataops_solution::settings::{NotebookSettings, TakenFor};

use crate::workspace::WorkspaceError;

/// So much of a file is enough to see whether it begins as a notebook does.
const HEADER: u64 = 200;

/// Why a file is no notebook of the workspace.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotBrought {
    /// The solution has no notebooks.
    #[error("the solution has no `notebooks` that a deployment brings to a workspace")]
    NoNotebooks,
    /// It lies elsewhere.
    #[error("{} does not lie below {}, the folder of the solution's notebooks", file.display(), root.display())]
    Elsewhere {
        /// The file.
        file: PathBuf,
        /// The folder of the notebooks.
        root: PathBuf,
    },
    /// The settings leave it out.
    #[error("{} is left out by `notebooks.exclude`", .0.display())]
    LeftOut(PathBuf),
    /// It is an ordinary file there.
    #[error("{} is a file in the workspace and no notebook", .0.display())]
    File(PathBuf),
    /// It, or where it would go, is not what it should be.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
}

/// The path in the workspace of an environment that a deployment brings the notebook in `file` to.
///
/// # Errors
///
/// Why there is none.
pub fn path_of(
    solution: &Solution,
    environment: &Environment,
    file: &Path,
) -> Result<String, NotBrought> {
    let Some(settings) = &solution.settings.notebooks else {
        return Err(NotBrought::NoNotebooks);
    };
    let real = |path: &Path| {
        path.canonicalize().map_err(|source| WorkspaceError::File {
            path: path.to_owned(),
            source,
        })
    };
    let root = solution.path(&settings.root);
    let (absolute, below) = (real(file)?, real(&root)?);
    let Ok(relative) = absolute.strip_prefix(&below) else {
        let file = file.to_owned();
        return Err(NotBrought::Elsewhere { file, root });
    };
    let parts = relative.iter().map(|part| part.to_string_lossy());
    let relative = parts.collect::<Vec<_>>().join("/");
    let format = match settings.taken_for(&relative) {
        TakenFor::Nothing => return Err(NotBrought::LeftOut(file.to_owned())),
        TakenFor::Notebook => Format::by_extension(&relative),
        TakenFor::WhatItSays => Format::of(&relative, &beginning(&absolute)?),
        TakenFor::File => Format::File,
    };
    if format == Format::File {
        return Err(NotBrought::File(file.to_owned()));
    }
    let target = target_of(settings, environment)?;
    Ok(format!("{target}/{}", format.target(&relative)))
}

/// The folder in the workspace of an environment.
pub(super) fn target_of(
    settings: &NotebookSettings,
    environment: &Environment,
) -> Result<String, WorkspaceError> {
    match &environment.notebooks_target {
        Some(filled) => target(filled),
        None if settings.target.contains("${") => {
            Err(WorkspaceError::Target(settings.target.clone()))
        }
        None => target(&settings.target),
    }
}

/// The folder in the workspace as its objects are listed: an absolute path of two parts or more, or a folder below the root.
pub(super) fn target(written: &str) -> Result<String, WorkspaceError> {
    let wrong = || WorkspaceError::Target(written.to_owned());
    if !written.starts_with('/') {
        return Err(wrong());
    }
    let parts: Vec<_> = written.split('/').filter(|part| !part.is_empty()).collect();
    let parts = match parts.as_slice() {
        ["Workspace", rest @ ..] => rest,
        parts => parts,
    };
    let odd = |part: &&str| matches!(*part, "." | "..") || part.chars().any(char::is_control);
    if parts.is_empty() || parts.iter().any(odd) {
        return Err(wrong());
    }
    Ok(format!("/{}", parts.join("/")))
}

fn beginning(file: &Path) -> Result<String, WorkspaceError> {
    let unreadable = |source| WorkspaceError::File {
        path: file.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    let opened = fs::File::open(file).map_err(unreadable)?;
    opened
        .take(HEADER)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use dataops_solution::environment::Variables;

    use super::*;

    #[test]
    fn a_notebook_loses_its_extension_and_nothing_else_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            path
        };
        write(
            "dataops.yaml",
            "name: s\nadf: { root: adf }\nnotebooks: { root: notes, target: /Workspace/Shared/s/, exclude: ['old/**'] }\nenvironments: { local: { emulator: true } }\n",
        );
        let header = "# Databricks notebook source\nprint(1)\n";
        let deep = write("notes/a/prepare.v2.py", header);
        let jupyter = write("notes/look.ipynb", "{}");
        let plain = write("notes/lib.py", "print(1)\n");
        let old = write("notes/old/x.py", header);
        let outside = write("x.py", header);
        let solution = Solution::find(folder.path()).unwrap();

        let local = solution.environment("local", &Variables::default());
        let local = local.unwrap();

        let of = |file: &Path| path_of(&solution, &local, file);

        assert_eq!(of(&deep).unwrap(), "/Shared/s/a/prepare.v2");
        assert_eq!(of(&jupyter).unwrap(), "/Shared/s/look");
        assert!(matches!(of(&plain), Err(NotBrought::File(_))));
        assert!(matches!(of(&old), Err(NotBrought::LeftOut(_))));
        assert!(matches!(of(&outside), Err(NotBrought::Elsewhere { .. })));
    }
}
