#![doc = include_str!("../README.md")]

pub mod batch;
mod client;
mod components;
mod discovery;
mod entity;
mod history;
mod inputs;
mod jobs;
mod list;
mod name;
mod options;
pub mod pipelines;
mod provision;
mod reading;
mod status;
mod trust;
mod watch;

pub use client::MachineLearningClient;
pub use components::{
    ComponentListOptions, ComponentProperties, ComponentVersion, ComponentsClient,
};
pub use discovery::{Services, Workspace, WorkspaceProperties};
pub use entity::Entity;
pub use history::{ChildrenOptions, HistoryRun, RunDetails, RunHistoryClient, RunQuery};
pub use inputs::{Asset, AssetKind, Input};
pub use jobs::{Job, JobListOptions, JobProperties, JobService, JobsClient, PipelineJob};
pub use list::Entities;
pub use name::NameError;
pub use options::{Cloud, DiscoveredPlane, MachineLearningClientOptions, Plane};
pub use provision::NotProvisioned;
pub use reading::PrivateMap;
pub use rest_core::{
    BodyError, Page, RestClientOptions, Retry, ServiceError, ServiceErrorExt, StaticToken,
    TimedOut, Wait,
};
pub use status::{
    EntityStatus, HistoryStatus, JobStatus, NodeStatus, PipelineRunStatus, ProvisioningState,
};
pub use trust::UntrustedHost;
