//! `dataops runs rerun`.

use std::io::{self, Write};

use adf_client::models::RerunFrom;
use dataops_core::run::{Again, Runs};
use serde::Serialize;

use crate::args::EnvironmentName;
use crate::commands::run::{Ended, Waiting, failure};
use crate::context::Context;
use crate::failure::Failure;
use crate::report::Report;
use crate::session::{Lasts, Session};
use crate::terminal::harmless;
use crate::watching::{starting, watch};

/// Run a pipeline again with the parameters of an earlier run, as a whole or from where it failed, and follow the new run.
///
/// The new run belongs to the group of the earlier one, as a rerun in the Data Factory Studio does. The pipeline is the one that the factory has now.
///
/// The exit code is that of `dataops run`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The earlier run, which has ended.
    #[arg(value_name = "RUN_ID")]
    run_id: String,
    #[command(flatten)]
    environment: EnvironmentName,
    /// Start from the activities that failed, and take over what succeeded.
    #[arg(long, conflicts_with = "from_activity")]
    from_failed: bool,
    /// Start from this activity, and take over what was before it.
    #[arg(long, value_name = "NAME")]
    from_activity: Option<String>,
    /// Start it, and do not wait for its end.
    #[arg(long, conflicts_with_all = ["timeout", "cancel_on_timeout"])]
    no_wait: bool,
    #[command(flatten)]
    waiting: Waiting,
}

/// A run that was started again.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Rerun {
    /// It was not waited for.
    Started(Again),
    /// It has ended.
    Ended(Box<Ended>),
}

impl Report for Rerun {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Started(again) => {
                let (pipeline, run) = (harmless(&again.pipeline), harmless(&again.run_id));
                writeln!(out, "{pipeline} run {run}: started")
            }
            Self::Ended(ended) => ended.human(out),
        }
    }

    fn holds(&self) -> bool {
        match self {
            Self::Started(_) => true,
            Self::Ended(ended) => ended.holds(),
        }
    }

    fn complaint(&self) -> String {
        match self {
            Self::Started(_) => String::new(),
            Self::Ended(ended) => ended.complaint(),
        }
    }

    fn advice(&self) -> Option<String> {
        match self {
            Self::Started(_) => None,
            Self::Ended(ended) => ended.advice(),
        }
    }
}

pub(super) async fn run(context: &Context, args: Args) -> Result<Rerun, Failure> {
    let solution = context.solution()?;
    let session = context.look_at(&solution, &args.environment.name).await?;
    let rerun = Box::pin(again(context, args, &session)).await;
    session.close().await;
    rerun
}

async fn again(context: &Context, args: Args, session: &Session) -> Result<Rerun, Failure> {
    if args.no_wait && session.lasts() == Lasts::AsLongAsThis {
        let text = "the local Azure ends with this command, and the run with it";
        let failure = Failure::usage(text);
        return Err(failure.hint("leave out --no-wait, or start `dataops emulator`"));
    }
    let runs = Runs::new(&session.connection).map_err(Failure::service)?;
    let from = match (args.from_activity, args.from_failed) {
        (Some(activity), _) => RerunFrom::Activity(activity),
        (None, true) => RerunFrom::Failure,
        (None, false) => RerunFrom::Start,
    };
    let pipeline = runs.repeatable(&args.run_id, &from).await;
    let pipeline = pipeline.map_err(failure)?;
    starting(context, &session.connection, &pipeline);
    let again = runs.rerun(&pipeline, &args.run_id, from).await;
    let again = again.map_err(failure)?;
    if args.no_wait {
        return Ok(Rerun::Started(again));
    }
    let options = args.waiting.options();
    let ended = watch(context, &runs, &again.run_id, options, session.lasts()).await;
    let report = ended.map_err(|stopped| stopped.with_result(Ended))?;
    Ok(Rerun::Ended(Box::new(Ended(report))))
}
