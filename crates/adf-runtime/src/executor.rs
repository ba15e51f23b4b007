//! How activities that do work outside the pipeline are carried out.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Cancellation;

/// Carries out execution activities, such as `Copy` and `DatabricksNotebook`.
///
/// Control activities never arrive here. An executor answers an activity type that it lacks with
/// [`ActivityFailure::unsupported`].
pub trait Executor: Send + Sync + 'static {
    /// Carries out one attempt and gives the activity's `output`, an object of at most 4 MB.
    ///
    /// One task drives all activities of a run: what blocks a thread belongs elsewhere, such as in
    /// `tokio::task::spawn_blocking`.
    ///
    /// The engine keeps the time limit. When it is over, or when the run is cancelled, `call.cancellation` fires; the
    /// future then has 30 seconds to stop what it started before it is dropped, and its result no longer counts.
    fn execute(
        &self,
        call: ActivityCall,
    ) -> impl Future<Output = Result<Value, ActivityFailure>> + Send;
}

impl<T: Executor> Executor for Arc<T> {
    fn execute(
        &self,
        call: ActivityCall,
    ) -> impl Future<Output = Result<Value, ActivityFailure>> + Send {
        (**self).execute(call)
    }
}

/// One attempt of an execution activity; everything is evaluated.
#[derive(Clone, Debug)]
pub struct ActivityCall {
    /// The factory's name.
    pub factory: String,
    /// The pipeline's name.
    pub pipeline: String,
    /// The pipeline run, a GUID.
    pub run_id: String,
    /// The activity run, a GUID; each attempt has its own.
    pub activity_run_id: String,
    /// The activity's name.
    pub activity: String,
    /// The activity's type, such as `DatabricksNotebook`.
    pub kind: String,
    /// The evaluated `typeProperties`.
    pub properties: Value,
    /// The linked service that does the work.
    pub linked_service: Option<ResolvedLinkedService>,
    /// The datasets of `inputs`, then the one of `typeProperties.dataset`.
    pub inputs: Vec<ResolvedDataset>,
    /// The datasets of `outputs`.
    pub outputs: Vec<ResolvedDataset>,
    /// 0 for the first attempt, then 1, 2, …
    pub attempt: u32,
    /// Fires when the attempt has to stop.
    pub cancellation: Cancellation,
}

/// A dataset with its parameters filled in.
#[derive(Clone, Debug)]
pub struct ResolvedDataset {
    /// The dataset's name.
    pub name: String,
    /// The dataset's type, such as `DelimitedText`.
    pub kind: String,
    /// The evaluated `typeProperties`.
    pub properties: Value,
    /// Where the data are.
    pub linked_service: ResolvedLinkedService,
}

/// A linked service with its parameters filled in. `Debug` hides the properties: they may hold secrets.
#[derive(Clone)]
pub struct ResolvedLinkedService {
    /// The linked service's name.
    pub name: String,
    /// The linked service's type, such as `AzureBlobStorage`.
    pub kind: String,
    /// The evaluated `typeProperties`. Secrets by reference (`AzureKeyVaultSecret`) are still references.
    pub properties: Value,
}

impl fmt::Debug for ResolvedLinkedService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResolvedLinkedService")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// Whose fault a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FailureType {
    /// The definition or its data.
    UserError,
    /// The service.
    SystemError,
}

/// Why an activity failed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message} (error code {error_code})")]
pub struct ActivityFailure {
    /// The code, such as `3204` or `InvalidTemplate`.
    pub error_code: String,
    /// What happened, for people.
    pub message: String,
    /// Whose fault it is.
    pub failure_type: FailureType,
    /// What the activity gives as `output` all the same.
    pub output: Option<Box<Value>>,
}

impl ActivityFailure {
    /// A failure that the user can mend.
    pub fn user(error_code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            error_code: error_code.into(),
            message: message.into(),
            failure_type: FailureType::UserError,
            output: None,
        }
    }

    /// A failure of the service.
    pub fn system(error_code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            failure_type: FailureType::SystemError,
            ..Self::user(error_code, message)
        }
    }

    /// An executor does not know the activity type `kind`.
    #[must_use]
    pub fn unsupported(kind: &str) -> Self {
        Self::user(
            "UnsupportedActivity",
            format!("activity type `{kind}` is not supported here"),
        )
    }

    /// The same failure with an `output`.
    #[must_use]
    pub fn with_output(mut self, output: Value) -> Self {
        self.output = Some(Box::new(output));
        self
    }
}

/// Knows no activity type: for pipelines of control activities alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct ControlOnly;

impl Executor for ControlOnly {
    async fn execute(&self, call: ActivityCall) -> Result<Value, ActivityFailure> {
        Err(ActivityFailure::unsupported(&call.kind))
    }
}
