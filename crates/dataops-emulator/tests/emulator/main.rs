//! The emulator as its callers see it: the whole router, and the socket.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod access;
mod aml;
mod blobs;
#[cfg(unix)]
mod compute;
mod controls;
mod resources;
mod runs;
mod serving;
mod support;
mod triggers;
