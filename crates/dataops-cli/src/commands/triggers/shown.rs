//! Where triggers stand, and the states that they are in.

use std::io::{self, Write};

use dataops_core::apply::{Kept, Target, TriggerOutcome};
use dataops_plan::TriggerState;
use serde::Serialize;

use crate::exit::Exit;
use crate::report::{Report, applied, natural};
use crate::terminal::harmless;

/// Where triggers stand.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Stand {
    triggers: Vec<TriggerOutcome>,
}

impl Stand {
    /// In the order in which people count.
    pub(super) fn of(mut triggers: Vec<TriggerOutcome>) -> Self {
        triggers.sort_by(|one, other| natural(&one.trigger.name, &other.trigger.name));
        Self { triggers }
    }
}

impl Report for Stand {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        match self.triggers.is_empty() {
            true => writeln!(out, "no triggers"),
            false => writeln!(out, "{}", applied::triggers(&self.triggers)),
        }
    }

    fn exit(&self) -> Exit {
        match self.triggers.iter().all(TriggerOutcome::is_as_desired) {
            true => Exit::Ok,
            false => Exit::Triggers,
        }
    }

    fn complaint(&self) -> String {
        applied::off(&self.triggers).unwrap_or_default()
    }
}

/// The states of triggers.
#[derive(Serialize)]
pub(super) struct States {
    triggers: Vec<State>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct State {
    name: String,
    kind: String,
    state: TriggerState,
    /// Whether a deployment that was not finished has stopped it.
    awaits_restore: bool,
}

impl States {
    /// Those of some triggers, beside what a deployment has left.
    pub(super) fn of(mut chosen: Vec<Target>, kept: Option<&Kept>) -> Self {
        let stopped = kept.map(|kept| kept.journal.started().collect::<Vec<_>>());
        let stopped = stopped.unwrap_or_default();
        chosen.sort_by(|one, other| natural(&one.trigger.name, &other.trigger.name));
        let triggers = chosen.into_iter().map(|target| State {
            awaits_restore: target.state != TriggerState::Started
                && stopped.contains(&&target.trigger),
            name: target.trigger.name.clone(),
            kind: target.kind,
            state: target.state,
        });
        Self {
            triggers: triggers.collect(),
        }
    }
}

impl Report for States {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.triggers.is_empty() {
            return writeln!(out, "the factory has no triggers");
        }
        let rows = self.triggers.iter().map(|trigger| {
            let note = match trigger.awaits_restore {
                true => "a deployment that was not finished has stopped it",
                false => "",
            };
            let name = harmless(&trigger.name);
            [
                name,
                harmless(&trigger.kind),
                trigger.state.to_string(),
                note.to_owned(),
            ]
        });
        let table = crate::report::rows(&["trigger", "type", "state", ""], rows);
        writeln!(out, "{table}")
    }
}
