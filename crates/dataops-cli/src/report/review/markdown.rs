//! The comment.

use std::fmt::Write as _;

use data_contract::compare::{Comparison, Impact};
use dataops_plan::markdown as plan_markdown;

use super::{ChangeReview, ContractChange, ContractOutcome, FileChange, Planned};
use crate::report::cells::{cell, code};
use crate::report::difference::markdown::markdown_within;
use crate::report::findings::{counts, markdown::table};
use crate::terminal::without_commands;

/// The most rows of the tables, which leave room for the rest.
const FINDINGS: usize = 40;
const FILES: usize = 40;
const CONTRACT_CHANGES: usize = 25;
/// The most characters of what stands before the difference.
const FIRST: usize = 20_000;
/// What is kept for the words about what was left out.
const RESERVE: usize = 600;

/// The comment about a commit that cannot be reviewed.
pub(crate) fn unreviewed(mark: &str, commit: &str, why: &str) -> String {
    let (commit, why) = (code(commit), cell(why));
    without_commands(&format!(
        "{mark}\n## Cannot be reviewed\n\n🔴 **{commit} cannot be reviewed**: {why}\n"
    ))
}

impl ChangeReview {
    /// The comment in at most so many characters; what does not fit is told.
    pub(crate) fn markdown(&self, most: usize) -> String {
        let mut text = format!(
            "{}\n## {}\n\n{}\n",
            self.mark(),
            cell(&self.name),
            self.summary()
        );
        let mut left_out = Vec::new();
        for (name, section) in [
            ("what becomes of data contracts", self.contracts()),
            ("the new findings", self.findings()),
            (
                "what it means for environments",
                self.environments.markdown(),
            ),
            ("the other files", self.other_files()),
        ] {
            match text.len() + section.len() <= FIRST.min(most / 2) {
                true => text.push_str(&section),
                false => left_out.push(name),
            }
        }
        let rest = most.saturating_sub(text.chars().count() + RESERVE);
        let planned = self.planned(rest / 3);
        // Each part counts bytes or characters; bytes are the more.
        let room = rest.saturating_sub(planned.len());
        let change = markdown_within(&self.change, room, self.dialect);
        match change.chars().count() <= room {
            true => text.push_str(&format!("\n{change}")),
            false => left_out.push("the difference of the documents"),
        }
        text.push_str(&planned);
        if !left_out.is_empty() {
            let _ = write!(
                text,
                "\nLeft out to fit into a comment: {}. `dataops diff`, `validate` and `contract diff` show everything.\n",
                left_out.join("; ")
            );
        }
        without_commands(&text)
    }

    /// What a reader has to know first.
    fn summary(&self) -> String {
        let mut parts = Vec::new();
        match self.breaking() {
            0 => {}
            1 => parts.push("🔴 **breaks a data contract**".to_owned()),
            count => parts.push(format!("🔴 **breaks {count} data contracts**")),
        }
        parts.push(match counts(&self.findings.fresh) {
            Some(new) if self.errors() > 0 => format!("❌ {new} new"),
            Some(new) => format!("⚠️ {new} new"),
            None => "✅ no new findings".to_owned(),
        });
        match self.findings.gone {
            0 => {}
            gone => parts.push(format!("🟢 {gone} gone")),
        }
        parts.extend(self.environments.summary());
        if let Some(Planned::Plan(plan)) = &self.planned
            && !plan.is_applicable()
        {
            let environment = code(&plan.environment);
            parts.push(format!("🔴 cannot be deployed to {environment}"));
        }
        parts.join(" · ")
    }

    fn contracts(&self) -> String {
        if self.contracts.is_empty() {
            return String::new();
        }
        let mut text = "\n### Data contracts\n\n".to_owned();
        for contract in &self.contracts {
            text.push_str(&of_contract(contract));
        }
        text
    }

    fn findings(&self) -> String {
        if self.findings.fresh.is_empty() {
            return String::new();
        }
        let table = table(&self.findings.fresh, &self.folder, FINDINGS, self.dialect);
        format!(
            "\n### New findings\n\n{table}\n`dataops validate --explain RULE` says why a rule exists. {} were there before.\n",
            self.findings.kept
        )
    }

    fn other_files(&self) -> String {
        if self.files.is_empty() {
            return String::new();
        }
        let mut text =
            "\n### Notebooks and other files\n\n| | file | lines |\n|---|---|---|\n".to_owned();
        for file in self.files.iter().take(FILES) {
            text.push_str(&of_file(&self.folder, file));
        }
        if let Some(more) = self.files.len().checked_sub(FILES).filter(|more| *more > 0) {
            let _ = writeln!(text, "| | and {more} more | |");
        }
        text
    }

    fn planned(&self, most: usize) -> String {
        match &self.planned {
            None => String::new(),
            Some(Planned::Plan(plan)) => format!("\n{}", plan_markdown(plan, most)),
            Some(Planned::Not(environment, why)) => {
                format!("\n### No plan for {}\n\n{}\n", code(environment), cell(why))
            }
        }
    }
}

fn of_contract(contract: &ContractChange) -> String {
    let path = code(&contract.path);
    match &contract.outcome {
        ContractOutcome::New => format!("- 🟢 {path} is new\n"),
        ContractOutcome::Gone => {
            format!("- 🔴 {path} is gone: nothing is promised any more to those who rely on it\n")
        }
        ContractOutcome::Ended(status) => {
            format!("- 🟢 {path}, which was {}, is gone\n", code(status))
        }
        ContractOutcome::Unread(why) => {
            format!("- ⚠️ {path} cannot be compared: {}\n", cell(why))
        }
        ContractOutcome::Changed(comparison) => of_comparison(&path, comparison),
    }
}

fn of_comparison(path: &str, comparison: &Comparison) -> String {
    let sign = match comparison.worst() {
        Some(Impact::Breaking) => "🔴",
        _ => "🟡",
    };
    let mut text = format!(
        "- {sign} {path}, {} → {}",
        code(&comparison.old_version),
        code(&comparison.new_version)
    );
    if let Some(suggested) = comparison
        .suggested()
        .filter(|_| !comparison.is_versioned())
    {
        let _ = write!(text, ": the version ought to be {}", code(&suggested));
    }
    text.push('\n');
    for change in comparison.changes.iter().take(CONTRACT_CHANGES) {
        let sign = match change.impact {
            Impact::Breaking => "🔴 breaks those who rely on it:",
            Impact::Compatible => "🟢",
            Impact::Note => "💡",
        };
        let _ = writeln!(
            text,
            "  - {sign} {}: {}",
            code(&change.subject),
            cell(&change.message)
        );
    }
    let more = comparison.changes.len().saturating_sub(CONTRACT_CHANGES);
    if more > 0 {
        let _ = writeln!(text, "  - and {more} more");
    }
    text
}

fn of_file(folder: &str, file: &FileChange) -> String {
    let sign = match file.how {
        "added" => "🟢 added",
        "removed" => "🔴 removed",
        _ => "🟡 changed",
    };
    let path = code(&format!("{folder}{}", file.path));
    let (added, removed) = (file.added_lines, file.removed_lines);
    format!("| {sign} | {path} | +{added} −{removed} |\n")
}
