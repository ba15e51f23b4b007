//! Why records could not be read or written.

use dataops_ledger::StateError;

use crate::store::StoreError;

/// Why records could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The place cannot be used.
    #[error("the records in {place}")]
    Store {
        /// Where it is.
        place: String,
        /// Why.
        #[source]
        source: StoreError,
    },
    /// Others were faster again and again.
    #[error("the records in {place} are written by others all the time")]
    Busy {
        /// Where it is.
        place: String,
    },
    /// There are more than are read.
    #[error("the records in {place} are {found}, more than are read")]
    TooMany {
        /// Where it is.
        place: String,
        /// How many.
        found: usize,
    },
    /// What a record names is not there.
    #[error("`{key}`, which a record names, is not in {place}")]
    Missing {
        /// Where it is.
        place: String,
        /// What.
        key: String,
    },
    /// The state that a record names cannot be used.
    #[error("`{key}` in {place}")]
    State {
        /// Where it is.
        place: String,
        /// What.
        key: String,
        /// Why.
        #[source]
        source: StateError,
    },
}
