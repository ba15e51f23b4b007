//! Objects and columns of two contracts, by their names.

use crate::compile::plural;
use crate::plan::{Column, Kind, Object, Step};

use super::{Change, Impact, Party, Side, Version};

pub(super) fn compare(old: Side<'_>, new: Side<'_>, changes: &mut Vec<Change>) {
    for (at, object) in old.1.objects.iter().enumerate() {
        match new
            .1
            .objects
            .iter()
            .position(|other| other.name == object.name)
        {
            None => changes.push(Change {
                impact: Impact::Breaking,
                concerns: Party::Consumers,
                subject: object.name.clone(),
                message: "the object is gone".to_owned(),
                version: Version::Old,
                line: object_line(old, at),
            }),
            Some(other) => columns((old, at), (new, other), changes),
        }
    }
    for (at, object) in new.1.objects.iter().enumerate() {
        if old.1.objects.iter().all(|other| other.name != object.name) {
            changes.push(Change {
                impact: Impact::Compatible,
                concerns: Party::Producers,
                subject: object.name.clone(),
                message: "the object is new".to_owned(),
                version: Version::New,
                line: object_line(new, at),
            });
        }
    }
}

fn object_line((contract, _): Side<'_>, at: usize) -> u64 {
    let object = contract.objects().nth(at);
    let place = object.map(|object| contract.position(object.node));
    place.map_or(1, |place| u64::try_from(place.line).unwrap_or(1))
}

/// The line of a column: that of the first check about it.
fn line((_, plan): Side<'_>, object: usize, column: usize) -> u64 {
    let mut checks = plan.checks.iter();
    let about = checks
        .find(|check| check.object.0 == object && check.column.is_some_and(|id| id.0 == column));
    about.map_or(1, |check| check.line)
}

fn columns(
    (old, old_at): (Side<'_>, usize),
    (new, new_at): (Side<'_>, usize),
    changes: &mut Vec<Change>,
) {
    let (before, after) = (&old.1.objects[old_at], &new.1.objects[new_at]);
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
            line: object_line(new, new_at),
        });
    }
    for (at, column) in before.columns.iter().enumerate() {
        match position(after, &column.path) {
            None => changes.push(Change {
                impact: Impact::Breaking,
                concerns: Party::Consumers,
                subject: subject(before, column),
                message: "the column is gone".to_owned(),
                version: Version::Old,
                line: line(old, old_at, at),
            }),
            Some(other) => {
                let found = differences(column, &after.columns[other]);
                changes.extend(found.into_iter().map(|(impact, concerns, message)| Change {
                    impact,
                    concerns,
                    subject: subject(after, column),
                    message,
                    version: Version::New,
                    line: line(new, new_at, other),
                }));
            }
        }
    }
    for (at, column) in after.columns.iter().enumerate() {
        if position(before, &column.path).is_none() {
            changes.push(Change {
                impact: Impact::Compatible,
                concerns: Party::Producers,
                subject: subject(after, column),
                message: "the column is new".to_owned(),
                version: Version::New,
                line: line(new, new_at, at),
            });
        }
    }
}

fn position(object: &Object, path: &[Step]) -> Option<usize> {
    object.columns.iter().position(|column| column.path == path)
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
            Impact::Compatible,
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
            Impact::Compatible,
            Party::Consumers,
            format!("it is no longer asked that its type is {old}"),
        ),
        (Some(old), Some(new)) if old.eq_ignore_ascii_case(new) => return None,
        (Some(old), Some(new)) if wider(old, new).is_some() => (
            Impact::Compatible,
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
