//! A data-ingestion solution as it is kept in git: `dataops.yaml`, its environments, and their overrides of Data Factory
//! documents.
//!
//! Nothing here speaks to a service, so what only reads a solution builds without the Azure stack.

pub mod aml_address;
pub mod chain;
mod compute;
pub mod deployment;
pub mod environment;
mod environments;
mod fill;
pub mod fit;
mod inherit;
pub mod key_vault;
pub mod ml;
mod notebooks;
pub mod overrides;
pub mod period;
pub mod renames;
pub mod schema;
pub mod secret;
pub mod settings;
mod solution;
pub mod source;
pub mod suggestion;
pub mod text;
pub mod touched;

pub use solution::{LeadsOut, Solution};
pub use yaml_source as yaml;
