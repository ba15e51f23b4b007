//! `dataops run`.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use dataops_core::run::{RunError, RunOptions, RunReport, Runs};
use serde::Serialize;

use super::{name, pair};
use crate::args::EnvironmentName;
use crate::context::Context;
use crate::duration;
use crate::exit::Exit;
use crate::failure::{Failure, suggestion};
use crate::report::{Report, failures, html, runs};
use crate::terminal::harmless;
use crate::watching::{starting, watch};

/// Start a pipeline run, show it live, and wait for its end.
///
/// The exit code is 0 when the run succeeds, 1 when it fails or is cancelled, 4 when it takes longer than --timeout.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    environment: EnvironmentName,
    /// The pipeline; without it, the one that dataops.yaml names.
    #[arg(long, value_name = "NAME", value_parser = name)]
    pipeline: Option<String>,
    /// A parameter of the run; may be repeated.
    #[arg(short = 'p', long = "parameter", value_name = "NAME=VALUE", value_parser = pair)]
    parameters: Vec<(String, String)>,
    #[command(flatten)]
    waiting: Waiting,
    /// Write a report with a Gantt chart, as HTML.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// How long a run may take.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Waiting {
    /// How long the run may take, such as 90s, 30m or 2h.
    #[arg(long, value_name = "TIME", default_value = "12h", value_parser = duration::parse)]
    timeout: Duration,
    /// Cancel the run when it takes longer.
    #[arg(long)]
    cancel_on_timeout: bool,
}

impl Waiting {
    pub(crate) fn options(self) -> RunOptions {
        RunOptions {
            timeout: self.timeout,
            cancel_on_timeout: self.cancel_on_timeout,
        }
    }
}

/// A run that has ended.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Ended(pub(crate) RunReport);

impl Report for Ended {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let run = &self.0;
        let failures = failures(run);
        if !run.activities.is_empty() {
            writeln!(out, "{}", runs(run))?;
            writeln!(out, "{failures}")?;
        }
        writeln!(
            out,
            "{} run {}: {}",
            harmless(&run.pipeline),
            harmless(&run.run_id),
            harmless(&run.status)
        )?;
        if failures.is_empty() && !run.message.is_empty() {
            writeln!(out, "{}", harmless(&run.message))?;
        }
        Ok(())
    }

    fn holds(&self) -> bool {
        self.0.status == "Succeeded"
    }

    fn complaint(&self) -> String {
        complaint(&self.0)
    }

    fn advice(&self) -> Option<String> {
        advice(&self.0)
    }
}

/// What to do about a run that somebody has cancelled: nothing in it says why.
pub(crate) fn advice(run: &RunReport) -> Option<String> {
    if !run.is_cancelled() {
        return None;
    }
    // Data Factory has pages for its runs, an emulator has none.
    let who = match &run.url {
        Some(_) => format!(
            "ask who has cancelled it before you start it again: the activity log of factory `{}` in Azure names the caller",
            run.factory
        ),
        None => "start it again when whoever has cancelled it agrees".to_owned(),
    };
    Some(who)
}

