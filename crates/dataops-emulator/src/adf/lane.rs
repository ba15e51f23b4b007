//! Where the runs of a pipeline with a limited `concurrency` wait for their turn, first come, first served.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The most runs of a pipeline that wait.
const MOST: usize = 100;

/// The runs of one pipeline.
pub(super) struct Lane {
    turns: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

/// Too many runs wait already.
#[derive(Debug, thiserror::Error)]
#[error(
    "Pipeline execution throttled: a pipeline whose concurrency is limited queues at most {MOST} runs"
)]
pub(super) struct Full;

/// The place of one run, which has its turn or waits for it.
pub(super) enum Place {
    Now(OwnedSemaphorePermit),
    Later(Arc<Semaphore>, Waiting),
}

/// A run that waits; it no longer does when this is dropped.
pub(super) struct Waiting(Arc<AtomicUsize>);

impl Lane {
    pub(super) fn new(concurrency: u32) -> Self {
        Self {
            turns: Arc::new(Semaphore::new(concurrency as usize)),
            waiting: Arc::default(),
        }
    }

    /// The place of a run that comes now. Callers take turns.
    pub(super) fn enter(&self) -> Result<Place, Full> {
        let waiting = self.waiting.load(Ordering::SeqCst);
        // Nobody overtakes those who wait, whose tasks may not have asked for their turn yet.
        if waiting == 0
            && let Ok(turn) = Arc::clone(&self.turns).try_acquire_owned()
        {
            return Ok(Place::Now(turn));
        }
        if waiting >= MOST {
            return Err(Full);
        }
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let waiting = Waiting(Arc::clone(&self.waiting));
        Ok(Place::Later(Arc::clone(&self.turns), waiting))
    }
}

impl Place {
    /// Waits for the turn, which ends when the permit is dropped.
    pub(super) async fn turn(self) -> Option<OwnedSemaphorePermit> {
        match self {
            Self::Now(turn) => Some(turn),
            // The semaphore is never closed.
            Self::Later(turns, _waiting) => turns.acquire_owned().await.ok(),
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hundred_runs_wait_and_the_next_one_is_refused_until_one_has_left() {
        let lane = Lane::new(2);
        let mut going = vec![lane.enter().unwrap(), lane.enter().unwrap()];
        let mut waiting: Vec<_> = (0..MOST).map(|_| lane.enter().unwrap()).collect();

        let refused = lane.enter().err().unwrap();
        drop(waiting.pop());
        waiting.push(lane.enter().unwrap());
        let still = lane.enter().is_err();
        drop(going.pop());
        let turn = waiting.remove(0).turn().await;
        let next = lane.enter();

        assert!(refused.to_string().contains("at most 100 runs"));
        assert!(still);
        assert!(turn.is_some());
        assert!(matches!(next, Ok(Place::Later(..))));
    }
}
