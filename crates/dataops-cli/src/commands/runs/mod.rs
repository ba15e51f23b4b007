//! `dataops runs`.

mod cancel;
mod list;
mod rerun;
mod show;

use clap::Subcommand;
use dataops_core::run::Runs;
use dataops_solution::environment::Needs;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::process::report;
use crate::session::Session;

/// List, show, cancel and repeat the pipeline runs of a factory.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

/// What is done.
#[derive(Debug, Subcommand)]
enum Action {
    List(list::Args),
    Show(show::Args),
    Cancel(cancel::Args),
    Rerun(rerun::Args),
}

/// Does it.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    match args.action {
        Action::List(args) => report(context, Box::pin(list::run(context, args))).await,
        Action::Show(args) => report(context, Box::pin(show::run(context, args))).await,
        Action::Cancel(args) => report(context, Box::pin(cancel::run(context, args))).await,
        Action::Rerun(args) => report(context, Box::pin(rerun::run(context, args))).await,
    }
}

/// The runs of an environment's factory as it is: nothing is deployed to it.
async fn visit(context: &Context, name: &str) -> Result<(Session, Runs), Failure> {
    let solution = context.solution()?;
    let session = context.visit(&solution, name, Needs::Factory).await?;
    match Runs::new(&session.connection) {
        Ok(runs) => Ok((session, runs)),
        Err(error) => {
            session.close().await;
            Err(Failure::service(error))
        }
    }
}
