//! What a preparation has found and done, for people.

use std::io::{self, Write};

use dataops_core::preparation::{Step, StepState};
use serde::Serialize;

use crate::exit::Exit;
use crate::report::{self, Report};
use crate::terminal::harmless;

/// What a preparation has found and done.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Prepared {
    environment: String,
    /// Whether nothing was changed.
    check: bool,
    /// Whether everything is as it ought to be.
    ready: bool,
    steps: Vec<Step>,
}

impl Prepared {
    pub(super) fn new(environment: String, check: bool, steps: Vec<Step>) -> Self {
        Self {
            environment,
            check,
            ready: steps.iter().all(|step| step.state.is_good()),
            steps,
        }
    }

    /// The exit code of the worst step.
    pub(super) fn exit(&self) -> Exit {
        let has = |state| self.steps.iter().any(|step| step.state == state);
        match () {
            () if self.ready => Exit::Ok,
            () if has(StepState::Unreachable) => Exit::Unreachable,
            () if has(StepState::NeedsSomebody) => Exit::Refused,
            () => Exit::Failed,
        }
    }

    fn count(&self, wanted: impl Fn(StepState) -> bool) -> usize {
        let steps = self.steps.iter();
        steps.filter(|step| wanted(step.state)).count()
    }

    fn summary(&self) -> String {
        let environment = harmless(&self.environment);
        if self.ready {
            return match self.count(|state| state == StepState::Done) {
                0 => format!("{environment} is ready; nothing was to be done"),
                done => format!(
                    "{environment} is ready; {done} of {} done now",
                    steps(self.steps.len())
                ),
            };
        }
        let parts = [
            (StepState::Todo, "to do"),
            (StepState::Failed, "failed"),
            (StepState::NeedsSomebody, "for somebody with more rights"),
            (StepState::Unreachable, "not reached in time"),
            (StepState::Skipped, "skipped"),
        ];
        let parts: Vec<_> = parts
            .into_iter()
            .map(|(state, word)| (self.count(|found| found == state), word))
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        format!("{environment} is not ready: {}", parts.join(", "))
    }
}

fn steps(count: usize) -> String {
    match count {
        1 => "1 step".to_owned(),
        many => format!("{many} steps"),
    }
}

impl Report for Prepared {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let rows = self.steps.iter().map(|step| {
            let said = match is_trouble(step.state) {
                true => word(step.state).to_owned(),
                false => match &step.id {
                    Some(id) => format!("{}, id {}", harmless(&step.found), harmless(id)),
                    None => harmless(&step.found),
                },
            };
            [mark(step.state).to_owned(), harmless(&step.name), said]
        });
        writeln!(
            out,
            "{}",
            report::rows(&["", "what", "how it stands"], rows)
        )?;
        for step in self.steps.iter().filter(|step| is_trouble(step.state)) {
            writeln!(out, "\n{} {}", mark(step.state), harmless(&step.name))?;
            for line in harmless(&step.found).lines() {
                writeln!(out, "  {line}")?;
            }
            let Some(remedy) = &step.remedy else {
                continue;
            };
            for (title, text) in [
                ("who", &remedy.who),
                ("run", &remedy.command),
                ("or", &remedy.place),
            ] {
                if let Some(text) = text {
                    writeln!(out, "  {title:>3}: {}", harmless(text))?;
                }
            }
        }
        writeln!(out, "\n{}", self.summary())
    }

    fn holds(&self) -> bool {
        self.ready
    }

    fn complaint(&self) -> String {
        self.summary()
    }
}

fn is_trouble(state: StepState) -> bool {
    use StepState::{Failed, NeedsSomebody, Unreachable};
    matches!(state, Failed | NeedsSomebody | Unreachable)
}

fn mark(state: StepState) -> &'static str {
    match state {
        StepState::Ready => "✔",
        StepState::Done => "+",
        StepState::Todo => "~",
        StepState::NeedsSomebody => "!",
        StepState::Failed | StepState::Unreachable => "✘",
        _ => "–",
    }
}

fn word(state: StepState) -> &'static str {
    match state {
        StepState::NeedsSomebody => "needs somebody with more rights; see below",
        StepState::Unreachable => "was not reached in time; see below",
        _ => "failed; see below",
    }
}
