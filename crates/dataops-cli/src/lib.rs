#![doc = include_str!("../README.md")]

mod args;
mod bundles;
mod commands;
mod context;
mod contracts;
mod covering;
mod duration;
mod example;
mod exit;
mod failure;
mod gate;
mod going_on;
mod hosting;
mod in_force;
mod journal;
mod ledger;
mod local;
mod notebooks;
mod planning;
mod process;
mod python_lint;
mod recording;
mod replacements;
mod report;
mod repository;
mod session;
mod standing;
mod terminal;
mod watching;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use context::Context;
use exit::Exit;
use failure::Failure;
use process::Threads;
use process::{interruptible, report};

/// A factory is thousands of small values, read by several threads: the system's allocator takes a fifth of the time for them.
///
/// It asks for no huge pages (`no_thp`): with them a check of data takes up to twice the memory, and no less time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The program `dataops`.
#[must_use]
pub fn dataops(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    process::run(|| {
        let cli = Cli::try_parse_from(args)?;
        let context = Context::new("dataops", &cli.global.manner, &cli.global.solution);
        let command = dispatch(&context, cli.command);
        Ok(process::block_on(&context, Threads::Several, command))
    })
}

/// The program `invoke-adf-pipeline`.
#[must_use]
pub fn invoke_adf_pipeline(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    process::run(|| replacements::invoke_adf_pipeline(args))
}

/// The program `test-data-ingestion`.
#[must_use]
pub fn test_data_ingestion(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    process::run(|| replacements::test_data_ingestion(args))
}

async fn dispatch(context: &Context, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Audit(args) => Box::pin(commands::audit::run(context, args)).await,
        Command::Bind(args) => Box::pin(commands::bind::run(context, args)).await,
        Command::Build(args) => context.print(&commands::build::run(context, &args)?),
        Command::Changed(args) => Box::pin(commands::changed::run(context, args)).await,
        Command::Completions(args) => commands::completions::run(&args),
        Command::Contract(args) => Box::pin(commands::contract::run(context, args)).await,
        Command::Demo(args) => report(context, Box::pin(commands::demo::run(context, args))).await,
        Command::Deploy(args) => Box::pin(commands::deploy::run(context, args)).await,
        Command::Destroy(args) => Box::pin(commands::destroy::run(context, args)).await,
        Command::Diff(args) => {
            interruptible(context, Box::pin(commands::diff::run(context, &args))).await
        }
        Command::Drift(args) => Box::pin(commands::drift::run(context, args)).await,
        Command::Drop(args) => report(context, Box::pin(commands::drop::run(context, args))).await,
        Command::Emulator(args) => commands::emulator::run(context, args).await,
        Command::Env(args) => {
            interruptible(context, Box::pin(commands::env::run(context, args))).await
        }
        Command::Eval(args) if args.is_lines() => commands::eval::answer_lines(),
        Command::Eval(args) => context.print(&commands::eval::run(args)?),
        Command::Export(args) => context.print(&commands::export::run(context, &args)?),
        Command::Graph(args) => commands::graph::run(context, &args),
        Command::Init(args) => context.print(&commands::init::run(context, args)?),
        Command::Lease(args) => Box::pin(commands::lease::run(context, args)).await,
        Command::Man(args) => commands::completions::man(&args),
        Command::Migrate(args) => commands::migrate::run(context, &args),
        Command::Notebook(args) => {
            report(context, Box::pin(commands::notebook::run(context, args))).await
        }
        Command::Plan(args) => Box::pin(commands::plan::run(context, args)).await,
        Command::Policy(args) => Box::pin(commands::policy::run(context, args)).await,
        Command::Promote(args) => Box::pin(commands::promote::run(context, args)).await,
        Command::Review(args) => Box::pin(commands::review::run(context, args)).await,
        Command::Rollback(args) => Box::pin(commands::rollback::run(context, args)).await,
        Command::Run(args) => report(context, Box::pin(commands::run::run(context, args))).await,
        Command::Runs(args) => Box::pin(commands::runs::run(context, args)).await,
        Command::Schema(_) => context.print(&commands::schema::run()?),
        Command::Smoke(args) => Box::pin(commands::smoke::run(context, args)).await,
        Command::Test(args) => {
            interruptible(context, Box::pin(commands::test::run(context, args))).await
        }
        Command::Triggers(args) => Box::pin(commands::triggers::run(context, args)).await,
        Command::Validate(args) => Box::pin(commands::validate::run(context, &args)).await,
    }
}
