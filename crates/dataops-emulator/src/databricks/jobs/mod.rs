//! Jobs and their runs.

mod api;
mod drive;
mod export;
mod output;
mod overrides;
mod references;
mod registry;
mod render;
mod repair;
mod request;
mod run;
mod runs_api;
mod start;
mod submission;
mod task;
mod tasks;

pub use submission::{Compute, Finished, NotebookSubmission};

pub(super) use registry::Runs;
pub(super) use request::surroundings;

use axum::Router;

use super::Workspace;

pub(super) fn router() -> Router<Workspace> {
    api::router().merge(runs_api::router())
}

/// The versions of the API that have jobs.
const VERSIONS: [&str; 3] = ["2.0", "2.1", "2.2"];
