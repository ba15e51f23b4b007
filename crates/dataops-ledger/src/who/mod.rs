//! Who does something: a run of a CI system, or somebody on a machine.

mod system;
#[cfg(test)]
mod tests;

use std::fmt;

use dataops_solution::environment::Variables;
use serde::{Deserialize, Serialize};
use url::Url;

use system::{System, first};

/// Who did something, as the variables of the process tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Who {
    /// The person, or whatever the CI system gives as the one who asked.
    pub name: String,
    /// The machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
    /// The run of a CI system; nothing where a person called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<CiRun>,
}

/// A run of a CI system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct CiRun {
    /// The system, such as `Azure Pipelines`.
    pub system: String,
    /// What runs, such as the pipeline's name.
    pub name: String,
    /// Its number, and which attempt it is.
    pub number: String,
    /// The stage or job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// Its page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// Where what was deployed came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Source {
    /// The repository's address, without credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The branch or tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Whether the files differed from those of the commit.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dirty: bool,
}

impl Who {
    /// Reads the variables that CI systems and shells set. Where no CI system runs this, it is the person that git knows, then the user
    /// of the machine.
    #[must_use]
    pub fn of(variables: &Variables, git: impl FnOnce() -> Option<String>) -> Self {
        let system = System::of(variables);
        let name = match system {
            Some(system) => system.person(variables),
            None => git(),
        };
        let machine = system.and_then(|system| system.machine(variables));
        Self {
            name: name
                .or_else(|| first(variables, &["USER", "USERNAME", "LOGNAME"]))
                .unwrap_or_else(|| "somebody".to_owned()),
            machine: machine.or_else(|| first(variables, &["HOSTNAME", "COMPUTERNAME"])),
            run: system.map(|system| system.run(variables)),
        }
    }
}

/// Whether a CI system runs this program.
#[must_use]
pub fn in_ci(variables: &Variables) -> bool {
    System::of(variables).is_some()
}

/// An address without what stands before its `@`, and without its query.
fn without_credentials(text: &str) -> Option<Url> {
    let mut url = Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https" | "ssh"))?;
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    Some(url)
}

impl Source {
    /// Reads the variables that CI systems set.
    #[must_use]
    pub fn of(variables: &Variables) -> Self {
        System::of(variables).map_or_else(Self::default, |system| system.source(variables))
    }

    /// The same source, but with what a bundle says of its commit, which counts before what the CI system has checked out.
    #[must_use]
    pub fn with_commit(mut self, commit: impl Into<String>, dirty: bool) -> Self {
        let commit = commit.into();
        if self.commit.as_ref() != Some(&commit) {
            self.reference = None;
        }
        self.commit = Some(commit);
        self.dirty = dirty;
        self
    }
}

/// The first digits of a commit's id, as many as Azure DevOps shows.
#[must_use]
pub fn short_commit(commit: &str) -> &str {
    commit.get(..8).unwrap_or(commit)
}

impl fmt::Display for Who {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.name)?;
        match (&self.run, &self.machine) {
            (Some(run), _) => write!(out, " ({run})"),
            (None, Some(machine)) => write!(out, " on {machine}"),
            (None, None) => Ok(()),
        }
    }
}

impl fmt::Display for CiRun {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.name.is_empty() {
            &self.system
        } else {
            &self.name
        };
        write!(out, "{name} {}", self.number)
    }
}
