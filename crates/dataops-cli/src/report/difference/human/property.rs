//! The places of a resource that differ.

use std::fmt::Write as _;
use std::ops::Range;

use adf_diff::{Line, Path, PropertyChange, ResourceChange, Step, What, lines, marks};
use anstyle::Style;
use serde_json::Value;

use super::super::Review;
use super::super::paint::{ADDED, CHANGED, MOVED, QUIET, REMOVED, STRONG, line, marked, painted};
use super::super::summary::{expression, shown, summary};
use super::{LONG, alarm, cut};

/// The longest value that stands beside another on one line, in characters.
const SHORT: usize = 36;
/// The most lines of a text.
const TEXT: usize = 40;

/// The places of a resource that differ, below the activities that they are in.
pub(super) fn properties(review: &Review, change: &ResourceChange) -> String {
    let mut text = String::new();
    let mut owner = Vec::new();
    for property in review.properties(change) {
        let (activities, rest) = split(&property.path);
        if activities != owner && !activities.is_empty() {
            let names: Vec<_> = activities
                .iter()
                .map(|name| painted(&line(name), STRONG))
                .collect();
            let _ = writeln!(text, "    {}", names.join(&painted(" › ", QUIET)));
        }
        owner = activities;
        let indent = if owner.is_empty() { "    " } else { "      " };
        let mut note = note(review, change, property);
        let mut risks = change
            .risks
            .iter()
            .filter(|risk| risk.path.as_ref() == Some(&property.path));
        if let Some(risk) = risks.next() {
            note = format!("{note}  {}", alarm(risk));
        }
        text.push_str(&of_property(property, &rest, &note, indent));
    }
    text
}

/// The activities on the way, and the way from the innermost one.
fn split(path: &Path) -> (Vec<String>, String) {
    let steps = path.steps();
    let mut names = Vec::new();
    let mut rest = 0;
    for (at, pair) in steps.windows(2).enumerate() {
        if let [Step::Key(list), Step::Name(name)] = pair
            && matches!(
                list.as_str(),
                "activities" | "ifTrueActivities" | "ifFalseActivities" | "defaultActivities"
            )
        {
            names.push(name.clone());
            rest = at + 2;
        }
    }
    let mut steps = &steps[rest..];
    if let [Step::Key(key), inner @ ..] = steps
        && key == "typeProperties"
        && !inner.is_empty()
    {
        steps = inner;
    }
    (names, Path(steps.to_vec()).to_string())
}

/// The line in the file, and why a difference may be passed over.
fn note(review: &Review, change: &ResourceChange, property: &PropertyChange) -> String {
    let (_, place) = review.place(change, Some(property));
    let was = if property.head.is_none() { "was " } else { "" };
    let place = place
        .map(|line| format!("  {was}line {line}"))
        .unwrap_or_default();
    let note = match (property.is_noise, property.follows_rename) {
        (true, _) => "  means nothing",
        (_, true) => "  follows the rename",
        _ if property.other_secret => "  and another secret in it",
        _ => "",
    };
    painted(&format!("{place}{note}"), QUIET)
}

fn of_property(property: &PropertyChange, name: &str, note: &str, indent: &str) -> String {
    let name = line(name);
    let row = |sign: &str, style: Style, rest: String| {
        let gap = if name.is_empty() || rest.is_empty() {
            ""
        } else {
            "  "
        };
        format!("{indent}{} {name}{gap}{rest}{note}\n", painted(sign, style))
    };
    match &property.what {
        What::Added(value) => row("+", ADDED, painted(&cut(&summary(value)), ADDED)),
        What::Removed(value) => row("-", REMOVED, painted(&cut(&summary(value)), REMOVED)),
        What::Moved { from, to } => row(
            "↕",
            MOVED,
            format!("moved from place {} to {}", from + 1, to + 1),
        ),
        What::Relocated { from, to } => {
            let place = |place: &String| {
                if place.is_empty() {
                    "the pipeline".to_owned()
                } else {
                    line(place)
                }
            };
            row(
                "⇥",
                MOVED,
                format!("moved from {} into {}", place(from), place(to)),
            )
        }
        What::Renamed { from, .. } => row("→", MOVED, format!("was called {}", line(from))),
        What::Changed { .. } if property.is_secret => {
            row("~", CHANGED, "another secret".to_owned())
        }
        What::Changed { before, after } => match property.texts() {
            Some((before, after)) => {
                row("~", CHANGED, String::new()) + &text_lines(before, after, indent)
            }
            None => values(before, after, &row, indent),
        },
    }
}

/// Two values: beside each other where they are short, otherwise one below the other.
fn values(
    before: &Value,
    after: &Value,
    row: &dyn Fn(&str, Style, String) -> String,
    indent: &str,
) -> String {
    let text = |value: &Value| line(&expression(value).map_or_else(|| shown(value), str::to_owned));
    let (before, after) = (text(before), text(after));
    let (old, new) = marks(&before, &after);
    let is_short = before.chars().count() <= SHORT && after.chars().count() <= SHORT;
    if is_short {
        let arrow = painted("→", QUIET);
        let both = format!(
            "{} {arrow} {}",
            marked(&before, &old, REMOVED),
            marked(&after, &new, ADDED)
        );
        return row("~", CHANGED, both);
    }
    let (before, old) = around(&before, old);
    let (after, new) = around(&after, new);
    format!(
        "{}{indent}    {} {}\n{indent}    {} {}\n",
        row("~", CHANGED, String::new()),
        painted("-", REMOVED),
        marked(&before, &old, REMOVED),
        painted("+", ADDED),
        marked(&after, &new, ADDED)
    )
}

/// The part of a long line around what is marked in it.
fn around(text: &str, marks: Vec<Range<usize>>) -> (String, Vec<Range<usize>>) {
    if text.chars().count() <= LONG {
        return (text.to_owned(), marks);
    }
    let first = marks.first().map_or(0, |mark| mark.start);
    let starts: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
    let number = starts.partition_point(|at| *at < first);
    let from = number.saturating_sub(LONG / 4);
    let to = (from + LONG).min(starts.len());
    let (start, end) = (starts[from], starts.get(to).copied().unwrap_or(text.len()));
    let ellipsis = '…'.len_utf8();
    let shift = if from > 0 { ellipsis } else { 0 };
    let mut kept = if from > 0 {
        "…".to_owned()
    } else {
        String::new()
    };
    kept.push_str(&text[start..end]);
    let moved = marks
        .into_iter()
        .filter(|mark| mark.start >= start && mark.start <= end);
    let moved = moved
        .map(|mark| mark.start - start + shift..mark.end.min(end) - start + shift)
        .collect();
    if end < text.len() {
        kept.push('…');
    }
    (kept, moved)
}

fn text_lines(before: &str, after: &str, indent: &str) -> String {
    let found = lines(before, after, 2);
    let mut text = String::new();
    for row in found.iter().take(TEXT) {
        let row = match row {
            Line::Same(row) => painted(&format!("  {}", cut(row)), QUIET),
            Line::Removed(row) => painted(&format!("- {}", cut(row)), REMOVED),
            Line::Added(row) => painted(&format!("+ {}", cut(row)), ADDED),
            Line::Skipped(1) => painted("  … 1 line", QUIET),
            Line::Skipped(count) => painted(&format!("  … {count} lines"), QUIET),
        };
        let _ = writeln!(text, "{indent}    {row}");
    }
    if found.len() > TEXT {
        let note = format!(
            "… {} more lines; --output json has all of them",
            found.len() - TEXT
        );
        let _ = writeln!(text, "{indent}    {}", painted(&note, QUIET));
    }
    text
}
