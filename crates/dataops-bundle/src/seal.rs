//! Files, sealed by their manifest.

use crate::{Contents, Digest, Manifest, Origin};

/// A bundle that was not written yet.
#[derive(Clone, Debug)]
pub struct Sealed {
    pub(crate) manifest: Manifest,
    pub(crate) contents: Contents,
}

impl Sealed {
    /// Seals the files of the solution `name`, which came from `source`.
    #[must_use]
    pub fn new(name: &str, source: Option<Origin>, contents: Contents) -> Self {
        Self {
            manifest: Manifest::of(name, env!("CARGO_PKG_VERSION"), source, &contents),
            contents,
        }
    }

    /// What the bundle holds.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The digest that names the bundle.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.manifest.digest
    }
}
