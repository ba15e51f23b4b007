#![doc = include_str!("../README.md")]

mod adapter;
mod change_data_captures;
mod documents;
mod factories;
mod factory;
mod factory_id;
mod kinds;
mod options;
mod passing;
mod pipelines;
mod resources;
mod runs;
mod runtimes;
mod trigger_runs;
mod triggers;

pub mod models;

pub use adapter::Remote;
pub use documents::{Written, is_other_version};
pub use factories::FactoriesClient;
pub use factory::FactoryClient;
pub use factory_id::{FactoryId, FactoryIdError};
pub use kinds::{Deletable, Versioned};
pub use options::{CancelRunOptions, CreateRunOptions, FactoryClientOptions};
pub use passing::is_busy;
pub use resources::ResourceClient;
pub use runs::RunsClient;
pub use trigger_runs::TriggerRunsClient;

pub use adf_model::{Document, Resource};
pub use rest_core::{
    BodyError, Pace, Page, RestClientOptions, Retry, ServiceError, ServiceErrorExt, StaticToken,
    TimedOut, Wait,
};
