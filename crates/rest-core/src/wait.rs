//! Waiting for something that a service does in its own time.

use std::future::Future;
use std::time::{Duration, Instant};

use azure_core::error::ErrorKind;
use azure_core::sleep::sleep;
use azure_core::{Error, Result};
use futures::future::{Either, select};

/// How often to ask, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// When to give up; [`TimedOut`] is then the error.
    pub limit: Duration,
    /// The first pause between two questions; pauses grow by half up to `longest`.
    pub first: Duration,
    /// The longest pause. A `Retry-After` of the service goes first, if it is no longer than an hour; one beyond the
    /// limit ends the wait at once.
    pub longest: Duration,
}

impl Wait {
    /// Asks after 1 s, then less and less often down to every 15 s, for `limit`.
    #[must_use]
    pub fn up_to(limit: Duration) -> Self {
        Self {
            limit,
            first: Duration::from_secs(1),
            longest: Duration::from_secs(15),
        }
    }
}

/// What a question was answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Polled<T> {
    /// It is done.
    Done(T),
    /// Ask again, where the service says so after this time.
    Pending(Option<Duration>),
}

/// The limit of a [`Wait`] is reached.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} took longer than {limit:?}")]
#[non_exhaustive]
pub struct TimedOut {
    /// What was waited for.
    pub what: String,
    /// How long.
    pub limit: Duration,
}

impl TimedOut {
    /// Finds a reached limit inside an [`azure_core::Error`].
    #[must_use]
    pub fn of(error: &Error) -> Option<&Self> {
        error.downcast_ref()
    }

    /// The error that says that `what` took longer than `limit`.
    #[must_use]
    pub fn error(what: &str, limit: Duration) -> Error {
        let what = what.to_owned();
        Error::new(ErrorKind::Other, Self { what, limit })
    }
}

/// How often in a row a service may ask for no pause at all. It may know that the answer is due, but it is not kept busy.
const MOST_AT_ONCE: u32 = 20;

/// No service means a longer pause between two questions than this.
const LONGEST_BELIEVED: Duration = Duration::from_secs(3600);

/// Asks `question` until it answers [`Polled::Done`] or the limit is reached, also in the midst of a question.
///
/// # Errors
///
/// The question's own, or [`TimedOut`] inside an [`ErrorKind::Other`].
pub async fn poll<T, Answer>(
    what: &str,
    wait: Wait,
    mut question: impl FnMut() -> Answer,
) -> Result<T>
where
    Answer: Future<Output = Result<Polled<T>>>,
{
    let started = Instant::now();
    let (mut pause, mut at_once) = (wait.first, 0_u32);
    loop {
        let asked = Box::pin(question());
        let left = wait.limit.saturating_sub(started.elapsed());
        let answer = match select(asked, Box::pin(sleep(whole(left)))).await {
            Either::Left((answer, _)) => answer?,
            Either::Right(_) => return Err(TimedOut::error(what, wait.limit)),
        };
        let wanted = match answer {
            Polled::Done(value) => return Ok(value),
            Polled::Pending(wanted) => wanted,
        };
        let left = wait.limit.saturating_sub(started.elapsed());
        at_once = if wanted == Some(Duration::ZERO) {
            at_once.saturating_add(1)
        } else {
            0
        };
        let next = wanted
            .filter(|wanted| *wanted <= LONGEST_BELIEVED && at_once <= MOST_AT_ONCE)
            .unwrap_or_else(|| pause.min(before_the_limit(left)));
        if left < SHORTEST || next >= left {
            return Err(TimedOut::error(what, wait.limit));
        }
        if !next.is_zero() {
            sleep(whole(next)).await;
        }
        pause = pause.saturating_add(pause / 2).min(wait.longest);
    }
}

/// Less than this is too little for a question and its answer.
const SHORTEST: Duration = Duration::from_millis(1);

/// The longest pause that leaves time for another question: a quarter of what is left, at most two seconds.
fn before_the_limit(left: Duration) -> Duration {
    left - (left / 4).min(Duration::from_secs(2))
}

fn whole(time: Duration) -> azure_core::time::Duration {
    time.try_into().unwrap_or(azure_core::time::Duration::MAX)
}
