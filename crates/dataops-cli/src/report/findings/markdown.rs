//! Findings as a table for a comment on a pull request.

use std::fmt::Write as _;

use dataops_check::{Finding, Severity};

use super::{Findings, shown};
use crate::report::cells::{cell, code};
use crate::report::dialect::Dialect;

/// The most rows; a comment has room for 65,536 characters.
const MOST_ROWS: usize = 200;

/// A heading, a table with the gravest findings first, and what is left out.
pub(super) fn render(findings: &Findings<'_>) -> String {
    let left_out = findings
        .left_out
        .as_ref()
        .map_or(String::new(), |left_out| {
            format!("\n⚠️ {}\n", cell(&left_out.sentence()))
        });
    let Some(counts) = findings.counts() else {
        return format!(
            "### ✅ `dataops validate`: no findings in {} files\n{left_out}",
            findings.files
        );
    };
    let sign = if findings.holds() { "⚠️" } else { "❌" };
    let mut text = format!("### {sign} `dataops validate`: {counts}\n\n");
    text.push_str(&table(
        &findings.found,
        &findings.folder,
        MOST_ROWS,
        Dialect::GitHub,
    ));
    text.push_str(&left_out);
    text.push_str("\n`dataops validate --explain RULE` says why a rule exists.\n");
    text
}

/// A table of findings, the gravest first, with at most so many rows.
pub(crate) fn table(found: &[Finding], folder: &str, most: usize, dialect: Dialect) -> String {
    let mut text = "| | rule | place | finding |\n|---|---|---|---|\n".to_owned();
    let mut rows: Vec<&Finding> = found.iter().collect();
    rows.sort_by_key(|finding| finding.rule.severity);
    for finding in rows.iter().take(most) {
        text.push_str(&row(folder, finding, dialect));
    }
    if let Some(more) = rows.len().checked_sub(most).filter(|more| *more > 0) {
        // Writing to a text cannot fail.
        let _ = write!(text, "\n{more} more are not shown.\n");
    }
    text
}

fn row(folder: &str, finding: &Finding, dialect: Dialect) -> String {
    let sign = match finding.rule.severity {
        Severity::Error => "❌",
        Severity::Warning => "⚠️",
        Severity::Note => "💡",
    };
    let line = finding
        .span
        .as_ref()
        .map_or(String::new(), |span| format!(":{}", span.start.line));
    let place = format!("{}{line}", shown(folder, &finding.path));
    let hint = finding.hint.as_ref().map_or(String::new(), |hint| {
        format!("{}{}", dialect.line_break(), cell(hint))
    });
    let rule = finding.rule;
    format!(
        "| {sign} | `{}` {} | {} | {}{hint} |\n",
        finding.id(),
        rule.name,
        code(&place),
        cell(&finding.message)
    )
}
