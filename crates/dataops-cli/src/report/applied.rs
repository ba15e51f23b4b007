//! What came of a plan, for people.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use azure_core::time::Duration;
use dataops_core::apply::{
    Applied, Outcome, ResourceOutcome, Status, TriggerOutcome, Trouble, TroubleKind,
};
use dataops_core::workspace;
use dataops_plan::Action;

use super::{natural, rows};
use crate::terminal::{duration, harmless};

/// How many changed resources are told one by one.
const MOST_TOLD: usize = 50;

/// What a plan was to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// Something came.
    Deployed,
    /// Something went.
    Removed,
}

impl Done {
    /// What is said when it is done.
    const fn word(self) -> &'static str {
        match self {
            Self::Deployed => "deployed",
            Self::Removed => "removed",
        }
    }

    /// What was done, as a thing.
    const fn noun(self) -> &'static str {
        match self {
            Self::Deployed => "deployment",
            Self::Removed => "removal",
        }
    }
}

/// Writes what was done, what failed, and where the triggers stand.
pub(crate) fn human(applied: &Applied, done: Done, out: &mut dyn Write) -> io::Result<()> {
    let told = applied.resources.iter();
    for outcome in told.filter(|it| it.status == Status::Done).take(MOST_TOLD) {
        writeln!(out, "{}", line(outcome))?;
    }
    let more = applied.count(Status::Done).saturating_sub(MOST_TOLD);
    if more > 0 {
        writeln!(out, "  and {more} more")?;
    }
    for outcome in &applied.resources {
        if let (Status::Failed, Some(trouble)) = (outcome.status, &outcome.trouble) {
            let red = AnsiColor::Red.on_default();
            let (key, said) = (outcome.resource.to_string(), &trouble.message);
            let said = harmless(said).replace('\n', "\n    ");
            writeln!(out, "{red}✘ {}{red:#}: {said}", harmless(&key))?;
        }
    }
    if !applied.triggers.is_empty() {
        writeln!(out, "\n{}\n", triggers(&applied.triggers))?;
    }
    if let Some(trouble) = &applied.trouble {
        writeln!(out, "{}", harmless(&trouble.message))?;
    }
    writeln!(out, "{}", summary(applied, done))?;
    if let Some(waits) = waits(applied) {
        let yellow = AnsiColor::Yellow.on_default();
        writeln!(out, "{yellow}{waits}{yellow:#}")?;
    }
    if let Some(missing) = missing(applied) {
        let red = AnsiColor::Red.on_default();
        writeln!(out, "{red}{missing}{red:#}")?;
    }
    if let Some(arm) = &applied.arm {
        let (name, group) = (harmless(&arm.name), harmless(&arm.resource_group));
        let id = arm.correlation_id.as_deref().map(harmless);
        let id = id.map(|id| format!(", correlation id {id}"));
        let id = id.unwrap_or_default();
        writeln!(
            out,
            "in the history of resource group {group} as {name}{id}"
        )?;
    }
    Ok(())
}

