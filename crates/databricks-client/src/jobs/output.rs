//! What a task left behind.

use serde::Deserialize;
use serde_json::Value;

use super::run::Run;

/// The output of a task run.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RunOutput {
    /// What a notebook gave to `dbutils.notebook.exit`.
    pub notebook_output: Option<NotebookOutput>,
    /// The end of what a script wrote, 5 MB at most; never of a notebook.
    pub logs: Option<String>,
    /// Whether `logs` lacks its beginning.
    pub logs_truncated: Option<bool>,
    /// The last line of the exception that ended it.
    pub error: Option<String>,
    /// The traceback, with terminal colours.
    pub error_trace: Option<String>,
    /// What the service says.
    pub info: Option<String>,
    /// The run itself.
    pub metadata: Option<Run>,
    /// What a SQL task gave.
    pub sql_output: Option<Value>,
}

/// What a notebook gave to `dbutils.notebook.exit`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct NotebookOutput {
    /// The value; absent when the notebook did not exit by `dbutils.notebook.exit`.
    pub result: Option<String>,
    /// Whether the value lacks its end: 5 MB are kept.
    pub truncated: Option<bool>,
}
