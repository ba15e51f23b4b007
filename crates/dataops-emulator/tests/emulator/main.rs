//! The emulator as its callers see it: the whole router, and the socket.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod access;
mod blobs;
mod controls;
mod resources;
mod runs;
mod serving;
mod support;
mod triggers;
