//! Graphs of repositories and pipelines.
#![expect(
    clippy::unwrap_used,
    reason = "a step that cannot be done fails its test"
)]

mod pictures;
mod pipelines;
mod repositories;

use adf_source::{Files, Repository};
use serde_json::Value;

/// A repository of these files.
fn repository<const N: usize>(files: [(&str, Value); N]) -> Repository {
    let files = files.map(|(path, json)| (path, json.to_string()));
    Repository::read(&files.into_iter().collect::<Files>())
}
