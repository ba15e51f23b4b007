//! Environments in the text of `dataops.yaml`: a new file, or what is added to one that somebody has written.

mod difference;
mod extend;
mod scalar;
mod settings;

pub use difference::{DiffLine, Sign, difference};
pub use extend::{ExtendError, Extended, extend};

use crate::environment::EnvironmentDraft;

/// A new `dataops.yaml`.
#[must_use]
pub fn new_file(name: &str, adf_root: &str, drafts: &[EnvironmentDraft]) -> String {
    format!(
        "name: {}\nadf:\n  root: {}\n{}",
        scalar::block(name),
        scalar::block(adf_root),
        environments(drafts)
    )
}

/// Only its environments.
#[must_use]
pub fn environments(drafts: &[EnvironmentDraft]) -> String {
    let blocks: String = drafts.iter().map(|draft| block(draft, 2, 2)).collect();
    match blocks.is_empty() {
        true => "environments: {}\n".to_owned(),
        false => format!("environments:\n{blocks}"),
    }
}

/// An environment as a block, indented by `indent`.
fn block(environment: &EnvironmentDraft, indent: usize, step: usize) -> String {
    let name = scalar::block(&environment.name);
    let settings = settings::all(environment);
    match settings.is_empty() {
        true => format!("{:indent$}{name}: {{}}\n", ""),
        false => {
            let lines = settings::lines(&settings, indent + step, step);
            format!("{:indent$}{name}:\n{lines}", "")
        }
    }
}
