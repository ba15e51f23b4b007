//! `dataops deploy`.

mod brought;
mod expected;
mod how;
mod left;
mod method;
mod ready;
mod removal;
mod stays;
mod tried;
mod work;
mod written;

use std::path::PathBuf;

use dataops_core::apply::{Interrupt, Keeper};
use dataops_core::connection::Connection;
use dataops_core::ledger::{Holding, Ledger};
use dataops_ledger::Cause;
use dataops_plan::{Overlay, Plan};

use brought::Brought;
pub(super) use how::{Carrying, How};
use ready::ready;
pub(super) use removal::Removal;
use work::Work;
pub(super) use written::read;

use super::plan::Planned;
use super::smoke;
use crate::args::EnvironmentName;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::gate::{Asked, Override, Standing};
use crate::in_force::{InForce, Places};
use crate::journal;
use crate::ledger;
use crate::planning::{self, Source};
use crate::process::unless_interrupted;
use crate::recording::Story;

/// Bring a solution, or a bundle, to an environment.
///
/// The live factory is compared with the solution, and only what differs is written, over the versions that were compared. Triggers that
/// stand in the way are stopped for that time; a journal tells which, so that `dataops triggers restore` or the next deployment starts
/// them again should this one be killed. Ctrl-C lets what is on its way end, and starts them too.
///
/// Nobody else deploys to the environment meanwhile: a lease keeps them out, and who loses it writes nothing more. A record is left when
/// it begins and another one when it ends, and a bundle is kept beside them, for `audit`, `drift`, `promote` and `rollback`. What is
/// refused before it changes anything leaves a record for `audit` alone: what was deployed and tested before stands.
///
/// An environment that has `after` or `promote` in dataops.yaml, or in that of the bundle, takes only a bundle that has passed what both
/// ask for, as `promote` brings it. --override REASON deploys all the same, and is recorded.
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
    /// Carry out just this plan of `dataops plan --out`; refuse when something has moved since, unless that is what the plan does and its
    /// bundle is there.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["only", "except", "delete_not_in_source", "put_secrets", "put_empty_global_parameters", "consent", "remove_stale_notebooks", "leave_notebooks"])]
    plan: Option<PathBuf>,
    #[command(flatten)]
    wish: Override,
    #[command(flatten)]
    how: How,
}

/// What is deployed where, and why.
pub(super) struct Order<'a> {
    pub(super) source: &'a Source,
    pub(super) connection: &'a Connection,
    /// Where it is recorded, and where its journal is.
    pub(super) places: &'a Places,
    pub(super) cause: Cause,
    /// Why it may be deployed.
    pub(super) standing: Standing,
    /// What is done.
    pub(super) task: Task,
}

/// What is done with the source.
pub(super) enum Task {
    /// It is brought.
    Bring,
    /// Just this plan is carried out.
    Written(Plan),
    /// Only ids of the ML side are put into what runs.
    Bind(Overlay),
    /// It is removed.
    Remove(Removal),
}

/// Deploys.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let source = planning::source(context, args.bundle.as_deref())?;
    let written = args.plan.as_deref().map(|path| read(context, path));
    let written = written.transpose()?;
    let session = context.reach(&source, &args.environment.name).await?;
    let connection = &session.connection;
    let name = &args.environment.name;
    let deploying = async {
        let in_force = InForce::of_source(context, &source)?;
        let wanted = (&args.how.carrying.records, &args.how.carrying.journal);
        let places = in_force.places(context, wanted, name, connection)?;
        let terms = in_force.terms(context, name)?;
        let standing = match args.how.only_looks() {
            true => Standing::default(),
            false => {
                let asked = Asked {
                    in_force: &in_force,
                    records: &args.how.carrying.records,
                    to: name,
                    terms: &terms,
                };
                let admitting = asked.admit(context, source.bundle.as_deref(), &args.wish);
                match unless_interrupted(context, Box::pin(admitting)).await {
                    Ok(standing) => standing,
                    Err(failure) => {
                        left::name(context, &places, connection).await;
                        return Err(failure);
                    }
                }
            }
        };
        let order = Order {
            source: &source,
            connection,
            places: &places,
            cause: Cause::Deploy,
            standing,
            task: written.map_or(Task::Bring, Task::Written),
        };
        bring(context, &args.how, order).await
    };
    let exit = Box::pin(deploying).await;
    session.close().await;
    exit
}

