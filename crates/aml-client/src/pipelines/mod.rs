//! The v1 pipelines service: published pipelines, pipeline endpoints, and their runs.
//!
//! Support for its Python SDK ended on 2026-06-30; the service goes on. New work is better served by [`crate::batch`].

mod endpoint_changes;
mod endpoints;
mod models;
mod published;
mod runs;
mod submission;

pub use endpoint_changes::EndpointChangeError;
pub use endpoints::{EndpointListOptions, PipelineEndpointsClient};
pub use models::{NodeRun, Pipeline, PipelineEndpoint, PipelineRun, PipelineVersion, RunState};
pub use published::{Newest, PipelineListOptions, PipelineLookupError, PipelinesClient};
pub use runs::PipelineRunsClient;
pub use submission::{DataPath, Submission, SubmitOptions};
