//! Findings as commands of a CI system, which shows them at their lines.

use dataops_check::{Finding, Severity};

use super::Findings;
use crate::terminal::{Annotation, Ci, harmless};

/// The most annotations of a severity that a CI system shows for one step.
const SHOWN: usize = 10;

/// One line for each finding, and one that counts them.
pub(super) fn all(findings: &Findings<'_>, ci: Ci) -> String {
    let lines = findings
        .found
        .iter()
        .map(|finding| command(findings, finding, ci));
    let mut text: String = lines.map(|line| line + "\n").collect();
    let counts = findings
        .counts()
        .unwrap_or_else(|| "no findings".to_owned());
    text.extend(left_out(findings, ci).map(|line| line + "\n"));
    text.push_str(&format!("dataops validate: {counts}\n"));
    text
}

/// Commands for the first errors and warnings.
pub(super) fn first(findings: &Findings<'_>, ci: Ci) -> Vec<String> {
    let of = |severity| {
        let found = findings.found.iter();
        found
            .filter(move |finding| finding.rule.severity == severity)
            .take(SHOWN)
    };
    of(Severity::Error)
        .chain(of(Severity::Warning))
        .map(|finding| command(findings, finding, ci))
        .chain(left_out(findings, ci))
        .collect()
}

/// A warning about what could not be looked at.
fn left_out(findings: &Findings<'_>, ci: Ci) -> Option<String> {
    let left_out = findings.left_out.as_ref()?;
    Some(ci.warning(&left_out.sentence()))
}

fn command(findings: &Findings<'_>, finding: &Finding, ci: Ci) -> String {
    let path = findings.in_repository(&finding.path);
    let rule = finding.rule;
    let mut message = finding.message.clone();
    if let Some(hint) = &finding.hint {
        message = format!("{message} ({hint})");
    }
    let span = finding.span.as_ref();
    // Azure Pipelines has no issues below a warning.
    if ci == Ci::AzurePipelines && rule.severity == Severity::Note {
        let place = span.map_or(String::new(), |span| {
            format!("({},{})", span.start.line, span.start.column)
        });
        return harmless(&format!("{path}{place}: note {}: {message}", finding.id()))
            .replace('\n', " ");
    }
    ci.annotate(&Annotation {
        severity: rule.severity,
        title: &format!("{} {}", finding.id(), rule.name),
        code: &finding.id(),
        path: &path,
        span,
        message: &message,
    })
}
