//! `dataops deploy`.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use dataops_core::apply::{Applied, Apply, Interrupt, Keeper, Kept, Limits, Outcome, TroubleKind};
use dataops_core::connection::Connection;
use dataops_core::deployment::{Deployment, Prepared};
use dataops_core::planning::Lookup;
use dataops_core::workspace;
use dataops_plan::{Desired, Live, Plan};
use serde::Serialize;

use super::plan::Planned;
use crate::context::Context;
use crate::duration;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::journal::{self, JournalPlace};
use crate::local::deploy_failure;
use crate::notebooks;
use crate::planning::{self, Source, Wishes};
use crate::process::{gracefully, unless_interrupted};
use crate::report::{Report, applied};
use crate::terminal::harmless;

/// Bring a solution, or a bundle, to an environment.
///
/// The live factory is compared with the solution, and only what differs is written, over the versions that were compared. Triggers that
/// stand in the way are stopped for that time; a journal tells which, so that `dataops triggers restore` or the next deployment starts
/// them again should this one be killed. Ctrl-C lets what is on its way end, and starts them too.
///
/// The exit code is 0 when everything is as it ought to be, 5 when the deployment is done and a trigger is not in its state, 1 when the
/// plan cannot be carried out or no longer holds, 3 or 4 when the service refused or did not answer.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The environment of dataops.yaml.
    #[arg(
        long,
        default_value = "local",
        value_name = "ENV",
        env = "DATAOPS_ENV",
        hide_env_values = true
    )]
    env: String,
    /// A bundle of `dataops build`, instead of the solution's folder.
    #[arg(long, value_name = "DIR")]
    bundle: Option<PathBuf>,
    /// Carry out just this plan of `dataops plan --out`; refuse when something has moved since. The cluster is no part of it.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["only", "except", "delete_not_in_source", "put_secrets", "put_empty_global_parameters", "consent", "remove_stale_notebooks", "leave_notebooks"])]
    plan: Option<PathBuf>,
    #[command(flatten)]
    wishes: Wishes,
    /// Show the plan, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// How long a trigger may take to start, stop, subscribe or unsubscribe.
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration::parse)]
    trigger_timeout: Duration,
    /// How long to wait for the approval of private endpoints.
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = duration::parse)]
    approval_timeout: Duration,
    #[command(flatten)]
    journal: JournalPlace,
}

impl Args {
    fn limits(&self) -> Limits {
        Limits::default()
            .with_trigger_limit(self.trigger_timeout)
            .with_approval_limit(self.approval_timeout)
    }
}

/// What was brought.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Brought {
    #[serde(flatten)]
    prepared: Prepared,
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace: Option<workspace::Applied>,
    factory: Applied,
}

impl Report for Brought {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        if let Some(workspace) = &self.workspace {
            applied::notebooks(workspace, out)?;
        }
        applied::human(&self.factory, out)
    }

    fn exit(&self) -> Exit {
        let applied = &self.factory;
        let kind = applied.first_trouble().map(|trouble| trouble.kind);
        match (applied.outcome, kind) {
            (Outcome::Done, _) if applied.triggers_are_as_desired() => Exit::Ok,
            (Outcome::Done, _) => Exit::Triggers,
            (Outcome::Interrupted, _) => Exit::Interrupted,
            (_, Some(TroubleKind::Unreachable | TroubleKind::TimedOut)) => Exit::Unreachable,
            _ => Exit::Refused,
        }
    }

    fn complaint(&self) -> String {
        applied::complaint(&self.factory)
    }
}

/// What is carried out: a plan, and what it was made of.
struct Ready {
    plan: Plan,
    desired: Desired,
    pending: Option<Kept>,
}

/// Deploys.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let source = planning::source(context, args.bundle.as_deref())?;
    let written = args.plan.as_ref().map(read).transpose()?;
    let session = context.reach(&source, &args.env).await?;
    let exit = deploy(context, &args, &source, written, &session.connection).await;
    session.close().await;
    exit
}

async fn deploy(
    context: &Context,
    args: &Args,
    source: &Source,
    written: Option<Plan>,
    connection: &Connection,
) -> Result<Exit, Failure> {
    let keeper = journal::keeper(context, &args.journal, source, connection)?;
    let preparing = make_ready(context, args, source, written, connection, &keeper);
    let (ready, brought) = unless_interrupted(context, Box::pin(preparing)).await?;
    if args.dry_run {
        return context.print(&Planned::of(ready.plan));
    }
    if !ready.plan.is_applicable() {
        planning::explain(context, &ready.plan);
        return Ok(Exit::Failed);
    }
    planning::caution(context, &ready.plan);
    journal::tell(context, ready.pending.as_ref());
    let interrupt = Interrupt::default();
    let apply = Apply::new(connection, &ready.plan, &ready.desired, &keeper)
        .finishing(ready.pending.clone())
        .within(args.limits())
        .until(interrupt.clone());
    let progress = context.deploying();
    let tell = |event: dataops_core::apply::Event<'_>| progress.tell(event);
    let applying = async { apply.run(&tell).await.map_err(journal::failure) };
    let standing = format!(
        "the journal in {} tells which triggers to start; `dataops triggers restore --env {}` does it",
        keeper.place(),
        args.env
    );
    let applied = gracefully(context, &interrupt, &standing, Box::pin(applying)).await?;
    drop(progress);
    for warning in &applied.warnings {
        context.warn("warning", warning, None);
    }
    let (prepared, workspace) = brought;
    context.print(&Brought {
        prepared,
        workspace,
        factory: applied,
    })
}

