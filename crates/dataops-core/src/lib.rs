//! A data-ingestion solution: settings, environments, deployment, runs and tests.

pub mod connection;
pub mod deployment;
pub mod environment;
pub mod ingestion;
pub mod overrides;
pub mod run;
pub mod settings;
mod solution;

pub use solution::Solution;
