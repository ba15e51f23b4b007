//! Files that are not what Data Factory writes: what reading them found.

use adf_source::Problem;

use super::Group;
use crate::{Context, Finding, Findings, Rule, Severity};

pub(super) const GROUP: Group = Group {
    rules: &[&SYNTAX],
    check,
};

static SYNTAX: Rule = Rule {
    id: "ADF006",
    name: "json-syntax",
    severity: Severity::Error,
    summary: "The file is not JSON, and cannot be taken for it",
    explanation: include_str!("../../explanations/ADF006.md"),
};

fn check(context: &Context<'_>, findings: &mut Findings) {
    for problem in &context.repository.problems {
        findings.add(finding(problem));
    }
}

fn finding(problem: &Problem) -> Finding {
    Finding {
        span: problem.span.clone(),
        hint: problem.hint.clone(),
        ..Finding::in_repository(&SYNTAX, &problem.path, &problem.message)
    }
}
