#![doc = include_str!("../README.md")]
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a fixture that breaks must stop its test"
)]

mod build;
mod clients;
mod emulator;
mod http;
mod lossy;
mod notebook;
mod patience;
mod pipeline;
mod program;
mod python;
mod solution;
mod wide;

pub use clients::quick_retry;
pub use emulator::{Counter, Emulator, Ready};
pub use http::{Answer, Request};
pub use lossy::Lossy;
pub use patience::{LIMIT, eventually};
pub use pipeline::{
    AzurePipelines, GitHubActions, Machine, Origin, Outcome, PullRequest, Report, Start, Step,
    pipeline_file,
};
pub use program::{Ended, Program, Started, programs};
pub use python::{Python, story, story_with};
pub use solution::{edit, example, folder_of_examples, small, write};
pub use wide::{Edition, wide};
