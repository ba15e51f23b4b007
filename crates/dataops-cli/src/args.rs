//! The arguments of `dataops`: plain data, and the help texts.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use dataops_core::connection::AuthMethod;

use crate::commands::{
    audit, bind, build, changed, completions, contract, demo, deploy, destroy, diff, drift, drop,
    emulator, env, eval, export, graph, init, lease, migrate, notebook, plan, policy, promote,
    review, rollback, run, runs, schema, smoke, test, triggers, validate,
};
use crate::report::Output;

/// CI/CD of data ingestion with Data Factory, Databricks and Azure ML, on Azure and on this machine.
#[derive(Debug, Parser)]
#[command(
    name = "dataops",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    max_term_width = 100
)]
#[command(
    after_help = "Exit codes: 0 it holds · 1 what you asked about failed · 2 usage or configuration · \
    3 the service refused · 4 unreachable or timed out · 5 deployed, but triggers are not in their states · 70 a bug · 130 interrupted"
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The environment where none is named.
pub(crate) const LOCAL: &str = "local";

/// The environment that a command is about.
#[derive(Args, Debug)]
pub(crate) struct EnvironmentName {
    /// The environment of dataops.yaml.
    #[arg(
        long = "env",
        id = "env",
        default_value = LOCAL,
        value_name = "ENV",
        env = "DATAOPS_ENV",
        hide_env_values = true
    )]
    pub(crate) name: String,
}

/// Arguments of every command.
#[derive(Args, Debug)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// The solution's folder, or one below it.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "DATAOPS_SOLUTION",
        hide_env_values = true,
        default_value = "."
    )]
    pub(crate) solution: PathBuf,
    #[command(flatten)]
    pub(crate) manner: Manner,
}

/// Arguments of every program: as whom Azure is called, and how results and progress are shown.
#[derive(Args, Debug)]
pub(crate) struct Manner {
    /// The form of the result on stdout.
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        env = "DATAOPS_OUTPUT",
        hide_env_values = true
    )]
    pub(crate) output: Output,
    /// How to sign in to Azure: azure-pipelines, github, workload-identity, client-secret, managed-identity or azure-cli.
    #[arg(
        long,
        global = true,
        value_name = "METHOD",
        env = "DATAOPS_AUTH",
        hide_env_values = true
    )]
    pub(crate) auth: Option<AuthMethod>,
    /// Show no progress.
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Show what is decided, such as the way to sign in; twice shows requests too.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Audit(audit::Args),
    Bind(bind::Args),
    Build(build::Args),
    Changed(changed::Args),
    Completions(completions::Args),
    Contract(contract::Args),
    Demo(demo::Args),
    Deploy(deploy::Args),
    Destroy(destroy::Args),
    Diff(diff::Args),
    Drift(drift::Args),
    Drop(drop::Args),
    Emulator(emulator::Args),
    Env(env::Args),
    Eval(eval::Args),
    Export(export::Args),
    Graph(graph::Args),
    Init(init::Args),
    Lease(lease::Args),
    #[command(hide = true)]
    Man(completions::ManArgs),
    Migrate(migrate::Args),
    Notebook(notebook::Args),
    Plan(plan::Args),
    Policy(policy::Args),
    Promote(promote::Args),
    Review(review::Args),
    Rollback(rollback::Args),
    Run(run::Args),
    Runs(runs::Args),
    Schema(schema::Args),
    Smoke(smoke::Args),
    Test(test::Args),
    Triggers(triggers::Args),
    Validate(validate::Args),
}
