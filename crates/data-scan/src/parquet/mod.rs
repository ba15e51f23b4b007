//! Parquet: what footers decide is not read, and of the rest only the columns that are measured, row group by row group.

mod bytes;
mod file;
mod footer;
mod rows;
mod types;
mod units;

pub(crate) use file::open;
pub(crate) use rows::LeftOut;
pub(crate) use types::types;
pub(crate) use units::batches;
