//! Waiting for a run.

use std::sync::{Mutex, PoisonError};

use azure_core::{Error, Result};
use rest_core::{Polled, Wait, poll};

use super::reading::RunReading;
use super::{Jobs, Run};
use crate::ApiError;
use crate::error::is_passing;

/// What a wait has seen so far.
#[derive(Default)]
struct Seen {
    /// How the run and its tasks stood.
    readings: Option<(RunReading, Vec<(i64, RunReading)>)>,
    /// Whether the last answer refused the token; the next question carries a fresh one.
    refused: bool,
}

impl Seen {
    /// Whether the run, or one of its tasks, stands otherwise than before.
    fn is_news(&mut self, run: &Run) -> bool {
        let tasks = run.tasks.iter().map(|task| (task.run_id, task.reading()));
        let readings = Some((run.reading(), tasks.collect()));
        let news = self.readings != readings;
        (self.readings, self.refused) = (readings, false);
        news
    }

    /// Whether the question may be asked again in spite of `error`: a token that was revoked or expired early is replaced
    /// once.
    fn outlives(&mut self, error: &Error) -> bool {
        let refused = ApiError::of(error).is_some_and(|refusal| u16::from(refusal.status) == 401);
        let first = !self.refused;
        self.refused = refused;
        is_passing(error) || (refused && first)
    }
}

impl Jobs<'_> {
    /// Waits until the run has ended, well or not: see [`Run::outcome`]. `on_change` sees the run whenever it, or one of its
    /// tasks, stands otherwise than before.
    ///
    /// A token that expires is renewed, and trouble of the service that passes does not end the wait. The run goes on when
    /// the wait is given up; see [`Jobs::cancel_run`].
    ///
    /// # Errors
    ///
    /// [`rest_core::TimedOut`] when the limit of `wait` is reached; those of [`Jobs::get_run`].
    pub async fn wait_for_run(
        &self,
        run_id: i64,
        wait: Wait,
        on_change: impl FnMut(&Run) + Send,
    ) -> Result<Run> {
        let state = Mutex::new((Seen::default(), on_change));
        poll(&format!("run {run_id}"), wait, || async {
            let answer = self.get_run(run_id, None).await;
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            let (seen, on_change) = &mut *state;
            let run = match answer {
                Ok(answer) => answer.into_model()?,
                Err(error) if seen.outlives(&error) => return Ok(Polled::Pending(None)),
                Err(error) => return Err(error),
            };
            if seen.is_news(&run) {
                on_change(&run);
            }
            Ok(if run.is_terminal() {
                Polled::Done(run)
            } else {
                Polled::Pending(None)
            })
        })
        .await
    }
}
