#![doc = include_str!("../README.md")]

mod audit;
mod chain;
mod drift;
mod lease;
mod notebooks;
mod promotion;
mod record;
pub mod render;
mod rollback;
#[cfg(test)]
mod sample;
mod shown;
mod state;
mod store;
mod time;
mod who;

pub use audit::{Filter, Kind, select};
pub use chain::{Append, Break, BreakKind, Chain, Head, Keys};
pub use drift::{Changed, Drift, Rewritten, TriggerMoved};
pub use lease::{
    Acquire, Acquired, BreakLease, Breaking, Broken, Claim, GRACE, Held, Lease, Release, Renew,
    Renewed, TTL,
};
pub use notebooks::{NotebookMoved, NotebookMovedHow, NotebooksLeft, ObjectLeft};
pub use promotion::{
    Condition as PromotionCondition, Decision, Help, Promotion, Requirement, Terms,
};
pub use record::{
    ArmDeployment, Cause, Counts, Created, Deployment, Did, Entry, Evidence, INTERRUPTED, Outcome,
    Overridden, Record, RecordError, SCHEMA, Test, TestCase, TestOutcome, TriggerLeft,
};
pub use rollback::{Doubt, NoWayBack, RecordRef, RecordRefError, WayBack, way_back};
pub use state::{Left, State, StateError};
pub use store::{Answer, Condition, Next, Step, Task};
pub use time::{Time, TimeError, words};
pub use who::{CiRun, Source, Who, in_ci, short_commit};

/// The name of the test of data contracts, which `dataops test` runs.
pub const CONTRACT: &str = "contract";
/// The name of the test of a deployment on input of its own, which `dataops smoke` runs.
pub const SMOKE: &str = "smoke";
