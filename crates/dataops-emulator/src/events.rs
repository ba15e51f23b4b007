//! What the Blob service tells Data Factory.

use std::sync::{Arc, OnceLock};

use time::OffsetDateTime;

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

/// What is told when something that writes files of its own, such as a notebook, has ended: when it began.
pub(crate) type Writers = OnceLock<Box<dyn Fn(OffsetDateTime) + Send + Sync>>;

/// Connects those that write files in containers with the triggers.
pub(crate) fn watch_writers(state: &Arc<State>) {
    let hook = || {
        let state = Arc::downgrade(state);
        move |since| {
            let Some(state) = state.upgrade() else { return };
            // Containers may have many files; looking at them is work for another thread.
            let scan = move || raise_written(&state, since);
            drop(tokio::task::spawn_blocking(scan));
        }
    };
    state.databricks.when_a_run_has_ended(hook());
    state.aml.when_a_run_has_ended(hook());
}

/// Raises an event for each file that was written in a container, and not by the Blob service, since then.
fn raise_written(state: &Arc<State>, since: OffsetDateTime) {
    if !crate::adf::triggers::anyone_listens(state) {
        return;
    }
    let written = match state.blob.written_beside(since) {
        Ok(written) => written,
        Err(error) => {
            tracing::warn!("files that were written are not looked for: {error}");
            return;
        }
    };
    for (container, blob, bytes) in written {
        let event = BlobEvent {
            kind: CREATED,
            container,
            blob,
            bytes,
        };
        raise(state, &event);
    }
}
