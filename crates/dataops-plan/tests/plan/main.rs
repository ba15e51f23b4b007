//! What plans say, and what comes of carrying them out.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod concealed;
mod deletions;
mod factories;
mod order;
mod own_forms;
mod policies;
mod properties;
mod removals;
mod renderings;
mod resources;
mod rests;
mod secrets;
mod selections;
mod service;
mod support;
mod triggers;
mod verification;
