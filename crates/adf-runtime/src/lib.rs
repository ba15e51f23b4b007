#![doc = include_str!("../README.md")]

mod cancellation;
mod check;
mod clock;
mod definitions;
mod executor;
mod record;
mod request;
mod timestamp;

pub use cancellation::Cancellation;
pub use check::{Finding, check_definition};
pub use clock::{Clock, SystemClock, VirtualClock};
pub use definitions::{Definitions, Snapshot};
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
