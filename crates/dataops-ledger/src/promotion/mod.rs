//! Whether a bundle may go to an environment: it must have passed where it must have passed.

mod decide;

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

pub(crate) use decide::short;

use crate::chain::Chain;
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
    /// What helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<Help>,
}

/// What must hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Requirement {
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

impl fmt::Display for Requirement {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
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
        }
    }
}

#[cfg(test)]
mod tests;
