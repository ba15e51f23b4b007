//! What other tools' files mean for documents.
#![expect(
    clippy::unwrap_used,
    reason = "a step that cannot be done fails its test"
)]

mod accidents;
mod equivalence;
mod harness;
mod parameters;
mod secrets;
mod yaml;
