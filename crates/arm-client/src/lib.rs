#![doc = include_str!("../README.md")]

mod deployment_name;
mod deployments;
mod error;
mod options;

pub mod models;

pub use deployments::DeploymentsClient;
pub use error::{ArmError, Reasons};
pub use options::DeploymentsClientOptions;

pub use rest_core::{
    Pace, Page, RestClientOptions, Retry, ServiceError, ServiceErrorExt, StaticToken, TimedOut,
    Wait,
};
