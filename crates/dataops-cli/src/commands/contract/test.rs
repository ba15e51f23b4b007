//! `dataops contract test`.

use std::path::{Path, PathBuf};

use clap::builder::NonEmptyStringValueParser;

use crate::context::Context;
use crate::contracts::{self, ContractArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::replacements::test_data_ingestion::{Asked, test};

/// Hold contracts against data, as `test-data-ingestion --contract` does: no environment is needed.
///
/// Paths of local servers begin in the working directory; those of the contracts that dataops.yaml names, in the solution's folder.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The contracts; without one, those that dataops.yaml names.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    of_contracts: ContractArgs,
    /// The value of `${RUN_ID}` in contracts.
    #[arg(
        value_parser = NonEmptyStringValueParser::new(),
        long,
        value_name = "ID",
        env = "ADFPIPELINE_RUNID",
        hide_env_values = true
    )]
    run_id: Option<String>,
    /// The storage account of places that name none.
    #[arg(
        long,
        value_name = "NAME",
        env = "AZURE_STORAGE_ACCOUNT",
        hide_env_values = true
    )]
    storage_account: Option<String>,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let (files, folder) = match args.files.as_slice() {
        [] => {
            let solution = context
                .solution()
                .map_err(|error| error.hint(super::lint::OR_A_FILE))?;
            (contracts::of_solution(&solution)?, solution.root)
        }
        files => (files.to_vec(), Path::new(".").to_owned()),
    };
    let asked = Asked {
        contracts: files,
        of_contracts: args.of_contracts,
        run_id: args.run_id,
        storage_account: args.storage_account,
        ..Asked::default()
    };
    Box::pin(test(context, asked, &folder)).await
}
