//! That two agents never both have a lease, in whatever order their steps come, and that none is lost forever.

use proptest::prelude::*;

use super::release::Break;
use super::*;
use crate::chain::Keys;
use crate::store::memory::Memory;
use crate::store::{Answer, Next, Step, Task};

fn at(seconds: i64) -> Time {
    Time::from_millis(1_700_000_000_000 + seconds * 1_000)
}

fn claim(id: &str) -> Claim {
    Claim {
        id: id.to_owned(),
        environment: "qa".to_owned(),
        who: Who {
            name: format!("agent {id}"),
            ..Who::default()
        },
        what: "deployment".to_owned(),
    }
}

fn keys() -> Keys {
    Keys::new("qa")
}

fn acquire(store: &mut Memory, id: &str, now: Time) -> Acquired<u64> {
    store.run(Acquire::new(&keys(), claim(id), now, TTL))
}

fn ours(acquired: Acquired<u64>) -> (Lease, u64) {
    match acquired {
        Acquired::Ours { lease, version, .. } => (*lease, version),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_second_deployment_is_told_who_has_the_lease_and_how_to_break_it() {
    let mut store = Memory::default();
    ours(acquire(&mut store, "one", at(0)));

    let Acquired::Held(held) = acquire(&mut store, "two", at(60)) else {
        panic!("it has no holder");
    };

    assert_eq!(
        held.to_string(),
        "`qa` is held by agent one for a deployment since 2023-11-14 22:13:20, until 2023-11-14 22:15:20 unless it is renewed"
    );
    assert!(
        held.hint()
            .ends_with("dataops lease break --env qa --holder one")
    );
}

#[test]
fn a_lease_that_was_given_back_can_be_taken_at_once() {
    let mut store = Memory::default();
    let (lease, version) = ours(acquire(&mut store, "one", at(0)));

    assert!(store.run(Release::new(&keys(), lease.clone(), version)));
    ours(acquire(&mut store, "two", at(0)));
    assert!(!store.run(Release::new(&keys(), lease, version)));
    assert!(matches!(
        acquire(&mut store, "three", at(0)),
        Acquired::Held(_)
    ));
}

#[test]
fn a_lease_of_a_dead_holder_is_taken_when_its_time_is_over() {
    let mut store = Memory::default();
    let (lease, version) = ours(acquire(&mut store, "one", at(0)));

    assert!(matches!(
        acquire(&mut store, "two", at(149)),
        Acquired::Held(_)
    ));
    let Acquired::Ours { abandoned, .. } = acquire(&mut store, "two", at(150)) else {
        panic!("it was not taken");
    };
    assert_eq!(abandoned.unwrap().claim.id, "one");

    let renewed = store.run(Renew::new(&keys(), lease, version, at(151), TTL));
    let Renewed::Lost(Some(Held::By(by))) = renewed else {
        panic!("{renewed:?}");
    };
    assert_eq!(by.claim.id, "two");
}

#[test]
fn a_renewed_lease_lasts_longer_and_knows_since_when_it_is_held() {
    let mut store = Memory::default();
    let (lease, version) = ours(acquire(&mut store, "one", at(0)));

    let renewed = store.run(Renew::new(&keys(), lease, version, at(100), TTL));

    let Renewed::Ours { lease, .. } = renewed else {
        panic!("{renewed:?}")
    };
    assert_eq!((lease.since, lease.until), (at(0), at(220)));
    assert!(matches!(
        acquire(&mut store, "two", at(200)),
        Acquired::Held(_)
    ));
}

#[test]
fn only_the_holder_that_was_named_is_broken() {
    let mut store = Memory::default();
    ours(acquire(&mut store, "two", at(0)));
    let mut breaks = |what| store.run(Break::new(&keys(), "qa", what, at(1)));

    assert!(matches!(breaks(Breaking::Expired), Broken::Held(_)));
    assert!(matches!(breaks(Breaking::Unreadable), Broken::Held(_)));
    assert!(matches!(
        breaks(Breaking::Holder("one".to_owned())),
        Broken::Held(_)
    ));
    assert!(matches!(
        breaks(Breaking::Holder("two".to_owned())),
        Broken::Gone(Some(_))
    ));
    assert_eq!(breaks(Breaking::Expired), Broken::Nothing);
}

#[test]
fn a_lease_that_cannot_be_read_is_no_dead_end() {
    let mut store = Memory::default();
    store.documents.insert(keys().lease(), (b"{".to_vec(), 1));

    let Acquired::Held(held) = acquire(&mut store, "one", at(0)) else {
        panic!("it was taken");
    };

    assert!(
        held.hint()
            .ends_with("dataops lease break --env qa --unreadable"),
        "{}",
        held.hint()
    );
    let broken = store.run(Break::new(&keys(), "qa", Breaking::Unreadable, at(0)));
    assert_eq!(broken, Broken::Gone(None));
    ours(acquire(&mut store, "one", at(0)));
}

/// What an agent is doing.
enum Doing {
    Nothing,
    Acquiring(Box<Acquire>, Step<u64>),
    Holding,
    Renewing(Renew<u64>, Step<u64>),
    Releasing(Release<u64>, Step<u64>),
}

struct Agent {
    id: &'static str,
    /// How far its clock is from the true one, in milliseconds.
    skew: i64,
    doing: Doing,
    held: Option<(Lease, u64)>,
}

impl Agent {
    fn clock(&self, now: Time) -> Time {
        Time::from_millis(now.as_millis() + self.skew)
    }

    /// Whether it acts as one who has the lease.
    fn acts(&self, now: Time) -> bool {
        let held = self.held.as_ref();
        held.is_some_and(|(lease, _)| lease.is_held(self.clock(now)))
    }

    /// One step, whose answer may be lost.
    fn step(&mut self, store: &mut Memory, now: Time, choice: u8, is_lost: bool) {
        let now = self.clock(now);
        let mut answer = |step: Step<u64>| {
            let writes = matches!(step, Step::Put { .. } | Step::Remove { .. });
            let answer = store.answer(step);
            // It was sent again, and the condition no longer held.
            if is_lost && writes {
                Answer::Conflict
            } else {
                answer
            }
        };
        self.doing = match std::mem::replace(&mut self.doing, Doing::Nothing) {
            Doing::Nothing => {
                let mut task = Acquire::new(&keys(), claim(self.id), now, TTL);
                let step = task.begin();
                Doing::Acquiring(Box::new(task), step)
            }
            Doing::Acquiring(mut task, step) => match task.next(answer(step)) {
                Next::Do(step) => Doing::Acquiring(task, step),
                Next::Done(Acquired::Ours { lease, version, .. }) => {
                    self.held = Some((*lease, version));
                    Doing::Holding
                }
                Next::Done(_) => Doing::Nothing,
            },
            Doing::Holding => {
                let (lease, version) = self.held.clone().unwrap();
                if choice < 3 {
                    let mut task = Renew::new(&keys(), lease, version, now, TTL);
                    let step = task.begin();
                    Doing::Renewing(task, step)
                } else {
                    // It stops acting before it gives the lease back.
                    self.held = None;
                    let mut task = Release::new(&keys(), lease, version);
                    let step = task.begin();
                    Doing::Releasing(task, step)
                }
            }
            Doing::Renewing(mut task, step) => match task.next(answer(step)) {
                Next::Do(step) => Doing::Renewing(task, step),
                Next::Done(Renewed::Ours { lease, version }) => {
                    self.held = Some((*lease, version));
                    Doing::Holding
                }
                Next::Done(Renewed::Lost(_)) => {
                    self.held = None;
                    Doing::Nothing
                }
            },
            Doing::Releasing(mut task, step) => match task.next(answer(step)) {
                Next::Do(step) => Doing::Releasing(task, step),
                Next::Done(_) => Doing::Nothing,
            },
        };
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    /// Clocks may differ by [`GRACE`]; answers may be lost; steps may come in any order with any time between them; an agent may stop
    /// in the middle of anything, which is no step of it coming any more.
    #[test]
    fn two_agents_never_both_have_it(
        skew in 0..=30_000_i64,
        script in prop::collection::vec((0..2_usize, 0..90_i64, 0..4_u8, prop::bool::weighted(0.2)), 0..80),
    ) {
        let mut store = Memory::default();
        let agent = |id, skew| Agent { id, skew, doing: Doing::Nothing, held: None };
        let mut agents = [agent("one", 0), agent("two", skew)];
        let mut seconds = 0;
        for (who, later, choice, is_lost) in script {
            seconds += later;
            agents[who].step(&mut store, at(seconds), choice, is_lost);
            let acting = agents.iter().filter(|agent| agent.acts(at(seconds))).count();
            prop_assert!(acting < 2, "both act at {seconds}");
        }
        // Both have died with whatever they held; their clocks were at most so far ahead.
        let later = at(seconds + 120 + 30 + 31);
        let is_taken = matches!(acquire(&mut store, "three", later), Acquired::Ours { .. });
        prop_assert!(is_taken, "it is lost");
    }
}
