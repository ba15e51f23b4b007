//! Programs that take the place of a team's scripts, argument for argument.

mod invoke_adf_pipeline;
mod powershell;
pub(crate) mod test_data_ingestion;

use std::ffi::OsString;

use crate::exit::Exit;

/// The arguments of the programs.
pub(crate) fn commands() -> [clap::Command; 2] {
    [
        invoke_adf_pipeline::command(),
        test_data_ingestion::command(),
    ]
}

/// The program `invoke-adf-pipeline`.
pub(crate) fn invoke_adf_pipeline(
    args: impl IntoIterator<Item = OsString>,
) -> Result<Exit, clap::Error> {
    invoke_adf_pipeline::main(args)
}

/// The program `test-data-ingestion`.
pub(crate) fn test_data_ingestion(
    args: impl IntoIterator<Item = OsString>,
) -> Result<Exit, clap::Error> {
    test_data_ingestion::main(args)
}
