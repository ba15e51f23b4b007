//! The one gate through which many requests go at once: few enough that the service keeps up, and none while it asks for a pause.
//!
//! Each request by itself would wait and try again; together they would still knock at the same pace. Here a refusal for being
//! too fast narrows the gate for all, and success widens it again.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use azure_core::error::ErrorKind;
use azure_core::{Error, Result};
use databricks_client::{Retry, ServiceErrorExt, may_pass};
use tokio::sync::Semaphore;

/// The most requests at once; the workspace lets a few dozen through in a second.
pub(super) const WIDEST: usize = 10;

/// After so many answers in a row the gate opens by one more.
const ANSWERS_TO_WIDEN: usize = 20;

/// A gate for requests that may be sent twice.
pub(super) struct Gate {
    seats: Semaphore,
    pace: Mutex<Pace>,
    retry: Retry,
}

struct Pace {
    /// How many may pass at once.
    width: usize,
    /// Nobody passes before.
    open_at: Instant,
    answers: usize,
}

impl Gate {
    pub(super) fn new(retry: Retry) -> Self {
        Self {
            seats: Semaphore::new(WIDEST),
            pace: Mutex::new(Pace {
                width: WIDEST,
                open_at: Instant::now(),
                answers: 0,
            }),
            retry,
        }
    }

    /// Sends a request when it is its turn, and again while that may help. `send` repeats nothing by itself.
    pub(super) async fn pass<T, Sent>(&self, send: impl Fn() -> Sent) -> Result<T>
    where
        Sent: Future<Output = Result<T>>,
    {
        let started = Instant::now();
        let mut attempt = 1;
        loop {
            let error = {
                // The semaphore is never closed.
                let _seat = self.seats.acquire().await.map_err(closed)?;
                self.wait().await;
                match send().await {
                    Ok(answer) => {
                        self.widen();
                        return Ok(answer);
                    }
                    Err(error) => error,
                }
            };
            let pause = pause(&error, &self.retry, attempt);
            let late = started.elapsed().saturating_add(pause) > self.retry.max_elapsed;
            if attempt >= self.retry.max_attempts || late || !may_pass(&error) {
                return Err(error);
            }
            match is_throttled(&error) {
                true => self.narrow(pause),
                false => tokio::time::sleep(pause).await,
            }
            attempt += 1;
        }
    }

    async fn wait(&self) {
        loop {
            let open_at = self.pace().open_at;
            let left = open_at.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left).await;
        }
    }

    fn narrow(&self, pause: Duration) {
        let mut pace = self.pace();
        let now = Instant::now();
        // Those that were on their way when the first was refused tell nothing new.
        if pace.open_at <= now {
            let surplus = pace.width / 2;
            pace.width -= self.seats.forget_permits(surplus);
        }
        pace.answers = 0;
        pace.open_at = pace.open_at.max(now + pause);
    }

    fn widen(&self) {
        let mut pace = self.pace();
        pace.answers += 1;
        if pace.answers >= ANSWERS_TO_WIDEN && pace.width < WIDEST {
            pace.answers = 0;
            pace.width += 1;
            self.seats.add_permits(1);
        }
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long to wait: what the service asks for, or ever longer.
fn pause(error: &Error, retry: &Retry, attempt: u32) -> Duration {
    let asked = error.service_error().and_then(|error| error.retry_after);
    let factor = 1_u32.checked_shl(attempt - 1).unwrap_or(u32::MAX);
    let own = retry.base_delay.saturating_mul(factor);
    asked.unwrap_or_else(|| own.min(retry.max_delay))
}

fn is_throttled(error: &Error) -> bool {
    databricks_client::ApiError::of(error)
        .is_some_and(|error| error.kind() == databricks_client::ApiErrorKind::TooManyRequests)
}

fn closed(error: tokio::sync::AcquireError) -> Error {
    Error::new(ErrorKind::Other, error)
}
