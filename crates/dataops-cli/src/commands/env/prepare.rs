//! `dataops env prepare`.

use std::time::Duration;

use dataops_core::connection::Connection;
use dataops_core::ledger::Holding;
use dataops_core::preparation::{Preparation, PreparationOptions};
use dataops_solution::Solution;

use super::prepared::Prepared;
use crate::args::EnvironmentName;
use crate::context::Context;
use crate::duration;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::in_force::{InForce, RecordsPlace};
use crate::ledger;
use crate::terminal::harmless;

/// Make what an environment needs before the first deployment, and once again whatever is missing of it.
///
/// In Azure: the resource providers Microsoft.DataFactory and Microsoft.EventGrid, the resource group, the factory with an identity of
/// its own. In the Databricks workspace: access, instance pools, the cluster and its libraries, secret scopes, mounts, and the volumes
/// of Unity Catalog with all that they rest on. What is there already is left as it is. A step that needs somebody with more rights
/// is told with the command for it, and stops no other.
///
/// Variables that only a deployment needs may have no value yet: the id of the cluster is told here, for the variable that `overrides` take
/// it from.
///
/// Exit code 0: all is ready; 1: something failed, or with --check is missing; 3: somebody with more rights is needed; 4: something was
/// not reached, or did not start in time.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    environment: EnvironmentName,
    /// Look only; change nothing.
    #[arg(long)]
    check: bool,
    /// How long the cluster may take to start, and its libraries to install.
    #[arg(long, value_name = "TIME", default_value = "20m", value_parser = duration::parse)]
    timeout: Duration,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let solution = context.solution()?;
    let session = context.prepare(&solution, &args.environment.name).await?;
    if !args.check {
        // What lacks a value is told before anything is changed.
        let environment = session.connection.environment();
        environment.secret_scopes(&context.variables)?;
    }
    let holding = match args.check {
        true => None,
        false => lease(context, &solution, &session.connection).await?,
    };
    let mut options = PreparationOptions::default();
    options.check = args.check;
    options.patience = args.timeout;
    context.stands("what was made so far stays; another call goes on from there");
    let on_state = |text: &str| context.say(&harmless(text));
    let preparation = Preparation::new(
        &solution,
        &session.connection,
        &context.variables,
        options,
        &on_state,
    );
    let preparing = Box::pin(preparation.run());
    let steps = match holding {
        Some(mut holding) => {
            let lost = |why: &str| {
                let text = format!("the lease was lost: {why}");
                context.warn("warning", &text, None);
            };
            let steps = holding.during(preparing, lost).await;
            ledger::release(context, holding).await;
            steps
        }
        None => preparing.await,
    };
    session.close().await;
    let prepared = Prepared::new(args.environment.name, args.check, steps);
    let exit = prepared.exit();
    context.print(&prepared)?;
    Ok(exit)
}

/// The lease of the environment: a deployment that is at work does not count on another cluster. Where its place is still to be made
/// nobody can deploy, and there is none to take.
async fn lease(
    context: &Context,
    solution: &Solution,
    connection: &Connection,
) -> Result<Option<Holding>, Failure> {
    let name = &connection.environment().name;
    let in_force = InForce::of_solution(context, solution.clone());
    let place = in_force.records(context, &RecordsPlace::default(), name, connection)?;
    let ledger = ledger::open(&place, connection)?;
    match ledger::try_take(context, &ledger, "preparation".to_owned()).await {
        Ok(taken) => taken.map(Some),
        Err(failure) => {
            let text = format!(
                "no lease is taken, because there is no place for it yet: {}",
                failure.summary()
            );
            context.explain(&text);
            Ok(None)
        }
    }
}
