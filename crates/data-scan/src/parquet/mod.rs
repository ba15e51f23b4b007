//! Parquet: what footers decide is not read, and of the rest only the columns that are measured, row group by row group.

mod bytes;
mod columns;
mod file;
mod footer;
mod rows;
mod sound;
mod types;
mod units;
mod widen;

pub(crate) use columns::{By, Columns, Named, What};
pub(crate) use file::{Said, open};
pub(crate) use rows::LeftOut;
pub(crate) use types::types;
pub(crate) use units::batches;
