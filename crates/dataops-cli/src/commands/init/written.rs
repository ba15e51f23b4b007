//! What was written, and what comes next.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use serde::Serialize;

use super::Ci;
use super::asked::Choice;
use crate::example;
use crate::report::Report;
use crate::terminal::harmless;

/// A solution that was written.
#[derive(Serialize)]
pub(crate) struct Initiated {
    folder: PathBuf,
    name: String,
    ci: Ci,
    environments: Vec<String>,
    #[serde(flatten)]
    written: Written,
    /// Where one reads on.
    #[serde(skip)]
    readme: &'static str,
}

/// What was done to the folder.
#[derive(Default, Serialize)]
pub(super) struct Written {
    /// The files that are new.
    pub(super) files: Vec<String>,
    /// The lines that files got which were there.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) added: BTreeMap<String, Vec<String>>,
    /// The branch that the pipelines go by.
    pub(super) branch: String,
}

/// What stands where in a solution.
const PLACES: [(&str, &str); 9] = [
    (
        "dataops.yaml",
        "names, containers, and what differs between environments",
    ),
    (
        "adf/",
        "the Data Factory pipeline, its trigger and what they use",
    ),
    (
        "notebooks/",
        "notebooks, and the Python package that does their work",
    ),
    ("contracts/", "what the data that a run writes have to keep"),
    (
        "ml/",
        "what the machine-learning side publishes, for local runs",
    ),
    ("data/", "makes sample data"),
    ("tests/", "unit tests of the Python"),
    (
        ".azuredevops/",
        "pull requests, release, rollback, drift, preparation",
    ),
    (
        ".github/",
        "pull requests, release, rollback, drift, preparation",
    ),
];

impl Initiated {
    pub(super) fn new(
        folder: PathBuf,
        choice: Choice,
        written: Written,
        readme: &'static str,
    ) -> Self {
        Self {
            folder,
            name: choice.name,
            ci: choice.ci,
            environments: choice.environments,
            written,
            readme,
        }
    }
}

impl Report for Initiated {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let has = |place: &str| {
            self.written
                .files
                .iter()
                .any(|file| file.starts_with(place))
        };
        let places = PLACES.iter().filter(|(place, _)| has(place));
        let folder = self.folder.display().to_string();
        writeln!(
            out,
            "{} is in {}: {} files, for local → {}\n",
            harmless(&self.name),
            harmless(&folder),
            self.written.files.len(),
            self.environments.join(" → ")
        )?;
        for (place, what) in places {
            writeln!(out, "  {place:<16}{what}")?;
        }
        for (file, lines) in &self.written.added {
            let lines = lines.join("  ");
            writeln!(
                out,
                "\n{file} was there and stays; added above what it says: {lines}"
            )?;
        }
        if self.written.branch != example::BRANCH && self.ci != Ci::None {
            let branch = harmless(&self.written.branch);
            writeln!(out, "\nwhat is merged into `{branch}` is released")?;
        }
        writeln!(out, "\nnext:")?;
        if folder != "." {
            writeln!(out, "  cd {}", for_shell(&harmless(&folder)))?;
        }
        writeln!(out, "  dataops validate")?;
        writeln!(
            out,
            "and {} leads on from there, to {}",
            self.readme,
            self.last()
        )
    }
}

impl Initiated {
    fn last(&self) -> &str {
        self.environments.last().map_or("local", String::as_str)
    }
}

/// A path as a shell takes it: in quotes where it would be taken for something else.
fn for_shell(path: &str) -> String {
    let is_plain = |it: char| {
        it.is_alphanumeric() || "/._-+,:@%=".contains(it) || (cfg!(windows) && it == '\\')
    };
    match path.chars().all(is_plain) {
        true => path.to_owned(),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_quoted_where_a_shell_needs_it() {
        for plain in ["demo", "../a_b/c-2.x", "\u{dc}ber"] {
            assert_eq!(for_shell(plain), plain);
        }
        assert_eq!(for_shell("my claims"), "'my claims'");
        assert_eq!(for_shell("~x"), "'~x'");
        assert_eq!(for_shell("it's $HOME"), r"'it'\''s $HOME'");
    }
}