/// How a deployment has ended.
pub(super) struct Ended {
    /// Nothing was brought when the plan cannot be carried out.
    brought: Option<Brought>,
    /// What went wrong beside it.
    trouble: Option<Failure>,
    /// Whether the lease was lost.
    lost: bool,
}

impl Ended {
    /// Prints what was brought.
    pub(super) fn print(self, context: &Context) -> Result<Exit, Failure> {
        let exit = match &self.brought {
            Some(brought) => context.print(brought)?,
            None => Exit::Failed,
        };
        match self.trouble {
            Some(trouble) => Err(trouble),
            // Nobody wished to end it early.
            None if self.lost && exit == Exit::Interrupted => Ok(Exit::Refused),
            None => Ok(exit),
        }
    }
}

/// Shows what would be done, or does it, and prints what came of it.
pub(super) async fn bring(context: &Context, how: &How, order: Order<'_>) -> Result<Exit, Failure> {
    if !how.only_looks() {
        return Box::pin(carry(context, how, &order)).await?.print(context);
    }
    let keeper = journal::keeper(context, &order.places.journal, order.connection)?;
    look(context, how, &order, &keeper).await
}

/// Deploys while nobody else does, and records what came of it.
pub(super) async fn carry(
    context: &Context,
    how: &How,
    order: &Order<'_>,
) -> Result<Ended, Failure> {
    let Order {
        source,
        connection,
        places,
        ..
    } = *order;
    let keeper = journal::keeper(context, &places.journal, connection)?;
    let ledger = ledger::open(&places.records, connection)?;
    let mut story = Story::begin(
        context,
        source,
        connection,
        order.cause.clone(),
        &order.standing,
    );
    let taking = Box::pin(take(context, &ledger, places, order));
    let mut holding = unless_interrupted(context, taking).await?;
    let watch = holding.watch();
    let interrupt = Interrupt::default();
    let work = Work {
        context,
        how,
        order,
        ledger: &ledger,
        keeper: &keeper,
        interrupt: &interrupt,
        watch: &watch,
    };
    let deploying = Box::pin(work.deploy(&mut story));
    let mut ended = holding.during(deploying, |_| interrupt.raise()).await;
    let lost = watch.known_lost();
    if let Some(why) = lost {
        tell_lost(context, &mut story, why);
    }
    if let Ok(Some(brought)) = &ended
        && tried::is_due(how, order, brought)
    {
        story.smoke_follows();
    }
    let recorded = story.record(context, &ledger, ended.as_ref().err()).await;
    let smoked = match &mut ended {
        Ok(Some(brought)) if recorded.is_ok() => work.smoke(&mut holding, brought).await,
        _ => Ok(()),
    };
    ledger::release(context, holding).await;
    let mut ended = Ended {
        brought: ended?,
        trouble: recorded.and(smoked).err(),
        lost: lost.is_some(),
    };
    tried::back(context, how, order, &mut ended).await;
    Ok(ended)
}

/// Shows what would be done.
async fn look(
    context: &Context,
    how: &How,
    order: &Order<'_>,
    keeper: &Keeper,
) -> Result<Exit, Failure> {
    if how.carrying.method.what_if {
        return method::expect(context, how, order, keeper).await;
    }
    let looking = ready(context, how, order, keeper);
    let (ready, _) = unless_interrupted(context, Box::pin(looking)).await?;
    context.print(&Planned::of(ready.plan))
}

fn tell_lost(context: &Context, story: &mut Story, why: &str) {
    let text = format!("the lease was lost, and the deployment ends: {why}");
    context.warn("error", &text, None);
    story.refused(text);
}

/// Takes the lease, and tells what was left there.
async fn take(
    context: &Context,
    ledger: &Ledger,
    places: &Places,
    order: &Order<'_>,
) -> Result<Holding, Failure> {
    places.caution(context, order.connection);
    let holding = ledger::take(context, ledger, what(order)).await?;
    match ledger.unfinished().await {
        Ok(Some(begun)) => ledger::tell_unfinished(context, &begun),
        Ok(None) => {}
        // Whatever is wrong there is told when this one is recorded.
        Err(error) => context.explain(&error.to_string()),
    }
    smoke::remove_left(context, ledger, order.connection).await;
    Ok(holding)
}

/// For what the lease is taken.
fn what(order: &Order<'_>) -> String {
    let bundle = order.source.bundle.as_deref();
    match bundle.and_then(|digest| digest.get(..19)) {
        Some(digest) => format!("{} of bundle {digest}", order.cause),
        None => order.cause.to_string(),
    }
}
