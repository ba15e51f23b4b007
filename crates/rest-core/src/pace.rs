//! How fast a service is called: what it said last of what is left, instead of being refused to find out.
//!
//! Azure Resource Manager gives each caller a bucket of calls for reads, writes and deletes that fills again with time, tells with
//! each answer what is left in it, and answers 429 when it is empty. A [`Pace`] keeps the same buckets, believes the answers rather
//! than itself, and lets only so many calls be on their way as the service bears.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use azure_core::http::headers::{HeaderName, Headers};
use azure_core::http::{Method, StatusCode};
use azure_core::sleep::sleep;
use azure_core::time::OffsetDateTime;
use futures::channel::oneshot;

use crate::retry::retry_after;

/// A bucket of calls, and how many of them may be on their way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// How many calls a full bucket allows at once.
    pub size: u32,
    /// How many come back in a second.
    pub per_second: f64,
    /// How many calls are on their way at first.
    pub in_flight: u32,
    /// How many calls are on their way at most.
    pub most_in_flight: u32,
}

/// How fast a service is called. Clones share one pace; clients of one caller should have the same.
#[derive(Clone, Debug)]
pub struct Pace {
    lanes: Arc<[Mutex<Lane>; 3]>,
}

/// The headers that tell what is left, by kind of call.
const REMAINING: [[HeaderName; 2]; 3] = [
    [
        HeaderName::from_static("x-ms-ratelimit-remaining-subscription-reads"),
        HeaderName::from_static("x-ms-ratelimit-remaining-tenant-reads"),
    ],
    [
        HeaderName::from_static("x-ms-ratelimit-remaining-subscription-writes"),
        HeaderName::from_static("x-ms-ratelimit-remaining-tenant-writes"),
    ],
    [
        HeaderName::from_static("x-ms-ratelimit-remaining-subscription-deletes"),
        HeaderName::from_static("x-ms-ratelimit-remaining-tenant-deletes"),
    ],
];

/// How long nothing is sent after a 429 that does not say.
const PAUSE: Duration = Duration::from_secs(1);

impl Pace {
    /// A pace with buckets for reads, writes and deletes.
    #[must_use]
    pub fn new(reads: Bucket, writes: Bucket, deletes: Bucket) -> Self {
        let lanes = [reads, writes, deletes].map(|bucket| Mutex::new(Lane::new(bucket)));
        Self {
            lanes: Arc::new(lanes),
        }
    }

    /// The buckets of Azure Resource Manager for one subscription and caller.
    #[must_use]
    pub fn of_resource_manager() -> Self {
        let bucket = |size, per_second, in_flight, most_in_flight| Bucket {
            size,
            per_second,
            in_flight,
            most_in_flight,
        };
        Self::new(
            bucket(250, 25.0, 16, 64),
            bucket(200, 10.0, 8, 32),
            bucket(200, 10.0, 8, 32),
        )
    }

    fn lane(&self, at: usize) -> MutexGuard<'_, Lane> {
        let lane = &self.lanes[at];
        lane.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a call may be sent. A service that wants to be left alone for longer than `patience` is asked all the same: its
    /// refusal is an answer too.
    pub(crate) async fn admit(&self, method: Method, patience: Duration) -> Admission {
        let at = lane_of(method);
        let turn = self.lane(at).enter();
        let handed = match turn {
            Some(turn) => turn.await.ok(),
            None => None,
        };
        let admission = handed.unwrap_or_else(|| self.place(at));
        loop {
            let pause = self.lane(at).draw(Instant::now(), patience);
            match pause {
                None => return admission,
                Some(pause) => {
                    sleep(pause.try_into().unwrap_or(azure_core::time::Duration::MAX)).await;
                }
            }
        }
    }

    fn place(&self, at: usize) -> Admission {
        Admission {
            pace: self.clone(),
            at,
            is_taken: true,
        }
    }

    /// Gives free places to those who wait for one. It comes with the place, so that one who goes away meanwhile frees it again.
    fn hand_over(&self, at: usize) {
        loop {
            let next = self.lane(at).next();
            let Some(next) = next else { return };
            if let Err(mut unwanted) = next.send(self.place(at)) {
                unwanted.is_taken = false;
                self.lane(at).leave();
            }
        }
    }
}

