//! What somebody has changed since the last deployment, for people.

use std::fmt::Write as _;

use dataops_plan::{Change, Line, Tone, change_in_words};

use super::lines::Lines;
use super::markdown::{code, escape};
use crate::drift::{Changed, Drift, Rewritten};
use crate::notebooks::NotebookMovedHow;
use crate::record::Record;
use crate::time::Time;

/// The most changes of a resource that are told one by one.
const MOST_CHANGES: usize = 50;

/// Drift on a terminal.
#[must_use]
pub fn drift(drift: &Drift, since: &Record) -> Vec<Line> {
    let mut lines = Lines::default();
    lines.add(Tone::Heading, head(drift, since));
    for key in &drift.added {
        lines.add(Tone::Added, format!("  + {key}: somebody has created it"));
    }
    for changed in &drift.changed {
        lines.add(
            Tone::Changed,
            format!("  ~ {}: {}", changed.resource, differing(changed)),
        );
        for place in &changed.secrets {
            let text = format!("      ~ {place}: {ANOTHER}");
            lines.add(Tone::Changed, text);
        }
        for change in changed.changes.iter().take(MOST_CHANGES) {
            let (sign, text) = change_in_words(change);
            lines.add(tone(change), format!("      {sign} {text}"));
        }
        more(changed.changes.len(), |text| {
            lines.add(Tone::Quiet, format!("      {text}"));
        });
    }
    for key in &drift.removed {
        lines.add(Tone::Removed, format!("  - {key}: somebody has deleted it"));
    }
    for moved in &drift.triggers {
        lines.add(
            Tone::Changed,
            format!(
                "  ~ {}: should be {} and is {}",
                moved.trigger, moved.was, moved.is
            ),
        );
    }
    for moved in &drift.notebooks {
        let (tone, sign) = match moved.how {
            NotebookMovedHow::Created => (Tone::Added, "+"),
            NotebookMovedHow::Deleted => (Tone::Removed, "-"),
            NotebookMovedHow::Changed => (Tone::Changed, "~"),
        };
        let (path, how) = (&moved.path, moved.how);
        lines.add(tone, format!("  {sign} {path}: somebody has {how} it"));
    }
    for rewritten in &drift.rewritten {
        let (key, words) = (&rewritten.resource, again(rewritten));
        lines.add(Tone::Quiet, format!("  ? {key}: {words}"));
    }
    lines.0
}

/// Drift as Markdown.
#[must_use]
pub fn drift_markdown(drift: &Drift, since: &Record) -> String {
    let mut text = format!("### {}\n\n", escape(&head(drift, since)));
    for key in &drift.added {
        let _ = writeln!(text, "- created: {}", code(&key.to_string()));
    }
    for changed in &drift.changed {
        let _ = writeln!(text, "- changed: {}", code(&changed.resource.to_string()));
        for place in &changed.secrets {
            let _ = writeln!(text, "  - {}", code(&format!("~ {place}: {ANOTHER}")));
        }
        for change in changed.changes.iter().take(MOST_CHANGES) {
            let (sign, words) = change_in_words(change);
            let _ = writeln!(text, "  - {}", code(&format!("{sign} {words}")));
        }
        more(changed.changes.len(), |more| {
            let _ = writeln!(text, "  - {more}");
        });
    }
    for key in &drift.removed {
        let _ = writeln!(text, "- deleted: {}", code(&key.to_string()));
    }
    for moved in &drift.triggers {
        let _ = writeln!(
            text,
            "- {} should be {} and is {}",
            code(&moved.trigger.to_string()),
            moved.was,
            moved.is
        );
    }
    for moved in &drift.notebooks {
        let _ = writeln!(text, "- {}: {}", moved.how, code(&moved.path));
    }
    for rewritten in &drift.rewritten {
        let key = code(&rewritten.resource.to_string());
        let _ = writeln!(text, "- {key}: {}", escape(&again(rewritten)));
    }
    text
}

const ANOTHER: &str = "another secret";

/// What is known of a resource that was written again.
fn again(rewritten: &Rewritten) -> String {
    let again = "somebody has written it again with the same content";
    match rewritten.hidden.as_deref() {
        Some([]) => again.to_owned(),
        Some(hidden) => {
            let hidden = hidden.join(", ");
            format!(
                "{again}; whether the secret is another is not known, the service hides it: {hidden}"
            )
        }
        None => format!("{again}, perhaps with another secret"),
    }
}

fn head(drift: &Drift, since: &Record) -> String {
    let at = Time::short(since.at);
    let last = format!("the deployment of {at} (record {})", since.number);
    let environment = &since.environment;
    if drift.is_none() {
        return format!(
            "{environment} is as {last} left it: {} resources",
            drift.same + drift.rewritten.len()
        );
    }
    let mut parts = Vec::new();
    for (count, what) in [
        (drift.added.len(), "created"),
        (drift.changed.len(), "changed"),
        (drift.removed.len(), "deleted"),
        (drift.triggers.len(), "started or stopped"),
        (drift.notebooks.len(), "of the workspace"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    format!(
        "{environment} is not as {last} left it: {}",
        parts.join(", ")
    )
}

fn differing(changed: &Changed) -> String {
    match (changed.changes.len(), changed.secrets.len()) {
        (0, 1) => "a secret differs".to_owned(),
        (0, secrets) => format!("{secrets} secrets differ"),
        (1, 0) => "1 place differs".to_owned(),
        (places, secrets) => format!("{} places differ", places + secrets),
    }
}

fn more(count: usize, tell: impl FnOnce(String)) {
    if let Some(more) = count.checked_sub(MOST_CHANGES).filter(|more| *more > 0) {
        tell(format!("… and {more} more"));
    }
}

fn tone(change: &Change) -> Tone {
    match change_in_words(change).0 {
        "+" => Tone::Added,
        "-" => Tone::Removed,
        _ => Tone::Changed,
    }
}
