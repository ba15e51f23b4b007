//! Writes the next record of a chain, also when another agent writes one at once.

use dataops_plan::Digest;

use super::{Head, Keys};
use crate::record::{Entry, Record};
use crate::store::{Answer, Condition, Next, Step, Task};

/// How often the next number is tried when others are faster.
const MOST_ATTEMPTS: usize = 1_000;

/// Appends a record. Its output is the record; nothing when a thousand others were faster.
#[derive(Debug)]
pub struct Append<V> {
    keys: Keys,
    entry: Entry,
    /// The last record that is known.
    last: Option<Head>,
    /// What is being written.
    record: Option<Record>,
    /// The version of the head that was read.
    head: Option<V>,
    waits_for: WaitsFor,
    attempts: usize,
}

#[derive(Clone, Copy, Debug)]
enum WaitsFor {
    Head,
    List,
    /// The last record, where no head names it.
    Last(u64),
    Put,
    /// The record that is where the new one should be.
    Other(u64),
    PutHead,
    /// The head that somebody else has written.
    OtherHead,
}

impl<V> Append<V> {
    /// Appends a record of `entry`.
    #[must_use]
    pub fn new(keys: Keys, entry: Entry) -> Self {
        Self {
            keys,
            entry,
            last: None,
            record: None,
            head: None,
            waits_for: WaitsFor::Head,
            attempts: 0,
        }
    }

    fn get(&mut self, key: String, waits_for: WaitsFor) -> Next<V, Option<Record>> {
        self.waits_for = waits_for;
        Next::Do(Step::Get(key))
    }

    fn put(&mut self) -> Next<V, Option<Record>> {
        self.attempts += 1;
        if self.attempts > MOST_ATTEMPTS {
            return Next::Done(None);
        }
        let number = self
            .last
            .as_ref()
            .map_or(1, |last| last.number.saturating_add(1));
        let previous = self.last.as_ref().map(|last| last.digest.clone());
        let record = self.entry.clone().seal(number, previous);
        let step = Step::Put {
            key: self.keys.record(number),
            bytes: record.to_bytes(),
            when: Condition::Absent,
        };
        self.record = Some(record);
        self.waits_for = WaitsFor::Put;
        Next::Do(step)
    }

    fn put_head(&mut self) -> Next<V, Option<Record>> {
        let Some(record) = &self.record else {
            return Next::Done(None);
        };
        let head = Head {
            number: record.number,
            digest: record.digest.clone(),
        };
        self.attempts += 1;
        if self.attempts > MOST_ATTEMPTS {
            // The record is written, and a head that is behind is no harm.
            return Next::Done(self.record.take());
        }
        self.waits_for = WaitsFor::PutHead;
        let when = self.head.take().map_or(Condition::Absent, Condition::Still);
        Next::Do(Step::Put {
            key: self.keys.head(),
            bytes: serde_json::to_vec(&head).expect("a head has text keys only"),
            when,
        })
    }

    /// What is where the record should be: the record itself, when the answer was lost, or that of somebody else.
    fn other(&mut self, number: u64, found: Option<(Vec<u8>, V)>) -> Next<V, Option<Record>> {
        let Some((bytes, _)) = found else {
            return self.put();
        };
        if self
            .record
            .as_ref()
            .is_some_and(|record| record.to_bytes() == bytes)
        {
            return self.put_head();
        }
        self.last = Some(head_of(number, &bytes));
        self.put()
    }

    fn head(&mut self, found: Option<(Vec<u8>, V)>) -> Next<V, Option<Record>> {
        let Some((bytes, version)) = found else {
            self.waits_for = WaitsFor::List;
            return Next::Do(Step::List(self.keys.records()));
        };
        self.head = Some(version);
        match serde_json::from_slice(&bytes) {
            Ok(head) => {
                self.last = Some(head);
                self.put()
            }
            // It is written anew; what it said is looked for.
            Err(_) => {
                self.waits_for = WaitsFor::List;
                Next::Do(Step::List(self.keys.records()))
            }
        }
    }

    fn other_head(&mut self, found: Option<(Vec<u8>, V)>) -> Next<V, Option<Record>> {
        let written = self.record.as_ref().map_or(0, |record| record.number);
        let Some((bytes, version)) = found else {
            return self.put_head();
        };
        let there: Option<Head> = serde_json::from_slice(&bytes).ok();
        if there.is_some_and(|head| head.number >= written) {
            return Next::Done(self.record.take());
        }
        self.head = Some(version);
        self.put_head()
    }
}

/// What is known of a record by its bytes, which need not be one.
fn head_of(number: u64, bytes: &[u8]) -> Head {
    let digest =
        Record::read(bytes).map_or_else(|_| Digest::of_bytes(bytes), |record| record.digest);
    Head { number, digest }
}

impl<V> Task<V> for Append<V> {
    type Output = Option<Record>;

    fn begin(&mut self) -> Step<V> {
        self.waits_for = WaitsFor::Head;
        Step::Get(self.keys.head())
    }

    fn next(&mut self, answer: Answer<V>) -> Next<V, Self::Output> {
        match (self.waits_for, answer) {
            (WaitsFor::Head, Answer::Found(found)) => self.head(found),
            (WaitsFor::List, Answer::Listed(keys)) => {
                let last = keys.iter().filter_map(|key| self.keys.number(key)).max();
                match last {
                    Some(last) => self.get(self.keys.record(last), WaitsFor::Last(last)),
                    None => self.put(),
                }
            }
            (WaitsFor::Last(number), Answer::Found(found)) => {
                self.last = found.map(|(bytes, _)| head_of(number, &bytes));
                self.put()
            }
            (WaitsFor::Put, Answer::Written(_)) => self.put_head(),
            (WaitsFor::Put, _) => {
                let number = self.record.as_ref().map_or(1, |record| record.number);
                self.get(self.keys.record(number), WaitsFor::Other(number))
            }
            (WaitsFor::Other(number), Answer::Found(found)) => self.other(number, found),
            (WaitsFor::PutHead, Answer::Written(_)) => Next::Done(self.record.take()),
            (WaitsFor::PutHead, _) => self.get(self.keys.head(), WaitsFor::OtherHead),
            (WaitsFor::OtherHead, Answer::Found(found)) => self.other_head(found),
            _ => Next::Done(None),
        }
    }
}
