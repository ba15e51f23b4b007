//! What an expression can see, as far as that is known without a run.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::Types;
use crate::value::{same_ignoring_case, upper};

/// Everything that an expression can refer to. The default is a place where nothing can be referred to.
#[derive(Clone, Copy, Default)]
pub struct Symbols<'s> {
    /// `pipeline().parameters`
    pub parameters: Known<'s>,
    /// `pipeline().globalParameters`
    pub global_parameters: Known<'s>,
    /// The system variables of `pipeline()`, such as `RunId`.
    pub system: System,
    /// `variables()`
    pub variables: Known<'s>,
    /// The variable that the expression is for, which it may not read.
    pub assigned: Option<&'s str>,
    /// `activity()`; none where there are no activities.
    pub activities: Option<&'s dyn Activities>,
    /// The types that `item()` can have; none outside a loop.
    pub item: Option<Types>,
    /// `dataset()`
    pub dataset: Known<'s>,
    /// `linkedService()`
    pub linked_service: Known<'s>,
    /// `trigger()`
    pub trigger: Option<TriggerKind>,
}

/// What is known about the names behind a reference.
#[derive(Clone, Copy, Debug, Default)]
pub enum Known<'s> {
    /// The reference has no meaning here.
    #[default]
    NotHere,
    /// The names are not known; any could be there.
    Anything,
    /// The names are these.
    Declared(&'s Declarations),
}

/// Which system variables a pipeline has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum System {
    /// None: there is no pipeline.
    #[default]
    NotHere,
    /// Any.
    Anything,
    /// Those of the service.
    Documented,
}

/// So many names are looked at one after the other.
const FEW: usize = 16;

/// Declared names and their types. Names match ignoring case.
#[derive(Clone, Debug, Default)]
pub struct Declarations {
    entries: Vec<(String, Types)>,
    by_name: HashMap<String, usize>,
}

impl Declarations {
    /// The types of a name; none where it is not declared.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Types> {
        self.find(name).map(|(_, types)| types)
    }

    /// A name as it is declared, and its types; none where it is not.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<(&str, Types)> {
        let found = if self.entries.len() <= FEW {
            let mut entries = self.entries.iter();
            entries.find(|(known, _)| same_ignoring_case(known, name))
        } else {
            self.entries.get(*self.by_name.get(&folded(name))?)
        };
        found.map(|(known, types)| (known.as_str(), *types))
    }

    /// The names as they are declared, in that order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(name, _)| name.as_str())
    }

    /// Whether nothing is declared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Names with the types of their values.
    #[must_use]
    pub fn of_values(values: &Map<String, Value>) -> Self {
        let typed = values
            .iter()
            .map(|(name, value)| (name.clone(), Types::of(value)));
        typed.collect()
    }
}

impl<N: Into<String>> FromIterator<(N, Types)> for Declarations {
    fn from_iter<I: IntoIterator<Item = (N, Types)>>(declared: I) -> Self {
        let mut all = Self::default();
        for (name, types) in declared {
            let name = name.into();
            let at = *all
                .by_name
                .entry(folded(&name))
                .or_insert(all.entries.len());
            match all.entries.get_mut(at) {
                Some((_, known)) => *known = known.or(types),
                None => all.entries.push((name, types)),
            }
        }
        all
    }
}

/// A name as all its spellings have it.
fn folded(name: &str) -> String {
    if name.is_ascii() {
        name.to_ascii_uppercase()
    } else {
        name.chars().map(upper).collect()
    }
}

/// The activities that can be asked for from one place.
pub trait Activities {
    /// What is known about the activity with a name, whatever its case.
    fn sight(&self, name: &str) -> Sight;

    /// The name as the activity itself spells it, where that counts for anything.
    fn spelling(&self, _name: &str) -> Option<&str> {
        None
    }

    /// The activities that have ended before this place is reached.
    fn names(&self) -> Vec<&str>;
}

/// How an activity is seen.
#[derive(Clone, Debug, PartialEq)]
pub enum Sight {
    /// It has ended.
    Ended(Output),
    /// There is one, but it may not have ended.
    NotUpstream {
        /// Whether the service refuses that; otherwise it fails in some runs.
        refused: bool,
        /// Why.
        why: String,
        /// What to do.
        hint: String,
    },
    /// There is none.
    Missing,
}

/// What is known about an activity's output. It may always have more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// The types of properties.
    pub fields: &'static [(&'static str, Types)],
    /// Properties that this activity's output does not have, each with a hint.
    pub absent: Vec<(&'static str, &'static str)>,
    /// The names of all properties that are known. What is spelled nearly as one of them is a slip.
    pub names: Vec<&'static str>,
    /// Whether there are no others.
    pub is_closed: bool,
}

/// What a trigger has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriggerKind {
    /// Not known.
    Anything,
    /// `scheduledTime` and `startTime`.
    Schedule,
    /// `outputs.windowStartTime` and `outputs.windowEndTime` too.
    TumblingWindow,
    /// `outputs.body.fileName` and `outputs.body.folderPath`, and `startTime`.
    BlobEvents,
    /// `outputs.body.event`, and `startTime`.
    CustomEvents,
}
