//! `dataops runs show`.

use std::io::{self, Write};
use std::path::PathBuf;

use azure_core::time::{OffsetDateTime, to_rfc3339};
use dataops_core::run::{ActivityReport, RunReport};
use serde::Serialize;
use serde_json::Value;

use super::visit;
use crate::args::EnvironmentName;
use crate::commands::run::{Ended, check_report, failure, write_report};
use crate::context::Context;
use crate::failure::Failure;
use crate::report::Report;
use crate::terminal::{duration, harmless};

/// Show a run: its activities, how they ended, and why they failed.
///
/// What is known to be a secret is hidden, also where no activity marks it as one.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The run.
    #[arg(value_name = "RUN_ID")]
    run_id: String,
    #[command(flatten)]
    environment: EnvironmentName,
    /// Show what activities were given.
    #[arg(long)]
    inputs: bool,
    /// Show what activities gave; as JSON, they are always there.
    #[arg(long)]
    outputs: bool,
    /// Write a report with a Gantt chart, as HTML.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Exit with 1 when the run has failed or was cancelled.
    #[arg(long)]
    exit_status: bool,
}

/// A run as it stands.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct Shown {
    run: RunReport,
    #[serde(skip)]
    inputs: bool,
    #[serde(skip)]
    outputs: bool,
    #[serde(skip)]
    exit_status: bool,
}

pub(super) async fn run(context: &Context, args: Args) -> Result<Shown, Failure> {
    if let Some(path) = &args.report {
        check_report(path)?;
    }
    let (session, runs) = visit(context, &args.environment.name).await?;
    let run = runs.get(&args.run_id).await;
    session.close().await;
    let mut run = run.map_err(failure)?;
    if let Some(path) = &args.report {
        write_report(path, &args.environment.name, &run)?;
    }
    if !args.inputs {
        let activities = run.activities.iter_mut();
        activities.for_each(|activity| activity.input = Value::Null);
    }
    Ok(Shown {
        run,
        inputs: args.inputs,
        outputs: args.outputs,
        exit_status: args.exit_status,
    })
}

impl Report for Shown {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let run = &self.run;
        Ended(run.clone()).human(out)?;
        if let Some(start) = run.start {
            let took = run.duration(OffsetDateTime::now_utc()).map(duration);
            let took = took.unwrap_or_default();
            let word = if run.end.is_some() {
                "took"
            } else {
                "goes on for"
            };
            let start = to_rfc3339(&start.replace_nanosecond(0).unwrap_or(start));
            writeln!(out, "  began at {start}, {word} {took}")?;
        }
        if !run.invoked_by.is_empty() {
            writeln!(out, "  started by {}", harmless(&run.invoked_by))?;
        }
        for (name, value) in &run.parameters {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            writeln!(out, "  {} = {}", harmless(name), harmless(&value))?;
        }
        if let Some(url) = &run.url {
            writeln!(out, "  {}", harmless(url))?;
        }
        for activity in &run.activities {
            if self.inputs {
                detail(activity, "input", &activity.input, out)?;
            }
            if self.outputs {
                detail(activity, "output", &activity.output, out)?;
            }
        }
        Ok(())
    }

    fn holds(&self) -> bool {
        let is_bad = matches!(self.run.status.as_str(), "Failed" | "Cancelled");
        !(self.exit_status && is_bad)
    }

    fn complaint(&self) -> String {
        Ended(self.run.clone()).complaint()
    }
}

/// What an activity was given, or gave, where there is something.
fn detail(
    activity: &ActivityReport,
    what: &str,
    value: &Value,
    out: &mut dyn Write,
) -> io::Result<()> {
    let is_empty = match value {
        Value::Object(object) => object.is_empty(),
        value => value.is_null(),
    };
    if is_empty {
        return Ok(());
    }
    writeln!(out, "\n{} {what}", harmless(&activity.name))?;
    for line in harmless(&format!("{value:#}")).lines() {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}
