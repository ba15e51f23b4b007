//! What a record says of a test.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::time::Time;

/// A test of what is deployed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Test {
    /// Its name, by which a promotion requires it, such as `contract` or `smoke`.
    pub name: String,
    /// When it began.
    pub began: Time,
    /// What came of it.
    pub outcome: TestOutcome,
    /// Whether somebody has broken it off before it ended. Earlier versions told that by the reason alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The number of the deployment's record that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment: Option<u64>,
    /// The digest of the bundle that was deployed then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle: Option<String>,
    /// The pipeline run that it looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
    /// What it consists of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<TestCase>,
}

/// A part of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TestCase {
    /// Its name.
    pub name: String,
    /// What came of it.
    pub outcome: TestOutcome,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What came of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TestOutcome {
    /// It passed.
    Passed,
    /// What it looked at is not as it should be.
    Failed,
    /// It could not be told.
    Error,
}

/// The reason of a smoke test that was broken off: records of earlier versions say it by this text alone.
pub const INTERRUPTED: &str = "the smoke test was cancelled, because it was interrupted";

impl Test {
    /// Whether somebody has broken it off before it ended.
    #[must_use]
    pub fn was_interrupted(&self) -> bool {
        let is_said =
            self.outcome == TestOutcome::Error && self.reason.as_deref() == Some(INTERRUPTED);
        self.interrupted || is_said
    }

    /// How many of its parts did not pass.
    #[must_use]
    pub fn failures(&self) -> usize {
        let cases = self.cases.iter();
        cases
            .filter(|case| case.outcome != TestOutcome::Passed)
            .count()
    }
}

impl fmt::Display for TestOutcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Error => "could not be told",
        })
    }
}
