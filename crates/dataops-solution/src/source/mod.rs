//! A solution in memory: what `dataops.yaml` says, and the files that it names.
//!
//! Whoever looks at a solution gets it read already, and cannot tell whether it came from a disk or from a test.

mod files;
mod glob;
mod reader;
mod wanted;

use std::path::Path;

use crate::settings::{FILE_NAME, Settings, SettingsError};
use crate::yaml::Source;

pub use files::{Contents, SolutionFiles, below_root};
pub use glob::Glob;
pub(crate) use reader::named_by;
pub use reader::{leads_out, named};
pub use wanted::Wanted;

/// A solution in memory.
#[derive(Debug)]
pub struct SolutionSource {
    /// The text of `dataops.yaml`.
    pub yaml: Source,
    /// What it says, or why it cannot be used.
    pub settings: Result<Settings, SettingsError>,
    /// The files that it names.
    pub files: SolutionFiles,
}

impl SolutionSource {
    /// A solution whose files are at hand; those that it does not name do no harm.
    #[must_use]
    pub fn new(text: impl Into<String>, files: SolutionFiles) -> Self {
        let yaml = Source::new(FILE_NAME, text);
        Self {
            settings: Settings::parse(yaml.path(), yaml.text()),
            yaml,
            files,
        }
    }

    /// Reads the solution in `root`.
    ///
    /// # Errors
    ///
    /// When `dataops.yaml` cannot be read. What it names and cannot be read is told by [`Contents`].
    pub fn read(root: &Path) -> Result<Self, SettingsError> {
        reader::read(root)
    }
}
