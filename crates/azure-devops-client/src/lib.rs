#![doc = include_str!("../README.md")]

mod authentication;
mod checks;
mod client;
mod git;
mod identities;
mod list;
mod pipelines;
mod policies;
mod pull_requests;
mod resources;

pub mod models;

pub use authentication::{AZURE_DEVOPS_SCOPE, Authentication};
pub use checks::Checks;
pub use client::{ProjectClient, ProjectClientOptions};
pub use git::Repositories;
pub use identities::Identities;
pub use pipelines::{Definitions, Environments};
pub use policies::Policies;
pub use pull_requests::PullRequest;
pub use resources::{ServiceEndpoints, VariableGroups};

pub use rest_core::{RestClientOptions, Retry, ServiceError, ServiceErrorExt, StaticToken};
