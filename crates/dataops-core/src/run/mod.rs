//! Starts a pipeline run and watches it to its end; finds, cancels and repeats runs.

mod again;
mod cancel;
mod error;
mod find;
mod list;
mod parameters;
mod reading;
mod report;
mod start;
mod watch;

pub use again::Again;
pub use cancel::{Cancelled, CancelledHow};
pub use error::RunError;
pub(crate) use error::written;
pub use list::{RunQuery, RunSummary, RunsFound};
pub use parameters::{ParameterError, typed};
pub use report::{ActivityError, ActivityReport, RunReport, is_final};
pub use watch::{RunOptions, Runs};
