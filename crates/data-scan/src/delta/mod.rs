//! Delta tables: the log says which Parquet files are the table. Nothing else of Delta is needed to measure it.

mod action;
mod checkpoint;
mod log;

pub(crate) use log::files;
