//! The program `dataops`.

use std::process::ExitCode;

fn main() -> ExitCode {
    dataops_cli::dataops(std::env::args_os())
}
