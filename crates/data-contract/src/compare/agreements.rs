//! Agreements of service that do not show in data, such as an availability: they are promised to consumers all the same.

use std::cmp::Ordering;
use std::collections::HashSet;

use yaml_source::Node;

use crate::model::{Contract, Sla, as_text};
use crate::plan::{Category, Plan, Test};
use crate::time::seconds_of;

use super::{Change, Impact, Party, Version};

/// Agreements of which a greater value promises more.
const MORE: [&str; 8] = [
    "availability",
    "throughput",
    "generalAvailability",
    "endOfSupport",
    "endOfLife",
    "retention",
    "av",
    "re",
];
/// Agreements of which a smaller value promises more.
const LESS: [&str; 8] = [
    "errorRate",
    "latency",
    "freshness",
    "frequency",
    "timeToDetect",
    "timeToNotify",
    "timeToRepair",
    "ly",
];

/// Tells what is promised otherwise, as far as no check says it.
pub(super) fn compare(
    (old, old_plan): (&Contract, &Plan),
    (new, new_plan): (&Contract, &Plan),
    changes: &mut Vec<Change>,
) {
    let (checked, still) = (checked(old_plan), checked(new_plan));
    for after in new.sla() {
        let line = line(new, after.node);
        let before = old.sla().find(|before| key(*before) == key(after));
        let Some(before) = before.filter(|before| {
            let was = self::line(old, before.node);
            !still.contains(&line) && !checked.contains(&was) && words(*before) != words(after)
        }) else {
            continue;
        };
        let property = after.property();
        let (impact, concerns, how) = weight(&property, order(before, after));
        changes.push(Change {
            impact,
            concerns,
            subject: format!("sla {property}"),
            message: format!(
                "{how}: {} instead of {}",
                words(after).trim(),
                words(before).trim()
            ),
            version: Version::New,
            line,
        });
    }
}

/// The lines of agreements that data show.
fn checked(plan: &Plan) -> HashSet<u64> {
    let checks = plan.checks.iter().filter(|check| {
        check.category == Category::Sla && !matches!(check.test, Test::NotExecutable { .. })
    });
    checks.map(|check| check.line).collect()
}

fn line(contract: &Contract, node: &Node) -> u64 {
    u64::try_from(contract.position(node).line).unwrap_or(1)
}

/// What an agreement is known by.
fn key(sla: Sla<'_>) -> (Option<String>, String, Vec<String>) {
    let id = sla.id().map(std::borrow::Cow::into_owned);
    (id, sla.property().into_owned(), sla.elements())
}

/// The value of an agreement with its unit.
fn words(sla: Sla<'_>) -> String {
    let value = sla.value().and_then(as_text).unwrap_or_default();
    format!("{value} {}", sla.unit().unwrap_or_default())
}

/// Whether the value grew: as a span of time, as a number of the same unit, or as a day.
fn order(old: Sla<'_>, new: Sla<'_>) -> Option<Ordering> {
    let value = |sla: Sla<'_>| {
        let value = sla.value().and_then(as_text);
        value.map_or_else(String::new, std::borrow::Cow::into_owned)
    };
    let (before, after) = (value(old), value(new));
    let seconds = |sla: Sla<'_>, value: &str| seconds_of(value, sla.unit().as_deref()).ok();
    if let (Some(before), Some(after)) = (seconds(old, &before), seconds(new, &after)) {
        return after.partial_cmp(&before);
    }
    if old.unit() != new.unit() {
        return None;
    }
    let number = |value: &str| {
        value
            .trim()
            .trim_end_matches('%')
            .trim()
            .parse::<f64>()
            .ok()
    };
    if let (Some(before), Some(after)) = (number(&before), number(&after)) {
        return after.partial_cmp(&before);
    }
    let day = |value: &str| value.get(..10)?.parse::<jiff::civil::Date>().ok();
    Some(day(&after)?.cmp(&day(&before)?))
}

fn weight(property: &str, order: Option<Ordering>) -> (Impact, Party, &'static str) {
    let known = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(property));
    let grows = match order {
        Some(Ordering::Equal) => {
            return (Impact::Note, Party::Both, "the same is written otherwise");
        }
        Some(order) if known(&MORE) => Some(order),
        Some(order) if known(&LESS) => Some(order.reverse()),
        _ => None,
    };
    match grows {
        Some(Ordering::Less) => (Impact::Breaking, Party::Consumers, "less is promised"),
        Some(_) => (Impact::Compatible, Party::Producers, "more is promised"),
        None => (Impact::Compatible, Party::Both, "it is promised otherwise"),
    }
}
