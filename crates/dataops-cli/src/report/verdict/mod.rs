//! Data contracts that were held against data, in the forms that people and machines read.

mod about;
mod annotations;
mod columns;
mod databricks;
mod folders;
mod html;
mod human;
mod json;
mod junit;
mod markdown;
mod words;

pub(crate) use about::About;

use std::io::{self, Write};
use std::path::Path;

use data_contract::Verdict;
use data_contract::infer::Profile;
use data_contract::verdict::{CheckResult, Status};
use dataops_contracts::databricks::Took;
use dataops_ledger::TestCase;
use serde::Serialize;

use super::{Report, document};
use crate::failure::Failure;
use crate::recording::case;
use crate::terminal::Ci;

/// Contracts and what came of them.
#[derive(Debug)]
pub(crate) struct Verdicts {
    /// In the order in which they were asked for.
    pub(crate) contracts: Vec<Held>,
    /// The least status that fails.
    pub(crate) fail_on: FailOn,
    /// Whether people see what the schema declares and what holds, check by check.
    pub(crate) all: bool,
}

/// A contract that was held against data.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Held {
    /// The contract's file.
    pub(crate) file: String,
    /// Seconds that it took.
    pub(crate) seconds: f64,
    /// What the contract says of itself, and what was tested.
    pub(crate) about: About,
    /// What came of it.
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
    /// What the data are like, where somebody asked for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) profiles: Vec<Profile>,
    /// What it took in Databricks, where the data were measured there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) databricks: Option<Took>,
}

/// What makes the command fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FailOn {
    /// A check that does not hold, or could not be made.
    #[default]
    Error,
    /// A warning too.
    Warning,
    /// A check that nothing decides, too.
    NotExecutable,
    /// Nothing.
    Never,
}

impl FailOn {
    /// Whether a check makes the command fail.
    fn fails(self, status: Status) -> bool {
        match self {
            Self::Error => status >= Status::Failed,
            Self::Warning => status >= Status::Warning,
            Self::NotExecutable => status >= Status::NotExecutable,
            Self::Never => false,
        }
    }
}

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Form {
    /// For people.
    Text,
    /// One JSON document.
    Json,
    /// JUnit XML, for test reports.
    Junit,
    /// For a comment on a pull request, or the summary of a job.
    Markdown,
    /// A page with a histogram and a null bar per column.
    Html,
    /// Annotations of GitHub Actions.
    Github,
    /// Issues of Azure Pipelines.
    Azdo,
}

impl Form {
    /// The form that a file's extension stands for.
    pub(crate) fn of(file: &Path) -> Option<Self> {
        Some(
            match file.extension()?.to_str()?.to_ascii_lowercase().as_str() {
                "json" => Self::Json,
                "xml" => Self::Junit,
                "md" => Self::Markdown,
                "html" | "htm" => Self::Html,
                "txt" => Self::Text,
                _ => return None,
            },
        )
    }
}

/// What came of contracts, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Outcome {
    /// All was decided that can be, and holds.
    Holds,
    /// The same, with warnings.
    Warns,
    /// Nothing fails, and of some contract nothing was decided at all.
    Undecided,
    /// Something makes the command fail.
    Fails,
}

impl Held {
    /// Whether anything was decided of what the contract says. That there are files is no matter of the contract, and an error decides nothing.
    fn is_decided(&self) -> bool {
        let is_own = |check: &CheckResult| check.line > 0 || self.file.is_empty();
        let mut checks = self.verdict.checks.iter();
        let is_open =
            |check: &CheckResult| matches!(check.status, Status::NotExecutable | Status::Error);
        checks.any(|check| is_own(check) && !is_open(check))
    }

    /// Checks that are about no object.
    fn loose(&self) -> Vec<&CheckResult> {
        let is_of = |check: &CheckResult| {
            let mut objects = self.verdict.objects.iter();
            objects.any(|object| object.name == check.object)
        };
        let checks = self.verdict.checks.iter();
        checks.filter(|check| !is_of(check)).collect()
    }
}

impl Verdicts {
    /// Whether there is a contract of which nothing was decided.
    pub(crate) fn decides_nothing(&self) -> bool {
        !self.contracts.iter().all(Held::is_decided)
    }

    /// What came of all of them.
    fn outcome(&self) -> Outcome {
        match (self.all_hold(), self.count(Status::Warning)) {
            (false, _) => Outcome::Fails,
            (true, _) if self.decides_nothing() => Outcome::Undecided,
            (true, 0) => Outcome::Holds,
            (true, _) => Outcome::Warns,
        }
    }

    /// Every check, with the contract it is of.
    fn checks(&self) -> impl Iterator<Item = (&Held, &CheckResult)> {
        self.contracts
            .iter()
            .flat_map(|held| held.verdict.checks.iter().map(move |check| (held, check)))
    }

    /// How many checks have a status.
    fn count(&self, status: Status) -> usize {
        self.checks()
            .filter(|(_, check)| check.status == status)
            .count()
    }

    /// Whether nothing makes the command fail.
    fn all_hold(&self) -> bool {
        !self
            .checks()
            .any(|(_, check)| self.fail_on.fails(check.status))
    }

    /// The text in a form.
    ///
    /// # Errors
    ///
    /// When it cannot be written in that form.
    pub(crate) fn render(&self, form: Form) -> Result<String, Failure> {
        Ok(match form {
            Form::Text => human::render(self),
            Form::Json => document(self)?,
            Form::Junit => junit::render(self)?,
            Form::Markdown => markdown::render(self),
            Form::Html => html::render(self),
            Form::Github => annotations::all(self, Ci::GitHub),
            Form::Azdo => annotations::all(self, Ci::AzurePipelines),
        })
    }

    /// What is recorded of the checks.
    pub(crate) fn cases(&self) -> impl Iterator<Item = TestCase> {
        let outcomes = self.outcomes();
        outcomes.map(|(name, holds, found)| case(&name, holds, found))
    }

    /// Each check: its name, whether it lets the command hold, and what was found.
    pub(crate) fn outcomes(&self) -> impl Iterator<Item = (String, bool, &str)> {
        self.checks().map(|(held, check)| {
            let name = format!(
                "{} {}: {}",
                held.verdict.contract, held.verdict.version, check.title
            );
            let found = check.measured.as_deref().or(check.reason.as_deref());
            let holds = !self.fail_on.fails(check.status);
            (name, holds, found.unwrap_or_default())
        })
    }

    /// Commands that annotate the contract's lines, as many as a CI system shows.
    pub(crate) fn first_annotations(&self, ci: Ci) -> Vec<String> {
        annotations::first(self, ci)
    }
}

impl Report for Verdicts {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(human::render(self).as_bytes())
    }

    fn holds(&self) -> bool {
        self.all_hold()
    }

    fn complaint(&self) -> String {
        words::complaint(self)
    }
}
