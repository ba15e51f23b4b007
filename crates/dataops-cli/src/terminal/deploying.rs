//! A deployment as it goes on: a bar on a terminal, plain lines in a log.

use std::io::{IsTerminal, Write};
use std::time::Instant;

use azure_core::time::Duration;
use dataops_core::apply::{Event, ResourceOutcome, Status};
use dataops_plan::{Action, TriggerStep};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{duration, harmless, without_commands};

/// Shows a deployment while it goes on, on stderr.
pub(crate) struct Deploying {
    form: Form,
    since: Instant,
}

enum Form {
    Bar(ProgressBar),
    Lines,
    Quiet,
}

impl Deploying {
    /// A bar on a terminal, lines elsewhere, nothing when `quiet`.
    #[must_use]
    pub(crate) fn new(quiet: bool, ci: bool) -> Self {
        let form = match () {
            () if quiet => Form::Quiet,
            () if std::io::stderr().is_terminal() && !ci => Form::Bar(bar()),
            () => Form::Lines,
        };
        Self {
            form,
            since: Instant::now(),
        }
    }

    /// Shows what happens.
    pub(crate) fn tell(&self, event: Event<'_>) {
        match &self.form {
            Form::Bar(bar) => show(bar, event),
            Form::Lines => {
                if let Some(line) = line(event) {
                    let since = Duration::try_from(self.since.elapsed()).unwrap_or(Duration::ZERO);
                    // A log that cannot be written to is no reason to end.
                    let text = format!("{:>6}  {line}", duration(since));
                    let _ = writeln!(std::io::stderr(), "{}", without_commands(&text));
                }
            }
            Form::Quiet => {}
        }
    }
}

impl Drop for Deploying {
    fn drop(&mut self) {
        if let Form::Bar(bar) = &self.form {
            bar.finish_and_clear();
        }
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
    let style = ProgressStyle::with_template("{bar:24.cyan} {pos}/{len}  {elapsed}  {wide_msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn show(bar: &ProgressBar, event: Event<'_>) {
    if let Event::Begin { resources } = event {
        bar.set_length(u64::try_from(resources).unwrap_or(u64::MAX));
    }
    if let Event::Resource(outcome) = event {
        bar.inc(1);
        if outcome.status == Status::Failed {
            bar.println(line(event).unwrap_or_default());
        }
    }
    if let Some(text) = line(event) {
        bar.set_message(text.lines().next().unwrap_or_default().to_owned());
    }
}

fn line(event: Event<'_>) -> Option<String> {
    Some(match event {
        Event::Step(text) => text.to_owned(),
        Event::Removed(key) => {
            format!(
                "deleted {}, which is created anew",
                harmless(&key.to_string())
            )
        }
        Event::Resource(outcome) => resource(outcome),
        Event::Trigger { trigger, step } => {
            format!("{} {}", verb(step), harmless(&trigger.name))
        }
        Event::Settled(outcome) => {
            let trouble = outcome.trouble.as_ref()?;
            let name = harmless(&outcome.trigger.name);
            format!("trigger {name}: {}", harmless(&trouble.message))
        }
        _ => return None,
    })
}

fn resource(outcome: &ResourceOutcome) -> String {
    let verb = match outcome.action {
        Action::Create => "created",
        Action::Update => "updated",
        Action::Replace => "replaced",
        Action::Delete => "deleted",
        Action::Unchanged | Action::Skip => "left",
    };
    let key = harmless(&outcome.resource.to_string());
    match (&outcome.trouble, &outcome.note) {
        (Some(trouble), _) => format!("failed {key}: {}", harmless(&trouble.message)),
        (None, Some(note)) => format!("{verb} {key}: {}", harmless(note)),
        (None, None) => format!("{verb} {key}"),
    }
}

fn verb(step: TriggerStep) -> &'static str {
    match step {
        TriggerStep::Unsubscribe | TriggerStep::AwaitDisabled => "unsubscribing trigger",
        TriggerStep::Stop => "stopping trigger",
        TriggerStep::Subscribe | TriggerStep::AwaitEnabled => "subscribing trigger",
        TriggerStep::Start => "starting trigger",
    }
}
