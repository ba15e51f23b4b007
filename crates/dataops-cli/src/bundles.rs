//! Bundles that records name, brought back from beside them.

use std::path::PathBuf;

use dataops_bundle::{Bundle, Digest};
use dataops_core::ledger::{BundleError, Ledger, LedgerError};
use tempfile::TempDir;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::ledger;
use crate::planning::{self, Source};

/// A bundle that is wanted.
pub(crate) enum Wanted {
    /// The one in this folder.
    Folder(PathBuf),
    /// The one with this digest, kept beside records.
    Digest(String),
}

/// A bundle that was brought.
pub(crate) enum Brought {
    /// None was wanted.
    Nothing,
    /// It is here.
    Folder(PathBuf),
    /// It is here until this value is dropped.
    Back(TempDir),
}

impl Wanted {
    /// The digest of the bundle, as records name it.
    pub(crate) fn digest(&self) -> Result<String, Failure> {
        match self {
            Self::Folder(folder) => Ok(format!("sha256:{}", Bundle::open(folder)?.digest())),
            Self::Digest(digest) => Ok(digest.clone()),
        }
    }

    /// Brings it.
    pub(crate) async fn bring(self, ledger: &Ledger) -> Result<Brought, Failure> {
        let named = match self {
            Self::Folder(folder) => return Ok(Brought::Folder(folder)),
            Self::Digest(named) => named,
        };
        let digits = named.strip_prefix("sha256:").unwrap_or(&named).to_owned();
        let digest = Digest::try_from(digits)
            .map_err(|why| Failure::new(Exit::Failed, format!("`{named}` is no bundle: {why}")))?;
        let folder = TempDir::with_prefix("dataops-bundle-")
            .map_err(|error| Failure::new(Exit::Failed, error))?;
        let brought = ledger.bring_bundle(&digest, folder.path()).await;
        brought.map_err(|error| absent(error, &named))?;
        Ok(Brought::Back(folder))
    }
}

impl Brought {
    /// What is deployed of it.
    pub(crate) fn source(&self, context: &Context) -> Result<Source, Failure> {
        let folder = match self {
            Self::Nothing => return Err(Failure::new(Exit::Bug, "no bundle was brought")),
            Self::Folder(folder) => folder.as_path(),
            Self::Back(folder) => folder.path(),
        };
        planning::source(context, Some(folder))
    }
}

fn absent(error: BundleError, named: &str) -> Failure {
    match error {
        BundleError::Ledger(LedgerError::Missing { place, .. }) => {
            let text = format!("the bundle {named} is not kept in {place}");
            Failure::new(Exit::Refused, text).hint("name its folder by --bundle DIR")
        }
        BundleError::Ledger(error) => ledger::failure(error),
        BundleError::Open(error) => error.into(),
        error => Failure::new(Exit::Failed, error).hint("name its folder by --bundle DIR"),
    }
}
