//! What a change means, in one comment.

mod environments;
mod markdown;

use std::io::{self, Write};

use adf_diff::{Line, lines};
use data_contract::compare::{Comparison, Impact};
use dataops_check::{Finding, Severity, Since};
use dataops_plan::Plan;
use dataops_solution::touched::{SettingChange, Work};
use serde::{Serialize, Serializer};
use serde_json::json;

use super::Report;
use super::dialect::Dialect;
use super::difference::{Review, json};
use crate::commands::review::{Differing, Posted};

pub(crate) use markdown::unreviewed;

/// The most characters where no host says how many it takes: what GitHub does.
const MOST: usize = 60_000;

/// What a change means.
pub(crate) struct ChangeReview {
    /// The solution's name.
    pub(crate) name: String,
    /// The solution's folder from the repository's root.
    pub(crate) folder: String,
    /// The documents of Data Factory.
    pub(crate) change: Review,
    /// What it means for environments.
    pub(crate) environments: Environments,
    /// The other files of the solution.
    pub(crate) files: Vec<FileChange>,
    pub(crate) contracts: Vec<ContractChange>,
    pub(crate) findings: Since,
    pub(crate) planned: Option<Planned>,
    pub(crate) posted: Option<Posted>,
    /// What it is written for.
    pub(crate) dialect: Dialect,
    pub(crate) exit_code: bool,
}

/// What a change means for environments.
#[derive(Debug, Default)]
pub(crate) struct Environments {
    /// Those where something has to be done, in the order of `dataops.yaml`.
    pub(crate) works: Vec<EnvironmentWork>,
    /// The settings that say something else.
    pub(crate) settings: Vec<SettingChange>,
}

/// What has to be done in an environment.
#[derive(Debug, Serialize)]
pub(crate) struct EnvironmentWork {
    pub(crate) name: String,
    #[serde(skip)]
    pub(crate) is_local: bool,
    #[serde(flatten)]
    pub(crate) work: Work,
}

/// What a deployment would do, or why nobody knows.
pub(crate) enum Planned {
    Plan(Box<Plan>),
    /// The environment, and why.
    Not(String, String),
}

/// A file that is no document of Data Factory.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileChange {
    path: String,
    /// `added`, `removed` or `changed`.
    how: &'static str,
    added_lines: usize,
    removed_lines: usize,
}

/// A contract that differs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContractChange {
    pub(crate) path: String,
    #[serde(flatten)]
    pub(crate) outcome: ContractOutcome,
}

/// How a contract differs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ContractOutcome {
    New,
    Gone,
    /// It is gone, and promised nothing any more, or nothing yet; its status says so.
    Ended(String),
    Changed(Box<Comparison>),
    /// One of both versions cannot be read.
    Unread(String),
}

impl ContractOutcome {
    /// Whether those who rely on the contract are broken.
    pub(crate) fn breaks(&self) -> bool {
        match self {
            Self::Gone => true,
            Self::Changed(comparison) => comparison.worst() == Some(Impact::Breaking),
            Self::New | Self::Ended(_) | Self::Unread(_) => false,
        }
    }
}

impl FileChange {
    /// What differs in a file.
    pub(crate) fn of(file: Differing<'_>) -> Self {
        let (before, after) = (
            file.before.unwrap_or_default(),
            file.after.unwrap_or_default(),
        );
        let rows = lines(before, after, 0);
        let count = |is: fn(&Line) -> bool| rows.iter().filter(|row| is(row)).count();
        Self {
            path: file.path.to_owned(),
            how: match (file.before, file.after) {
                (None, _) => "added",
                (_, None) => "removed",
                _ => "changed",
            },
            added_lines: count(|row| matches!(row, Line::Added(_))),
            removed_lines: count(|row| matches!(row, Line::Removed(_))),
        }
    }
}

impl ChangeReview {
    /// What the comment is found by; nobody sees it.
    pub(crate) fn mark(&self) -> String {
        mark(&self.folder)
    }

    /// The whole comment where no host is named.
    pub(crate) fn text(&self) -> String {
        self.markdown(MOST)
    }

    /// Whether the change means nothing to the solution, so that only a comment which has told otherwise is worth one.
    pub(crate) fn says_nothing(&self) -> bool {
        self.change.changes().next().is_none()
            && self.files.is_empty()
            && self.contracts.is_empty()
            && self.findings.fresh.is_empty()
            && self.findings.gone == 0
            && self.environments.works.is_empty()
            && self.planned.is_none()
    }

    /// The contracts whose change breaks others.
    fn breaking(&self) -> usize {
        let contracts = self.contracts.iter();
        contracts
            .filter(|contract| contract.outcome.breaks())
            .count()
    }

    /// How many errors are new.
    fn errors(&self) -> usize {
        let is_error = |finding: &&Finding| finding.rule.severity == Severity::Error;
        self.findings.fresh.iter().filter(is_error).count()
    }
}

/// What the comment about the solution in a folder is found by.
pub(crate) fn mark(folder: &str) -> String {
    let plain = |c: char| match c {
        c if c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '.') => c,
        _ => '_',
    };
    let folder: String = folder.chars().map(plain).collect();
    format!("<!-- dataops review of /{folder} -->")
}

impl Serialize for ChangeReview {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let finding = |it: &Finding| {
            json!({
                "rule": it.id(),
                "name": it.rule.name,
                "severity": it.rule.severity.word(),
                "path": it.path,
                "line": it.span.as_ref().map(|span| span.start.line),
                "message": it.message,
                "hint": it.hint,
            })
        };
        let fresh: Vec<_> = self.findings.fresh.iter().map(finding).collect();
        let plan = match &self.planned {
            Some(Planned::Plan(plan)) => serde_json::to_value(plan).ok(),
            Some(Planned::Not(environment, why)) => {
                Some(json!({ "environment": environment, "failed": why }))
            }
            None => None,
        };
        let document = json!({
            "solution": self.name,
            "change": json(&self.change),
            "environments": self.environments.works,
            "settings": self.environments.settings,
            "files": self.files,
            "contracts": self.contracts,
            "findings": { "new": fresh, "gone": self.findings.gone, "kept": self.findings.kept },
            "plan": plan,
            "posted": self.posted,
            "markdown": self.text(),
        });
        document.serialize(serializer)
    }
}

impl Report for ChangeReview {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(self.text().as_bytes())
    }

    fn holds(&self) -> bool {
        !self.exit_code || (self.errors() == 0 && self.breaking() == 0)
    }

    fn complaint(&self) -> String {
        match self.breaking() {
            0 => "the change brings errors".to_owned(),
            _ => "the change breaks a data contract".to_owned(),
        }
    }
}
