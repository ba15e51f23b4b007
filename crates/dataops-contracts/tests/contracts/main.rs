//! Contracts whose data are measured in Databricks, before a scripted workspace.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod notebook;
mod scripted;
mod warehouse;
