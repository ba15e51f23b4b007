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
    /// It is here.
    Folder(PathBuf),
    /// It is here until this value is dropped.
    Back(TempDir),
}

/// A bundle that is not there, or not as it was sealed.
pub(crate) struct Absent(pub(crate) String);

impl Wanted {
    /// The digest of the bundle, as records name it.
    pub(crate) fn digest(&self) -> Result<String, Failure> {
        match self {
            Self::Folder(folder) => Ok(format!("sha256:{}", Bundle::open(folder)?.digest())),
            Self::Digest(digest) => Ok(digest.clone()),
        }
    }

    /// Brings it, and verifies all of it.
    pub(crate) async fn bring(self, ledger: &Ledger) -> Result<Result<Brought, Absent>, Failure> {
        let named = match self {
            Self::Folder(folder) => return Ok(Ok(Brought::Folder(folder))),
            Self::Digest(named) => named,
        };
        let digits = named.strip_prefix("sha256:").unwrap_or(&named).to_owned();
        let digest = match Digest::try_from(digits) {
            Ok(digest) => digest,
            Err(why) => return Ok(Err(Absent(format!("`{named}` is no bundle: {why}")))),
        };
        let folder = TempDir::with_prefix("dataops-bundle-").map_err(Failure::usage)?;
        match ledger.bring_bundle(&digest, folder.path()).await {
            Ok(_) => Ok(Ok(Brought::Back(folder))),
            Err(error) => absent(error, &named).map(Err),
        }
    }
}

impl Brought {
    /// What is deployed of it.
    pub(crate) fn source(&self, context: &Context) -> Result<Source, Failure> {
        let folder = match self {
            Self::Folder(folder) => folder.as_path(),
            Self::Back(folder) => folder.path(),
        };
        planning::source(context, Some(folder))
    }
}

impl From<Absent> for Failure {
    fn from(Absent(why): Absent) -> Self {
        Self::new(Exit::Refused, why).hint("name its folder by --bundle DIR")
    }
}

/// Why a bundle was not brought back: that it is not there as it was sealed, or that this cannot be told.
fn absent(error: BundleError, named: &str) -> Result<Absent, Failure> {
    match error {
        BundleError::Ledger(LedgerError::Missing { place, .. }) => Ok(Absent(format!(
            "the bundle {named} is not kept in {place}, or not all of it"
        ))),
        BundleError::Ledger(error) => Err(ledger::failure(error)),
        error @ (BundleError::Altered { .. } | BundleError::Open(_)) => {
            Ok(Absent(error.to_string()))
        }
        error => Err(Failure::usage(error)),
    }
}
