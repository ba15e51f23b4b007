//! Findings for people: each with an excerpt of its file, the gravest first, and a table of the rules at the end.
//!
//! Excerpts are made here and not by one of the crates for it: those work out a place's column from the text that they show, so
//! they cannot show a part of a line of a megabyte with its true place.

mod excerpt;
mod paragraph;
mod summary;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use dataops_check::{Finding, Rule, Severity};

use super::Findings;
use crate::terminal::without_commands;

/// The findings, and how many there are.
pub(super) fn render(findings: &Findings<'_>) -> String {
    let mut order: Vec<&Finding> = findings.found.iter().collect();
    order.sort_by_key(|finding| finding.rule.severity);
    let mut seen: HashMap<Cow<'_, str>, usize> = HashMap::new();
    let mut folded: BTreeMap<Cow<'_, str>, (&Rule, usize)> = BTreeMap::new();
    let width = width();
    let mut text = String::new();
    for finding in order {
        let count = seen.entry(finding.id()).or_default();
        *count += 1;
        if *count > most(finding.rule.severity) {
            folded.entry(finding.id()).or_insert((finding.rule, 0)).1 += 1;
            continue;
        }
        paragraph::write(&mut text, findings, finding, width);
        text.push('\n');
    }
    for (id, (rule, more)) in &folded {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "… {more} more of {id} {}", rule.name);
    }
    if !folded.is_empty() {
        text.push_str("`--format json` lists all of them\n\n");
    }
    summary::write(&mut text, findings);
    without_commands(&text)
}

/// How many findings of one rule are shown.
const fn most(severity: Severity) -> usize {
    match severity {
        Severity::Error => 50,
        Severity::Warning => 20,
        Severity::Note => 5,
    }
}

/// The columns that there are.
fn width() -> usize {
    let terminal = terminal_size::terminal_size();
    terminal
        .map_or(120, |(width, _)| usize::from(width.0))
        .clamp(60, 160)
}

const fn style(severity: Severity) -> Style {
    let color = match severity {
        Severity::Error => AnsiColor::BrightRed,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Note => AnsiColor::BrightGreen,
    };
    color.on_default().bold()
}
