//! What the ledger does to a store, one step at a time: whoever has the store carries the steps out.
//!
//! A [`Task`] asks for one [`Step`] after the other and is told what came of it. So what two agents do at once can be tried in every
//! order, without a store and without waiting.

#[cfg(test)]
pub(crate) mod memory;

/// Something that is done to a store. `V` is what a store has for the version of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<V> {
    /// Read a document; the answer is [`Answer::Found`].
    Get(String),
    /// List the keys with a prefix; the answer is [`Answer::Listed`].
    List(String),
    /// Write a document; the answer is [`Answer::Written`] or [`Answer::Conflict`].
    Put {
        /// Its key.
        key: String,
        /// Its bytes.
        bytes: Vec<u8>,
        /// Only then.
        when: Condition<V>,
    },
    /// Remove this version of a document; the answer is [`Answer::Removed`] or [`Answer::Conflict`].
    Remove {
        /// Its key.
        key: String,
        /// The version.
        version: V,
    },
}

/// When a document is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition<V> {
    /// If there is none.
    Absent,
    /// If this version is there.
    Still(V),
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<V> {
    /// What was read; nothing where there is no such document.
    Found(Option<(Vec<u8>, V)>),
    /// The keys, in any order.
    Listed(Vec<String>),
    /// It was written, as this version.
    Written(V),
    /// It is gone.
    Removed,
    /// The condition did not hold; it may be that an earlier attempt had been carried out and its answer was lost.
    Conflict,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next<V, T> {
    /// A step.
    Do(Step<V>),
    /// It is done.
    Done(T),
}

/// Something that takes several steps.
pub trait Task<V> {
    /// What comes of it.
    type Output;

    /// The first step.
    fn begin(&mut self) -> Step<V>;

    /// What comes after a step that was answered in this way. An answer that does not belong to the step counts as a conflict.
    fn next(&mut self, answer: Answer<V>) -> Next<V, Self::Output>;
}
