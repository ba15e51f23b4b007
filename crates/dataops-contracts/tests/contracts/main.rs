//! Contracts held against data: of files here, of Blob storage, and in Databricks, before scripted services.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod blobs;
mod local;
mod notebook;
mod scripted;
mod server;
mod warehouse;
