#![doc = include_str!("../README.md")]

mod blob;
mod check;
mod counting;
pub mod databricks;
mod error;
mod files;
mod plain;
mod queries;
pub mod server;
mod signature;
mod table;
mod terms;
mod wanted;

pub use check::{Backend, Checked, Request};
pub use counting::count_rows;
pub use error::CheckError;
pub use queries::Limits;
pub use signature::{Signature, SignatureError};
pub use terms::Refused;
