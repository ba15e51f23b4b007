//! Checks of two contracts, by their ids.

use std::collections::{HashMap, HashSet};

use crate::plan::{Category, Check, Measure, Plan, Severity, Step, Test};
use crate::text::listed;

use super::order::{Order, measures, tests};
use super::{Change, Impact, Party, Version, subject};

/// The last part of ids of checks that say what columns say already.
const OF_COLUMNS: [&str; 5] = [
    "notEmpty",
    "extraColumns",
    "present",
    "type",
    "physicalType",
];

pub(super) fn compare(old: &Plan, new: &Plan, changes: &mut Vec<Change>) {
    let before: HashMap<_, _> = wanted(old, new, Version::Old)
        .map(|check| (check.id.as_str(), check))
        .collect();
    let after: HashMap<_, _> = wanted(new, old, Version::New)
        .map(|check| (check.id.as_str(), check))
        .collect();
    let (asked, still_asked) = (meanings(old), meanings(new));
    let renamed = renamed((old, &before), (new, &after));
    let kept: HashSet<&str> = renamed.values().map(|check| check.id.as_str()).collect();
    for check in wanted(new, old, Version::New) {
        let known = before.get(check.id.as_str());
        let change = match known.or_else(|| renamed.get(check.id.as_str())) {
            Some(known) => changed((old, known), (new, check)),
            None if meaning(new, check).is_some_and(|it| asked.contains(&it)) => None,
            None => added(new, check, &asked),
        };
        changes.extend(change);
    }
    for check in wanted(old, new, Version::Old) {
        if kept.contains(check.id.as_str()) {
            continue;
        }
        // One of two that asked for the same may go.
        let still = after.get(repeated(check).unwrap_or(&check.id));
        let is_asked = still.is_some_and(|still| still.title == check.title)
            || meaning(old, check).is_some_and(|it| still_asked.contains(&it));
        if !after.contains_key(check.id.as_str()) && !is_asked {
            changes.push(change(
                (weight(check), Party::Consumers),
                check,
                Version::Old,
                format!("it is no longer asked that {}", check.title),
            ));
        }
    }
}

/// Checks whose id nobody knew, with the one before that asked for the same of the same column, or for another amount of it: a rule is
/// called otherwise, an `enum` is written as a rule, a bound no longer belongs to its range.
fn renamed<'p>(
    (old, before): (&'p Plan, &HashMap<&str, &'p Check>),
    (new, after): (&'p Plan, &HashMap<&str, &'p Check>),
) -> HashMap<&'p str, &'p Check> {
    let gone = wanted(old, new, Version::Old).filter(|it| !after.contains_key(it.id.as_str()));
    let mut gone: Vec<_> = gone.collect();
    let mut found = HashMap::new();
    let come = wanted(new, old, Version::New).filter(|it| !before.contains_key(it.id.as_str()));
    for check in come {
        let alike = |known: &&Check| measures_alike((old, known), (new, check));
        let same = |known: &&Check| alike(known) && changed((old, known), (new, check)).is_none();
        let at = gone.iter().position(same);
        let only = || {
            let mut of_kind = gone.iter().enumerate().filter(|(_, known)| alike(known));
            let first = of_kind.next().filter(|_| of_kind.next().is_none());
            first.map(|(at, _)| at)
        };
        if let Some(at) = at.or_else(only) {
            found.insert(check.id.as_str(), gone.swap_remove(at));
        }
    }
    found
}

/// Whether two checks measure the same kind of thing of the same column.
fn measures_alike((old_plan, old): (&Plan, &Check), (new_plan, new): (&Plan, &Check)) -> bool {
    let of = |plan: &'_ Plan, check: &Check| {
        let Test::Measured { measure, .. } = &check.test else {
            return None;
        };
        let object = &plan.objects[check.object.0];
        let path = check
            .column
            .map(|column| object.column(column).path.clone());
        let measure = object.measures[measure.0].clone();
        Some((object.name.clone(), path, measure))
    };
    let (Some(old), Some(new)) = (of(old_plan, old), of(new_plan, new)) else {
        return false;
    };
    let kind = match (&old.2, &new.2) {
        (Measure::Beyond(_, side, _), Measure::Beyond(_, other, _))
        | (Measure::Length(_, side, _), Measure::Length(_, other, _))
        | (Measure::Items(_, side, _), Measure::Items(_, other, _)) => side == other,
        (Measure::Query(_), Measure::Query(_)) => false,
        (old, new) => std::mem::discriminant(old) == std::mem::discriminant(new),
    };
    kind && (old.0, old.1) == (new.0, new.1)
}

