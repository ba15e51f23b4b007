//! Whether a bundle may go to an environment: it must have passed where it must have passed.

mod decide;
mod terms;

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

pub(crate) use decide::short;
pub use terms::Terms;

use crate::chain::Chain;
use crate::record::{Evidence, Record};
use crate::time::Time;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Promotion<'p> {
    /// The digest of the bundle.
    pub bundle: &'p str,
    /// The environment that it shall go to.
    pub to: &'p str,
    /// The environments that come before that one.
    pub after: &'p [String],
    /// The tests that it must have passed there since it was deployed.
    pub tests: &'p [String],
    /// How old what speaks for it may be.
    pub max_age: Option<Duration>,
    /// Now.
    pub now: Time,
}

/// Whether a bundle may go to an environment, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Decision {
    /// The digest of the bundle.
    pub bundle: String,
    /// The environment that it shall go to.
    pub to: String,
    /// Whether it may.
    pub allowed: bool,
    /// Each condition.
    pub conditions: Vec<Condition>,
}

/// Something that must hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Condition {
    /// The environment that it is about.
    pub environment: String,
    /// What must hold.
    pub requirement: Requirement,
    /// Whether it does.
    pub holds: bool,
    /// Why, or why not.
    pub reason: String,
    /// The record that it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Evidence>,
    /// What helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<Help>,
}

/// What must hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Requirement {
    /// The bundle is there, and as it was sealed.
    Bundle,
    /// The records of the environment are as they were written.
    Records,
    /// The bundle was deployed there with success, and nobody went back from it.
    Deployed,
    /// It passed this test there since.
    Test(String),
    /// What speaks for it is not too old.
    Age,
}

/// What helps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Help {
    /// Deploy the bundle to this environment.
    Deploy(String),
    /// Run this test in this environment.
    Test {
        /// The environment.
        environment: String,
        /// The test.
        test: String,
    },
    /// Look at the records of this environment.
    Audit(String),
    /// Name the folder of the bundle.
    Folder,
}

impl Promotion<'_> {
    /// Decides, by the records of the environments that come before, by their names.
    #[must_use]
    pub fn decide(&self, chains: &BTreeMap<String, Chain>) -> Decision {
        let after = self.after.iter();
        let conditions: Vec<_> = after
            .flat_map(|environment| decide::conditions(self, environment, chains.get(environment)))
            .collect();
        Decision {
            bundle: self.bundle.to_owned(),
            to: self.to.to_owned(),
            allowed: conditions.iter().all(|condition| condition.holds),
            conditions,
        }
    }
}

impl Decision {
    /// The same decision, of a bundle that is kept in a place as it was sealed, or is not: the reason tells.
    #[must_use]
    pub fn of_kept_bundle(mut self, environment: &str, kept: Result<String, String>) -> Self {
        let holds = kept.is_ok();
        let condition = Condition {
            environment: environment.to_owned(),
            requirement: Requirement::Bundle,
            holds,
            reason: kept.unwrap_or_else(|reason| reason),
            record: None,
            help: (!holds).then_some(Help::Folder),
        };
        self.allowed &= holds;
        self.conditions.insert(0, condition);
        self
    }

    /// The records that it rests on.
    #[must_use]
    pub fn evidence(&self) -> Vec<Evidence> {
        let records = self.conditions.iter().filter_map(|it| it.record.clone());
        records.collect()
    }

    /// What does not hold, in words.
    #[must_use]
    pub fn unmet(&self) -> Vec<String> {
        let unmet = self.conditions.iter().filter(|it| !it.holds);
        unmet.map(ToString::to_string).collect()
    }
}

impl Evidence {
    /// That a record speaks for something.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        Self {
            environment: record.environment.clone(),
            record: record.number,
            digest: record.digest.clone(),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            environment,
            requirement,
            reason,
            ..
        } = self;
        write!(out, "{environment}, {requirement}: {reason}")
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bundle => out.write_str("bundle"),
            Self::Records => out.write_str("records"),
            Self::Deployed => out.write_str("deployed"),
            Self::Test(name) => write!(out, "test {name}"),
            Self::Age => out.write_str("age"),
        }
    }
}

impl Help {
    /// The command that does it.
    #[must_use]
    pub fn command(&self, bundle: &str) -> String {
        match self {
            Self::Deploy(environment) => {
                let digest = bundle.strip_prefix("sha256:").unwrap_or(bundle);
                let short = digest.get(..12).unwrap_or(digest);
                format!(
                    "dataops deploy --env {environment} --bundle DIR, with the folder of bundle {short}"
                )
            }
            Self::Test { environment, test } if test == crate::CONTRACT => {
                format!("dataops test --env {environment} --record")
            }
            Self::Test { environment, test } => format!("run the test `{test}` in {environment}"),
            Self::Audit(environment) => format!("dataops audit --env {environment}"),
            Self::Folder => "name its folder by --bundle DIR".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
