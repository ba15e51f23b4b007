//! What the Python side reports while a notebook runs.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Line, Mount};

/// Something that happened in a run, as it happens.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A line of standard output or standard error. After 5 MB there are no more.
    Output(Line),
    /// A cell of the main notebook starts.
    Cell {
        /// Counted from 1.
        number: u64,
        /// The cell's title.
        title: Option<String>,
    },
    /// The notebook showed something; a text form of it is part of the output.
    Display(Display),
    /// The workspace's mounts changed.
    Mounts(MountChange),
    /// The notebook set a task value.
    TaskValue {
        /// Its key.
        key: String,
        /// Its value.
        value: Value,
    },
    /// `dbutils.notebook.run` started another notebook.
    ChildStarted {
        /// The workspace path.
        notebook: String,
    },
    /// A notebook that was started by `dbutils.notebook.run` ended.
    ChildEnded {
        /// The workspace path.
        notebook: String,
        /// Whether it succeeded.
        succeeded: bool,
    },
}

/// What `display` or `displayHTML` showed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Display {
    /// A table; at most 1,000 rows of it.
    Table {
        /// Column names.
        columns: Vec<String>,
        /// Rows of texts, numbers, booleans and nulls.
        rows: Vec<Vec<Value>>,
        /// The count of all rows, when it is known.
        total_rows: Option<u64>,
    },
    /// A piece of HTML, which is the notebook's and not to be trusted.
    Html {
        /// The HTML.
        html: String,
    },
    /// A text.
    Text {
        /// The text.
        text: String,
    },
    /// A picture.
    Image {
        /// Such as `image/png`.
        mime: String,
        /// The bytes in base64.
        data: String,
    },
}

/// A change of the workspace's mounts, to be kept by the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MountChange {
    /// Added, or replaced where the mount point was in use.
    Mounted(Mount),
    /// Removed.
    Unmounted {
        /// The mount point.
        mount_point: String,
    },
}

/// Where a notebook failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Location {
    /// The workspace path of the notebook, which may be one that was included by `%run`.
    pub notebook: String,
    /// The cell, counted from 1.
    pub cell: u64,
    /// The cell's title.
    pub title: Option<String>,
    /// The line within the cell, counted from 1.
    pub line: u64,
    /// The file that holds the notebook.
    pub file: String,
    /// The line within the file; `None` in Jupyter documents.
    pub file_line: Option<u64>,
}

/// A message of the Python side.
#[derive(Debug, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum Message {
    Cell { number: u64, title: Option<String> },
    Display(Map<String, Value>),
    Mounted(Mount),
    Unmounted { mount_point: String },
    TaskValue { key: String, value: Value },
    ChildStarted { notebook: String },
    ChildEnded { notebook: String, status: String },
    Result(Report),
}

/// How the notebook ended, by the Python side's account.
#[derive(Debug, Deserialize)]
pub(super) struct Report {
    pub(super) status: String,
    pub(super) exit_value: Option<String>,
    #[serde(default)]
    pub(super) exit_truncated: bool,
    pub(super) error: Option<String>,
    pub(super) error_type: Option<String>,
    pub(super) error_trace: Option<String>,
    pub(super) missing_module: Option<String>,
    pub(super) hint: Option<String>,
    pub(super) location: Option<Location>,
}
