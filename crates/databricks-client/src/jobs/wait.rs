//! Waiting for a run.

use std::sync::{Mutex, PoisonError};

use azure_core::Result;
use rest_core::{Polled, Wait, poll};

use super::reading::RunReading;
use super::{Jobs, Run};
use crate::error::is_passing;

/// How a run and its tasks stand.
type Seen = (RunReading, Vec<(i64, RunReading)>);

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
        let state = Mutex::new((None::<Seen>, on_change));
        poll(&format!("run {run_id}"), wait, || async {
            let run = match self.get_run(run_id, None).await {
                Ok(answer) => answer.into_model()?,
                Err(error) if is_passing(&error) => return Ok(Polled::Pending(None)),
                Err(error) => return Err(error),
            };
            let seen = (
                run.reading(),
                run.tasks
                    .iter()
                    .map(|task| (task.run_id, task.reading()))
                    .collect(),
            );
            {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                let (before, on_change) = &mut *state;
                if before.as_ref() != Some(&seen) {
                    *before = Some(seen);
                    on_change(&run);
                }
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
