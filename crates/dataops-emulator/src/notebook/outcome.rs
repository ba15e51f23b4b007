//! How a run ended.

use std::process::ExitStatus;
use std::time::Duration;

use serde_json::{Map, Value};

use super::message::Report;
use super::redact::Redactor;
use super::{Display, Interpreter, Line, Location, MountChange};

/// A run that has ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// What `dbutils.notebook.exit` got; `None` when it was not called. At most 5 MB.
    pub exit_value: Option<String>,
    /// Whether the exit value was longer.
    pub exit_truncated: bool,
    /// Why the run did not succeed.
    pub failure: Option<Failure>,
    /// What the notebook showed, its children included.
    pub displays: Vec<Display>,
    /// How the run changed the workspace's mounts, in order. They hold whatever the status is.
    pub mount_changes: Vec<MountChange>,
    /// The task values that the run has set.
    pub task_values: Map<String, Value>,
    /// What the run wrote; at most 5 MB.
    pub output: Vec<Line>,
    /// Whether it wrote more.
    pub output_truncated: bool,
    /// How long it took.
    pub duration: Duration,
}

impl Outcome {
    /// Whether the notebook came to its end, or to a `dbutils.notebook.exit`.
    pub fn succeeded(&self) -> bool {
        self.status == Status::Succeeded
    }
}

/// The end of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// The notebook came to its end.
    Succeeded,
    /// A cell raised, or the process died.
    Failed,
    /// The run reached its time limit.
    TimedOut,
    /// Nothing was run: the notebook's file cannot be read, or is no notebook.
    Unreadable,
}

/// Why a run did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The last line of the exception.
    pub error: String,
    /// The Python class of the exception.
    pub error_type: Option<String>,
    /// The traceback, with the cells of the notebook as files.
    pub trace: Option<String>,
    /// Where in the notebook it happened.
    pub location: Option<Location>,
    /// What may help.
    pub hint: Option<String>,
}

impl Failure {
    pub(super) fn new(error: impl Into<String>) -> Self {
        Self {
            error: error.into(),
            error_type: None,
            trace: None,
            location: None,
            hint: None,
        }
    }

    pub(super) fn timed_out(limit: Duration) -> Self {
        Self::new(format!(
            "the notebook ran longer than its limit of {} seconds",
            limit.as_secs_f64()
        ))
    }

    /// A process that ended without a word, such as by a crash of native code.
    pub(super) fn of_exit(status: Option<ExitStatus>) -> Self {
        let Some(status) = status else {
            return Self::new("the notebook's Python process did not end");
        };
        let mut failure = Self::new(format!(
            "the notebook's Python process ended early ({status})"
        ));
        failure.hint = Some(
            "it was killed or it crashed: look at the last lines of its output, and at the memory that it needs"
                .to_owned(),
        );
        failure
    }

    pub(super) fn of_report(report: Report, python: &Interpreter, redactor: &Redactor) -> Self {
        let hint = report
            .missing_module
            .as_deref()
            .map(|module| missing_module(module, python))
            .or_else(|| exit_instead(report.error_type.as_deref()))
            .or(report.hint);
        Self {
            error: redactor.text(report.error.unwrap_or_else(|| "unknown error".to_owned())),
            error_type: report.error_type,
            trace: report.error_trace.map(|trace| redactor.text(trace)),
            location: report.location,
            hint,
        }
    }
}

fn exit_instead(error_type: Option<&str>) -> Option<String> {
    (error_type == Some("SystemExit")).then(|| {
        "sys.exit() and exit() fail a notebook on Databricks too; end it with dbutils.notebook.exit(value)"
            .to_owned()
    })
}

fn missing_module(module: &str, python: &Interpreter) -> String {
    format!(
        "pip install {} into {}, or name a Python that has it by DATAOPS_PYTHON or --python",
        distribution(module),
        python.path().display()
    )
}

/// The package that brings a module, where the names differ.
fn distribution(module: &str) -> &str {
    match module {
        "bs4" => "beautifulsoup4",
        "cv2" => "opencv-python",
        "dateutil" => "python-dateutil",
        "dotenv" => "python-dotenv",
        "PIL" => "pillow",
        "pyspark" => "\"pyspark==3.5.*\"",
        "skimage" => "scikit-image",
        "sklearn" => "scikit-learn",
        "yaml" => "PyYAML",
        other => other,
    }
}
