//! Findings as a JUnit test report: a test case for each finding, and one for each rule that was asked for and found nothing.

use std::collections::BTreeSet;

use dataops_check::{Finding, Rule};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::Findings;
use crate::failure::Failure;
use crate::report::junit::written;
use crate::terminal::harmless;

pub(super) fn render(findings: &Findings<'_>) -> Result<String, Failure> {
    let mut suite = TestSuite::new("dataops validate");
    let broken: BTreeSet<_> = findings
        .found
        .iter()
        .map(|finding| finding.rule.id)
        .collect();
    for rule in findings
        .rules
        .iter()
        .filter(|rule| !broken.contains(rule.id))
    {
        let mut case = TestCase::new(rule.summary, silent(findings, rule));
        case.set_classname(format!("{} {}", rule.id, rule.name));
        suite.add_test_case(case);
    }
    for finding in &findings.found {
        suite.add_test_case(case(findings, finding));
    }
    let mut report = Report::new("dataops validate");
    report.add_test_suite(suite);
    written(&report)
}

/// How the test of a rule ended that found nothing: it was skipped where it could not look.
fn silent(findings: &Findings<'_>, rule: &Rule) -> TestCaseStatus {
    let left_out = findings.left_out.as_ref();
    match left_out.filter(|left_out| rule.id.starts_with(left_out.rules)) {
        None => TestCaseStatus::success(),
        Some(left_out) => {
            let mut skipped = TestCaseStatus::skipped();
            skipped.set_message(harmless(&left_out.sentence()));
            skipped
        }
    }
}

fn case(findings: &Findings<'_>, finding: &Finding) -> TestCase {
    let rule = finding.rule;
    let path = findings.shown(&finding.path);
    let place = finding.span.as_ref().map_or(path.clone(), |span| {
        format!("{path}:{}:{}", span.start.line, span.start.column)
    });
    let message = harmless(&finding.message);
    let hint = finding
        .hint
        .as_ref()
        .map_or(String::new(), |hint| format!("\n{}", harmless(hint)));
    let place = harmless(&place);
    let details = format!("{place}\n{message}{hint}");
    let status = match findings.fail_on.fails(rule.severity) {
        true => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status
                .set_type(finding.id())
                .set_message(message)
                .set_description(details.clone());
            status
        }
        false => TestCaseStatus::success(),
    };
    let failed = !matches!(status, TestCaseStatus::Success { .. });
    let mut case = TestCase::new(place, status);
    case.set_classname(format!("{} {}", finding.id(), rule.name));
    if !failed {
        case.set_system_out(format!("{}: {details}", rule.severity.word()));
    }
    case.extra.insert("file".into(), harmless(&path).into());
    if let Some(span) = &finding.span {
        case.extra
            .insert("line".into(), span.start.line.to_string().into());
    }
    case
}
