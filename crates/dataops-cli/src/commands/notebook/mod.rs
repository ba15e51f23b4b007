//! `dataops notebook`.

mod local;
mod workspace;

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use super::pair;
use crate::context::Context;
use crate::duration;
use crate::failure::Failure;
use crate::report::Report;
use crate::terminal::harmless;

/// Work with Databricks notebooks, on this machine and in the workspace of an environment.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    Run(Run),
}

/// Run a notebook in local Python, with dbutils, widgets, /dbfs paths and mounts, or with --env in a workspace.
///
/// In the workspace of an environment it is run where a deployment has brought it, once, on the environment's cluster, which is started
/// where it does not run. It is waited for, and cancelled by Ctrl-C and after --timeout.
///
/// What it gave to dbutils.notebook.exit is on stdout. The exit code is 0 when it succeeds, 1 when it fails, 3 when the workspace lacks it
/// or refuses, 4 when it takes longer than --timeout.
#[derive(Debug, clap::Args)]
struct Run {
    /// The notebook, in source format or as .ipynb; with --env also a path in the workspace, which begins with /.
    path: PathBuf,
    /// A parameter, which becomes a widget; may be repeated.
    #[arg(short = 'p', long = "parameter", value_name = "NAME=VALUE", value_parser = pair)]
    parameters: Vec<(String, String)>,
    /// The environment of dataops.yaml in whose workspace it is run.
    #[arg(long = "env", id = "env", value_name = "ENV")]
    environment: Option<String>,
    /// The id of another cluster of the workspace.
    #[arg(long, value_name = "ID", requires = "env")]
    cluster: Option<String>,
    /// A folder that appears under a mount point, such as /mnt/input=data/input; may be repeated.
    #[arg(long = "mount", value_name = "POINT=DIR", value_parser = pair, conflicts_with = "env")]
    mounts: Vec<(String, String)>,
    /// How long the notebook may take, with the start of its cluster.
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = duration::parse)]
    timeout: Duration,
    /// The Python to use; without it, what DATAOPS_PYTHON names, or one with the solution's requirements where there is a solution.
    #[arg(long, value_name = "PATH", conflicts_with = "env")]
    python: Option<PathBuf>,
}

/// A notebook that has ended.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ended {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    run_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    exit_value: Option<String>,
    error: Option<String>,
    trace: Option<String>,
    seconds: f64,
    #[serde(skip)]
    hint: Option<String>,
}

impl Report for Ended {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        if let Some(value) = &self.exit_value {
            writeln!(out, "{}", harmless(value))?;
        }
        let mut err = anstream::stderr().lock();
        if let Some(trace) = self.trace.as_ref().or(self.error.as_ref()) {
            writeln!(err, "{}", harmless(trace.trim_end()))?;
        }
        if let Some(hint) = &self.hint {
            writeln!(err, "hint: {}", harmless(hint))?;
        }
        Ok(())
    }

    fn holds(&self) -> bool {
        self.status == "succeeded"
    }

    fn complaint(&self) -> String {
        let error = self.error.as_deref().unwrap_or_default();
        format!("the notebook failed: {error}")
    }
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Ended, Failure> {
    let Action::Run(args) = args.action;
    match &args.environment {
        Some(environment) => Box::pin(workspace::run(context, &args, environment)).await,
        None => Box::pin(local::run(context, &args)).await,
    }
}
