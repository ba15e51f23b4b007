//! The program `invoke-adf-pipeline`.

use std::process::ExitCode;

fn main() -> ExitCode {
    dataops_cli::invoke_adf_pipeline(std::env::args_os())
}
