//! What a check would be told in vain: it could never tell anything, or something else than it seems to.

use yaml_source::Node;

use super::told::{Told, counterpart};
use crate::compile::builder::{Builder, Subject};
use crate::compile::plural;
use crate::plan::{ColumnId, Kind, ObjectId};

/// Looks at what a check was told.
///
/// # Errors
///
/// Why it makes no sense.
pub(super) fn look(
    builder: &Builder<'_>,
    subject: &Subject,
    (check, node): (&str, &Node),
    told: &Told,
) -> Result<(), String> {
    objects(builder, subject.object, check, told)?;
    keys(check, node, told)?;
    columns(builder, subject.object, told)?;
    kinds(builder, subject.object, check, told)
}

/// Objects that are compared with themselves, or named twice.
fn objects(builder: &Builder<'_>, here: ObjectId, check: &str, told: &Told) -> Result<(), String> {
    let name = |object: ObjectId| &builder.plan.objects[object.0].name;
    let others = told.with.iter().chain(&told.objects);
    for (at, other) in others.enumerate() {
        if *other == here {
            return Err(format!(
                "`{check}` would compare `{}` with itself",
                name(here)
            ));
        }
        let known = &told.objects[..at.min(told.objects.len())];
        if known.contains(other) {
            return Err(format!("`{}` is named twice", name(*other)));
        }
    }
    Ok(())
}

/// Keys that mean nothing beside others.
fn keys(check: &str, node: &Node, told: &Told) -> Result<(), String> {
    let has = |key: &str| node.get(key).is_some();
    let by_value = matches!(told.method.as_deref(), Some("labelShift" | "unseen"));
    let aside = match check {
        "splitShare" if has("rest") => ["column", "value"].into_iter().find(|key| has(key)),
        "drift" if has("bins") && by_value => Some("bins"),
        _ => None,
    };
    match aside {
        Some("bins") => {
            Err("the method compares values one by one, and takes no `bins`".to_owned())
        }
        Some(key) => Err(format!("`{key}` means nothing beside `rest`")),
        None => Ok(()),
    }
}

/// Columns that are named twice, or tell the parts apart and are part of the key.
fn columns(builder: &Builder<'_>, here: ObjectId, told: &Told) -> Result<(), String> {
    let name = |column: ColumnId| builder.plan.objects[here.0].column(column).name();
    for (at, column) in told.columns.iter().enumerate() {
        if told.columns[..at].contains(column) {
            return Err(format!("`{}` is named twice", name(*column)));
        }
        if told.split == Some(*column) {
            return Err(format!(
                "`{}` tells the parts apart, so that it is no part of the key",
                name(*column)
            ));
        }
    }
    Ok(())
}

/// Columns whose values are not of the kind that is compared.
fn kinds(builder: &Builder<'_>, here: ObjectId, check: &str, told: &Told) -> Result<(), String> {
    let of =
        |object: ObjectId, column: ColumnId| &builder.plan.objects[object.0].column(column).kind;
    let holds = |column: ColumnId| {
        let planned = builder.plan.objects[here.0].column(column);
        format!("`{}` holds {}", planned.name(), plural(&planned.kind))
    };
    if let Some(column) = told.column {
        let kind = of(here, column);
        let numeric = matches!(kind, Kind::Integer | Kind::Number | Kind::Any);
        let times = matches!(kind, Kind::Date { .. } | Kind::Timestamp { .. });
        let wrong = match check {
            "reconciliation" if !numeric => Some("numbers are added up"),
            "timeLeakage" if !numeric && !times => Some("points in time are compared"),
            "drift" if !told.bins.is_empty() && !numeric => Some("`bins` are of numbers"),
            _ => None,
        };
        if let Some(wrong) = wrong {
            return Err(format!("{wrong}, and {}", holds(column)));
        }
    }
    let compared = match check {
        "keyLeakage" | "groupLeakage" | "rowLeakage" => &told.columns[..],
        "timeLeakage" => told.column.as_slice(),
        _ => &[],
    };
    let Some(there) = told.with else {
        return Ok(());
    };
    for column in compared {
        let other = counterpart(builder, here, *column, there)?;
        if let (Some(one), Some(two)) = (sort(of(here, *column)), sort(of(there, other)))
            && one != two
        {
            return Err(format!(
                "{}, and in `{}` it holds {}, so that none is equal to another",
                holds(*column),
                builder.plan.objects[there.0].name,
                plural(of(there, other))
            ));
        }
    }
    Ok(())
}

/// Which values may be equal to each other; nothing of a column without a type.
fn sort(kind: &Kind) -> Option<u8> {
    Some(match kind {
        Kind::Any => return None,
        Kind::String => 0,
        Kind::Integer | Kind::Number => 1,
        Kind::Boolean => 2,
        Kind::Date { .. } => 3,
        Kind::Timestamp { .. } => 4,
        Kind::Time { .. } => 5,
        Kind::Object | Kind::Array | Kind::Map | Kind::Vector => 6,
    })
}

/// Refuses columns that have parts, which are no key.
pub(super) fn plain(
    builder: &Builder<'_>,
    here: ObjectId,
    columns: &[ColumnId],
) -> Result<(), String> {
    let nested = |column: &&ColumnId| {
        let kind = &builder.plan.objects[here.0].column(**column).kind;
        sort(kind) == Some(6)
    };
    match columns.iter().find(nested) {
        None => Ok(()),
        Some(column) => {
            let planned = builder.plan.objects[here.0].column(*column);
            Err(format!(
                "`{}` holds {}, which are not compared: put it in `except`, or name in `columns` what is compared",
                planned.name(),
                plural(&planned.kind)
            ))
        }
    }
}

/// A value as data of a kind are counted by.
///
/// # Errors
///
/// That it is none of the kind.
pub(super) fn label(kind: &Kind, text: &str) -> Result<String, String> {
    match kind {
        Kind::Boolean => {
            let word = text.to_ascii_lowercase();
            match word.as_str() {
                "true" | "false" => Ok(word),
                _ => Err(format!("`{text}` is neither true nor false")),
            }
        }
        Kind::Integer | Kind::Number => {
            let number = crate::model::number_of(text.trim());
            let number = number.ok_or_else(|| format!("`{text}` is no number"))?;
            Ok(crate::text::plain(&number))
        }
        _ => Ok(text.to_owned()),
    }
}
