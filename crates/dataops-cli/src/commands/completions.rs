//! `dataops completions` and `dataops man`: what an installation brings along, made from the arguments themselves.

use std::fs;
use std::io;
use std::path::PathBuf;

use clap::CommandFactory as _;

use crate::args::Cli;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::replacements;
use crate::report::write;

/// Print the completions of a shell, for one of the programs.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    dataops completions bash > /etc/bash_completion.d/dataops\n  \
    dataops completions zsh > \"${fpath[1]}/_dataops\"\n  \
    dataops completions fish > ~/.config/fish/completions/dataops.fish")]
pub(crate) struct Args {
    /// The shell.
    shell: clap_complete::Shell,
    /// The program that is completed.
    #[arg(long, value_enum, value_name = "NAME", default_value_t)]
    program: Completed,
}

/// A program that can be completed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Completed {
    /// This one.
    #[default]
    Dataops,
    /// What stands in for the script that starts a run.
    InvokeAdfPipeline,
    /// What stands in for the notebook that tests an ingestion.
    TestDataIngestion,
}

/// Write the manual pages of all programs and commands into a folder.
#[derive(Debug, clap::Args)]
pub(crate) struct ManArgs {
    /// The folder.
    dir: PathBuf,
}

/// Prints completions.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    let [invoke, test] = replacements::commands();
    let (mut command, name) = match args.program {
        Completed::Dataops => (Cli::command(), "dataops"),
        Completed::InvokeAdfPipeline => (invoke, "invoke-adf-pipeline"),
        Completed::TestDataIngestion => (test, "test-data-ingestion"),
    };
    clap_complete::generate(args.shell, &mut command, name, &mut text);
    write(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Ok)
}

/// Writes manual pages.
pub(crate) fn man(args: &ManArgs) -> Result<Exit, Failure> {
    let failed = |error: io::Error| Failure::usage(format!("{}: {error}", args.dir.display()));
    fs::create_dir_all(&args.dir).map_err(failed)?;
    let [invoke, test] = replacements::commands();
    for program in [Cli::command(), invoke, test] {
        clap_mangen::generate_to(program, &args.dir).map_err(failed)?;
    }
    Ok(Exit::Ok)
}