/// Writes what was done with notebooks and files.
pub(crate) fn notebooks(applied: &workspace::Applied, out: &mut dyn Write) -> io::Result<()> {
    let parts = [
        (applied.created, "created"),
        (applied.updated, "updated"),
        (applied.deleted, "deleted"),
        (applied.unchanged, "unchanged"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<_> = parts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    match parts.is_empty() {
        true => Ok(()),
        false => writeln!(out, "notebooks and files: {}", parts.join(", ")),
    }
}

fn line(outcome: &ResourceOutcome) -> String {
    let (mark, color) = match outcome.action {
        Action::Create => ("+", AnsiColor::Green.on_default()),
        Action::Delete => ("-", AnsiColor::Red.on_default()),
        Action::Replace => ("-/+", AnsiColor::Yellow.on_default()),
        _ => ("~", AnsiColor::Yellow.on_default()),
    };
    let key = harmless(&outcome.resource.to_string());
    let note = outcome.note.as_ref();
    let note = note.map(|note| format!("  {}", harmless(note)));
    format!("{color}{mark}{color:#} {key}{}", note.unwrap_or_default())
}

/// The triggers: what they should be, and what they are.
pub(crate) fn triggers(triggers: &[TriggerOutcome]) -> String {
    let unreached = unreached(triggers);
    let mut triggers: Vec<_> = triggers.iter().collect();
    triggers.sort_by(|one, other| natural(&one.trigger.name, &other.trigger.name));
    let rows_of = triggers.into_iter().map(|outcome| {
        let mark = match outcome.is_as_desired() {
            true => "✔",
            false => "✘",
        };
        let observed = outcome.observed.map(|state| state.to_string());
        let trouble = outcome.trouble.as_ref().map(|trouble| match unreached {
            Some(_) if is_unreached(trouble) => "the service was not reached".to_owned(),
            _ => harmless(&trouble.message),
        });
        [
            mark.to_owned(),
            harmless(&outcome.trigger.name),
            outcome.desired.to_string(),
            observed.unwrap_or_else(|| "unknown".to_owned()),
            trouble.unwrap_or_default(),
        ]
    });
    let table = rows(&["", "trigger", "desired", "observed", ""], rows_of);
    match unreached {
        Some(said) => format!("{table}\n\nthe service was not reached: {}", harmless(said)),
        None => table,
    }
}

fn is_unreached(trouble: &Trouble) -> bool {
    trouble.kind == TroubleKind::Unreachable
}

/// What several triggers would repeat when the service is not reached.
fn unreached(triggers: &[TriggerOutcome]) -> Option<&str> {
    let troubles = triggers.iter().filter_map(|it| it.trouble.as_ref());
    let mut unreached = troubles.filter(|it| is_unreached(it));
    let first = unreached.next()?;
    unreached.next().map(|_| first.message.as_str())
}

/// How many triggers are not in their states, as a sentence; nothing where all are.
pub(crate) fn off(triggers: &[TriggerOutcome]) -> Option<String> {
    match triggers.iter().filter(|it| !it.is_as_desired()).count() {
        0 => None,
        1 => Some("1 trigger is not in its state".to_owned()),
        several => Some(format!("{several} triggers are not in their states")),
    }
}

fn summary(applied: &Applied, done: Done) -> String {
    let count = |action: Action| {
        let resources = applied.resources.iter();
        let done = resources.filter(|it| it.status == Status::Done && it.action == action);
        done.count()
    };
    let mut parts: Vec<_> = [
        (count(Action::Create), "created"),
        (count(Action::Update), "updated"),
        (count(Action::Replace), "replaced"),
        (count(Action::Delete), "deleted"),
        (applied.unchanged, "unchanged"),
        (applied.count(Status::Failed), "failed"),
        (applied.count(Status::Skipped), "not begun"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    if parts.is_empty() {
        parts.push("nothing to do".to_owned());
    }
    let off = off(&applied.triggers);
    let (word, off, color) = match (applied.outcome, off) {
        (Outcome::Done, None) => (done.word(), None, AnsiColor::Green),
        (Outcome::Done, off) => (done.word(), off, AnsiColor::Yellow),
        (Outcome::Failed, _) => ("failed", None, AnsiColor::Red),
        (Outcome::Interrupted, _) => ("interrupted", None, AnsiColor::Red),
    };
    let style: Style = color.on_default().bold();
    let took = Duration::try_from(applied.took).unwrap_or(Duration::ZERO);
    let to = applied.factory.as_ref().map(|it| harmless(&it.factory));
    let from = if done == Done::Removed { " from" } else { "" };
    let to = to.map(|name| format!("{from} {name}")).unwrap_or_default();
    let but = off.map(|off| format!(", but {off}")).unwrap_or_default();
    let parts = parts.join(", ");
    format!(
        "{style}{word}{style:#}{to}{but}: {parts}  {}",
        duration(took)
    )
}

/// What leads nowhere yet, although all is done.
fn waits(applied: &Applied) -> Option<String> {
    let endpoints = &applied.awaiting_approval;
    let names: Vec<_> = endpoints
        .iter()
        .map(|it| harmless(&it.to_string()))
        .collect();
    let (waits, leads) = match names.len() {
        0 => return None,
        1 => ("1 private endpoint waits", "it leads"),
        _ => ("private endpoints wait", "they lead"),
    };
    let names = names.join(", ");
    Some(format!(
        "{waits} for approval, and {leads} nowhere until then: {names}"
    ))
}

/// What was deleted and is not there again, and how it comes back.
fn missing(applied: &Applied) -> Option<String> {
    let missing = applied.resources.iter().filter(|it| it.missing);
    let names: Vec<_> = missing
        .map(|it| harmless(&it.resource.to_string()))
        .collect();
    let (is, comes) = match names.len() {
        0 => return None,
        1 => ("resource is", "it"),
        _ => ("resources are", "them"),
    };
    Some(format!(
        "{} {is} missing, deleted and not created anew: {}; deploy again, which creates {comes}",
        names.len(),
        names.join(", ")
    ))
}

/// What does not hold, in one sentence.
pub(crate) fn complaint(applied: &Applied, done: Done) -> String {
    match (applied.outcome, applied.first_trouble()) {
        (Outcome::Done, _) => {
            let off = off(&applied.triggers).unwrap_or_default();
            format!("{}, but {off}", done.word())
        }
        (Outcome::Interrupted, _) => format!("the {} was interrupted", done.noun()),
        (_, Some(trouble)) => {
            let line = trouble.message.lines().next().unwrap_or_default();
            format!("the {} failed: {line}", done.noun())
        }
        (_, None) => format!("the {} failed", done.noun()),
    }
}
