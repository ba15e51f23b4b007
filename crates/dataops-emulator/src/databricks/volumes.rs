//! The folder behind `/Volumes`.

use std::path::{Path, PathBuf};

use super::refusal::Refusal;

pub(super) struct Volumes {
    root: PathBuf,
}

impl Volumes {
    pub(super) fn new(dir: &Path) -> Self {
        Self {
            root: dir.join("volumes"),
        }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The file behind a path below `/Volumes/`: catalog, schema, volume, and what is in it.
    pub(super) fn locate(&self, path: &str) -> Result<PathBuf, Refusal> {
        let names: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
        let is_odd =
            |name: &&str| matches!(*name, "." | "..") || name.chars().any(char::is_control);
        if names.len() < 3 || names.iter().any(is_odd) {
            return Err(Refusal::invalid(format!(
                "Invalid path: /Volumes/{path} does not have the form /Volumes/<catalog>/<schema>/<volume>/…"
            )));
        }
        let mut file = self.root.clone();
        file.extend(names);
        Ok(file)
    }
}
