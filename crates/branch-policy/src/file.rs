//! `branch-policy.yaml` with the place of each setting.

use std::collections::BTreeMap;
use std::path::PathBuf;

use adf_source::Span;
use yaml_source::{Source, YamlError};

use crate::lint::{self, Problem};
use crate::settings::{BranchSettings, PeopleSettings, Settings};

/// `branch-policy.yaml`, read.
#[derive(Clone, Debug)]
pub struct File {
    settings: Settings,
    /// The branches as they are written, before those that are like another one have its rules.
    written: BTreeMap<String, BranchSettings>,
    source: Source,
}

/// The file cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}:{error}", path.display())]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong, and where.
    pub error: YamlError,
}

/// A host of repositories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    AzureDevOps,
    GitHub,
}

impl File {
    /// Reads the `text` of the file at `path`.
    ///
    /// # Errors
    ///
    /// When it is no YAML, or has what is unknown.
    pub fn read(path: impl Into<PathBuf>, text: &str) -> Result<Self, FileError> {
        let path = path.into();
        match yaml_source::read::<Settings>(text) {
            Ok(settings) => Ok(Self {
                written: settings.branches.clone(),
                settings: with_likes(settings),
                source: Source::new(path, text),
            }),
            Err(error) => Err(FileError { path, error }),
        }
    }

    /// What it says.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The branches as they are written.
    pub(crate) fn written(&self) -> &BTreeMap<String, BranchSettings> {
        &self.written
    }

    /// The text, and where it is from.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// What it says that cannot be meant, in the order of the file.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = lint::problems(self);
        problems.sort_by_key(|problem| problem.span.bytes.start);
        problems
    }

    /// Where a setting is written.
    #[must_use]
    pub fn span(&self, path: &[&str]) -> Span {
        self.source.span(path)
    }

    /// What somebody is called on a host: as `people` says, or as they are called.
    pub(crate) fn called<'f>(&'f self, host: Host, name: &'f str) -> &'f str {
        let of = |people: &'f PeopleSettings| match host {
            Host::AzureDevOps => people.azure_dev_ops.as_deref(),
            Host::GitHub => people.github.as_deref(),
        };
        let found = self.settings.people.get(name).and_then(of);
        found.unwrap_or(name)
    }
}

/// The settings, in which branches have the rules of those that they are like. What cannot be meant by that is told by the lint.
fn with_likes(mut settings: Settings) -> Settings {
    let written = settings.branches.clone();
    for branch in settings.branches.values_mut() {
        if let Some(other) = branch.like.as_ref().and_then(|name| written.get(name)) {
            let own = std::mem::take(&mut branch.may_create);
            *branch = BranchSettings {
                like: branch.like.take(),
                may_create: match own.is_empty() {
                    true => other.may_create.clone(),
                    false => own,
                },
                ..other.clone()
            };
        }
    }
    settings
}
