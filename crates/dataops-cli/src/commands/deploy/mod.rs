//! `dataops deploy`.

mod expected;
mod method;
mod ready;
mod tried;
mod written;

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use dataops_bundle::Bundle;
use dataops_core::apply::{Applied, Apply, Interrupt, Keeper, Limits, Outcome, TroubleKind};
use dataops_core::connection::Connection;
use dataops_core::deployment::Prepared;
use dataops_core::ledger::Ledger;
use dataops_core::workspace;
use dataops_ledger::Cause;
use dataops_plan::{Overlay, Plan};
use serde::Serialize;

use method::Method;
use ready::ready;
use written::read;

use super::plan::Planned;
use super::smoke::Smoked;
use crate::args::EnvironmentName;
use crate::context::Context;
use crate::duration;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::journal::{self, JournalPlace};
use crate::ledger::{self, RecordsPlace};
use crate::planning::{self, Source, Wishes};
use crate::process::{gracefully, unless_interrupted};
use crate::recording::Story;
use crate::report::{Report, applied};

/// Bring a solution, or a bundle, to an environment.
///
/// The live factory is compared with the solution, and only what differs is written, over the versions that were compared. Triggers that
/// stand in the way are stopped for that time; a journal tells which, so that `dataops triggers restore` or the next deployment starts
/// them again should this one be killed. Ctrl-C lets what is on its way end, and starts them too.
///
/// Nobody else deploys to the environment meanwhile: a lease keeps them out. A record is left, whatever comes of it short of a kill, and a bundle is
/// kept beside it, for `audit`, `drift`, `promote` and `rollback`.
///
/// The exit code is 0 when everything is as it ought to be, 5 when the deployment is done and a trigger is not in its state, 1 when the
/// plan cannot be carried out or no longer holds, 3 when the service refused or somebody else deploys, 4 when it did not answer.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    environment: EnvironmentName,
    /// A bundle of `dataops build`, instead of the solution's folder.
    #[arg(long, value_name = "DIR")]
    bundle: Option<PathBuf>,
    /// Carry out just this plan of `dataops plan --out`; refuse when something has moved since. The cluster is no part of it.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["only", "except", "delete_not_in_source", "put_secrets", "put_empty_global_parameters", "consent", "remove_stale_notebooks", "leave_notebooks"])]
    plan: Option<PathBuf>,
    #[command(flatten)]
    how: How,
}

/// How something is deployed.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct How {
    #[command(flatten)]
    wishes: Wishes,
    #[command(flatten)]
    pub(super) carrying: Carrying,
}

/// How a plan is carried out.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Carrying {
    /// Show the plan, and do nothing.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// How long a trigger may take to start, stop, subscribe or unsubscribe.
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration::parse)]
    trigger_timeout: Duration,
    /// How long to wait for the approval of private endpoints.
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = duration::parse)]
    approval_timeout: Duration,
    #[command(flatten)]
    method: Method,
    /// Do not make the smoke test that the environment asks for.
    #[arg(long)]
    no_smoke: bool,
    #[command(flatten)]
    journal: JournalPlace,
    #[command(flatten)]
    pub(super) records: RecordsPlace,
}

impl How {
    pub(super) fn new(wishes: Wishes, carrying: Carrying) -> Self {
        Self { wishes, carrying }
    }

    /// Whether nothing is to be done.
    pub(super) fn only_looks(&self) -> bool {
        self.carrying.dry_run || self.carrying.method.what_if
    }
}

impl Carrying {
    fn limits(&self) -> Limits {
        let limits = Limits::default()
            .with_trigger_limit(self.trigger_timeout)
            .with_approval_limit(self.approval_timeout);
        self.method.limits(limits)
    }
}

/// What is deployed where, and why.
pub(super) struct Order<'a> {
    pub(super) source: &'a Source,
    pub(super) connection: &'a Connection,
    /// Where it is recorded.
    pub(super) ledger: &'a Ledger,
    pub(super) cause: Cause,
    /// Just this plan.
    pub(super) written: Option<Plan>,
    /// Only ids of the ML side, into what runs.
    pub(super) binding: Option<Overlay>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    smoke: Option<Smoked>,
}

impl Report for Brought {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        if let Some(workspace) = &self.workspace {
            applied::notebooks(workspace, out)?;
        }
        applied::human(&self.factory, out)?;
        match &self.smoke {
            Some(smoke) => smoke.human(out),
            None => Ok(()),
        }
    }

    fn exit(&self) -> Exit {
        let smoked = self.smoke.as_ref().map_or(Exit::Ok, Report::exit);
        let applied = &self.factory;
        let kind = applied.first_trouble().map(|trouble| trouble.kind);
        match (applied.outcome, kind) {
            (Outcome::Done, _) if applied.triggers_are_as_desired() => smoked,
            (Outcome::Done, _) => Exit::Triggers,
            (Outcome::Interrupted, _) => Exit::Interrupted,
            (_, Some(TroubleKind::Unreachable | TroubleKind::TimedOut)) => Exit::Unreachable,
            _ => Exit::Refused,
        }
    }

    fn complaint(&self) -> String {
        match &self.smoke {
            Some(smoke) if smoke.exit() != Exit::Ok => smoke.complaint(),
            _ => applied::complaint(&self.factory),
        }
    }
}

