//! JUnit XML: a suite per object, a test case per check.

use std::time::Duration;

use data_contract::verdict::{CheckResult, Status};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::words::{details, word};
use super::{Held, Verdicts};
use crate::failure::Failure;
use crate::report::junit::written;
use crate::terminal::harmless;

pub(super) fn render(verdicts: &Verdicts) -> Result<String, Failure> {
    let mut report = Report::new("data contracts");
    for held in &verdicts.contracts {
        let objects = held.verdict.objects.iter();
        let suites = objects.map(|object| {
            let checks = held.verdict.checks.iter();
            let of_it = checks.filter(|check| check.object == object.name);
            (format!(": {}", object.name), of_it.collect())
        });
        let loose = Some((String::new(), held.loose())).filter(|(_, loose)| !loose.is_empty());
        let suites: Vec<(String, Vec<&CheckResult>)> = suites.chain(loose).collect();
        // One pass makes all checks: each has its share of the time.
        let all = held.verdict.checks.len().max(1) as f64;
        let share = Duration::try_from_secs_f64(held.seconds / all).unwrap_or_default();
        for (name, checks) in suites {
            let verdict = &held.verdict;
            let name = format!("{} {}{name}", verdict.contract, verdict.version);
            let mut suite = TestSuite::new(harmless(&name));
            let ended = format!("{:.0}", jiff::Timestamp::now());
            suite.extra.insert("timestamp".into(), ended.into());
            suite.set_time(share.saturating_mul(u32::try_from(checks.len()).unwrap_or(u32::MAX)));
            for check in checks {
                suite.add_test_case(case(verdicts, held, check, share));
            }
            report.add_test_suite(suite);
        }
    }
    written(&report)
}

fn case(verdicts: &Verdicts, held: &Held, check: &CheckResult, share: Duration) -> TestCase {
    let text = |text: &Option<String>| harmless(text.as_deref().unwrap_or_default());
    let found = match (&check.measured, &check.expected) {
        (Some(_), Some(_)) => format!(
            "{}, expected {}",
            text(&check.measured),
            text(&check.expected)
        ),
        (Some(_), None) => text(&check.measured),
        // Readers list the message, and not what is behind it.
        (None, _) => text(&check.reason),
    };
    let description = [vec![found.clone()], details(check)].concat().join("\n");
    let status = match check.status {
        Status::NotExecutable if !verdicts.fail_on.fails(check.status) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(text(&check.reason));
            status
        }
        status if verdicts.fail_on.fails(status) => {
            let kind = if status == Status::Error {
                NonSuccessKind::Error
            } else {
                NonSuccessKind::Failure
            };
            let mut failed = TestCaseStatus::non_success(kind);
            failed
                .set_type(harmless(&check.id))
                .set_message(found.clone())
                .set_description(description.clone());
            failed
        }
        _ => TestCaseStatus::success(),
    };
    let passed = matches!(status, TestCaseStatus::Success { .. });
    // The id tells apart checks that are called alike, and is the same from run to run.
    let mut case = TestCase::new(harmless(&format!("{}: {}", check.id, check.title)), status);
    let class = match check.object.as_str() {
        "" => held.verdict.contract.clone(),
        object => format!("{}.{object}", held.verdict.contract),
    };
    case.set_classname(harmless(&class)).set_time(share);
    if passed {
        case.set_system_out(format!("{}: {description}", word(check.status)));
    }
    if !held.file.is_empty() {
        let file = harmless(&held.file);
        case.extra.insert("file".into(), file.into());
    }
    if check.line > 0 {
        case.extra
            .insert("line".into(), check.line.to_string().into());
    }
    case
}
