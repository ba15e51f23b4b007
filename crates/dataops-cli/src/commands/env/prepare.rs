//! `dataops env prepare`.

use std::time::Duration;

use dataops_core::preparation::{Preparation, PreparationOptions};

use super::prepared::Prepared;
use crate::args::EnvironmentName;
use crate::context::Context;
use crate::duration;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal::harmless;

/// Make what an environment needs before the first deployment, and once again whatever is missing of it.
///
/// In Azure: the resource providers Microsoft.DataFactory and Microsoft.EventGrid, the resource group, the factory with an identity of
/// its own. In the Databricks workspace: access, instance pools, the cluster and its libraries, secret scopes, mounts, and the volumes
/// of Unity Catalog with all that they rest on. What is there already is left as it is. A step that needs somebody with more rights
/// is told with the command for it, and stops no other.
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
    let session = context.look_at(&solution, &args.environment.name).await?;
    if !args.check {
        // What lacks a value is told before anything is changed.
        let environment = session.connection.environment();
        environment.secret_scopes(&context.variables)?;
    }
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
    let steps = preparation.run().await;
    session.close().await;
    let prepared = Prepared::new(args.environment.name, args.check, steps);
    let exit = prepared.exit();
    context.print(&prepared)?;
    Ok(exit)
}
