//! Findings as one JSON document. Paths are from the solution's root, which `folder` leads to.

use adf_source::Span;
use dataops_check::{Finding, Related, Severity};
use serde::Serialize;

use super::Findings;

#[derive(Serialize)]
pub(super) struct Document<'f> {
    folder: &'f str,
    findings: Vec<Item<'f>>,
    summary: Summary<'f>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'f> {
    rule: &'f str,
    name: &'f str,
    /// The code that another tool has for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'f str>,
    severity: Severity,
    #[serde(flatten)]
    place: Place<'f>,
    pointer: Option<&'f str>,
    message: &'f str,
    hint: Option<&'f str>,
    related: Vec<RelatedItem<'f>>,
    fixable: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place<'f> {
    file: &'f str,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

#[derive(Serialize)]
struct RelatedItem<'f> {
    #[serde(flatten)]
    place: Place<'f>,
    message: &'f str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'f> {
    errors: usize,
    warnings: usize,
    notes: usize,
    fixable: usize,
    fixed: usize,
    files: usize,
    holds: bool,
    /// What could not be looked at, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<&'f str>,
}

pub(super) fn document<'f>(findings: &'f Findings<'_>) -> Document<'f> {
    let left_out = findings.left_out.as_ref();
    Document {
        folder: match findings.folder.as_str() {
            "" => ".",
            folder => folder,
        },
        findings: findings.found.iter().map(item).collect(),
        summary: Summary {
            errors: findings.count(Severity::Error),
            warnings: findings.count(Severity::Warning),
            notes: findings.count(Severity::Note),
            fixable: findings.fixable(),
            fixed: findings.fixed,
            files: findings.files,
            holds: findings.holds(),
            left_out: left_out.map(|left_out| left_out.message.as_str()),
        },
    }
}

fn item(finding: &Finding) -> Item<'_> {
    Item {
        rule: finding.rule.id,
        name: finding.rule.name,
        code: finding.code.as_deref(),
        severity: finding.rule.severity,
        place: place(&finding.path, finding.span.as_ref()),
        pointer: finding.pointer.as_deref(),
        message: &finding.message,
        hint: finding.hint.as_deref(),
        related: finding.related.iter().map(related).collect(),
        fixable: finding.fix.is_some(),
    }
}

fn related(related: &Related) -> RelatedItem<'_> {
    RelatedItem {
        place: place(&related.path, related.span.as_ref()),
        message: &related.message,
    }
}

fn place<'f>(file: &'f str, span: Option<&Span>) -> Place<'f> {
    Place {
        file,
        line: span.map(|span| span.start.line),
        column: span.map(|span| span.start.column),
        end_line: span.map(|span| span.end.line),
        end_column: span.map(|span| span.end.column),
    }
}
