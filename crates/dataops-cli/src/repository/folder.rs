//! The folder with the Data Factory documents.

use std::path::{Path, PathBuf};

use adf_model::Kind;
use adf_source::{Files, Limits, Repository};
use dataops_solution::Solution;

use crate::context::Context;
use crate::failure::Failure;

/// The folder with the Data Factory documents, and the solution that names it.
pub(crate) struct AdfFolder {
    pub(crate) path: PathBuf,
    pub(crate) solution: Option<Solution>,
}

impl AdfFolder {
    /// The folder that is named, or that `dataops.yaml` names, or the solution's folder itself where it looks like one.
    pub(crate) fn find(context: &Context, named: Option<&Path>) -> Result<Self, Failure> {
        if let Some(path) = named {
            return Ok(Self {
                path: path.to_owned(),
                solution: context.solution().ok(),
            });
        }
        let here = context.solution_folder();
        match context.solution() {
            Ok(solution) => {
                let path = solution.documents().map_err(Failure::usage)?;
                let path = path.ok_or_else(|| {
                    Failure::usage("dataops.yaml does not say where the Data Factory documents are")
                        .hint("add `adf: { root: adf }`, or name the folder by --adf DIR")
                })?;
                Ok(Self {
                    path,
                    solution: Some(solution),
                })
            }
            Err(_) if is_factory(here) => Ok(Self {
                path: here.to_owned(),
                solution: None,
            }),
            Err(failure) => {
                Err(failure
                    .hint("or name the folder with pipeline/, dataset/ and so on by --adf DIR"))
            }
        }
    }

    /// A folder that belongs to no solution.
    pub(crate) fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            solution: None,
        }
    }

    /// Reads the documents that are there now.
    pub(crate) fn read(&self) -> Result<Repository, Failure> {
        read(&self.path)
    }
}

/// Reads the documents below a folder.
pub(super) fn read(path: &Path) -> Result<Repository, Failure> {
    let files = Files::read_folder(path, &Limits::default()).map_err(|error| {
        Failure::usage(format!("{}: {error}", path.display()))
            .hint("name the folder with pipeline/, dataset/ and so on")
    })?;
    Ok(Repository::read(&files))
}

/// The path from the folder that the program runs in, where it lies there.
pub(crate) fn shortened(path: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    let below = here.ok().and_then(|here| path.strip_prefix(here).ok());
    match below {
        Some(below) if below.as_os_str().is_empty() => PathBuf::from("."),
        Some(below) => below.to_owned(),
        None => path.to_owned(),
    }
}

/// Whether a folder has a folder of Data Factory documents.
fn is_factory(path: &Path) -> bool {
    let kinds = Kind::ALL.into_iter().chain([Kind::Factory]);
    let mut folders = kinds.map(Kind::folder).filter(|folder| !folder.is_empty());
    folders.any(|folder| path.join(folder).is_dir())
}