/// How a run ended, and why: the first line of what went wrong first.
pub(crate) fn complaint(run: &RunReport) -> String {
    if run.is_cancelled() {
        let said = run.message.lines().next().map(|line| format!(": {line}"));
        return format!(
            "run {} of pipeline {} was cancelled by somebody else{}",
            run.run_id,
            run.pipeline,
            said.unwrap_or_default()
        );
    }
    let mut text = format!(
        "pipeline {}, run {}: {}",
        run.pipeline, run.run_id, run.status
    );
    let mut failed = run
        .activities
        .iter()
        .filter_map(|activity| Some((activity, activity.error.as_ref()?)));
    let reason = match failed.next() {
        Some((activity, error)) => format!("{}: {}", activity.name, error.message),
        None => run.message.clone(),
    };
    if let Some(line) = reason.lines().next() {
        text = format!("{text}: {line}");
    }
    text
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Ended, Failure> {
    let solution = context.solution()?;
    let pipeline = args
        .pipeline
        .or_else(|| solution.settings.pipeline.clone())
        .ok_or_else(|| {
            Failure::usage("no pipeline is named")
                .hint("name one by --pipeline, or by `pipeline` in dataops.yaml")
        })?;
    if let Some(path) = &args.report {
        check_report(path)?;
    }
    let session = context.connect(&solution, &args.environment.name).await?;
    let runs = Runs::new(&session.connection).map_err(Failure::service)?;
    let arguments = runs.arguments(&pipeline, &args.parameters).await;
    let arguments = arguments.map_err(failure)?;
    starting(context, &session.connection, &pipeline);
    let run_id = runs.start(&pipeline, &arguments).await.map_err(failure)?;
    let options = args.waiting.options();
    let ended = watch(context, &runs, &run_id, options, session.lasts()).await;
    session.close().await;
    let report = ended.map_err(|stopped| stopped.with_result(Ended))?;
    if let Some(path) = &args.report {
        write_report(path, &args.environment.name, &report)?;
    }
    Ok(Ended(report))
}

/// Writes a run as a page.
pub(crate) fn write_report(path: &Path, environment: &str, run: &RunReport) -> Result<(), Failure> {
    let facts = [("Environment", environment.to_owned())];
    let page = html::Page {
        title: &format!("Run of {}", run.pipeline),
        facts: &facts,
        run,
        test: None,
    };
    fs::write(path, html::render(&page))
        .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

/// A report that cannot be written is refused before anything is started. Nothing is left behind.
pub(crate) fn check_report(path: &Path) -> Result<(), Failure> {
    let tried = match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(_) => fs::remove_file(path),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            OpenOptions::new().append(true).open(path).map(drop)
        }
        Err(error) => Err(error),
    };
    tried.map_err(|error| {
        let failure = Failure::usage(format!("{}: {error}", path.display()));
        failure.hint("name a file that can be written by --report")
    })
}

/// What to do about a run that was not started or watched.
pub(crate) fn failure(error: RunError) -> Failure {
    match &error {
        RunError::NoPipeline {
            known, pipeline, ..
        } => {
            let meant = suggestion::nearest(pipeline, known)
                .map(|meant| format!("did you mean `{meant}`?"));
            let listed = match known.is_empty() {
                true => "the factory has no pipelines".to_owned(),
                false => format!("the factory has {}", suggestion::listed(known)),
            };
            let failure = Failure::new(Exit::Refused, error);
            match meant {
                Some(meant) => failure.hint(meant).hint(listed),
                None => failure.hint(listed),
            }
        }
        RunError::NoTrigger { known, trigger, .. } => {
            let hint = match (suggestion::nearest(trigger, known), known.as_slice()) {
                (Some(meant), _) => format!("did you mean `{meant}`?"),
                (None, []) => "the factory has no triggers".to_owned(),
                (None, known) => format!("the factory has {}", suggestion::listed(known)),
            };
            Failure::usage(error).hint(hint)
        }
        RunError::NoFactory { .. } => Failure::new(Exit::Refused, error)
            .hint("check the names, the subscription, and that the caller may see the group"),
        RunError::NoRun { .. } => {
            Failure::new(Exit::Refused, error).hint("runs are kept for 45 days")
        }
        RunError::NotEnded { .. } => Failure::new(Exit::Refused, error)
            .hint("wait for its end, or end it by `dataops runs cancel`"),
        RunError::NothingFailed { .. } => {
            Failure::usage(error).hint("leave out --from-failed to run it again as a whole")
        }
        RunError::NoActivity {
            known, activity, ..
        } => {
            let hint = match suggestion::nearest(activity, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("it has {}", suggestion::listed(known)),
            };
            Failure::usage(error).hint(hint)
        }
        RunError::StillEnding { .. } => Failure::new(Exit::Unreachable, error)
            .hint("it ends by itself; `dataops runs show` tells when, --timeout sets the limit"),
        RunError::Parameter { .. } => {
            Failure::usage(error).hint("give parameters by -p NAME=VALUE")
        }
        RunError::TimedOut {
            cancelled: None, ..
        } => Failure::new(Exit::Unreachable, error)
            .hint("--timeout sets the limit; --cancel-on-timeout cancels the run then"),
        RunError::TimedOut { .. } => Failure::new(Exit::Unreachable, error),
        RunError::Lost { .. } => Failure::service(error).hint(
            "a start is never repeated by itself: look for a new run before you start another",
        ),
        _ => Failure::service(error),
    }
}
