//! Runs Databricks notebooks in local Python.
//!
//! A notebook gets a Python process of its own with what a cluster would give it: `dbutils`, `getArgument`, `display`,
//! `spark` where pyspark is installed, and the paths `/dbfs/…`, `/Workspace/…` and `/Volumes/…` for everything that
//! opens files in Python. The Python side is pure standard library, is part of this crate, and is written to
//! [`Request::support_dir`] when it is first used.
//!
//! What it does not promise: it is no sandbox (a notebook is code of the user, and runs as the user). Subprocesses see
//! the real disk, Python ones excepted; in `%sh` cells, in shell texts and in the words of a command paths of the
//! cluster are replaced. A process that leaves its process group outlives the run. `%scala` and `%r` cells fail with a clear error. Libraries that open
//! files in native code are covered as far as `python/dataops_notebook/libraries.py` lists them. Spark reads and writes
//! the cluster's paths through `DataFrameReader` and `DataFrameWriter`, not in SQL texts.
//!
//! The host and the process talk over a private socket that is no longer standard input when the notebook starts, so
//! nothing that a notebook prints is taken for a message. When the returned future is dropped, or the host dies, the
//! whole process group is killed.
//!
//! ```no_run
//! use dataops_emulator::notebook::{self, Event, Interpreter, NotebookFile, Request};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let python = Interpreter::find(None).await?;
//! let mut request = Request::new(python, "/tmp/state", "/Shared/prepare");
//! request.notebooks.insert("/Shared/prepare".into(), NotebookFile::new("notebooks/prepare.py"));
//! request.parameters.insert("input_mount_point_name".into(), "/mnt/input".into());
//! let outcome = notebook::run(request, |event| {
//!     if let Event::Output(line) = event {
//!         tracing::info!("{}", line.text);
//!     }
//! })
//! .await?;
//! assert!(outcome.succeeded());
//! # Ok(()) }
//! ```

mod message;
mod outcome;
mod output;
#[cfg(unix)]
mod process;
mod python;
#[cfg(unix)]
mod queries;
mod redact;
mod request;
mod runtime;
#[cfg(unix)]
mod session;

pub use message::{Display, Event, Location, MountChange};
pub use outcome::{Failure, Outcome, Status};
pub use output::{Line, Stream};
pub use python::{Interpreter, PythonError};
#[cfg(unix)]
pub(crate) use queries::{Executed, Queries};
pub use request::{Cluster, Mount, NotebookFile, Request, Secrets, StorageAccount, TaskContext};

/// A notebook that could not be started at all; what happens inside a notebook is an [`Outcome`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotebookError {
    /// The workspace has no such notebook.
    #[error(
        "Unable to access the notebook \"{path}\" in the workspace. Either it does not exist, or the identity used to \
         run this job lacks the required permissions."
    )]
    NotFound {
        /// The workspace path.
        path: String,
    },
    /// A folder that a run needs could not be written.
    #[error("cannot prepare {}", path.display())]
    Prepare {
        /// The folder.
        path: std::path::PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The Python process did not start.
    #[error("cannot start {}", python.display())]
    Start {
        /// The interpreter.
        python: std::path::PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The connection to the Python process broke.
    #[error("lost the notebook process")]
    Connection(#[source] std::io::Error),
    /// Notebooks need process groups and socket pairs, which this operating system lacks.
    #[error("notebooks run on Linux and macOS only")]
    Platform,
}

/// Runs a notebook to its end, and reports what happens meanwhile.
///
/// Dropping the future kills the process and everything it started.
///
/// # Errors
///
/// Returns an error when the notebook could not be started. A notebook that fails, is killed or runs too long gives an
/// [`Outcome`] that says so.
pub async fn run(request: Request, events: impl FnMut(Event)) -> Result<Outcome, NotebookError> {
    if !request.notebooks.contains_key(&request.notebook) {
        return Err(NotebookError::NotFound {
            path: request.notebook,
        });
    }
    #[cfg(unix)]
    return process::run(request, events).await;
    #[cfg(not(unix))]
    {
        drop(events);
        Err(NotebookError::Platform)
    }
}
