//! Runs that are watched, for the commands that start one or wait for one.

use dataops_core::connection::Connection;
use dataops_core::run::{RunError, RunOptions, RunReport, Runs};
use serde::Serialize;

use crate::commands::run::failure;
use crate::context::Context;
use crate::failure::Failure;
use crate::report::document;
use crate::session::Lasts;
use crate::terminal::harmless;

/// Why a run was not watched to its end, and how it stood then.
#[derive(Debug)]
pub(crate) struct Stopped {
    failure: Failure,
    so_far: Option<Box<RunReport>>,
}

impl From<Stopped> for Failure {
    fn from(stopped: Stopped) -> Self {
        stopped.failure
    }
}

impl From<RunError> for Stopped {
    fn from(error: RunError) -> Self {
        let so_far = match &error {
            RunError::TimedOut { so_far, .. } => so_far.clone(),
            _ => None,
        };
        Self {
            failure: failure(error),
            so_far,
        }
    }
}

impl Stopped {
    /// The failure, with the result so far for who asks for a document: what they get of a run that has ended.
    pub(crate) fn with_result<R: Serialize>(self, shape: impl FnOnce(RunReport) -> R) -> Failure {
        let document = self.so_far.and_then(|run| document(&shape(*run)).ok());
        match document {
            Some(document) => self.failure.with_document(document),
            None => self.failure,
        }
    }
}

/// What stands when the program is interrupted before the start was answered.
pub(crate) fn starting(context: &Context, connection: &Connection, pipeline: &str) {
    let text = format!("pipeline {pipeline} may have been started, look for a new run of it");
    context.standing.note(text, Some(connection.signed_in()));
}

/// Watches a run with the display of this terminal.
pub(crate) async fn watch(
    context: &Context,
    runs: &Runs,
    run_id: &str,
    options: RunOptions,
    lasts: Lasts,
) -> Result<RunReport, Stopped> {
    let run = harmless(run_id);
    context.stands(match lasts {
        Lasts::Longer => format!("run {run} goes on in its factory"),
        Lasts::AsLongAsThis => format!("run {run} was cancelled, its local Azure ends here"),
    });
    let group = context.group(&format!("run {run_id}"));
    let mut progress = context.progress();
    let ended = runs
        .watch(run_id, options, |report| progress.update(report))
        .await;
    drop(progress);
    drop(group);
    Ok(ended?)
}
