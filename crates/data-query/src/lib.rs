#![doc = include_str!("../README.md")]

mod division;
mod error;
mod growth;
mod names;
mod portable;
mod session;
mod sums;
mod table;
mod types;
mod value;

pub use error::QueryError;
pub use session::{Limits, Queries, THREAD};
pub use table::{Batches, Table};

/// The Arrow types that batches are made of, in the version that queries take.
pub use datafusion::arrow;