/// Deploys.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let source = planning::source(context, args.bundle.as_deref())?;
    let written = args.plan.as_ref().map(read).transpose()?;
    let session = context.reach(&source, &args.environment.name).await?;
    let connection = &session.connection;
    let deploying = async {
        let ledger = args.how.carrying.records.open(&source.home, connection)?;
        let order = Order {
            source: &source,
            connection,
            ledger: &ledger,
            cause: Cause::Deploy,
            written,
            binding: None,
        };
        bring(context, &args.how, order).await
    };
    let exit = Box::pin(deploying).await;
    session.close().await;
    exit
}

/// Deploys while nobody else does, and records what came of it.
pub(super) async fn bring(context: &Context, how: &How, order: Order<'_>) -> Result<Exit, Failure> {
    let Order {
        source,
        connection,
        ledger,
        ..
    } = order;
    let keeper = journal::keeper(context, &how.carrying.journal, source, connection)?;
    if how.carrying.method.what_if {
        return method::expect(context, how, &order, &keeper).await;
    }
    if how.carrying.dry_run {
        let looking = ready(context, how, &order, &keeper);
        let (ready, _) = unless_interrupted(context, Box::pin(looking)).await?;
        return context.print(&Planned::of(ready.plan));
    }
    let mut story = Story::begin(context, source, connection, order.cause.clone());
    let taking = ledger::take(context, ledger, what(&order));
    let mut holding = unless_interrupted(context, taking).await?;
    let interrupt = Interrupt::default();
    let mut lost = None;
    let deploying = Box::pin(deploy(
        context, how, &order, &keeper, &interrupt, &mut story,
    ));
    let losing = |why: &str| {
        let text = format!("the lease was lost, and the deployment ends: {why}");
        context.warn("error", &text, None);
        lost = Some(text);
        interrupt.raise();
    };
    let ended = holding.during(deploying, losing).await;
    if let Some(why) = &lost {
        story.refused(why);
    }
    let recorded = story.record(context, ledger, ended.as_ref().err()).await;
    let mut ended = ended;
    let smoked = match &mut ended {
        Ok(Some(brought)) if recorded.is_ok() && tried::is_due(how, &order, brought) => {
            let smoking = Box::pin(tried::smoke(context, &order, &interrupt, brought));
            holding.during(smoking, |_| interrupt.raise()).await
        }
        _ => Ok(()),
    };
    ledger::release(context, holding).await;
    let brought = ended?;
    let exit = match &brought {
        Some(brought) => context.print(brought)?,
        None => Exit::Failed,
    };
    recorded?;
    smoked?;
    if brought.is_some_and(|brought| tried::goes_back(&order, &brought)) {
        return tried::go_back(context, how, connection).await;
    }
    // Nobody wished to end it early.
    Ok(match lost {
        Some(_) if exit == Exit::Interrupted => Exit::Refused,
        _ => exit,
    })
}

/// For what the lease is taken.
fn what(order: &Order<'_>) -> String {
    let bundle = order.source.bundle.as_deref();
    match bundle.and_then(|digest| digest.get(..19)) {
        Some(digest) => format!("{} of bundle {digest}", order.cause),
        None => order.cause.to_string(),
    }
}

/// Does it; nothing was brought when the plan cannot be carried out.
async fn deploy(
    context: &Context,
    how: &How,
    order: &Order<'_>,
    keeper: &Keeper,
    interrupt: &Interrupt,
    story: &mut Story,
) -> Result<Option<Brought>, Failure> {
    let Order {
        source,
        connection,
        ledger,
        ..
    } = *order;
    let preparing = ready(context, how, order, keeper);
    let (ready, (prepared, workspace)) = unless_interrupted(context, Box::pin(preparing)).await?;
    story.planned(&ready.plan, planning::concealed(ready.live, connection)?);
    if !ready.plan.is_applicable() {
        planning::explain(context, &ready.plan);
        story.refused("the plan cannot be carried out");
        return Ok(None);
    }
    if let Some(bundle) = &source.sealed {
        keep(context, ledger, bundle).await;
    }
    planning::caution(context, &ready.plan);
    journal::tell(context, ready.pending.as_ref());
    let sides = (&ready.plan, &ready.desired);
    let arm = how.carrying.method.order(context, order, sides, keeper)?;
    let apply = Apply::new(connection, &ready.plan, &ready.desired, keeper)
        .by_arm(arm)
        .finishing(ready.pending)
        .within(how.carrying.limits())
        .until(interrupt.clone());
    let progress = context.deploying();
    let tell = |event: dataops_core::apply::Event<'_>| progress.tell(event);
    let applying = async { apply.run(&tell).await.map_err(journal::failure) };
    let standing = format!(
        "the journal in {} tells which triggers to start; `dataops triggers restore --env {}` does it",
        keeper.place(),
        ledger.environment()
    );
    let applied = gracefully(context, interrupt, &standing, Box::pin(applying)).await?;
    drop(progress);
    for warning in &applied.warnings {
        context.warn("warning", warning, None);
    }
    story.applied(context, ledger, connection, &applied).await;
    Ok(Some(Brought {
        prepared,
        workspace,
        factory: applied,
        smoke: None,
    }))
}

/// Keeps a bundle beside the records, so that a rollback finds it.
async fn keep(context: &Context, ledger: &Ledger, bundle: &Bundle) {
    if let Err(error) = ledger.keep_bundle(bundle).await {
        let text = format!("the bundle is not kept beside the records: {error}");
        let hint = "keep its folder: `dataops rollback --bundle DIR` needs it";
        context.warn("warning", &text, Some(hint));
    }
}
