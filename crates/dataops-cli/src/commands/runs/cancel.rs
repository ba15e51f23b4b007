//! `dataops runs cancel`.

use std::io::{self, Write};
use std::time::Duration;

use dataops_core::run::{Cancelled, CancelledHow};
use futures::future::join_all;
use serde::Serialize;

use super::visit;
use crate::args::EnvironmentName;
use crate::commands::run::failure;
use crate::context::Context;
use crate::duration;
use crate::failure::Failure;
use crate::report::{Report, document};
use crate::terminal::harmless;

/// Cancel runs and those that they have started, and wait until they have ended.
///
/// A run that has ended is left as it is, and said so; the exit code is 0 then too. It is 4 when a run has not ended within --timeout.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The runs.
    #[arg(value_name = "RUN_ID", required = true)]
    run_ids: Vec<String>,
    #[command(flatten)]
    environment: EnvironmentName,
    /// How long their end is waited for, such as 90s or 10m.
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration::parse)]
    timeout: Duration,
    /// Ask them to end, and do not wait for it.
    #[arg(long, conflicts_with = "timeout")]
    no_wait: bool,
}

/// What came of each run.
#[derive(Serialize)]
pub(super) struct Done {
    runs: Vec<Cancelled>,
}

pub(super) async fn run(context: &Context, args: Args) -> Result<Done, Failure> {
    let (session, runs) = visit(context, &args.environment.name).await?;
    context.stands("runs that were asked to end do so without this program");
    let limit = (!args.no_wait).then_some(args.timeout);
    let mut run_ids = args.run_ids;
    let mut seen = std::collections::BTreeSet::new();
    run_ids.retain(|run_id| seen.insert(run_id.to_lowercase()));
    if let ([run_id], false) = (&run_ids[..], args.no_wait) {
        context.say(&format!("cancelling run {}", harmless(run_id)));
    }
    let each = run_ids.iter();
    let ended = join_all(each.map(|run_id| runs.cancel_and_wait(run_id, limit))).await;
    session.close().await;
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for ended in ended {
        match ended {
            Ok(cancelled) => done.push(cancelled),
            Err(error) => failed.push(failure(error)),
        }
    }
    let done = Done { runs: done };
    let mut failed = failed.into_iter();
    let Some(first) = failed.next() else {
        return Ok(done);
    };
    // What was done is told beside what was not.
    for cancelled in &done.runs {
        context.say(&told(cancelled));
    }
    for other in failed {
        context.warn("error", &other.summary(), None);
    }
    Err(first.with_document(document(&done)?))
}

/// What came of a run, in words.
fn told(cancelled: &Cancelled) -> String {
    let run = format!(
        "run {} of pipeline {}",
        cancelled.run_id, cancelled.pipeline
    );
    let status = cancelled.status.as_str();
    let text = match cancelled.outcome {
        CancelledHow::Cancelled => format!("{run} is cancelled"),
        CancelledHow::Asked => format!("{run} was asked to end: {status}"),
        CancelledHow::AlreadyCancelled => format!("{run} had been cancelled before"),
        CancelledHow::AlreadyEnded => {
            format!("{run} had ended before: {status}; nothing was cancelled")
        }
        CancelledHow::EndedMeanwhile => {
            format!("{run} ended by itself before it could be cancelled: {status}")
        }
    };
    harmless(&text)
}

impl Report for Done {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        for cancelled in &self.runs {
            writeln!(out, "{}", told(cancelled))?;
        }
        Ok(())
    }
}
