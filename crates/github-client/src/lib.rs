#![doc = include_str!("../README.md")]

mod client;
mod environments;
mod issues;
mod list;
mod owners;
mod rulesets;

pub mod models;

pub use client::{RepositoryClient, RepositoryClientOptions};
pub use environments::Environments;
pub use issues::Issue;
pub use owners::Owners;
pub use rulesets::Rulesets;

pub use rest_core::{RestClientOptions, Retry, ServiceError, ServiceErrorExt, StaticToken};
