//! `dataops rollback`.

use std::path::PathBuf;

use dataops_core::connection::Connection;
use dataops_ledger::{Doubt, NoWayBack, RecordRef, WayBack, way_back};
use dataops_solution::environment::Needs;

use super::deploy::{Ended, How, Order, Task, bring, carry};
use crate::args::EnvironmentName;
use crate::bundles::{Brought, Wanted};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::gate::Standing;
use crate::in_force::InForce;
use crate::ledger;
use crate::planning;
use crate::process::unless_interrupted;

/// Go back to the bundle that was deployed before with success, as `deploy` brings it.
///
/// The bundle is kept beside the records, so that no agent has to have it. A bundle that somebody has gone back from, or whose last smoke
/// test failed, was killed or was interrupted, is never gone back to unasked. What the deployments since have created stays unless the
/// environment, or --delete-not-in-source, says otherwise, and is listed with the command that removes it; triggers among it are stopped.
///
/// The exit code is 3 when there is nothing to go back to. Otherwise it is that of `deploy`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    environment: EnvironmentName,
    /// Go back to this record: its number, as `dataops audit` shows it, or the first digits of a bundle's digest.
    #[arg(long, value_name = "RECORD")]
    to: Option<RecordRef>,
    /// The folder of the bundle, where it is not kept beside the records.
    #[arg(long, value_name = "DIR")]
    bundle: Option<PathBuf>,
    #[command(flatten)]
    how: How,
}

impl Args {
    /// Goes back to what was there before.
    pub(super) fn before(environment: String, how: How) -> Self {
        Self {
            environment: EnvironmentName { name: environment },
            to: None,
            bundle: None,
            how,
        }
    }
}

/// Goes back, or shows what that would do.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    back(context, &args, async |how, order| {
        bring(context, how, order).await
    })
    .await
}

/// Goes back, and prints nothing of it.
pub(super) async fn go_back(context: &Context, args: &Args) -> Result<Ended, Failure> {
    back(context, args, async |how, order| {
        carry(context, how, &order).await
    })
    .await
}

/// Finds what there is to go back to, and has it brought.
async fn back<T>(
    context: &Context,
    args: &Args,
    bring: impl AsyncFnOnce(&How, Order<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    args.how.carrying.records.existing()?;
    let named = args.bundle.as_deref();
    let named = named.map(|folder| planning::source(context, Some(folder)));
    let in_force = InForce::of_checkout(context, named.transpose()?.as_ref())?;
    let name = &args.environment.name;
    let solution = in_force.knowing(name);
    let session = context.visit(solution, name, Needs::Records).await?;
    let finding = Box::pin(find(context, args, &in_force, &session.connection));
    let found = unless_interrupted(context, finding).await;
    session.close().await;
    let (way, brought) = found?;
    context.say(&format!(
        "going back to record {} of {name}, bundle {}",
        way.record, way.bundle
    ));
    if let Some(text) = way.doubt.and_then(|doubt| doubtful(doubt, name)) {
        context.warn("warning", &text, None);
    }
    let source = brought.source(context)?;
    let session = context.reach(&source, name).await?;
    let deploying = async {
        let connection = &session.connection;
        let wanted = (&args.how.carrying.records, &args.how.carrying.journal);
        let places = in_force.places(context, wanted, name, connection)?;
        in_force.tell_of_others(context, &source, connection, &places);
        let order = Order {
            source: &source,
            connection,
            places: &places,
            cause: way.cause(),
            standing: Standing::default(),
            task: Task::Bring,
        };
        let how = args.how.clone().undoing(way.created, way.ran);
        bring(&how, order).await
    };
    let ended = Box::pin(deploying).await;
    session.close().await;
    ended
}

/// What is to be known of a bundle that nobody goes back to unasked.
fn doubtful(doubt: Doubt, name: &str) -> Option<String> {
    match doubt {
        Doubt::SmokeFailed(test) => Some(format!(
            "that bundle failed its last smoke test (record {test} of {name})"
        )),
        Doubt::SmokeNeverEnded(deployment) => Some(format!(
            "the smoke test of that bundle was due and never ended (after record {deployment} of {name})"
        )),
        _ => None,
    }
}

async fn find(
    context: &Context,
    args: &Args,
    in_force: &InForce,
    connection: &Connection,
) -> Result<(WayBack, Brought), Failure> {
    let name = &args.environment.name;
    let place = in_force.records(context, &args.how.carrying.records, name, connection)?;
    let ledger = ledger::open(&place, connection)?;
    let chain = ledger::told_chain(context, &ledger).await?;
    let way = match way_back(&chain, args.to.as_ref()) {
        Ok(way) => way,
        Err(error) => {
            if chain.records().is_empty() {
                ledger::tell_of_none(context, &ledger).await?;
            }
            return Err(none(error));
        }
    };
    let wanted = match &args.bundle {
        Some(folder) => Wanted::Folder(folder.clone()),
        None => Wanted::Digest(way.bundle.clone()),
    };
    let digest = wanted.digest()?;
    if digest != way.bundle {
        let text = format!(
            "record {} is that of {}, and the folder has {digest}",
            way.record, way.bundle
        );
        return Err(Failure::usage(text));
    }
    Ok((way, wanted.bring(&ledger).await??))
}

fn none(error: NoWayBack) -> Failure {
    let hint = match &error {
        NoWayBack::Doubtful { .. } => {
            "`dataops rollback --to RECORD` goes back to one of them nonetheless; `dataops deploy --bundle DIR` brings any bundle"
        }
        NoWayBack::FromFolder(_) => {
            "`dataops build --out DIR` makes a bundle, and `dataops deploy --bundle DIR` keeps it to be gone back to"
        }
        _ => "`dataops deploy --bundle DIR` brings any bundle",
    };
    Failure::new(Exit::Refused, error).hint(hint)
}
