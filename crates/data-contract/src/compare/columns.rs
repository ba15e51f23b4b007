//! Objects and columns of two contracts, by their names.

use crate::compile::plural;
use crate::plan::{Column, Kind, Object};

use super::pairs::Pairs;
use super::{Change, Impact, Party, Side, Version};

pub(super) fn compare(old: &Side<'_>, new: &Side<'_>, changes: &mut Vec<Change>) {
    let names = |side: &Side<'_>| {
        let objects = side.plan.objects.iter();
        objects
            .map(|object| object.name.clone())
            .collect::<Vec<_>>()
    };
    let (before, after) = (names(old), names(new));
    let paired = Pairs::of(&before, &after);
    for (at, object) in old.plan.objects.iter().enumerate() {
        match paired.of_old[at] {
            None => {
                let left = paired.left(at).map(|left| &old.plan.objects[left]);
                let is_left = left.map(|left| left.columns == object.columns);
                let found = (object.name.clone(), old.line(at, None));
                changes.push(gone("object", is_left, found));
            }
            Some(other) => columns((old, at), (new, other), changes),
        }
    }
    for (at, object) in new.plan.objects.iter().enumerate() {
        let subject = object.name.clone();
        let line = new.line(at, None);
        match paired.repeats.get(&at) {
            Some(first) => {
                changes.push(twice("object", subject, [new.line(*first, None), line]));
            }
            None if paired.of_new[at].is_none() => changes.push(Change {
                impact: Impact::Compatible,
                concerns: Party::Producers,
                subject,
                message: "the object is new".to_owned(),
                version: Version::New,
                line,
            }),
            None => {}
        }
    }
}

/// That a name is there twice, which leaves open what is meant by it.
fn twice(what: &str, subject: String, [first, line]: [u64; 2]) -> Change {
    Change {
        impact: Impact::Breaking,
        concerns: Party::Both,
        subject,
        message: format!(
            "another {what} has this name, in line {first}, so that it is open which one is meant"
        ),
        version: Version::New,
        line,
    }
}

/// That something is gone; where another one of its name is still there, whether that one is the same.
fn gone(what: &str, is_left: Option<bool>, (subject, line): (String, u64)) -> Change {
    let (impact, message) = match is_left {
        None => (Impact::Breaking, format!("the {what} is gone")),
        Some(false) => {
            let message = format!("one of several of this name is gone, and was another {what}");
            (Impact::Breaking, message)
        }
        Some(true) => {
            let message = format!("the {what} is no longer there more than once");
            (Impact::Note, message)
        }
    };
    Change {
        impact,
        concerns: Party::Consumers,
        subject,
        message,
        version: Version::Old,
        line,
    }
}

