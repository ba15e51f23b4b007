//! Follows a run until it has ended.

use std::sync::{Mutex, MutexGuard, PoisonError};

use azure_core::Result;
use azure_core::http::Response;
use azure_core::time::OffsetDateTime;
use rest_core::{Polled, ServiceErrorExt, Wait, poll, retry_after};
use serde::de::DeserializeOwned;

/// How many answers of "not found" a run may start with: it is registered a little after its submission is answered.
const UNSEEN: u32 = 5;

/// What is followed, and how its state is told.
pub(crate) trait Watched {
    /// Its state.
    type State: PartialEq;

    /// The state now.
    fn state(&self) -> Self::State;

    /// Whether nothing follows.
    fn is_over(&self) -> bool;
}

struct Watch<S, F> {
    last: Option<S>,
    unseen: u32,
    on_change: F,
}

/// Asks until the run is over; `on_change` is told the first state and each other one.
pub(crate) async fn watch<T, Answer, F>(
    what: &str,
    wait: Wait,
    mut ask: impl FnMut() -> Answer,
    on_change: F,
) -> Result<T>
where
    T: Watched + DeserializeOwned,
    Answer: Future<Output = Result<Response<T>>>,
    F: FnMut(&T),
{
    let watch = Mutex::new(Watch {
        last: None,
        unseen: 0,
        on_change,
    });
    poll(what, wait, || {
        let answer = ask();
        let watch = &watch;
        async move {
            let answer = answer.await;
            lock(watch).take(answer)
        }
    })
    .await
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<S: PartialEq, F> Watch<S, F> {
    fn take<T>(&mut self, answer: Result<Response<T>>) -> Result<Polled<T>>
    where
        T: Watched<State = S> + DeserializeOwned,
        F: FnMut(&T),
    {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) if error.is_not_found() && self.last.is_none() && self.unseen < UNSEEN => {
                self.unseen += 1;
                return Ok(Polled::Pending(None));
            }
            Err(error) => return Err(error),
        };
        let wanted = retry_after(answer.headers(), OffsetDateTime::now_utc());
        let run = answer.into_model()?;
        let state = run.state();
        if self.last.as_ref() != Some(&state) {
            (self.on_change)(&run);
            self.last = Some(state);
        }
        Ok(if run.is_over() {
            Polled::Done(run)
        } else {
            Polled::Pending(wanted)
        })
    }
}
