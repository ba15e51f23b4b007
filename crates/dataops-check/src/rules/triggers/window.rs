//! Triggers that fire for windows of time, one after the other.

use adf_model::Kind;
use serde_json::Value;

use super::{CONCURRENCY, DEPENDENCY, RETRY, Trigger, WINDOW, moment};
use crate::value::{constant, is_dynamic, whole_number};
use crate::{Findings, suggestion, time_span};

const FREQUENCIES: [&str; 3] = ["Minute", "Hour", "Month"];

/// The shortest window, in minutes.
const SHORTEST: i64 = 5;

/// The most triggers that one waits for.
const MOST_DEPENDENCIES: usize = 5;

pub(super) fn check(trigger: &Trigger<'_, '_>, findings: &mut Findings) {
    check_size(trigger, findings);
    check_range(
        trigger,
        "maxConcurrency",
        1,
        50,
        true,
        &CONCURRENCY,
        findings,
    );
    moment::check(trigger, "typeProperties", None, true, findings);
    let policy = trigger.property("retryPolicy");
    if policy.is_some() {
        check_range(
            trigger,
            "retryPolicy/count",
            0,
            i64::MAX,
            false,
            &RETRY,
            findings,
        );
        check_range(
            trigger,
            "retryPolicy/intervalInSeconds",
            30,
            86_400,
            false,
            &RETRY,
            findings,
        );
    }
    if let Some(delay) = trigger.property("delay").and_then(constant)
        && time_span::seconds(delay).is_none_or(|seconds| seconds < 0)
    {
        let message = format!("`{delay}` is no span of time to wait for");
        findings.add(trigger.at(&WINDOW, "typeProperties/delay", message));
    }
    check_dependencies(trigger, findings);
}

fn check_size(trigger: &Trigger<'_, '_>, findings: &mut Findings) {
    let frequency = trigger.property("frequency").and_then(Value::as_str);
    match frequency {
        Some(frequency)
            if FREQUENCIES
                .iter()
                .any(|known| known.eq_ignore_ascii_case(frequency)) => {}
        Some(frequency) => {
            let message = format!("a window has no frequency `{frequency}`");
            let hint = suggestion::meant(frequency, FREQUENCIES)
                .unwrap_or_else(|| format!("it is one of {}", FREQUENCIES.join(", ")));
            findings.add(
                trigger
                    .at(&WINDOW, "typeProperties/frequency", message)
                    .hint(hint),
            );
        }
        None => {
            findings.add(trigger.missing(
                &WINDOW,
                format!("{} has no `frequency`", trigger.resource.id),
            ));
        }
    }
    let Some(interval) = trigger.property("interval") else {
        findings.add(trigger.missing(
            &WINDOW,
            format!("{} has no `interval`", trigger.resource.id),
        ));
        return;
    };
    let least = match frequency {
        Some(frequency) if frequency.eq_ignore_ascii_case("Minute") => SHORTEST,
        _ => 1,
    };
    if !is_dynamic(interval) && whole_number(interval).is_none_or(|interval| interval < least) {
        let message = match least {
            SHORTEST => format!("a window has {SHORTEST} minutes at least"),
            _ => "`interval` is a whole number from 1".to_owned(),
        };
        findings.add(trigger.at(&WINDOW, "typeProperties/interval", message));
    }
}

fn check_range(
    trigger: &Trigger<'_, '_>,
    below: &str,
    least: i64,
    most: i64,
    needed: bool,
    rule: &'static crate::Rule,
    findings: &mut Findings,
) {
    let name = below.rsplit('/').next().unwrap_or(below);
    let place = format!("typeProperties/{below}");
    let value = trigger.properties.pointer(&format!("/{place}"));
    match value.filter(|value| !value.is_null()) {
        None if needed => {
            findings.add(trigger.missing(rule, format!("{} has no `{name}`", trigger.resource.id)));
        }
        None => {}
        Some(value) => {
            let number = whole_number(value);
            if is_dynamic(value) || number.is_some_and(|number| (least..=most).contains(&number)) {
                return;
            }
            let end = match most {
                i64::MAX => String::new(),
                most => format!(" to {most}"),
            };
            let message = format!("`{name}` is a whole number from {least}{end}");
            findings.add(trigger.at(rule, &place, message));
        }
    }
}

fn check_dependencies(trigger: &Trigger<'_, '_>, findings: &mut Findings) {
    let dependencies = trigger.property("dependsOn").and_then(Value::as_array);
    let dependencies = dependencies.map_or(&[][..], Vec::as_slice);
    if dependencies.len() > MOST_DEPENDENCIES {
        let message = format!(
            "a trigger waits for at most {MOST_DEPENDENCIES} others, this one for {}",
            dependencies.len()
        );
        findings.add(trigger.at_key(&DEPENDENCY, "typeProperties/dependsOn", message));
    }
    for (at, dependency) in dependencies.iter().enumerate() {
        let place = format!("typeProperties/dependsOn/{at}");
        let span = |name: &str| {
            let text = dependency.get(name).and_then(constant)?;
            Some((text, time_span::seconds(text)))
        };
        let kind = dependency.get("type").and_then(Value::as_str);
        let itself = kind == Some("SelfDependencyTumblingWindowTriggerReference");
        match span("offset") {
            Some((_, Some(seconds))) if !itself || seconds < 0 => {}
            Some((text, Some(_))) => {
                let message = format!(
                    "a trigger waits for its own earlier windows, and `{text}` is not earlier"
                );
                let finding = trigger.at(&DEPENDENCY, &format!("{place}/offset"), message);
                findings.add(finding.hint("write a negative offset, such as -01:00:00"));
            }
            Some((text, None)) => {
                let message = format!("`{text}` is no span of time");
                findings.add(trigger.at(&DEPENDENCY, &format!("{place}/offset"), message));
            }
            None if itself => {
                findings.add(trigger.at(
                    &DEPENDENCY,
                    &format!("{place}/type"),
                    "a dependency on itself needs a negative `offset`",
                ));
            }
            None => {}
        }
        if let Some((text, seconds)) = span("size")
            && seconds.is_none_or(|seconds| seconds <= 0)
        {
            let message = format!("`{text}` is no size of a window");
            findings.add(trigger.at(&DEPENDENCY, &format!("{place}/size"), message));
        }
        check_target(trigger, dependency, &place, findings);
    }
}

/// The trigger that is waited for is another one with windows.
fn check_target(
    trigger: &Trigger<'_, '_>,
    dependency: &Value,
    place: &str,
    findings: &mut Findings,
) {
    let name = dependency.pointer("/referenceTrigger/referenceName");
    let Some(name) = name.and_then(Value::as_str) else {
        return;
    };
    let place = format!("{place}/referenceTrigger/referenceName");
    let Some(target) = trigger.context.find(Kind::Trigger, name) else {
        return;
    };
    if target.id == trigger.resource.id {
        // A circular reference, which is another finding.
        return;
    }
    let kind = target.property("type").and_then(Value::as_str);
    if let Some(kind) = kind.filter(|kind| *kind != "TumblingWindowTrigger") {
        let message = format!("trigger `{name}` is a {kind}, which has no windows");
        findings.add(trigger.at(&DEPENDENCY, &place, message));
    }
}
