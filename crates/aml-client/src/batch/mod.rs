//! Batch endpoints (v2): fixed addresses in front of deployments, which start jobs.

mod deployments;
mod endpoints;
mod models;
mod scoring;

pub use deployments::BatchDeploymentsClient;
pub use endpoints::{BatchEndpointsClient, BatchListOptions};
pub use models::{
    BatchDeployment, BatchDeploymentProperties, BatchEndpoint, BatchEndpointProperties,
};
pub use scoring::{BatchScoringClient, Invocation};