fn columns(
    (old, old_at): (&Side<'_>, usize),
    (new, new_at): (&Side<'_>, usize),
    changes: &mut Vec<Change>,
) {
    let (before, after) = (&old.plan.objects[old_at], &new.plan.objects[new_at]);
    if before.physical_name != after.physical_name {
        let message = format!(
            "`{}` is called `{}` in the data now",
            before.physical_name, after.physical_name
        );
        changes.push(Change {
            impact: Impact::Breaking,
            concerns: Party::Both,
            subject: after.name.clone(),
            message,
            version: Version::New,
            line: new.line(new_at, None),
        });
    }
    let paths = |object: &Object| {
        let columns = object.columns.iter();
        columns
            .map(|column| column.path.clone())
            .collect::<Vec<_>>()
    };
    let paired = Pairs::of(&paths(before), &paths(after));
    for (at, column) in before.columns.iter().enumerate() {
        match paired.of_old[at] {
            None => {
                let is_left = paired.left(at).map(|left| before.columns[left] == *column);
                let found = (subject(before, column), old.line(old_at, Some(at)));
                changes.push(gone("column", is_left, found));
            }
            Some(other) => {
                let found = differences(column, &after.columns[other]);
                changes.extend(found.into_iter().map(|(impact, concerns, message)| Change {
                    impact,
                    concerns,
                    subject: subject(after, column),
                    message,
                    version: Version::New,
                    line: new.line(new_at, Some(other)),
                }));
            }
        }
    }
    let added = added((new, new_at), after, &paired);
    changes.extend(added);
}

/// The columns that are new, and those whose name another one has.
fn added((new, at): (&Side<'_>, usize), after: &Object, paired: &Pairs) -> Vec<Change> {
    let columns = after.columns.iter().enumerate();
    let changes = columns.filter_map(|(column_at, column)| {
        let line = new.line(at, Some(column_at));
        let subject = subject(after, column);
        if let Some(first) = paired.repeats.get(&column_at) {
            return Some(twice("column", subject, [new.line(at, Some(*first)), line]));
        }
        paired.of_new[column_at].is_none().then(|| Change {
            impact: Impact::Compatible,
            concerns: Party::Producers,
            subject,
            message: "the column is new".to_owned(),
            version: Version::New,
            line,
        })
    });
    changes.collect()
}

fn subject(object: &Object, column: &Column) -> String {
    format!("{}.{}", object.name, column.name())
}

fn differences(old: &Column, new: &Column) -> Vec<(Impact, Party, String)> {
    let mut found = Vec::new();
    if old.kind != new.kind {
        found.push(kinds(&old.kind, &new.kind));
    }
    if old.physical_type != new.physical_type {
        found.extend(physical(
            old.physical_type.as_deref(),
            new.physical_type.as_deref(),
        ));
    }
    match (old.optional, new.optional) {
        (true, false) => found.push((
            Impact::Breaking,
            Party::Producers,
            "the column has to be there now".to_owned(),
        )),
        (false, true) => found.push((
            Impact::Breaking,
            Party::Consumers,
            "the column need not be there any more".to_owned(),
        )),
        _ => {}
    }
    match (old.masked, new.masked) {
        (false, true) => found.push((
            Impact::Note,
            Party::Consumers,
            "its values are confidential now".to_owned(),
        )),
        (true, false) => found.push((
            Impact::Note,
            Party::Consumers,
            "its values are not confidential any more".to_owned(),
        )),
        _ => {}
    }
    found
}

fn kinds(old: &Kind, new: &Kind) -> (Impact, Party, String) {
    let (before, after) = (plural(old), plural(new));
    match (old, new) {
        (Kind::Any, _) => (
            Impact::Breaking,
            Party::Producers,
            format!("it is new that it holds {after}"),
        ),
        (_, Kind::Any) => (
            Impact::Breaking,
            Party::Consumers,
            format!("it is no longer asked that it holds {before}"),
        ),
        _ if before == after => (
            Impact::Breaking,
            Party::Both,
            format!("its {after} are written otherwise"),
        ),
        _ => (
            Impact::Breaking,
            Party::Both,
            format!("it holds {after} instead of {before}"),
        ),
    }
}

fn physical(old: Option<&str>, new: Option<&str>) -> Option<(Impact, Party, String)> {
    let wider = |old: &str, new: &str| {
        let (old_base, old_size) = size(old)?;
        let (new_base, new_size) = size(new)?;
        (old_base == new_base && new_size >= old_size).then_some(())
    };
    Some(match (old, new) {
        (None, Some(new)) => (
            Impact::Breaking,
            Party::Producers,
            format!("it is new that its type is {new}"),
        ),
        (Some(old), None) => (
            Impact::Breaking,
            Party::Consumers,
            format!("it is no longer asked that its type is {old}"),
        ),
        (Some(old), Some(new)) if old.eq_ignore_ascii_case(new) => return None,
        (Some(old), Some(new)) if wider(old, new).is_some() => (
            Impact::Breaking,
            Party::Consumers,
            format!("its type is {new} instead of {old}, which is wider"),
        ),
        (Some(old), Some(new)) => (
            Impact::Breaking,
            Party::Both,
            format!("its type is {new} instead of {old}"),
        ),
        (None, None) => return None,
    })
}

/// The name and the length of a type such as `varchar(20)`.
fn size(name: &str) -> Option<(String, u64)> {
    let (base, rest) = name.split_once('(')?;
    let size = rest.strip_suffix(')')?.trim().parse().ok()?;
    Some((base.trim().to_lowercase(), size))
}
