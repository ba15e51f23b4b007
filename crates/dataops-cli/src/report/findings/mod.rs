//! What `validate` found, in the forms that people and machines read.

mod annotations;
mod covered;
mod json;
mod junit;
pub(crate) mod markdown;
mod sarif;
mod text;

use std::borrow::Cow;

use dataops_check::{Finding, Rule, Severity};

pub(crate) use covered::Covered;

use crate::failure::Failure;
use crate::report::document;
use crate::terminal::{Checkout, Ci};

/// What was found.
pub(crate) struct Findings<'s> {
    /// The findings, in the order of their places.
    pub(crate) found: Vec<Finding>,
    /// How many were mended.
    pub(crate) fixed: usize,
    /// The least severity that counts as a failure.
    pub(crate) fail_on: Threshold,
    /// How many files were looked at.
    pub(crate) files: usize,
    /// The rules that were asked for.
    pub(crate) rules: Vec<&'static Rule>,
    /// What could not be looked at.
    pub(crate) left_out: Option<LeftOut>,
    /// The folder that paths are from, as it is seen from the working directory: nothing, or with `/` at its end.
    pub(crate) folder: String,
    /// The repository that it lies in.
    pub(crate) checkout: Option<Checkout>,
    /// What the files say.
    pub(crate) texts: Box<dyn Texts + 's>,
    /// What of it is shown nowhere.
    pub(crate) covered: Covered,
}

/// What could not be looked at.
pub(crate) struct LeftOut {
    /// What the ids of its rules begin with.
    pub(crate) rules: &'static str,
    /// What was not looked at, and why.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) hint: String,
}

/// The texts that findings are about.
pub(crate) trait Texts {
    /// The text of a file, by its path from the solution's root.
    fn text(&self, path: &str) -> Option<Cow<'_, str>>;
}

/// The least severity that makes the command fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Threshold {
    /// What the service would refuse, or cannot work.
    #[default]
    Error,
    /// What works and is probably not meant, too.
    Warning,
    /// Everything.
    Note,
    /// Nothing.
    Never,
}

/// The form of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Form {
    /// For people, with excerpts.
    Text,
    /// One JSON document.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for test reports.
    Junit,
    /// Annotations of GitHub Actions.
    Github,
    /// Issues of Azure Pipelines.
    #[value(alias = "azure-devops")]
    Azdo,
    /// A table for a comment on a pull request.
    Markdown,
}

impl Threshold {
    /// Whether a severity makes the command fail.
    pub(crate) fn fails(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity <= Severity::Error,
            Self::Warning => severity <= Severity::Warning,
            Self::Note => true,
            Self::Never => false,
        }
    }
}

impl LeftOut {
    /// The message with what to do, in one line.
    fn sentence(&self) -> String {
        match self.hint.as_str() {
            "" => self.message.clone(),
            hint => format!("{} ({hint})", self.message),
        }
    }
}

impl Findings<'_> {
    /// How many there are of a severity.
    fn count(&self, severity: Severity) -> usize {
        let of_it = |finding: &&Finding| finding.rule.severity == severity;
        self.found.iter().filter(of_it).count()
    }

    /// How many can be mended.
    fn fixable(&self) -> usize {
        self.found
            .iter()
            .filter(|finding| finding.fix.is_some())
            .count()
    }

    /// How many files have findings.
    fn files_with_findings(&self) -> usize {
        let mut paths: Vec<_> = self.found.iter().map(|finding| &finding.path).collect();
        paths.dedup();
        paths.len()
    }

    /// Whether there is nothing that makes the command fail.
    pub(crate) fn holds(&self) -> bool {
        !self
            .found
            .iter()
            .any(|finding| self.fail_on.fails(finding.rule.severity))
    }

    /// A path as it is seen from the working directory.
    fn shown(&self, path: &str) -> String {
        shown(&self.folder, path)
    }

    /// A path as the host of the repository wants it; as it is seen from the working directory where there is none.
    fn in_repository(&self, path: &str) -> String {
        let checkout = self.checkout.as_ref();
        shown(checkout.map_or(&self.folder, |it| &it.folder), path)
    }

    /// `2 errors, 1 warning and 3 notes`; nothing where there are none.
    fn counts(&self) -> Option<String> {
        counts(&self.found)
    }

    /// Commands that annotate the first errors and warnings, as many as a CI system shows.
    pub(crate) fn first_annotations(&self, ci: Ci) -> Vec<String> {
        annotations::first(self, ci)
    }
}

/// A path below a folder, as it is seen from the working directory.
fn shown(folder: &str, path: &str) -> String {
    match path {
        "" if folder.is_empty() => ".".to_owned(),
        path => format!("{folder}{path}"),
    }
}

/// `2 errors, 1 warning and 3 notes`; nothing where there are none.
pub(crate) fn counts(found: &[Finding]) -> Option<String> {
    let count = |severity: Severity| {
        let count = found.iter().filter(|it| it.rule.severity == severity);
        match count.count() {
            0 => None,
            1 => Some(format!("1 {}", severity.word())),
            count => Some(format!("{count} {}s", severity.word())),
        }
    };
    let counts = [Severity::Error, Severity::Warning, Severity::Note];
    let counts: Vec<_> = counts.into_iter().filter_map(count).collect();
    let (last, first) = counts.split_last()?;
    Some(match first {
        [] => last.clone(),
        first => format!("{} and {last}", first.join(", ")),
    })
}

impl Form {
    /// Whether a program reads it, and people see only what is beside it.
    pub(crate) const fn is_for_programs(self) -> bool {
        matches!(self, Self::Json | Self::Sarif | Self::Junit)
    }

    /// The text of the findings.
    pub(crate) fn render(self, findings: &Findings<'_>) -> Result<String, Failure> {
        match self {
            Self::Text => Ok(text::render(findings)),
            Self::Json => document(&json::document(findings)),
            Self::Sarif => document(&sarif::log(findings)),
            Self::Junit => junit::render(findings),
            Self::Github => Ok(annotations::all(findings, Ci::GitHub)),
            Self::Azdo => Ok(annotations::all(findings, Ci::AzurePipelines)),
            Self::Markdown => Ok(markdown::render(findings)),
        }
    }
}
