//! Notebooks in local Python, with the standard library only. pandas and pyarrow are tried in `python/tests`.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "a fixture that breaks must stop its test"
)]

mod cells;
mod data;
mod failures;
mod lifetime;
mod old_style;
mod parameters;
mod secrets;
mod workflow;
mod workspace;
