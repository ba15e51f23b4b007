//! What carries out activities: the local stand-in of each service.

use std::sync::Arc;

use adf_runtime::{ActivityCall, ActivityFailure, Executor};
use serde_json::Value;

use super::{copy, files, lookup, notebook, training};
use crate::state::State;

/// Carries out activities on this machine.
pub(crate) struct Local {
    state: Arc<State>,
}

impl Local {
    pub(super) fn new(state: Arc<State>) -> Self {
        Self { state }
    }
}

impl Executor for Local {
    async fn execute(&self, call: ActivityCall) -> Result<Value, ActivityFailure> {
        let state = Arc::clone(&self.state);
        match call.kind.as_str() {
            "Copy" => on_disk(move || copy::run(&state, &call)).await,
            "Delete" => on_disk(move || files::delete(&state, &call)).await,
            "GetMetadata" => on_disk(move || files::metadata(&state, &call)).await,
            "Lookup" => on_disk(move || lookup::run(&state, &call)).await,
            "DatabricksNotebook" => notebook::run(state, call).await,
            "AzureMLExecutePipeline" => training::run(state, call).await,
            other => Err(ActivityFailure::user(
                "NotEmulated",
                format!("activity type {other} is not emulated"),
            )),
        }
    }
}

/// Work that only moves files.
async fn on_disk(
    work: impl FnOnce() -> Result<Value, ActivityFailure> + Send + 'static,
) -> Result<Value, ActivityFailure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(ActivityFailure::system("InternalError", error.to_string())),
    }
}
