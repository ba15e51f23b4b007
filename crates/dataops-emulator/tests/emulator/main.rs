//! The emulator as its callers see it: the whole router, and the socket.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod access;
#[cfg(unix)]
mod aml;
#[cfg(unix)]
mod aml_batch;
mod blob_beyond;
mod blob_conditions;
mod blob_names;
mod blobs;
#[cfg(unix)]
mod cluster_life;
#[cfg(unix)]
mod compute;
mod controls;
mod copies;
#[cfg(unix)]
mod databricks;
#[cfg(unix)]
mod databricks_runs;
#[cfg(unix)]
mod databricks_site;
mod deployments;
mod factories;
mod leases;
mod reading;
mod resources;
mod runs;
mod runtimes;
mod serving;
#[cfg(unix)]
mod statements;
mod support;
mod triggers;
