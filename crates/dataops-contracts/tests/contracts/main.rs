//! Contracts held against data: of files here, and in Databricks before a scripted workspace.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod local;
mod notebook;
mod scripted;
mod server;
mod warehouse;
