//! Where the notebooks are, where they go, and which files are notebooks.

use std::path::PathBuf;

use serde::Deserialize;

use crate::source::Glob;

/// Where the notebooks are, and where they go.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct NotebookSettings {
    /// The folder in the repository.
    pub root: PathBuf,
    /// The folder in the workspace, such as `/Shared/data-ingestion`.
    pub target: String,
    /// By what a source file (`.py`, `.sql`, `.scala`, `.r`) is known to be a notebook; by its first line unless said otherwise.
    #[serde(default)]
    pub known_by: KnownBy,
    /// Source files that are notebooks whatever `knownBy` says, as patterns of paths below `root`.
    #[serde(default)]
    pub always_notebooks: Vec<String>,
    /// Files that are plain files whatever `knownBy` says, as patterns of paths below `root`.
    #[serde(default)]
    pub always_files: Vec<String>,
    /// Files that stay out of the workspace, as patterns of paths below `root`.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// Whether what a deployment has put into the workspace is deleted there once the source does not have it any more.
    #[serde(default)]
    pub remove_stale: bool,
}

/// Where the notebooks go in one environment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct NotebookPlace {
    /// The folder in the workspace, in the place of `notebooks.target`. Pipelines run notebooks by their path there: overrides of
    /// `notebookPath` follow it.
    pub target: String,
}

/// By what a source file is known to be a notebook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum KnownBy {
    /// Its first line is the header that Databricks writes, as Databricks itself decides.
    #[default]
    Header,
    /// Its extension, as `databricks workspace import_dir` once decided.
    Extension,
}

/// What a file is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenFor {
    /// It stays out of the workspace.
    Nothing,
    /// A notebook, where its extension is that of one.
    Notebook,
    /// A plain file.
    File,
    /// What its first line says.
    WhatItSays,
}

impl NotebookSettings {
    /// What the file at `path` below the root is taken for.
    #[must_use]
    pub fn taken_for(&self, path: &str) -> TakenFor {
        let among = |patterns: &[String]| {
            let mut globs = patterns.iter().map(|pattern| Glob::new(pattern));
            globs.any(|glob| glob.matches(path))
        };
        match self.known_by {
            _ if among(&self.exclude) => TakenFor::Nothing,
            _ if among(&self.always_files) => TakenFor::File,
            _ if among(&self.always_notebooks) => TakenFor::Notebook,
            KnownBy::Extension => TakenFor::Notebook,
            KnownBy::Header => TakenFor::WhatItSays,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_count_before_the_rule_and_exclusions_before_all() {
        let text = "
root: n
target: /Shared/n
knownBy: extension
alwaysFiles: ['lib/**']
alwaysNotebooks: ['lib/run_*.py', 'old/*']
exclude: ['**/tests/**']
";
        let settings: NotebookSettings = crate::yaml::read(text).unwrap();
        let by_header = NotebookSettings {
            known_by: KnownBy::Header,
            ..settings.clone()
        };

        assert_eq!(settings.taken_for("a.py"), TakenFor::Notebook);
        assert_eq!(by_header.taken_for("a.py"), TakenFor::WhatItSays);
        assert_eq!(by_header.taken_for("old/a.py"), TakenFor::Notebook);
        assert_eq!(settings.taken_for("lib/x/a.py"), TakenFor::File);
        assert_eq!(settings.taken_for("lib/run_a.py"), TakenFor::File);
        assert_eq!(settings.taken_for("lib/tests/a.py"), TakenFor::Nothing);
    }
}
