//! `dataops rollback`.

use std::path::PathBuf;

use dataops_core::connection::Connection;
use dataops_ledger::{NoWayBack, RecordRef, WayBack, way_back};

use super::deploy::{How, Order, bring};
use crate::args::EnvironmentName;
use crate::bundles::{Brought, Wanted};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::ledger;
use crate::process::unless_interrupted;

/// Go back to the bundle that was deployed before with success, as `deploy` brings it.
///
/// The bundle is kept beside the records, so that no agent has to have it. A bundle that somebody has gone back from is never gone back
/// to unasked. What the newer bundle has created stays unless the environment, or --delete-not-in-source, says otherwise.
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

/// Goes back.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let solution = context.solution()?;
    let session = context.visit(&solution, &args.environment.name).await?;
    let finding = Box::pin(find(context, &args, &session.connection));
    let found = unless_interrupted(context, finding).await;
    session.close().await;
    let (way, brought) = found?;
    context.say(&format!(
        "going back to record {} of {}, bundle {}",
        way.record, args.environment.name, way.bundle
    ));
    let source = brought.source(context)?;
    let session = context.reach(&source, &args.environment.name).await?;
    let deploying = async {
        let ledger = args
            .how
            .carrying
            .records
            .open(&context.home(), &session.connection)?;
        let order = Order {
            source: &source,
            connection: &session.connection,
            ledger: &ledger,
            cause: way.cause(),
            written: None,
            binding: None,
        };
        bring(context, &args.how, order).await
    };
    let exit = Box::pin(deploying).await;
    session.close().await;
    exit
}

async fn find(
    context: &Context,
    args: &Args,
    connection: &Connection,
) -> Result<(WayBack, Brought), Failure> {
    let ledger = args
        .how
        .carrying
        .records
        .open(&context.home(), connection)?;
    let chain = ledger::told_chain(context, &ledger).await?;
    let way = way_back(&chain, args.to.as_ref()).map_err(none)?;
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
    Ok((way, wanted.bring(&ledger).await?))
}

fn none(error: NoWayBack) -> Failure {
    let failure = Failure::new(Exit::Refused, error);
    failure.hint("`dataops deploy --bundle DIR` brings any bundle")
}
