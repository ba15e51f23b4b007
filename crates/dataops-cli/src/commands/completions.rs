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

/// Print the completions of a shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    dataops completions bash > /etc/bash_completion.d/dataops\n  \
    dataops completions zsh > \"${fpath[1]}/_dataops\"\n  \
    dataops completions fish > ~/.config/fish/completions/dataops.fish")]
pub(crate) struct Args {
    /// The shell.
    shell: clap_complete::Shell,
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
    clap_complete::generate(args.shell, &mut Cli::command(), "dataops", &mut text);
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