/// What a column promises, however it is said: a primary key is never null, and one of one column never repeats.
type Meaning<'p> = (&'p str, &'p [Step], Promise);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Promise {
    NeverNull,
    NeverTwice,
}

fn meanings(plan: &Plan) -> HashSet<Meaning<'_>> {
    let checks = plan.checks.iter();
    checks.filter_map(|check| meaning(plan, check)).collect()
}

fn meaning<'p>(plan: &'p Plan, check: &Check) -> Option<Meaning<'p>> {
    let Test::Measured { measure, .. } = &check.test else {
        return None;
    };
    let object = &plan.objects[check.object.0];
    let (column, promise) = match &object.measures[measure.0] {
        Measure::Nulls(column) => (*column, Promise::NeverNull),
        Measure::Surplus(columns) => match columns.as_slice() {
            [only] => (*only, Promise::NeverTwice),
            _ => return None,
        },
        _ => return None,
    };
    let is_declared = check.category == Category::Schema;
    is_declared.then(|| {
        (
            object.name.as_str(),
            object.column(column).path.as_slice(),
            promise,
        )
    })
}

/// The id that a check of the schema repeats: then it has a number behind it.
fn repeated(check: &Check) -> Option<&str> {
    let (id, number) = check.id.rsplit_once('-')?;
    let is_repeated = check.category == Category::Schema && number.parse::<u64>().is_ok();
    is_repeated.then_some(id)
}

/// The last part of the id of a check of the schema; the ids of rules are what their authors like.
fn part(check: &Check) -> Option<&str> {
    let id = repeated(check).unwrap_or(&check.id);
    let part = id.rsplit('.').next().unwrap_or_default();
    (check.category == Category::Schema).then_some(part)
}

/// Checks about what both contracts have.
fn wanted<'p>(
    plan: &'p Plan,
    other: &'p Plan,
    version: Version,
) -> impl Iterator<Item = &'p Check> {
    let mut columns: HashMap<&str, HashSet<&[Step]>> = HashMap::new();
    for object in &other.objects {
        let of_name = columns.entry(object.name.as_str()).or_default();
        of_name.extend(object.columns.iter().map(|column| column.path.as_slice()));
    }
    plan.checks.iter().filter(move |check| {
        let part = part(check);
        if part.is_some_and(|part| OF_COLUMNS.contains(&part)) {
            return false;
        }
        let object = &plan.objects[check.object.0];
        let Some(there) = columns.get(object.name.as_str()) else {
            return false;
        };
        check.column.is_none_or(|column| {
            let path = &object.column(column).path;
            // A new column that may not be null is a change of its own.
            let is_change = version == Version::New && part == Some("required");
            is_change || there.contains(path.as_slice())
        })
    })
}

fn change(
    (impact, concerns): (Impact, Party),
    check: &Check,
    version: Version,
    message: String,
) -> Change {
    Change {
        impact,
        concerns,
        subject: check.id.clone(),
        message,
        version,
        line: check.line,
    }
}

/// Whether it is an agreement that no data show: none of them fail by it.
fn is_promise(check: &Check) -> bool {
    check.category == Category::Sla && matches!(check.test, Test::NotExecutable { .. })
}

/// What a check weighs that comes or goes: for those who have to keep it, or for those who rely on it.
fn weight(check: &Check) -> Impact {
    match (&check.test, check.severity) {
        (Test::NotExecutable { .. }, _) if check.category != Category::Sla => Impact::Note,
        (_, Severity::Warning) => Impact::Compatible,
        (_, Severity::Error) => Impact::Breaking,
    }
}

fn added(plan: &Plan, check: &Check, asked: &HashSet<Meaning<'_>>) -> Option<Change> {
    let message = format!("it is new that {}", check.title);
    let impact = match is_promise(check) || is_implied(plan, check, asked) {
        true => Impact::Compatible,
        false => weight(check),
    };
    let kind = (impact, Party::Producers);
    Some(change(kind, check, Version::New, message))
}

/// Whether columns do not repeat together because one of them alone did not already.
fn is_implied(plan: &Plan, check: &Check, asked: &HashSet<Meaning<'_>>) -> bool {
    let Test::Measured { measure, .. } = &check.test else {
        return false;
    };
    let object = &plan.objects[check.object.0];
    let Measure::Surplus(columns) = &object.measures[measure.0] else {
        return false;
    };
    columns.iter().any(|column| {
        let path = object.column(*column).path.as_slice();
        asked.contains(&(object.name.as_str(), path, Promise::NeverTwice))
    })
}

