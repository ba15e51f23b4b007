//! A store in memory, for tests: what it does with a step is what every store has to do.

use std::collections::BTreeMap;

use super::{Answer, Condition, Next, Step, Task};

/// A store in memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    pub(crate) documents: BTreeMap<String, (Vec<u8>, u64)>,
    versions: u64,
}

impl Memory {
    /// Carries out a step.
    pub(crate) fn answer(&mut self, step: Step<u64>) -> Answer<u64> {
        match step {
            Step::Get(key) => Answer::Found(self.documents.get(&key).cloned()),
            Step::List(prefix) => {
                let keys = self.documents.keys();
                Answer::Listed(
                    keys.filter(|key| key.starts_with(&prefix))
                        .cloned()
                        .collect(),
                )
            }
            Step::Put { key, bytes, when } => {
                let there = self.documents.get(&key).map(|(_, version)| *version);
                let holds = match when {
                    Condition::Absent => there.is_none(),
                    Condition::Still(version) => there == Some(version),
                };
                if !holds {
                    return Answer::Conflict;
                }
                self.versions += 1;
                self.documents.insert(key, (bytes, self.versions));
                Answer::Written(self.versions)
            }
            Step::Remove { key, version } => match self.documents.get(&key) {
                Some((_, there)) if *there != version => Answer::Conflict,
                _ => {
                    self.documents.remove(&key);
                    Answer::Removed
                }
            },
        }
    }

    /// Carries out all steps of a task.
    pub(crate) fn run<T: Task<u64>>(&mut self, mut task: T) -> T::Output {
        let mut step = task.begin();
        loop {
            match task.next(self.answer(step)) {
                Next::Do(next) => step = next,
                Next::Done(output) => return output,
            }
        }
    }
}
