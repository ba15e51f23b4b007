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

/// Whether a panic of this thread is caught, and told as what is wrong with data or with a query.
#[must_use]
pub fn is_caught() -> bool {
    data_scan::is_caught() || std::thread::current().name() == Some(queries::THREAD)
}

pub use signature::{Signature, SignatureError};
pub use terms::Refused;
