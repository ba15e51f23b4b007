//! For a comment on a pull request or the summary of a job: what does not hold first, the rest folded.

use data_contract::verdict::{CheckResult, Status};

use super::words::{details, is_notable, read, summary};
use super::{Held, Outcome, Verdicts, databricks};
use crate::report::cells::{cell, code};
use crate::terminal::grouped;

/// The most rows of a table.
const MOST_ROWS: usize = 200;
/// The most bytes of all tables; a comment has room for 65,536 characters.
const MOST_BYTES: usize = 48 * 1024;
/// The most details of a check.
const MOST_DETAILS: usize = 12;

pub(super) fn render(verdicts: &Verdicts) -> String {
    let sign = match verdicts.outcome() {
        Outcome::Holds => "✅",
        Outcome::Warns | Outcome::Undecided => "⚠️",
        Outcome::Fails => "❌",
    };
    let mut text = format!("### {sign} Data contracts: {}\n", summary(verdicts));
    for held in &verdicts.contracts {
        contract(held, &mut text);
    }
    text
}

fn contract(held: &Held, text: &mut String) {
    let verdict = &held.verdict;
    let (about, id) = (&held.about, verdict.contract.as_str());
    text.push_str(&format!(
        "\n#### {} {}\n\n",
        cell(about.title(id)),
        cell(&verdict.version)
    ));
    if let Some(purpose) = &about.purpose {
        text.push_str(&format!("{}\n\n", cell(purpose)));
    }
    let facts = about.facts(id).into_iter();
    let facts = facts.map(|(name, value)| format!("{name}: {}", code(&value)));
    let facts: Vec<_> = facts.collect();
    if !facts.is_empty() {
        text.push_str(&format!("{}\n\n", facts.join(" · ")));
    }
    for object in &verdict.objects {
        let read = read(object);
        text.push_str(&format!(
            "- {}: {} {}\n",
            cell(&object.name),
            code(&object.location),
            cell(&read)
        ));
    }
    if let Some(took) = &held.databricks {
        text.push_str(&format!("- {}\n", cell(&databricks::sentence(took))));
    }
    let mut checks: Vec<_> = verdict.checks.iter().collect();
    checks.sort_by_key(|check| std::cmp::Reverse(check.status));
    let (notable, rest): (Vec<_>, Vec<_>) = checks.into_iter().partition(|check| is_notable(check));
    table(&notable, text);
    if !rest.is_empty() {
        let count = grouped(rest.len() as u64);
        text.push_str(&format!("\n<details><summary>{count} hold</summary>\n"));
        table(&rest, text);
        text.push_str("\n</details>\n");
    }
}

fn table(checks: &[&CheckResult], text: &mut String) {
    if checks.is_empty() {
        return;
    }
    text.push_str("\n| | check | measured | expected |\n|---|---|---|---|\n");
    let mut shown = 0;
    for check in checks.iter().take(MOST_ROWS) {
        if text.len() > MOST_BYTES {
            break;
        }
        shown += 1;
        let sign = match check.status {
            Status::Passed => "✅",
            Status::NotExecutable => "➖",
            Status::Warning => "⚠️",
            Status::Failed | Status::Error => "❌",
        };
        let details: String = match is_notable(check) {
            true => folded(&details(check)),
            false => String::new(),
        };
        let of = |text: &Option<String>| cell(text.as_deref().unwrap_or_default());
        text.push_str(&format!(
            "| {sign} | {}<br>{}{details} | {} | {} |\n",
            cell(&check.title),
            code(&check.id),
            of(&check.measured),
            of(&check.expected)
        ));
    }
    if checks.len() > shown {
        let more = grouped((checks.len() - shown) as u64);
        text.push_str(&format!("\n{more} more are not shown.\n"));
    }
}

/// Details in a cell, the first ones of many.
fn folded(details: &[String]) -> String {
    let shown = details.iter().take(MOST_DETAILS);
    let mut text: String = shown.map(|it| format!("<br>{}", cell(it))).collect();
    if let Some(more) = details
        .len()
        .checked_sub(MOST_DETAILS)
        .filter(|more| *more > 0)
    {
        text.push_str(&format!("<br>and {} more", grouped(more as u64)));
    }
    text
}
