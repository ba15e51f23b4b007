//! The findings as a comment on a pull request.

use super::MergeReport;
use super::finding::Finding;
use crate::report::difference::text::{code, inline};

/// The most rows of a comment.
const MOST: usize = 100;

impl MergeReport {
    /// The same as a comment on a pull request.
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("### Data Factory: {}\n\n", self.verdict());
        text.push_str(&format!(
            "{} and {}, since {}\n",
            code(&self.one),
            code(&self.other),
            code(&self.base)
        ));
        if self.findings.is_empty() {
            return text;
        }
        text.push_str("\n| | resource | what breaks | where |\n|---|---|---|---|\n");
        for finding in self.findings.iter().take(MOST) {
            text.push_str(&row(finding));
        }
        if self.findings.len() > MOST {
            text.push_str(&format!(
                "\nand {} more; `dataops diff --merge` shows them\n",
                self.findings.len() - MOST
            ));
        }
        text
    }
}

fn row(finding: &Finding) -> String {
    let sign = match finding.is_warning() {
        true => "🟡",
        false => "🔴",
    };
    let places = finding.places.iter().map(|place| code(&place.shown()));
    let changes = finding.changes.iter();
    let changes = changes.map(|change| code(&change.shown()));
    let places: Vec<_> = places.chain(changes).collect();
    let path = finding
        .path
        .as_ref()
        .map(|path| format!("{}: ", code(path)))
        .unwrap_or_default();
    let rule = finding
        .rule
        .as_ref()
        .map(|rule| format!(" ({rule})"))
        .unwrap_or_default();
    let changes: String = finding
        .changes
        .iter()
        .map(|change| format!("<br>{}: {}", code(&change.side), inline(&change.text)))
        .collect();
    format!(
        "| {sign} | {} {} | {path}{}{rule}{changes} | {} |\n",
        finding.kind,
        code(&finding.name),
        inline(&finding.text),
        places.join("<br>")
    )
}
