//! What the Blob service tells Data Factory.

use std::sync::Arc;

use crate::state::State;

/// A blob is complete.
pub(crate) const CREATED: &str = "Microsoft.Storage.BlobCreated";
/// A blob is gone.
pub(crate) const DELETED: &str = "Microsoft.Storage.BlobDeleted";

/// Something happened to a blob.
#[derive(Clone, Debug)]
pub(crate) struct BlobEvent {
    /// [`CREATED`] or [`DELETED`].
    pub(crate) kind: &'static str,
    pub(crate) container: String,
    pub(crate) blob: String,
    pub(crate) bytes: u64,
}

/// Starts whatever listens to the event.
pub(crate) fn raise(state: &Arc<State>, event: &BlobEvent) {
    crate::adf::triggers::fire(state, event);
}
