//! Runs the very files of a CI system on this machine: their templates, conditions and scripts, in their order, against an emulator in the
//! place of Azure.
//!
//! It knows what the files of the example use, as Azure Pipelines and GitHub Actions document it, and refuses everything else by name: a
//! file that passes here uses nothing that nobody has tried.

mod azure;
mod document;
mod expression;
mod github;
mod machine;
mod origin;
mod report;

pub use azure::AzurePipelines;
pub use document::read as pipeline_file;
pub use github::GitHubActions;
pub use machine::Machine;
pub use origin::{Origin, PullRequest, Start};
pub use report::{Outcome, Report, Step};
