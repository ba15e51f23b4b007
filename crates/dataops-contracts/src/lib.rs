#![doc = include_str!("../README.md")]

mod blob;
mod check;
mod error;
mod files;
mod queries;
pub mod server;
mod table;

pub use check::{Checked, Request};
pub use error::CheckError;
pub use queries::Limits;
