//! What a change of a solution touches: which of its parts have to be checked, and which environments have to be deployed to or tested.
//!
//! Paths tell most of it. `dataops.yaml` is one file with the settings of everything, so it is compared as what it says: a value of one
//! environment touches that environment and those that take it from there, and a comment touches nothing.

mod concealed;
mod parts;
mod settings;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::settings::Settings;

pub use values::{SettingChange, setting_changes};

/// A part of a solution that is checked as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Part {
    /// Data Factory documents.
    Adf,
    /// Notebooks and the files that are deployed beside them.
    Notebooks,
    /// What the machine-learning side publishes.
    Ml,
    /// Data contracts.
    Contracts,
    /// Python code, its tests, and what it needs.
    Python,
    /// What `dataops.yaml` says, and the files that environments name in it: specifications of clusters, inputs of smoke tests.
    Settings,
    /// Pipelines of the CI system, and the policy of branches.
    Ci,
}

impl Part {
    /// All parts.
    pub const ALL: [Self; 7] = [
        Self::Adf,
        Self::Notebooks,
        Self::Ml,
        Self::Contracts,
        Self::Python,
        Self::Settings,
        Self::Ci,
    ];

    /// The name, as pipelines have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Adf => "adf",
            Self::Notebooks => "notebooks",
            Self::Ml => "ml",
            Self::Contracts => "contracts",
            Self::Python => "python",
            Self::Settings => "settings",
            Self::Ci => "ci",
        }
    }
}

/// A changed file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangedFile {
    /// Its path from the root of the git repository, with `/`.
    pub path: String,
    /// The path that it had, where it is renamed.
    pub was: Option<String>,
    /// Whether it says the same, and only who may run it differs.
    pub says_the_same: bool,
}

/// A change: what there was, what there is, and the files that differ.
#[derive(Clone, Copy, Debug)]
pub struct Change<'c> {
    /// What `dataops.yaml` said.
    pub base: &'c Settings,
    /// What it says.
    pub head: &'c Settings,
    /// The files.
    pub files: &'c [ChangedFile],
    /// The folder of `dataops.yaml` from the root of the git repository, with `/` at its end; empty for the root.
    pub folder: &'c str,
    /// Whether the Data Factory documents mean something else, so that a deployment would write one.
    pub adf_differs: bool,
}

/// What has to be done in an environment, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Work {
    /// Whether something has to be deployed.
    pub deploy: bool,
    /// Whether the data of a run have to be tested; so it is after each deployment.
    pub test: bool,
    /// Why: parts, files, and places of `dataops.yaml`.
    pub why: Vec<String>,
}

impl Work {
    fn deploy(&mut self, why: impl Into<String>) {
        self.deploy = true;
        self.test(why);
    }

    fn test(&mut self, why: impl Into<String>) {
        self.test = true;
        let why = why.into();
        if !self.why.contains(&why) {
            self.why.push(why);
        }
    }
}

/// What a change touches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Touched {
    /// The parts that are touched, with the files or places that do.
    pub parts: BTreeMap<Part, Vec<String>>,
    /// What has to be done in each environment.
    pub environments: BTreeMap<String, Work>,
}

impl Touched {
    /// What a change touches.
    #[must_use]
    pub fn by(change: Change<'_>) -> Self {
        let mut touched = Self::nothing(change.head);
        parts::look(change, &mut touched);
        settings::look(change, &mut touched);
        touched
    }

    /// All there is, for a reason: nothing is known that it could be compared with.
    #[must_use]
    pub fn everything(head: &Settings, why: &str) -> Self {
        let mut touched = Self::nothing(head);
        let there = [
            (Part::Adf, head.adf.is_some()),
            (Part::Notebooks, head.notebooks.is_some()),
            (Part::Ml, head.ml.is_some()),
            (Part::Contracts, !head.contracts.is_empty()),
            (Part::Python, true),
            (Part::Settings, true),
            (Part::Ci, true),
        ];
        for (part, _) in there.into_iter().filter(|(_, is_there)| *is_there) {
            touched.part(part, why);
        }
        for work in touched.environments.values_mut() {
            work.deploy(why);
        }
        touched
    }

    /// The environments, and nothing that is touched.
    fn nothing(head: &Settings) -> Self {
        let names = head.environments.keys().cloned();
        Self {
            parts: BTreeMap::new(),
            environments: names.map(|name| (name, Work::default())).collect(),
        }
    }

    /// Has a bundle pass where it must have passed: an environment takes only what was deployed and tested in the one that it comes
    /// `after`, also where that has nothing of its own to do.
    pub fn pass_on(environments: &mut BTreeMap<String, Work>, head: &Settings) {
        let before = |name: &str| head.merged(name).ok()?.after;
        let busy = environments.iter().filter(|(_, work)| work.test);
        let busy: Vec<_> = busy.map(|(name, _)| name.clone()).collect();
        for name in &busy {
            let (mut seen, mut next) = (BTreeSet::from([name.clone()]), before(name));
            while let Some(current) = next.filter(|current| seen.insert(current.clone())) {
                if let Some(work) = environments.get_mut(&current).filter(|work| !work.test) {
                    work.test(format!("{name} takes only what has passed here"));
                }
                next = before(&current);
            }
        }
    }

    /// Whether a part is touched.
    #[must_use]
    pub fn has(&self, part: Part) -> bool {
        self.parts.contains_key(&part)
    }

    /// Takes what touches parts from another change too.
    pub fn take_parts(&mut self, other: Self) {
        for (part, why) in other.parts {
            for why in why {
                self.part(part, why);
            }
        }
    }

    fn part(&mut self, part: Part, why: impl Into<String>) {
        let (known, why) = (self.parts.entry(part).or_default(), why.into());
        if !known.contains(&why) {
            known.push(why);
        }
    }

    fn each(&mut self, mut with: impl FnMut(&mut Work)) {
        self.environments.values_mut().for_each(&mut with);
    }
}

#[cfg(test)]
mod tests;
