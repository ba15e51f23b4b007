//! A difference for programs. The order of everything is that of the comparison, which is always the same.

use adf_diff::{How, Line, PropertyChange, ResourceChange, What, lines};
use serde_json::{Map, Value, json};

use super::{Review, without_secrets, word};

/// The lines around what differs in a text.
const CONTEXT: usize = 3;

/// The whole difference.
pub(crate) fn json(review: &Review) -> Value {
    let counts = |how: How| review.changes().filter(|change| change.how == how).count();
    json!({
        "base": review.base.name,
        "head": review.head.name,
        "summary": {
            "added": counts(How::Added), "removed": counts(How::Removed), "renamed": counts(How::Renamed), "changed": counts(How::Changed),
        },
        "changes": review.changes().map(|change| resource(review, change)).collect::<Vec<_>>(),
        "unreadable": {
            "base": unreadable(review, "base"), "head": unreadable(review, "head"),
        },
    })
}

/// The files of a side that could not be read, and why.
fn unreadable(review: &Review, side: &str) -> Vec<Value> {
    let files = review.unread().into_iter();
    let files = files.filter(|file| file.side == side);
    files
        .map(|file| json!({ "file": file.place, "reason": file.reason }))
        .collect()
}

fn resource(review: &Review, change: &ResourceChange) -> Value {
    let mut shown = Map::new();
    shown.insert("change".to_owned(), word(change.how).into());
    let kind = change
        .subject
        .kind()
        .map_or("file".to_owned(), |kind| kind.to_string());
    shown.insert("kind".to_owned(), kind.into());
    shown.insert("name".to_owned(), change.subject.name().into());
    if let Some(was) = &change.was {
        shown.insert("was".to_owned(), was.as_str().into());
    }
    if !change.detail.is_empty() {
        shown.insert("type".to_owned(), change.detail.as_str().into());
    }
    let path = |side: &str, path: &Option<String>, prefix: &str, shown: &mut Map<String, Value>| {
        if let Some(path) = path {
            shown.insert(side.to_owned(), format!("{prefix}{path}").into());
        }
    };
    path(
        "basePath",
        &change.base_path,
        &review.base.prefix,
        &mut shown,
    );
    path(
        "headPath",
        &change.head_path,
        &review.head.prefix,
        &mut shown,
    );
    let properties: Vec<_> = review
        .properties(change)
        .map(|property| of_property(review, change, property))
        .collect();
    shown.insert("differences".to_owned(), properties.into());
    let risks = change.risks.iter().map(|risk| {
        json!({
            "risk": risk.kind.name(), "text": risk.text, "path": risk.path.as_ref().map(ToString::to_string), "note": risk.note,
        })
    });
    shown.insert("risks".to_owned(), risks.collect());
    let externals = change
        .reach
        .externals
        .iter()
        .map(|external| json!({ "kind": external.kind.to_string(), "name": external.name }));
    shown.insert(
        "reaches".to_owned(),
        json!({
            "pipelines": change.reach.pipelines, "triggers": change.reach.triggers, "starts": externals.collect::<Vec<_>>(),
        }),
    );
    shown.into()
}

/// The difference's name, with what stands on each side.
fn of_what(what: &What) -> Vec<(&'static str, Value)> {
    let both = |name: &str, before: Value, after: Value| {
        vec![
            ("difference", name.into()),
            ("before", before),
            ("after", after),
        ]
    };
    match what {
        What::Added(value) => vec![("difference", "added".into()), ("after", value.clone())],
        What::Removed(value) => vec![("difference", "removed".into()), ("before", value.clone())],
        What::Changed { before, after } => both("changed", before.clone(), after.clone()),
        What::Moved { from, to } => both("moved", (*from).into(), (*to).into()),
        What::Relocated { from, to } => both("relocated", from.as_str().into(), to.as_str().into()),
        What::Renamed { from, to } => both("renamed", from.as_str().into(), to.as_str().into()),
    }
}

fn of_property(review: &Review, change: &ResourceChange, property: &PropertyChange) -> Value {
    let mut shown = Map::new();
    let mut put = |key: &str, value: Value| shown.insert(key.to_owned(), value);
    put("path", property.path.to_string().into());
    for (key, value) in of_what(&property.what) {
        put(key, value);
    }
    if let Some(found) = property.expressions() {
        let parts = |text: &str, marks: &[std::ops::Range<usize>]| -> Value {
            marks
                .iter()
                .filter_map(|mark| text.get(mark.clone()))
                .map(Value::from)
                .collect()
        };
        put(
            "expression",
            json!({
                "before": found.before, "after": found.after, "onlyBefore": parts(&found.before, &found.before_marks),
                "onlyAfter": parts(&found.after, &found.after_marks),
            }),
        );
    } else if let Some((before, after)) = property.texts() {
        put(
            "lines",
            lines(before, after, CONTEXT)
                .into_iter()
                .map(of_line)
                .collect(),
        );
    }
    for (key, pointer) in [
        ("basePointer", &property.base),
        ("headPointer", &property.head),
    ] {
        put(key, pointer.as_deref().map(without_secrets).into());
    }
    put("line", review.place(change, Some(property)).1.into());
    for (key, holds) in [
        ("isNoise", property.is_noise),
        ("isSecret", property.is_secret),
        ("otherSecret", property.other_secret),
        ("followsRename", property.follows_rename),
    ] {
        if holds {
            put(key, true.into());
        }
    }
    shown.into()
}

/// A line as a unified diff shows it.
fn of_line(line: Line) -> Value {
    match line {
        Line::Same(text) => format!(" {text}").into(),
        Line::Removed(text) => format!("-{text}").into(),
        Line::Added(text) => format!("+{text}").into(),
        Line::Skipped(count) => format!("@{count}").into(),
    }
}