fn changed((old_plan, old): (&Plan, &Check), (new_plan, new): (&Plan, &Check)) -> Option<Change> {
    let measure = |plan: &Plan, check: &Check| {
        let of = *check.measures().first()?;
        Some(plan.objects[of.object.0].measures[of.measure.0].clone())
    };
    let measured = match (measure(old_plan, old), measure(new_plan, new)) {
        (Some(old), Some(new)) => measures(&old, &new),
        _ => Order::Same,
    };
    let severity = match (old.severity, new.severity) {
        (Severity::Warning, Severity::Error) => Order::Stricter,
        (Severity::Error, Severity::Warning) => Order::Looser,
        _ => Order::Same,
    };
    let about = subject::order((old_plan, old), (new_plan, new));
    let order = measured
        .and(about)
        .and(tests(&old.test, &new.test))
        .and(severity);
    let what = match order {
        Order::Same => return reworded(old, new),
        Order::Stricter => "is asked more strictly",
        Order::Looser => "is asked less strictly",
        Order::Other => "is asked otherwise",
    };
    // What only warned, and only warns, nobody has to keep or can rely on.
    let warns = [old, new].map(|check| check.severity == Severity::Warning);
    let impact = match warns {
        [true, true] => Impact::Compatible,
        _ => Impact::Breaking,
    };
    let concerns = match order {
        Order::Stricter => Party::Producers,
        Order::Looser => Party::Consumers,
        Order::Same | Order::Other => Party::Both,
    };
    let message = if old.title == new.title {
        let details = details(old_plan, old, new_plan, new);
        format!("it {what} that {}{details}", new.title)
    } else {
        format!("it {what} that {}; it was: {}", new.title, old.title)
    };
    Some(change((impact, concerns), new, Version::New, message))
}

/// A rule in words that says something else: no machine knows what that means.
fn reworded(old: &Check, new: &Check) -> Option<Change> {
    let in_words = |check: &Check| {
        check.category != Category::Sla && matches!(check.test, Test::NotExecutable { .. })
    };
    if !in_words(old) || !in_words(new) || old.title == new.title {
        return None;
    }
    let message = format!("it says {}; it was: {}", new.title, old.title);
    let kind = (Impact::Note, Party::Both);
    Some(change(kind, new, Version::New, message))
}

/// What is otherwise in a check that is called the same.
fn details(old_plan: &Plan, old: &Check, new_plan: &Plan, new: &Check) -> String {
    let mut details = Vec::new();
    if old.severity != new.severity {
        let word = match new.severity {
            Severity::Warning => "a warning",
            Severity::Error => "an error",
        };
        details.push(format!("{word} now"));
    }
    let values = |plan: &Plan, check: &Check| {
        let of = *check.measures().first()?;
        match &plan.objects[of.object.0].measures[of.measure.0] {
            Measure::Invalid { values, .. } => values.clone(),
            Measure::Missing(_, values) => Some(values.clone()),
            _ => None,
        }
    };
    if let (Some(before), Some(after)) = (values(old_plan, old), values(new_plan, new)) {
        for (word, values, others) in [("with", &after, &before), ("without", &before, &after)] {
            let only = values.iter().filter(|value| !others.contains(value));
            let only: Vec<_> = only.take(6).map(listed).collect();
            if !only.is_empty() {
                details.push(format!("{word} {}", only.join(", ")));
            }
        }
    }
    let pattern = |plan: &Plan, check: &Check| {
        let of = *check.measures().first()?;
        match &plan.objects[of.object.0].measures[of.measure.0] {
            Measure::Invalid { pattern, .. } => pattern.clone(),
            _ => None,
        }
    };
    match (pattern(old_plan, old), pattern(new_plan, new)) {
        (Some(before), Some(after)) if before != after => {
            details.push(format!("{} instead of {}", after.0, before.0));
        }
        (None, Some(after)) => details.push(format!("with the pattern {}", after.0)),
        (Some(before), None) => details.push(format!("without the pattern {}", before.0)),
        _ => {}
    }
    details.extend(subject::told((old_plan, old), (new_plan, new)));
    if details.is_empty() {
        String::new()
    } else {
        format!(" ({})", details.join("; "))
    }
}
