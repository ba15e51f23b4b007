//! `dataops export`.

mod arm;
mod environment;
mod exported;
mod folder;
mod human;
mod renamed;
mod source;

use crate::context::Context;
use crate::failure::Failure;

use exported::Exported;

/// Make what other tools deploy.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    format: Format,
}

#[derive(Debug, clap::Subcommand)]
enum Format {
    Arm(arm::Args),
}

pub(crate) fn run(context: &Context, args: &Args) -> Result<Exported, Failure> {
    match &args.format {
        Format::Arm(args) => arm::run(context, args),
    }
}
