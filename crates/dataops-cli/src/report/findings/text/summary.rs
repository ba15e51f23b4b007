//! The rules that found something, and how much there is in all.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::Style;
use dataops_check::{Finding, Severity};

use super::style;
use crate::report::findings::Findings;
use crate::terminal::one_line;

const BOLD: Style = Style::new().bold();

/// Writes the table and the sums.
pub(super) fn write(text: &mut String, findings: &Findings<'_>) {
    table(text, findings);
    let mended = match findings.fixed {
        0 => String::new(),
        1 => "mended 1 place; ".to_owned(),
        fixed => format!("mended {fixed} places; "),
    };
    let files = match findings.files {
        1 => "1 file".to_owned(),
        files => format!("{files} files"),
    };
    // Writing to a text cannot fail, here and below.
    let _ = match findings.counts() {
        None => writeln!(text, "{mended}{BOLD}no findings{BOLD:#} in {files}"),
        Some(counts) => writeln!(
            text,
            "{mended}{BOLD}{counts}{BOLD:#} in {} of {files}",
            findings.files_with_findings()
        ),
    };
    let _ = match findings.fixable() {
        0 => Ok(()),
        1 => writeln!(text, "`dataops validate --fix` mends 1 of them"),
        count => writeln!(text, "`dataops validate --fix` mends {count} of them"),
    };
    if let Some(left_out) = &findings.left_out {
        let warning = style(Severity::Warning);
        let _ = writeln!(
            text,
            "{warning}warning{warning:#}: {}",
            one_line(&left_out.sentence())
        );
    }
    let gravest = findings
        .found
        .iter()
        .min_by_key(|finding| finding.rule.severity);
    if let Some(finding) = gravest {
        let _ = writeln!(
            text,
            "`dataops validate --explain {}` says why",
            finding.rule.id
        );
    }
}

/// The rules, the gravest first, each with how often it was broken and where first.
fn table(text: &mut String, findings: &Findings<'_>) {
    let mut rules: BTreeMap<(Severity, Cow<'_, str>), (usize, &Finding)> = BTreeMap::new();
    for finding in &findings.found {
        let key = (finding.rule.severity, finding.id());
        rules.entry(key).or_insert((0, finding)).0 += 1;
    }
    let widest =
        |length: fn(&(usize, &Finding)) -> usize| rules.values().map(length).max().unwrap_or(0);
    let id = widest(|(_, first)| first.id().len());
    let name = widest(|(_, first)| first.rule.name.len());
    let digits = widest(|(count, _)| count.to_string().len());
    for (count, first) in rules.values() {
        let rule = first.rule;
        let line = first
            .span
            .as_ref()
            .map_or(String::new(), |span| format!(":{}", span.start.line));
        let place = one_line(&format!("{}{line}", findings.shown(&first.path)));
        let severity = style(rule.severity);
        let _ = writeln!(
            text,
            "{severity}{:<7}{severity:#}  {:<id$}  {:<name$}  {count:>digits$}  {place}",
            rule.severity.word(),
            first.id(),
            rule.name,
        );
    }
    if !rules.is_empty() {
        text.push('\n');
    }
}
