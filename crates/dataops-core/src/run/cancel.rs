//! Cancels runs, and waits until they have ended.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use adf_client::Document;
use adf_client::models::{PipelineRun, PipelineRunStatus};
use rest_core::{Polled, TimedOut, Wait, poll};
use serde::Serialize;

use super::Runs;
use super::error::RunError;

/// A run that was to be cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cancelled {
    /// The run's id.
    pub run_id: String,
    /// The pipeline.
    pub pipeline: String,
    /// How it stands.
    pub status: PipelineRunStatus,
    /// What was done.
    pub outcome: CancelledHow,
}

/// What came of a cancellation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CancelledHow {
    /// It was cancelled, and has ended.
    Cancelled,
    /// It was asked to end, and nobody has waited for it.
    Asked,
    /// Somebody had cancelled it before.
    AlreadyCancelled,
    /// It had ended by itself before, so that nothing was done.
    AlreadyEnded,
    /// It ended by itself before the cancellation reached it.
    EndedMeanwhile,
}

impl Runs {
    /// Cancels a run and those that it has started, and waits for its end where there is a limit. A run that has ended is left as it is.
    ///
    /// # Errors
    ///
    /// [`RunError::NoRun`]; [`RunError::StillEnding`] when it has not ended within `limit`; and what the service refuses.
    pub async fn cancel_and_wait(
        &self,
        run_id: &str,
        limit: Option<Duration>,
    ) -> Result<Cancelled, RunError> {
        let run = self.status(run_id).await;
        let run = run.map_err(|source| self.unseen(run_id, source))?;
        if run.status.is_final() {
            return Ok(cancelled(&run, CancelledHow::AlreadyEnded));
        }
        if let Err(source) = self.cancel(run_id).await {
            return match self.status(run_id).await {
                Ok(run) if run.status.is_final() => {
                    Ok(cancelled(&run, CancelledHow::EndedMeanwhile))
                }
                _ => Err(RunError::Cancel {
                    pipeline: run.pipeline_name.clone(),
                    run_id: run.run_id.clone(),
                    source,
                }),
            };
        }
        match limit {
            Some(limit) => self.end_of(&run, limit).await,
            None => {
                let run = self.status(run_id).await.unwrap_or(run);
                Ok(cancelled(&run, CancelledHow::Asked))
            }
        }
    }

    /// Waits for the end of a run that was asked to end.
    async fn end_of(&self, run: &PipelineRun, limit: Duration) -> Result<Cancelled, RunError> {
        let run_id = run.run_id.as_str();
        let wait = Wait { limit, ..self.pace };
        let last = Mutex::new(run.status.clone());
        let ended = poll("the end of the run", wait, || async {
            let run = self.status(run_id).await?;
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            last.clone_from(&run.status);
            Ok(match run.status.is_final() {
                true => Polled::Done(run),
                false => Polled::Pending(None),
            })
        })
        .await;
        let (pipeline, run_id) = (run.pipeline_name.clone(), run.run_id.clone());
        match ended {
            Ok(run) => Ok(cancelled(&run, CancelledHow::Cancelled)),
            Err(error) if TimedOut::of(&error).is_some() => Err(RunError::StillEnding {
                pipeline,
                run_id,
                status: last
                    .into_inner()
                    .unwrap_or_else(PoisonError::into_inner)
                    .to_string(),
                limit,
            }),
            Err(source) => Err(RunError::Watch {
                pipeline,
                run_id,
                source,
            }),
        }
    }

    /// A run without its activities.
    pub(super) async fn status(&self, run_id: &str) -> azure_core::Result<Document<PipelineRun>> {
        self.factory.runs().get(run_id, None).await?.into_model()
    }
}

fn cancelled(run: &PipelineRun, how: CancelledHow) -> Cancelled {
    let is_cancelled = run.status == PipelineRunStatus::Cancelled;
    let outcome = match (how, is_cancelled) {
        (CancelledHow::AlreadyEnded, true) => CancelledHow::AlreadyCancelled,
        (CancelledHow::Cancelled, false) => CancelledHow::EndedMeanwhile,
        (CancelledHow::EndedMeanwhile, true) => CancelledHow::Cancelled,
        (how, _) => how,
    };
    Cancelled {
        run_id: run.run_id.clone(),
        pipeline: run.pipeline_name.clone(),
        status: run.status.clone(),
        outcome,
    }
}
