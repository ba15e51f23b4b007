#![doc = include_str!("../README.md")]

mod activity_run;
mod admission;
mod cancellation;
mod check;
mod clock;
mod contents;
mod control;
mod definitions;
mod engine;
mod executor;
mod flow;
mod frame;
mod host;
mod interpret;
mod record;
mod request;
mod rerun;
mod resolve;
mod run;
mod secrets;
mod sight;
mod time_span;
mod timestamp;
mod tree;
mod variables;
mod work;

pub use cancellation::Cancellation;
pub use check::{Finding, check_declarations, check_definition};
pub use clock::{Clock, SystemClock, VirtualClock};
pub use definitions::{Definitions, Snapshot};
pub use engine::{Engine, RunOutcome};
pub use executor::{
    ActivityCall, ActivityFailure, ControlOnly, Executor, FailureType, ResolvedDataset,
    ResolvedLinkedService,
};
pub use record::{
    ActivityError, ActivityRunRecord, ActivityStatus, InvokedBy, PipelineRunRecord, Recorder,
    RunStatus,
};
pub use request::{Recovery, Rejected, RunRequest};
pub use timestamp::Timestamp;
