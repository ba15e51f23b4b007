//! `dataops env`.

mod prepare;
mod prepared;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Set up environments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Prepare(prepare::Args),
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    match args.command {
        Command::Prepare(args) => prepare::run(context, args).await,
    }
}
