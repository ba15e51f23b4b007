//! Why a contract was not held against data.

use data_contract::compile::CompileError;
use dataops_core::connection::{ConnectionError, StorageError};

use crate::server::ServerError;
use crate::terms::Refused;

/// Nothing was decided.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The contract cannot be compiled as it is selected.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// The server cannot be used.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// There is no way to the storage account.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// Data are in Azure, and nobody has said as whom they are read.
    #[error("the data are in {0}, and there is no connection to Azure")]
    NoConnection(String),
    /// The storage refused, or did not answer.
    #[error(transparent)]
    Storage(StorageError),
    /// The storage refused the shared access signature.
    #[error("{refused}")]
    Signature {
        /// Why.
        refused: Refused,
        /// The storage account.
        account: String,
        /// The container.
        container: String,
        /// What the storage said.
        source: Box<StorageError>,
    },
    /// The Databricks workspace refused, or did not answer.
    #[error("the Databricks workspace does not measure the data")]
    Databricks(#[from] azure_core::Error),
    /// It was told to end.
    #[error("the test was interrupted")]
    Cancelled,
}
