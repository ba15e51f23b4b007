//! The program `test-data-ingestion`.

use std::process::ExitCode;

fn main() -> ExitCode {
    dataops_cli::test_data_ingestion(std::env::args_os())
}
