//! What an expression can see: the run, the loop item, the trigger, the clock.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use crate::value::lookup;

/// A reference without arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Root {
    /// `pipeline()`: the system variables, `parameters` and `globalParameters`.
    Pipeline,
    /// `item()`: the current element of a ForEach or Filter activity.
    Item,
    /// `dataset()`: the arguments of a dataset.
    Dataset,
    /// `linkedService()`: the arguments of a linked service.
    LinkedService,
    /// `trigger()`: `outputs`, `scheduledTime`, `startTime`. `triggerOutputs()` and `triggerBody()` are
    /// `trigger().outputs` and `trigger().outputs.body`.
    Trigger,
}

/// The kinds of things that are found by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Named {
    /// `variables('name')`
    Variable,
    /// `activity('name')`
    Activity,
}

/// Answers the references of an expression.
///
/// Names match ignoring case; [`lookup`](crate::lookup) does so.
pub trait Scope {
    /// The object behind a reference, or `None` where the reference is not available.
    fn root(&self, root: Root) -> Option<Cow<'_, Value>>;

    /// The value of a variable, or an activity's `{output, status, error}`; `None` when there is none of this name.
    fn named(&self, kind: Named, name: &str) -> Option<Cow<'_, Value>>;

    /// The known names, for messages about unknown ones.
    fn names(&self, kind: Named) -> Vec<String>;

    /// The current time.
    fn now(&self) -> SystemTime;

    /// The next random number, for `rand` and `guid`.
    fn random(&self) -> u64;
}

/// A scope whose values are all known beforehand.
///
/// It reads from JSON: `{"parameters": {}, "globalParameters": {}, "variables": {}, "activities": {"name": {"output":
/// {}, "status": "Succeeded", "error": null}}, "item": 1, "pipeline": {"RunId": "..."}, "dataset": {},
/// "linkedService": {}, "trigger": {"outputs": {"body": {}}, "startTime": "..."}}`, every key optional. A missing `item`,
/// `dataset`, `linkedService` or `trigger` is not available, as outside a loop, dataset, linked service or trigger.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Context {
    /// Arguments of the run.
    pub parameters: Map<String, Value>,
    /// Constants of the factory.
    pub global_parameters: Map<String, Value>,
    /// Variables of the run.
    pub variables: Map<String, Value>,
    /// Finished activities by name, each `{output, status, error}`.
    pub activities: Map<String, Value>,
    /// The current element of a loop; an explicit null is an element too.
    #[serde(deserialize_with = "present")]
    pub item: Option<Value>,
    /// System variables, such as `RunId` and `TriggerTime`.
    pub pipeline: Map<String, Value>,
    /// Arguments of the dataset.
    pub dataset: Option<Value>,
    /// Arguments of the linked service.
    pub linked_service: Option<Value>,
    /// The trigger's `outputs`, `scheduledTime`, `startTime`.
    pub trigger: Option<Value>,
    /// The time that counts as now; the system's clock when absent.
    #[serde(skip)]
    pub now: Option<SystemTime>,
    /// The source of random numbers; it differs from process to process when not set.
    #[serde(skip)]
    pub random: Random,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Context {
    /// Fixes the clock and the random numbers, so that evaluation is repeatable.
    #[must_use]
    pub fn repeatable(mut self, now: SystemTime, seed: u64) -> Self {
        self.now = Some(now);
        self.random = Random::from_seed(seed);
        self
    }
}

impl Scope for Context {
    fn root(&self, root: Root) -> Option<Cow<'_, Value>> {
        match root {
            Root::Pipeline => {
                let mut pipeline = self.pipeline.clone();
                pipeline.insert("parameters".to_owned(), json!(self.parameters));
                pipeline.insert("globalParameters".to_owned(), json!(self.global_parameters));
                Some(Cow::Owned(Value::Object(pipeline)))
            }
            Root::Item => self.item.as_ref().map(Cow::Borrowed),
            Root::Dataset => self.dataset.as_ref().map(Cow::Borrowed),
            Root::LinkedService => self.linked_service.as_ref().map(Cow::Borrowed),
            Root::Trigger => self.trigger.as_ref().map(Cow::Borrowed),
        }
    }

    fn named(&self, kind: Named, name: &str) -> Option<Cow<'_, Value>> {
        lookup(self.all(kind), name).map(Cow::Borrowed)
    }

    fn names(&self, kind: Named) -> Vec<String> {
        self.all(kind).keys().cloned().collect()
    }

    fn now(&self) -> SystemTime {
        self.now.unwrap_or_else(SystemTime::now)
    }

    fn random(&self) -> u64 {
        self.random.next()
    }
}

impl Context {
    fn all(&self, kind: Named) -> &Map<String, Value> {
        match kind {
            Named::Variable => &self.variables,
            Named::Activity => &self.activities,
        }
    }
}

/// Random numbers good enough for names and samples (SplitMix64), not for secrets.
#[derive(Debug)]
pub struct Random(AtomicU64);

impl Random {
    /// A source that always yields the same numbers.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// The next number.
    pub fn next(&self) -> u64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let state = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

impl Default for Random {
    /// A source that differs from process to process and from use to use.
    fn default() -> Self {
        Self::from_seed(RandomState::new().hash_one(0))
    }
}
