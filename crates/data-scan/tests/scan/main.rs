//! What scans of files come to, compared with counting by hand.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod bad;
mod batches;
mod csv;
mod decimals;
mod deletion;
mod delta;
mod deltalog;
mod drift;
mod files;
mod frequent;
mod guessed;
mod honest;
mod int96;
mod json;
mod keys;
mod layout;
mod mapped;
mod parquet;
mod profile;
mod support;
mod tables;
mod undeleted;
mod watched;
