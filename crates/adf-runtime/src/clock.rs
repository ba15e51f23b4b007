//! Time as the engine sees it.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use time::OffsetDateTime;

/// Tells the time and waits.
pub trait Clock: Send + Sync + 'static {
    /// The current time.
    fn now(&self) -> OffsetDateTime;

    /// Ends after `duration`.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send;
}

impl<T: Clock> Clock for Arc<T> {
    fn now(&self) -> OffsetDateTime {
        (**self).now()
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        (**self).sleep(duration)
    }
}

/// The machine's clock, on a tokio runtime with time enabled.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// A clock that stands still until it is moved. Clones are the same clock.
#[derive(Clone, Debug)]
pub struct VirtualClock {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    now: OffsetDateTime,
    next_sleeper: u64,
    sleepers: BTreeMap<(OffsetDateTime, u64), Waker>,
}

impl VirtualClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn new(now: OffsetDateTime) -> Self {
        Self {
            state: Arc::new(Mutex::new(State {
                now,
                next_sleeper: 0,
                sleepers: BTreeMap::new(),
            })),
        }
    }

    /// Moves the clock and wakes those whose time has come.
    pub fn advance(&self, duration: Duration) {
        let now = self.state().now;
        self.set(later(now, duration));
    }

    /// Drives `future`; whenever it only waits for this clock, the clock jumps to the next time somebody waits for.
    ///
    /// Time spent in anything else that the future waits for, such as a socket, may be cut short by such a jump.
    pub async fn drive<F: Future>(&self, future: F) -> F::Output {
        Driven {
            clock: self,
            future: pin!(future),
        }
        .await
    }

    fn jump(&self) -> bool {
        let next = self.state().sleepers.keys().next().map(|(time, _)| *time);
        if let Some(time) = next {
            self.set(time);
        }
        next.is_some()
    }

    fn set(&self, now: OffsetDateTime) {
        let mut state = self.state();
        state.now = state.now.max(now);
        let limit = (state.now, u64::MAX);
        let mut due = state.sleepers.split_off(&limit);
        std::mem::swap(&mut due, &mut state.sleepers);
        drop(state);
        due.into_values().for_each(Waker::wake);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> OffsetDateTime {
        self.state().now
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        let mut state = self.state();
        state.next_sleeper += 1;
        Sleep {
            key: (later(state.now, duration), state.next_sleeper),
            clock: self.clone(),
        }
    }
}

/// `time` plus `duration`, or the last time there is.
pub(crate) fn later(time: OffsetDateTime, duration: Duration) -> OffsetDateTime {
    let duration = time::Duration::try_from(duration).unwrap_or(time::Duration::MAX);
    time.saturating_add(duration)
}

struct Sleep {
    key: (OffsetDateTime, u64),
    clock: VirtualClock,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.state();
        if self.key.0 <= state.now {
            return Poll::Ready(());
        }
        state.sleepers.insert(self.key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.clock.state().sleepers.remove(&self.key);
    }
}

struct Driven<'c, F> {
    clock: &'c VirtualClock,
    future: Pin<&'c mut F>,
}

impl<F: Future> Future for Driven<'_, F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let woken = Arc::new(Woken {
            yes: AtomicBool::new(false),
            outer: context.waker().clone(),
        });
        let waker = Waker::from(Arc::clone(&woken));
        loop {
            woken.yes.store(false, Ordering::SeqCst);
            if let Poll::Ready(output) = self.future.as_mut().poll(&mut Context::from_waker(&waker))
            {
                return Poll::Ready(output);
            }
            if !woken.yes.load(Ordering::SeqCst) && !self.clock.jump() {
                return Poll::Pending;
            }
        }
    }
}

/// Notices that a future asked to be polled again.
struct Woken {
    yes: AtomicBool,
    outer: Waker,
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.yes.store(true, Ordering::SeqCst);
        self.outer.wake_by_ref();
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use futures::future::join;
    use time::macros::datetime;

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn a_driven_future_waits_for_no_real_time() {
        let start = datetime!(2026-01-01 00:00 UTC);
        let clock = VirtualClock::new(start);
        let twice = async {
            clock.sleep(HOUR).await;
            clock.sleep(HOUR).await;
            clock.now()
        };

        let (ended, middle) = clock
            .drive(join(twice, async {
                clock.sleep(HOUR + HOUR / 2).await;
                clock.now()
            }))
            .now_or_never()
            .unwrap();

        assert_eq!(ended, start + HOUR * 2);
        assert_eq!(middle, start + HOUR * 3 / 2);
    }

    #[test]
    fn sleepers_wait_until_the_clock_is_moved() {
        let clock = VirtualClock::new(datetime!(2026-01-01 00:00 UTC));
        let mut sleep = pin!(clock.sleep(HOUR));

        let before = sleep.as_mut().now_or_never();
        clock.advance(HOUR);

        assert_eq!(before, None);
        assert_eq!(sleep.now_or_never(), Some(()));
    }
}
