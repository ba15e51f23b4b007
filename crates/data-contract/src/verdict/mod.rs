//! What came of the checks: the report of a contract, without a place where it is shown.

mod compare;
mod distance;
mod formula;
mod interval;
mod judge;
mod labels;
mod part;
mod statistics;

pub use judge::judge;

pub(crate) use judge::percent;

use serde::Serialize;

use crate::plan::{Category, Evidence, Sample, Severity};

/// A contract whose checks were made.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// The contract's `id`.
    pub contract: String,
    /// The contract's `version`.
    pub version: String,
    /// What the checks are about, with what was read of it.
    pub objects: Vec<ObjectRead>,
    /// The checks, in the order of the plan.
    pub checks: Vec<CheckResult>,
}

impl Verdict {
    /// The worst of all checks; [`Status::Passed`] of none.
    #[must_use]
    pub fn worst(&self) -> Status {
        let statuses = self.checks.iter().map(|check| check.status);
        statuses.max().unwrap_or(Status::Passed)
    }

    /// How many checks have a status.
    #[must_use]
    pub fn count(&self, status: Status) -> usize {
        let with = self.checks.iter().filter(|check| check.status == status);
        with.count()
    }
}

/// What was read of an object.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectRead {
    /// Its name in the contract.
    pub name: String,
    /// Where it was looked for.
    pub location: String,
    /// Rows, where they were counted.
    pub rows: Option<u64>,
    /// Bytes of the files.
    pub bytes: u64,
    /// Files.
    pub files: u64,
    /// Files that could not be read, and why.
    pub unreadable: Vec<Unreadable>,
}

/// A file that could not be read to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unreadable {
    /// The file.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckResult {
    /// Stable id.
    pub id: String,
    /// What ought to hold.
    pub title: String,
    /// The object's name.
    pub object: String,
    /// The column's name.
    pub column: Option<String>,
    /// Where the check comes from.
    pub category: Category,
    /// Its dimension of quality.
    pub dimension: Option<String>,
    /// What a failure means.
    pub severity: Severity,
    /// Its tags.
    pub tags: Vec<String>,
    /// The line of the contract, from 1.
    pub line: u64,
    /// What came of it.
    pub status: Status,
    /// The measured value, as text with its unit.
    pub measured: Option<String>,
    /// What it is compared with, such as `= 0` or `between 0.2 and 0.4`.
    pub expected: Option<String>,
    /// The measured value as a number, in the unit of the check.
    pub value: Option<f64>,
    /// The rows that it was measured of.
    pub rows: Option<u64>,
    /// Why it is not decided, or what else is worth knowing.
    pub reason: Option<String>,
    /// How the value came to be known.
    pub evidence: Evidence,
    /// Rows that break it.
    pub samples: Vec<Sample>,
    /// The files in which it is broken, with how often; empty where there is one file only.
    pub files: Vec<(String, u64)>,
}

impl CheckResult {
    /// A check of files or of a table as a whole, which holds until somebody says otherwise.
    #[must_use]
    pub fn of_files(object: &str, id: &str, title: &str) -> Self {
        Self {
            id: format!("{object}.{id}"),
            title: title.to_owned(),
            object: object.to_owned(),
            column: None,
            category: Category::Schema,
            dimension: Some("conformity".to_owned()),
            severity: Severity::Error,
            tags: Vec::new(),
            line: 0,
            status: Status::Passed,
            measured: None,
            expected: None,
            value: None,
            rows: None,
            reason: None,
            evidence: Evidence::Scan,
            samples: Vec::new(),
            files: Vec::new(),
        }
    }
}

/// What came of a check, from good to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// It holds.
    Passed,
    /// No machine can decide it; it is never counted as passed.
    NotExecutable,
    /// It does not hold, and the data are usable all the same.
    Warning,
    /// It does not hold.
    Failed,
    /// It could not be decided: something went wrong.
    Error,
}
