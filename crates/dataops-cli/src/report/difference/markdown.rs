//! A difference as a comment on a pull request, for GitHub and Azure DevOps.

use std::fmt::Write as _;

use adf_diff::{How, Line, PropertyChange, ResourceChange, Subject, What, lines, picture};
use serde_json::Value;

use super::summary::whole;
use super::summary::{expression, shown, summary};
use super::text::{code, fence, inline, one_line};
use super::{Review, counted, listed};
use crate::report::dialect::Dialect;
use crate::terminal::harmless;

/// The most characters of a comment: GitHub takes 65,536, Azure DevOps 150,000.
const COMMENT: usize = 60_000;
/// What is kept for the notes at the end.
const RESERVE: usize = 400;
/// The most characters of the details of one resource.
const RESOURCE: usize = 12_000;
/// The most rows of the table.
const ROWS: usize = 150;
/// The most files that are named for being unreadable.
const UNREAD: usize = 20;
/// The most boxes of the picture, and its most characters.
const BOXES: usize = 60;
const PICTURE: usize = 16_000;
/// The most names of what a change reaches.
const NAMES: usize = 6;

/// The whole comment.
pub(crate) fn markdown(review: &Review, dialect: Dialect) -> String {
    markdown_within(review, COMMENT, dialect)
}

/// The same in about so many characters: details are left out, never the table.
pub(crate) fn markdown_within(review: &Review, most: usize, dialect: Dialect) -> String {
    let mut text = format!(
        "### Data Factory: {}\n\n{} → {}\n",
        counted(review),
        code(&review.base.name),
        code(&review.head.name)
    );
    unread(review, &mut text);
    if review.changes().next().is_none() {
        return text;
    }
    table(review, &mut text);
    let mut left_out = Vec::new();
    match drawn(review, dialect) {
        Some(drawn) if drawn.len() <= PICTURE.min(most / 2) => text.push_str(&drawn),
        _ => left_out.push("the picture, which would have too many boxes".to_owned()),
    }
    let mut without_details = 0;
    for change in review.changes() {
        let details = details(review, change);
        if text.chars().count() + details.chars().count() + RESERVE > most {
            without_details += 1;
        } else {
            text.push_str(&details);
        }
    }
    if without_details > 0 {
        let of = if without_details == 1 {
            "resource"
        } else {
            "resources"
        };
        left_out.push(format!("the details of {without_details} {of}"));
    }
    if !left_out.is_empty() {
        let _ = writeln!(
            text,
            "\nLeft out to fit into a comment: {}. `dataops diff` shows everything.",
            left_out.join("; ")
        );
    }
    text
}

/// The files that could not be read.
fn unread(review: &Review, text: &mut String) {
    let files = review.unread();
    for file in files.iter().take(UNREAD) {
        let _ = write!(
            text,
            "\n- 🔴 {} in the {} cannot be read, so nothing is known of it: {}",
            code(&file.place),
            file.side,
            inline(&file.reason)
        );
    }
    if files.len() > UNREAD {
        let _ = write!(text, "\n- and {} more", files.len() - UNREAD);
    }
    if !files.is_empty() {
        text.push('\n');
    }
}

fn table(review: &Review, text: &mut String) {
    text.push_str("\n| | resource | what differs | look at |\n|---|---|---|---|\n");
    let count = review.changes().count();
    for change in review.changes().take(ROWS) {
        let mut kinds: Vec<_> = change.risks.iter().map(|risk| risk.kind.name()).collect();
        kinds.dedup();
        let look_at = match kinds.is_empty() {
            true => String::new(),
            false => format!("⚠️ {}", kinds.join(", ")),
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {look_at} |",
            mark(change.how),
            title(change),
            differs(review, change)
        );
    }
    if count > ROWS {
        let _ = writeln!(text, "| | and {} more | | |", count - ROWS);
    }
}

fn mark(how: How) -> &'static str {
    match how {
        How::Added => "🟢 added",
        How::Removed => "🔴 removed",
        How::Renamed => "🔵 renamed",
        How::Changed => "🟡 changed",
    }
}

fn title(change: &ResourceChange) -> String {
    let name = code(change.subject.name());
    match (&change.subject, &change.was) {
        (Subject::Resource(id), Some(was)) => format!("{} {} → {name}", id.kind, code(was)),
        (Subject::Resource(id), None) => format!("{} {name}", id.kind),
        (Subject::File(_), _) => format!("file {name}"),
    }
}

fn differs(review: &Review, change: &ResourceChange) -> String {
    let count = review.properties(change).count();
    match (change.how, count) {
        (How::Added | How::Removed, _) if change.detail.is_empty() => String::new(),
        (How::Added | How::Removed, _) => code(&change.detail),
        _ if change.only_follows() => "references that follow a rename".to_owned(),
        (_, 0) => "only the name".to_owned(),
        (_, 1) => "1 place".to_owned(),
        (_, count) => format!("{count} places"),
    }
}

