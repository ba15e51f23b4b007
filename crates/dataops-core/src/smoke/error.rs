//! Why a smoke test was not made, or could not be told.

use std::path::PathBuf;

use crate::connection::{ConnectionError, StorageError};
use crate::ingestion::IngestionError;
use crate::run::RunError;
use crate::store::StoreError;

/// Why a smoke test was not made, or could not be told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SmokeError {
    /// Two tests would share the folder, or it is none.
    #[error(
        "`smoke.folder`: `{0}` is no folder that one test has alone; name one such as `_smoke/{{id}}`"
    )]
    Folder(String),
    /// The input is no file that can be read.
    #[error("`smoke.input`: {}", file.display())]
    Input {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Nothing says where the input goes.
    #[error(
        "`smoke.input` goes into no container; name one by `smoke.container` or `storage.input`"
    )]
    NoContainer,
    /// What was written could not be held against the contract.
    #[error("`smoke.contract`: {} cannot be held against what was written", file.display())]
    Contract {
        /// The contract.
        file: PathBuf,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The input would start a pipeline by itself.
    #[error(
        "the input {container}/{blob} would fire the trigger `{trigger}`, and its pipeline would take it for data; choose another `smoke.container`, `smoke.folder` or ending"
    )]
    WouldFire {
        /// The container.
        container: String,
        /// The blob.
        blob: String,
        /// The trigger.
        trigger: String,
    },
    /// The triggers of the factory cannot be read.
    #[error("whether a trigger would fire for the input is not known")]
    Triggers(#[source] adf_model::FactoryError),
    /// What a test is about to do cannot be written down, or what an earlier one has written not be read.
    #[error("what smoke tests leave is written down in {place}")]
    Trace {
        /// Where it is.
        place: String,
        /// Why.
        #[source]
        source: StoreError,
    },
    /// The environment cannot be reached as it is described.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// Storage refused.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The run could not be started or watched.
    #[error(transparent)]
    Run(#[from] RunError),
    /// What was written could not be read.
    #[error(transparent)]
    Ingestion(#[from] IngestionError),
}

impl SmokeError {
    /// Whether the settings are at fault, and nothing was begun.
    #[must_use]
    pub fn is_of_settings(&self) -> bool {
        matches!(
            self,
            Self::Folder(_) | Self::Input { .. } | Self::NoContainer | Self::WouldFire { .. }
        )
    }
}
