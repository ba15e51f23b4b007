//! `dataops triggers`.

use std::io::{self, Write};
use std::time::Duration;

use adf_model::FactoryError;
use clap::Subcommand;
use dataops_core::apply::{self, Kept, Limits, Target, TriggerOutcome};
use dataops_core::connection::Connection;
use dataops_core::planning::PlanningError;
use dataops_plan::{ResourceKey, TriggerState};
use serde::Serialize;

use crate::args::EnvironmentName;
use crate::context::Context;
use crate::duration;
use crate::exit::Exit;
use crate::failure::{Failure, suggestion};
use crate::journal::{self, JournalPlace};
use crate::ledger::{self, RecordsPlace};
use crate::planning::{self, Source};
use crate::process::unless_interrupted;
use crate::report::{Report, applied};
use crate::terminal::harmless;

/// Show, start and stop the triggers of a factory, and start those that a deployment has left stopped.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

/// What is done.
#[derive(Debug, Subcommand)]
enum Action {
    /// Show the state of each trigger.
    Status(Which),
    /// Start triggers; those on events subscribe first.
    Start(Which),
    /// Stop triggers; those on events unsubscribe first.
    Stop(Which),
    /// Start the triggers that a killed deployment has left stopped, as its journal tells.
    Restore(Which),
}

/// Which triggers.
#[derive(Debug, clap::Args)]
struct Which {
    /// The triggers; without a name, all of them for `status` and `restore`.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// All triggers of the factory.
    #[arg(long, conflicts_with = "names")]
    all: bool,
    #[command(flatten)]
    environment: EnvironmentName,
    /// How long each step of a trigger may take.
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration::parse)]
    timeout: Duration,
    #[command(flatten)]
    journal: JournalPlace,
    #[command(flatten)]
    records: RecordsPlace,
}

/// Where triggers stand.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Stand {
    triggers: Vec<TriggerOutcome>,
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
        let off = self.triggers.iter().filter(|it| !it.is_as_desired());
        format!("triggers are not in their states: {}", off.count())
    }
}

/// The states of triggers.
#[derive(Serialize)]
struct States {
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

/// Does it.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let (Action::Status(which)
    | Action::Start(which)
    | Action::Stop(which)
    | Action::Restore(which)) = &args.action;
    let source = planning::source(context, None)?;
    let session = context.reach(&source, &which.environment.name).await?;
    let acting = act(context, &args.action, which, &source, &session.connection);
    let exit = unless_interrupted(context, Box::pin(acting)).await;
    session.close().await;
    exit
}

async fn act(
    context: &Context,
    action: &Action,
    which: &Which,
    source: &Source,
    connection: &Connection,
) -> Result<Exit, Failure> {
    let keeper = journal::keeper(context, &which.journal, source, connection)?;
    let client = connection.factory().map_err(Failure::service)?;
    let kept = keeper.read().await.map_err(journal::unreadable)?;
    let limits = Limits::default().with_trigger_limit(which.timeout);
    let progress = context.deploying();
    let tell = |event: apply::Event<'_>| progress.tell(event);
    let state = match action {
        Action::Status(_) => {
            let known = apply::known(&client).await.map_err(absent)?;
            let chosen = choose(known, &which.names)?;
            return context.print(&states(chosen, kept.as_ref()));
        }
        Action::Restore(_) => {
            let Some(kept) = kept else {
                context.say("no deployment has left a journal");
                return context.print(&Stand {
                    triggers: Vec::new(),
                });
            };
            // A deployment that is still at work starts its triggers itself, over what it has then brought.
            let ledger = which.records.open(&context.home(), connection)?;
            let what = "restoring triggers".to_owned();
            let mut holding = ledger::take(context, &ledger, what).await?;
            journal::tell(context, Some(&kept));
            let only = |trigger: &ResourceKey| is_named(trigger, &which.names);
            let restored = apply::restore(&client, &keeper, &kept, only, limits, &tell);
            let losing =
                |why: &str| context.warn("warning", &format!("the lease was lost: {why}"), None);
            let restored = holding.during(Box::pin(restored), losing).await;
            let restored = restored.map_err(journal::unreadable);
            ledger::release(context, holding).await;
            let triggers = restored?;
            return context.print(&Stand { triggers });
        }
        Action::Start(_) => TriggerState::Started,
        Action::Stop(_) => TriggerState::Stopped,
    };
    if which.names.is_empty() && !which.all {
        return Err(Failure::usage("no trigger is named").hint("name some, or give --all"));
    }
    let known = apply::known(&client).await.map_err(absent)?;
    let mut targets = choose(known, &which.names)?;
    targets.iter_mut().for_each(|target| target.state = state);
    let triggers = apply::settle(&client, &[targets], limits, &tell).await;
    drop(progress);
    context.print(&Stand { triggers })
}

/// Why the triggers are not known.
fn absent(error: PlanningError) -> Failure {
    match error {
        PlanningError::Factory(FactoryError::NotFound { .. }) => {
            Failure::new(Exit::Refused, "the factory does not exist")
                .hint("check the environment's names; `dataops deploy` creates a factory")
        }
        other => planning::failure(other),
    }
}

/// The triggers that were named; all of them where none is.
fn choose(known: Vec<Target>, names: &[String]) -> Result<Vec<Target>, Failure> {
    if names.is_empty() {
        return Ok(known);
    }
    let same = |target: &&Target, name: &String| target.trigger.name.eq_ignore_ascii_case(name);
    let chosen = names.iter().map(|name| {
        let found = known.iter().find(|target| same(target, name));
        found.cloned().ok_or_else(|| unknown(name, &known))
    });
    chosen.collect()
}

/// Whether a trigger is among some names; it is where there is none.
fn is_named(trigger: &ResourceKey, names: &[String]) -> bool {
    let mut all = names.iter();
    names.is_empty() || all.any(|name| name.eq_ignore_ascii_case(&trigger.name))
}

fn states(chosen: Vec<Target>, kept: Option<&Kept>) -> States {
    let stopped = kept.map(|kept| kept.journal.started().collect::<Vec<_>>());
    let stopped = stopped.unwrap_or_default();
    let triggers = chosen.into_iter().map(|target| State {
        awaits_restore: target.state != TriggerState::Started && stopped.contains(&&target.trigger),
        name: target.trigger.name.clone(),
        kind: target.kind,
        state: target.state,
    });
    States {
        triggers: triggers.collect(),
    }
}

fn unknown(name: &str, known: &[Target]) -> Failure {
    let names: Vec<_> = known.iter().map(|it| it.trigger.name.clone()).collect();
    let failure = Failure::new(
        Exit::Refused,
        format!("the factory has no trigger `{name}`"),
    );
    match suggestion::nearest(name, &names) {
        Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
        None if names.is_empty() => failure.hint("it has no triggers"),
        None => failure.hint(format!("it has {}", suggestion::listed(&names))),
    }
}