/// The picture of the changed part.
fn drawn(review: &Review, dialect: Dialect) -> Option<String> {
    let sides = (&review.base.repository, &review.head.repository);
    let picture = picture(sides.0, sides.1, &review.difference, BOXES)?;
    let (summary, language, drawn) = match dialect {
        Dialect::GitHub => (
            "Picture: green is added, red removed, amber changed",
            "mermaid",
            picture.mermaid(),
        ),
        Dialect::AzureDevOps => (
            "What refers to what: + is added, - removed, ! changed",
            "diff",
            harmless(&picture.tree()),
        ),
    };
    let fence = fence(&drawn);
    Some(format!(
        "\n<details><summary>{summary}</summary>\n\n{fence}{language}\n{drawn}{fence}\n\n</details>\n"
    ))
}

fn details(review: &Review, change: &ResourceChange) -> String {
    let (path, _) = review.place(change, None);
    let mut text = format!(
        "\n<details><summary>{} {}</summary>\n\n{}\n",
        mark(change.how),
        title(change),
        code(&path)
    );
    for risk in &change.risks {
        let note = risk
            .note
            .map(|note| format!("; {note}"))
            .unwrap_or_default();
        let _ = writeln!(
            text,
            "- ⚠️ {}: {}{note}",
            risk.kind.name(),
            inline(&risk.text)
        );
    }
    let reaches = reaches(change);
    if !reaches.is_empty() {
        let _ = writeln!(text, "- reaches {reaches}");
    }
    let mut body = String::new();
    let mut left_out = 0;
    for property in review.properties(change) {
        let rows = of_property(property);
        if body.chars().count() + rows.chars().count() > RESOURCE {
            left_out += 1;
        } else {
            body.push_str(&rows);
        }
    }
    if body.is_empty()
        && let Some(whole) = whole(review, change)
    {
        let _ = writeln!(text, "- {}", inline(&whole));
    }
    if !body.is_empty() {
        let fence = fence(&body);
        let _ = writeln!(text, "\n{fence}diff\n{body}{fence}");
    }
    if left_out > 0 {
        let _ = writeln!(text, "\nand {left_out} more places that differ");
    }
    text.push_str("\n</details>\n");
    text
}

fn reaches(change: &ResourceChange) -> String {
    let reach = &change.reach;
    let externals: Vec<_> = reach
        .externals
        .iter()
        .map(|external| external.name.clone())
        .collect();
    let parts = [
        ("pipeline", &reach.pipelines),
        ("trigger", &reach.triggers),
        ("", &externals),
    ];
    let parts = parts
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(kind, names)| {
            let names: Vec<_> = names.iter().map(|name| code(name)).collect();
            format!("{kind} {}", listed(&names, NAMES))
                .trim_start()
                .to_owned()
        });
    parts.collect::<Vec<_>>().join(" · ")
}

/// The rows of a place in a fence of the language `diff`.
fn of_property(property: &PropertyChange) -> String {
    let path = one_line(&property.path.to_string());
    let note = match (property.is_noise, property.follows_rename) {
        (true, _) => " (means nothing)",
        (_, true) => " (follows the rename)",
        _ if property.other_secret => " (and another secret in it)",
        _ => "",
    };
    match &property.what {
        What::Added(value) => format!("@@ {path}{note}\n+ {}\n", one_line(&summary(value))),
        What::Removed(value) => format!("@@ {path}{note}\n- {}\n", one_line(&summary(value))),
        What::Moved { from, to } => format!(
            "@@ {path}{note}\n  moved from place {} to {}\n",
            from + 1,
            to + 1
        ),
        What::Relocated { from, to } => {
            let place = |place: &String| {
                if place.is_empty() {
                    "the pipeline".to_owned()
                } else {
                    one_line(place)
                }
            };
            format!(
                "@@ {path}{note}\n  moved from {} into {}\n",
                place(from),
                place(to)
            )
        }
        What::Renamed { from, to } => {
            format!(
                "@@ {path}{note}\n- {}\n+ {}\n",
                one_line(from),
                one_line(to)
            )
        }
        What::Changed { .. } if property.is_secret => {
            format!("@@ {path}{note}\n  another secret\n")
        }
        What::Changed { before, after } => match property.texts() {
            Some((before, after)) => format!("@@ {path}{note}\n{}", text_lines(before, after)),
            None => format!("@@ {path}{note}\n- {}\n+ {}\n", value(before), value(after)),
        },
    }
}

fn value(value: &Value) -> String {
    one_line(&expression(value).map_or_else(|| shown(value), str::to_owned))
}

fn text_lines(before: &str, after: &str) -> String {
    let rows = lines(before, after, 2).into_iter().map(|row| match row {
        Line::Same(row) => format!("  {}\n", one_line(&row)),
        Line::Removed(row) => format!("- {}\n", one_line(&row)),
        Line::Added(row) => format!("+ {}\n", one_line(&row)),
        Line::Skipped(count) => format!("  … {count} more\n"),
    });
    rows.collect()
}
