//! Records in a table, in Markdown, and as lines of JSON.

use std::fmt::Write as _;

use dataops_plan::{Line, Tone};

use super::lines::{Lines, harmless, table};
use super::markdown::{code, escape};
use crate::chain::Break;
use crate::promotion::short;
use crate::record::{Cause, Deployment, Did, Outcome, Record, Test};
use crate::who::short_commit;

const HEADS: [&str; 8] = [
    "when (UTC)",
    "env",
    "record",
    "what",
    "bundle",
    "commit",
    "by",
    "outcome",
];

/// The most characters of a cell on a terminal.
const MOST: usize = 32;
/// The same of the last column.
const MOST_OF_OUTCOME: usize = 72;
/// The most characters of an outcome in Markdown.
const MOST_IN_MARKDOWN: usize = 400;
/// Stands for the rest of a text.
const MORE: char = '…';

/// Records on a terminal, and where their chains are not as they were written.
#[must_use]
pub fn audit(records: &[&Record], breaks: &[Break]) -> Vec<Line> {
    let mut lines = Lines::default();
    if records.is_empty() {
        lines.add(Tone::Plain, "no records");
    } else {
        let mut rows = vec![HEADS.map(str::to_owned).to_vec()];
        let most = [
            usize::MAX,
            MOST,
            usize::MAX,
            MOST,
            MOST,
            MOST,
            MOST,
            MOST_OF_OUTCOME,
        ];
        let short = |record: &&Record| {
            let cells = cells(record).into_iter().zip(most);
            cells
                .map(|(cell, most)| harmless(&shortened(&cell, most)))
                .collect()
        };
        rows.extend(records.iter().map(short));
        let tones = records.iter().map(|record| tone(record));
        for (text, tone) in table(&rows)
            .iter()
            .zip(std::iter::once(Tone::Heading).chain(tones))
        {
            lines.add(tone, text);
        }
        if rows.iter().flatten().any(|cell| cell.ends_with(MORE)) {
            let text = format!("{MORE} stands for the rest of a text; --format json has all of it");
            lines.add(Tone::Quiet, text);
        }
    }
    if !breaks.is_empty() {
        lines.add(Tone::Plain, "");
        lines.add(Tone::Error, "The records are not as they were written:");
        for found in breaks {
            lines.add(Tone::Error, format!("  {found}"));
        }
    }
    lines.0
}

/// Records as Markdown, and where their chains are not as they were written.
#[must_use]
pub fn audit_markdown(records: &[&Record], breaks: &[Break]) -> String {
    let mut text = String::from("### Deployments and tests\n\n");
    match records.is_empty() {
        true => text.push_str("No records.\n"),
        false => {
            let _ = writeln!(
                text,
                "| {} |\n|{}",
                HEADS.join(" | "),
                "---|".repeat(HEADS.len())
            );
            for record in records {
                let [when, environment, number, what, bundle, commit, by, outcome] = cells(record);
                let url = record.who.run.as_ref().and_then(|run| run.url.as_deref());
                let by = match url.filter(|url| {
                    url.starts_with("https://") && !url.contains(['(', ')', '|', ' '])
                }) {
                    Some(url) => format!("[{}]({url})", escape(&by)),
                    None => escape(&by),
                };
                let _ = writeln!(
                    text,
                    "| {when} | {} | {number} | {} | {} | {} | {by} | {} |",
                    escape(&environment),
                    escape(&what),
                    code(&bundle),
                    code(&commit),
                    escape(&shortened(&outcome, MOST_IN_MARKDOWN))
                );
            }
        }
    }
    if !breaks.is_empty() {
        text.push_str("\n**The records are not as they were written:**\n\n");
        for found in breaks {
            let _ = writeln!(text, "- {}", escape(&found.to_string()));
        }
    }
    text
}

/// Records as lines of JSON, as they are written.
#[must_use]
pub fn json_lines(records: &[&Record]) -> String {
    let mut text = String::new();
    for record in records {
        text += &serde_json::to_string(record).expect("a record has text keys only");
        text.push('\n');
    }
    text
}

fn tone(record: &Record) -> Tone {
    match record.is_success() {
        true => Tone::Plain,
        false => Tone::Removed,
    }
}

/// A text in one line, of which no more than so many characters are shown.
fn shortened(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(most) {
        None => text,
        Some(_) => {
            let shown: String = text.chars().take(most.saturating_sub(1)).collect();
            shown + &MORE.to_string()
        }
    }
}

fn cells(record: &Record) -> [String; 8] {
    let (what, commit, outcome) = match &record.did {
        Did::Deployment(deployment) => {
            (cause(deployment), commit(deployment), deployed(deployment))
        }
        Did::Test(test) => (format!("test {}", test.name), String::new(), tested(test)),
    };
    [
        record.at.short(),
        record.environment.clone(),
        record.number.to_string(),
        what,
        record.bundle().map(short).unwrap_or_default().to_owned(),
        commit,
        record.who.to_string(),
        outcome,
    ]
}

fn cause(deployment: &Deployment) -> String {
    match deployment.is_whole() {
        true => deployment.cause.to_string(),
        // A binding is always one of a part.
        false if deployment.cause == Cause::Binding => deployment.cause.to_string(),
        false => format!("{} of a part", deployment.cause),
    }
}

fn commit(deployment: &Deployment) -> String {
    let commit = deployment.source.commit.as_deref().unwrap_or_default();
    let commit = short_commit(commit);
    match deployment.source.dirty {
        true => format!("{commit}+"),
        false => commit.to_owned(),
    }
}

fn deployed(deployment: &Deployment) -> String {
    let outcome = deployment.outcome;
    let counts = deployment.planned;
    let is_removed = deployment.cause == Cause::Removal && outcome == Outcome::Deployed;
    let changed = match (outcome, counts.changed(), counts.unchanged) {
        (Outcome::Begun, ..) => ": it was killed, or goes on".to_owned(),
        (Outcome::NotBegun | Outcome::Failed | Outcome::RolledBack, ..) => String::new(),
        (_, 0, _) if is_removed => ", nothing was there".to_owned(),
        (_, changed, _) if is_removed => format!(", {changed} deleted, {} left", counts.skip),
        (_, 0, _) => ", nothing to change".to_owned(),
        (_, changed, same) => format!(", {changed} changed, {same} as they were"),
    };
    let told = match &deployment.reason {
        Some(reason) => format!("{outcome}: {reason}"),
        None if is_removed => format!("removed{changed}"),
        None => format!("{outcome}{changed}"),
    };
    let told = match &deployment.arm {
        Some(arm) => format!("{told}; ARM deployment {}", arm.name),
        None => told,
    };
    match &deployment.overridden {
        Some(overridden) => format!("{told}; conditions overridden: {}", overridden.reason),
        None => told,
    }
}

fn tested(test: &Test) -> String {
    let outcome = test.outcome;
    match (&test.reason, test.failures(), test.cases.len()) {
        (Some(reason), ..) => format!("{outcome}: {reason}"),
        (None, 0, 0) => outcome.to_string(),
        (None, 0, 1) => format!("{outcome}, 1 check"),
        (None, failures, 1) => format!("{outcome}, {failures} of 1 check"),
        (None, 0, count) => format!("{outcome}, {count} checks"),
        (None, failures, count) => format!("{outcome}, {failures} of {count} checks"),
    }
}