fn lane_of(method: Method) -> usize {
    match method {
        Method::Get | Method::Head => 0,
        Method::Delete => 2,
        _ => 1,
    }
}

/// A call that may be sent, or is on its way; its place is free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Admission {
    pace: Pace,
    at: usize,
    is_taken: bool,
}

impl Admission {
    /// Learns from an answer.
    pub(crate) fn answered(&self, status: StatusCode, headers: &Headers) {
        let now = Instant::now();
        for (at, names) in REMAINING.iter().enumerate() {
            let said = names
                .iter()
                .filter_map(|name| headers.get_optional_str(name));
            let left = said.filter_map(|text| text.trim().parse::<u32>().ok());
            if let Some(left) = left.min() {
                self.pace.lane(at).hear(left, now);
            }
        }
        let mut lane = self.pace.lane(self.at);
        match u16::from(status) {
            429 => {
                let wanted = retry_after(headers, OffsetDateTime::now_utc());
                lane.throttled(now, wanted.unwrap_or(PAUSE));
            }
            200..=499 => lane.went_well(),
            _ => lane.slow_down(),
        }
        drop(lane);
        self.pace.hand_over(self.at);
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        if self.is_taken {
            self.pace.lane(self.at).leave();
            self.pace.hand_over(self.at);
        }
    }
}

/// The calls of one kind.
#[derive(Debug)]
struct Lane {
    bucket: Bucket,
    level: f64,
    since: Instant,
    shut_until: Option<Instant>,
    in_flight: u32,
    /// How many may be on their way: it grows with what goes well, and is halved when the service has had enough.
    window: f64,
    was_throttled: bool,
    waiting: VecDeque<oneshot::Sender<Admission>>,
}

impl Lane {
    fn new(bucket: Bucket) -> Self {
        Self {
            level: f64::from(bucket.size),
            since: Instant::now(),
            shut_until: None,
            in_flight: 0,
            window: f64::from(bucket.in_flight.max(1)),
            was_throttled: false,
            waiting: VecDeque::new(),
            bucket,
        }
    }

    /// Takes a place among the calls on their way, or one in the queue.
    fn enter(&mut self) -> Option<oneshot::Receiver<Admission>> {
        if self.has_room() {
            self.in_flight += 1;
            return None;
        }
        let (turn, next) = oneshot::channel();
        self.waiting.push_back(turn);
        Some(next)
    }

    fn has_room(&self) -> bool {
        f64::from(self.in_flight) < self.window.floor()
    }

