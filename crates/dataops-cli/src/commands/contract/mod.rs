//! `dataops contract`.

mod data;
mod diff;
mod explain;
mod init;
mod lint;
mod profile;
mod since;
mod test;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::process::report;

/// Data contracts of the Open Data Contract Standard: begin one, find what is wrong with it, hold it against data, compare versions.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Init(init::Args),
    Lint(lint::Args),
    Test(Box<test::Args>),
    Diff(diff::Args),
    Profile(profile::Args),
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    match args.command {
        Command::Init(args) => report(context, init::run(context, args)).await,
        Command::Lint(args) => lint::run(context, &args),
        Command::Test(args) => test::run(context, *args).await,
        Command::Diff(args) => diff::run(context, args).await,
        Command::Profile(args) => report(context, profile::run(context, args)).await,
    }
}
