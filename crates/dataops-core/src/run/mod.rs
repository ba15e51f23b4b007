//! Starts a pipeline run and watches it to its end.

mod parameters;
mod report;
mod watch;

pub use parameters::{ParameterError, typed};
pub use report::{ActivityError, ActivityReport, RunReport, is_final};
pub use watch::{RunError, RunOptions, Runs};
