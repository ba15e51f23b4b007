//! The `dataops.yaml` that settings are written into, or would be.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use adf_migrate::EnvironmentDraft;
use adf_migrate::yaml::{Extended, environments, extend, new_file};
use adf_model::Kind;
use adf_source::Repository;
use dataops_solution::Solution;
use dataops_solution::settings::FILE_NAME;
use serde::Serialize;
use tempfile::NamedTempFile;

use crate::context::Context;
use crate::failure::Failure;
use crate::repository::AdfFolder;

/// The `dataops.yaml` of a solution.
pub(super) struct Target {
    file: PathBuf,
    /// What it says; nothing where there is none.
    old: Option<String>,
    name: String,
    /// Where the documents are, from its folder; nothing where they are elsewhere.
    adf_root: Option<String>,
    adf: PathBuf,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// It was not to be written.
    Shown,
    /// It was not to be written, and has a value for all of it already.
    There,
    /// It was made.
    New,
    /// It has more in it, or other values.
    Changed,
    /// It had all of it.
    Unchanged,
}

/// What became of it, with its texts.
pub(super) struct Outcome {
    pub(super) state: State,
    pub(super) file: PathBuf,
    /// What it said before.
    pub(super) old: String,
    /// What it says now; where nothing was to be written, the settings alone.
    pub(super) yaml: String,
    /// All of it, with what is to be written.
    pub(super) whole: String,
    /// Settings for which it has another value.
    pub(super) differing: Vec<String>,
    pub(super) replaced: bool,
}

impl Target {
    pub(super) fn of(
        context: &Context,
        adf: &AdfFolder,
        repository: &Repository,
    ) -> Result<Self, Failure> {
        let folder = match (&adf.solution, context.solution_root()) {
            (Some(solution), _) => solution.root.clone(),
            // There is one that cannot be used: to write another is no way out.
            (None, Ok(_)) => return Err(context.solution().err().unwrap_or_else(gone)),
            (None, Err(_)) => context.solution_folder().to_owned(),
        };
        let old = adf.solution.as_ref();
        let old = old.map(|solution| solution.source.text().to_owned());
        Ok(Self {
            file: match &adf.solution {
                Some(solution) => solution.source.path().to_owned(),
                None => short(&folder.join(FILE_NAME)),
            },
            old,
            name: name(&folder, repository),
            adf_root: below(&folder, &adf.path),
            adf: adf.path.clone(),
        })
    }

    /// The folder that it lies in.
    pub(super) fn folder(&self) -> &Path {
        self.file.parent().unwrap_or_else(|| Path::new("."))
    }

    /// The settings alone where it is there, all of it where it is not.
    pub(super) fn show(&self, drafts: &[EnvironmentDraft]) -> Result<Outcome, Failure> {
        Ok(match &self.old {
            Some(old) => {
                let Extended { text, differing } = extended(old, drafts, false)?;
                let state = match text == *old {
                    true => State::There,
                    false => State::Shown,
                };
                Outcome {
                    whole: text,
                    ..self.outcome(state, environments(drafts), differing, false)
                }
            }
            None => {
                let adf = self.adf.display().to_string();
                let root = self.adf_root.as_deref().unwrap_or(&adf);
                let yaml = new_file(&self.name, root, drafts);
                self.outcome(State::Shown, yaml, Vec::new(), false)
            }
        })
    }

    /// Makes it, or adds to it.
    pub(super) fn write(
        &self,
        drafts: &[EnvironmentDraft],
        replaces: bool,
    ) -> Result<Outcome, Failure> {
        let Some(old) = &self.old else {
            let yaml = new_file(&self.name, self.root()?, drafts);
            self.check(&yaml)?;
            make(&self.file, &yaml).map_err(|error| self.unwritten(&error))?;
            return Ok(self.outcome(State::New, yaml, Vec::new(), false));
        };
        let Extended { text, differing } = extended(old, drafts, replaces)?;
        self.check(&text)?;
        let state = match text == *old {
            true => State::Unchanged,
            false => {
                replace(&self.file, &text).map_err(|error| self.unwritten(&error))?;
                State::Changed
            }
        };
        Ok(self.outcome(state, text, differing, replaces))
    }

    fn outcome(
        &self,
        state: State,
        yaml: String,
        differing: Vec<String>,
        replaced: bool,
    ) -> Outcome {
        Outcome {
            state,
            file: self.file.clone(),
            old: self.old.clone().unwrap_or_default(),
            whole: yaml.clone(),
            yaml,
            differing,
            replaced,
        }
    }

    fn root(&self) -> Result<&str, Failure> {
        self.adf_root.as_deref().ok_or_else(|| {
            let message = format!("{} does not lie in the solution", self.adf.display());
            Failure::usage(message).hint(
                "name the folder that dataops.yaml is to stand in by --solution DIR; the documents lie in it",
            )
        })
    }

    /// A file that nothing could read is never written.
    fn check(&self, text: &str) -> Result<(), Failure> {
        Solution::new(self.folder(), text)?;
        Ok(())
    }

    fn unwritten(&self, error: &io::Error) -> Failure {
        Failure::usage(format!(
            "{} cannot be written: {error}",
            self.file.display()
        ))
    }
}

fn short(path: &Path) -> PathBuf {
    path.strip_prefix(".").unwrap_or(path).to_owned()
}

fn gone() -> Failure {
    Failure::usage("dataops.yaml has changed meanwhile")
}

fn extended(old: &str, drafts: &[EnvironmentDraft], replaces: bool) -> Result<Extended, Failure> {
    extend(old, drafts, replaces).map_err(|error| {
        Failure::usage(format!("{FILE_NAME}: {error}"))
            .hint("write `environments` and each environment as lines of their own")
    })
}

/// The solution is called as its folder, where that is a name for a factory; as the source's factory otherwise.
fn name(folder: &Path, repository: &Repository) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let own = folder
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let factories = repository.of_kind(Kind::Factory);
    let mut names = own
        .into_iter()
        .chain(factories.map(|factory| factory.id.name.clone()));
    names
        .find(|name| Kind::Factory.check_name(name).is_ok())
        .unwrap_or_else(|| "data-factory".to_owned())
}

/// The path of a folder below another, with `/`.
fn below(folder: &Path, path: &Path) -> Option<String> {
    let (folder, path) = (folder.canonicalize().ok()?, path.canonicalize().ok()?);
    let rest = path.strip_prefix(folder).ok()?;
    let parts: Option<Vec<_>> = rest.iter().map(|part| part.to_str()).collect();
    match parts?.as_slice() {
        [] => Some(".".to_owned()),
        parts => Some(parts.join("/")),
    }
}

/// Makes a file that is not there.
fn make(file: &Path, text: &str) -> io::Result<()> {
    let mut new = fs::File::create_new(file)?;
    new.write_all(text.as_bytes())
}

/// Replaces a file at once.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut part = NamedTempFile::new_in(folder.unwrap_or_else(|| Path::new(".")))?;
    part.write_all(text.as_bytes())?;
    part.as_file()
        .set_permissions(fs::metadata(file)?.permissions())?;
    part.persist(file)?;
    Ok(())
}
