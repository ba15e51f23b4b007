//! Starts a pipeline run and watches it to its end.

mod error;
mod find;
mod parameters;
mod reading;
mod report;
mod start;
mod watch;

pub use error::RunError;
pub use parameters::{ParameterError, typed};
pub use report::{ActivityError, ActivityReport, RunReport, is_final};
pub use watch::{RunOptions, Runs};