    fn leave(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// The next in the queue, with a place.
    fn next(&mut self) -> Option<oneshot::Sender<Admission>> {
        let next = self.has_room().then(|| self.waiting.pop_front()).flatten();
        self.in_flight += u32::from(next.is_some());
        next
    }

    /// Takes a call out of the bucket; otherwise how long to wait before trying again.
    fn draw(&mut self, now: Instant, patience: Duration) -> Option<Duration> {
        if let Some(until) = self.shut_until {
            let left = until.saturating_duration_since(now);
            if !left.is_zero() {
                return (left <= patience).then_some(left);
            }
        }
        self.fill(now);
        if self.level < 1.0 {
            let pause = (1.0 - self.level) / self.bucket.per_second.max(f64::MIN_POSITIVE);
            let pause = Duration::try_from_secs_f64(pause).unwrap_or(Duration::MAX);
            if pause <= patience {
                // Woken a little late rather than twice.
                return Some(pause + Duration::from_millis(1));
            }
        }
        self.level = (self.level - 1.0).max(0.0);
        None
    }

    fn fill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.since).as_secs_f64();
        self.since = now;
        let full = f64::from(self.bucket.size).max(self.level);
        self.level = (self.level + passed * self.bucket.per_second).min(full);
    }

    /// The service says what is left. Calls on their way may not be among what it has counted.
    fn hear(&mut self, left: u32, now: Instant) {
        self.since = now;
        self.level = f64::from(left.saturating_sub(self.in_flight.saturating_sub(1)));
    }

    fn throttled(&mut self, now: Instant, pause: Duration) {
        let until = now.checked_add(pause);
        self.shut_until = self.shut_until.max(until);
        self.level = 0.0;
        self.since = until.unwrap_or(now);
        self.was_throttled = true;
        self.slow_down();
    }

    fn slow_down(&mut self) {
        self.window = (self.window / 2.0).max(1.0);
    }

    fn went_well(&mut self) {
        let step = match self.was_throttled {
            true => 1.0 / self.window,
            false => 1.0,
        };
        let most = f64::from(self.bucket.most_in_flight.max(1));
        self.window = (self.window + step).min(most);
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    const LONG: Duration = Duration::from_secs(600);

    fn lane() -> (Lane, Instant) {
        let lane = Lane::new(Bucket {
            size: 3,
            per_second: 2.0,
            in_flight: 2,
            most_in_flight: 4,
        });
        let now = lane.since;
        (lane, now)
    }

    #[test]
    fn an_empty_bucket_is_waited_for() {
        let (mut lane, now) = lane();

        let drawn: Vec<_> = (0..3).map(|_| lane.draw(now, LONG)).collect();

        assert_eq!(drawn, [None, None, None]);
        assert_eq!(lane.draw(now, LONG), Some(Duration::from_millis(501)));
        let later = now + Duration::from_millis(501);
        assert_eq!(lane.draw(later, LONG), None);
        assert!(lane.draw(later, LONG).is_some());
    }

    #[test]
    fn the_service_knows_better_what_is_left() {
        let (mut lane, now) = lane();

        lane.hear(0, now);
        assert!(lane.draw(now, LONG).is_some());
        lane.hear(11_999, now);
        assert!((0..1_000).all(|_| lane.draw(now, LONG).is_none()));
        lane.in_flight = 3;
        lane.hear(2, now);
        assert!(
            lane.draw(now, LONG).is_some(),
            "two others are on their way"
        );
    }

    #[test]
    fn a_throttled_lane_rests_and_narrows() {
        let (mut lane, now) = lane();
        for _ in 0..8 {
            lane.went_well();
        }
        assert_eq!(lane.window.to_string(), "4");

        lane.throttled(now, Duration::from_secs(5));

        assert_eq!(lane.window.to_string(), "2");
        assert_eq!(lane.draw(now, LONG), Some(Duration::from_secs(5)));
        let later = now + Duration::from_secs(5);
        assert_eq!(lane.draw(later, LONG), Some(Duration::from_millis(501)));
        lane.went_well();
        assert_eq!(lane.window.to_string(), "2.5");
    }

    #[test]
    fn a_service_that_wants_rest_for_too_long_is_asked() {
        let (mut lane, now) = lane();

        lane.throttled(now, Duration::from_secs(3600));

        assert_eq!(lane.draw(now, Duration::from_secs(60)), None);
    }

    #[test]
    fn only_so_many_calls_are_on_their_way() {
        let (lane, _) = lane();
        let bucket = Bucket {
            size: 100,
            ..lane.bucket
        };
        let pace = Pace::new(bucket, bucket, bucket);
        let admit = || Box::pin(pace.admit(Method::Put, LONG));
        let first = admit().now_or_never();
        let second = admit().now_or_never();
        assert!(first.is_some() && second.is_some());
        let (mut gone, mut third, mut fourth) = (admit(), admit(), admit());
        for waiting in [&mut gone, &mut third, &mut fourth] {
            assert!(waiting.now_or_never().is_none());
        }

        drop(gone);
        drop(first);

        let third = third.now_or_never();
        assert!(third.is_some());
        assert!((&mut fourth).now_or_never().is_none());
        drop((second, third));
        assert!(fourth.now_or_never().is_some());
    }

    #[test]
    fn a_place_that_was_handed_to_one_who_left_is_free() {
        let (lane, _) = lane();
        let narrow = Bucket {
            in_flight: 1,
            ..lane.bucket
        };
        let pace = Pace::new(narrow, narrow, narrow);
        let first = pace.admit(Method::Put, LONG).now_or_never();
        let (mut second, mut third) = (
            Box::pin(pace.admit(Method::Put, LONG)),
            Box::pin(pace.admit(Method::Put, LONG)),
        );
        assert!((&mut second).now_or_never().is_none());
        assert!((&mut third).now_or_never().is_none());

        drop(first);
        drop(second);

        assert!(third.now_or_never().is_some());
    }
}