/// What was brought before the factory.
type BroughtBefore = (Prepared, Option<workspace::Applied>);

/// Makes the plan, or checks the one that is given, and brings what the factory relies on.
async fn make_ready(
    context: &Context,
    args: &Args,
    source: &Source,
    written: Option<Plan>,
    connection: &Connection,
    keeper: &Keeper,
) -> Result<(Ready, BroughtBefore), Failure> {
    let mut prepared = Prepared::default();
    if connection.is_emulated() && written.is_none() && !args.dry_run {
        prepared = prepare(context, source, connection).await?;
    }
    let ready = match written {
        Some(plan) => verified(plan, source, connection, keeper).await?,
        None => planned(args, source, connection, keeper).await?,
    };
    if args.dry_run || !ready.plan.is_applicable() {
        return Ok((ready, (prepared, None)));
    }
    let brought = notebooks::bring(context, &ready.plan, source, connection).await?;
    if let Some(notebooks) = &ready.plan.notebooks {
        if !connection.is_emulated() && args.plan.is_none() {
            prepared = prepare(context, source, connection).await?;
        }
        let objects = notebooks.objects.iter().filter(|it| it.source.is_some());
        prepared.notebooks = objects.map(|it| it.path.clone()).collect();
    }
    Ok((ready, (prepared, brought)))
}

/// Makes what the factory and the notebooks rely on: on an emulator what belongs to other teams, and the cluster with its libraries.
async fn prepare(
    context: &Context,
    source: &Source,
    connection: &Connection,
) -> Result<Prepared, Failure> {
    let deployment = Deployment::new(&source.solution, connection);
    let prepared = deployment.belongings(|step| context.say(step)).await;
    let prepared = prepared.map_err(deploy_failure)?;
    if source.solution.settings.notebooks.is_some() {
        context.say("preparing the cluster");
        let tell = |state: &str| context.say(&harmless(state));
        deployment.cluster(&tell).await.map_err(deploy_failure)?;
    }
    Ok(prepared)
}

async fn planned(
    args: &Args,
    source: &Source,
    connection: &Connection,
    keeper: &Keeper,
) -> Result<Ready, Failure> {
    let pending = keeper.read().await.map_err(journal::unreadable)?;
    let lookup = match args.dry_run {
        true => Lookup::MayStay,
        false => Lookup::Must,
    };
    let (desired, live) = planning::sides(source, connection, pending.as_ref(), lookup).await?;
    let sides = (&desired, &live);
    Ok(Ready {
        plan: args.wishes.plan(source, connection, sides).await?,
        desired,
        pending,
    })
}

fn read(path: &PathBuf) -> Result<Plan, Failure> {
    let unusable = |error: &dyn std::fmt::Display| {
        Failure::usage(format!("{}: {error}", path.display()))
            .hint("make a plan by `dataops plan --out FILE`")
    };
    let text = fs::read_to_string(path).map_err(|error| unusable(&error))?;
    Plan::read(&text).map_err(|error| unusable(&error))
}

/// A plan that was made earlier, if it still holds.
async fn verified(
    plan: Plan,
    source: &Source,
    connection: &Connection,
    keeper: &Keeper,
) -> Result<Ready, Failure> {
    belongs(&plan, source, connection)?;
    let pending = keeper.read().await.map_err(journal::unreadable)?;
    let (desired, live) =
        planning::sides(source, connection, pending.as_ref(), Lookup::MayStay).await?;
    let mut moved = moved(&plan, &desired, &live);
    moved.extend(notebooks::moved(&plan, source, connection).await?);
    if moved.is_empty() {
        return Ok(Ready {
            plan,
            desired,
            pending,
        });
    }
    let failure = Failure::new(Exit::Failed, Stale(moved));
    Err(failure.hint("make the plan again, and have it reviewed again"))
}

fn moved(plan: &Plan, desired: &Desired, live: &Live) -> Vec<String> {
    let mut moved = plan.verify(live);
    moved.extend(plan.verify_source(desired));
    moved.iter().map(ToString::to_string).collect()
}

/// Refuses a plan of another environment, factory or bundle.
fn belongs(plan: &Plan, source: &Source, connection: &Connection) -> Result<(), Failure> {
    let environment = connection.environment();
    let refuse = |what: String| Err(Failure::usage(format!("the plan is of {what}")));
    if plan.environment != environment.name {
        return refuse(format!("environment `{}`", harmless(&plan.environment)));
    }
    let here = planning::address(environment);
    if let (Some(planned), true) = (&plan.factory, plan.factory != here) {
        return refuse(format!("another factory, `{}`", harmless(&planned.factory)));
    }
    match (&plan.bundle, &source.bundle) {
        (Some(planned), Some(given)) if planned == given => Ok(()),
        (None, None) => Ok(()),
        (Some(planned), _) => refuse(format!("the bundle {}", harmless(planned))),
        (None, Some(_)) => refuse("a solution's folder, and not of a bundle".to_owned()),
    }
}

/// A plan that no longer holds.
#[derive(Debug)]
struct Stale(Vec<String>);

/// How much of what moved is told.
const MOST_TOLD: usize = 10;

impl std::fmt::Display for Stale {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("the plan no longer holds, and nothing was changed:")?;
        for moved in self.0.iter().take(MOST_TOLD) {
            write!(out, "\n  {}", harmless(moved))?;
        }
        match self.0.len().saturating_sub(MOST_TOLD) {
            0 => Ok(()),
            more => write!(out, "\n  and {more} more"),
        }
    }
}

impl std::error::Error for Stale {}
