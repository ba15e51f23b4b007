//! What tasks leave: one file a task, read only when somebody asks.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::private_file;

/// A task's output; everything in it is bounded by the runner.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Output {
    /// What `dbutils.notebook.exit` got.
    pub(super) result: Option<String>,
    pub(super) truncated: bool,
    pub(super) error: Option<String>,
    pub(super) trace: Option<String>,
    pub(super) hint: Option<String>,
    pub(super) lines: Vec<String>,
    pub(super) lines_truncated: bool,
}

pub(super) struct Outputs {
    folder: PathBuf,
}

impl Outputs {
    pub(super) fn open(folder: PathBuf) -> io::Result<Self> {
        private_file::create_folder(&folder)?;
        Ok(Self { folder })
    }

    pub(super) fn write(&self, task_run_id: u64, output: &Output) -> io::Result<()> {
        private_file::replace(&self.file(task_run_id), &serde_json::to_vec(output)?)
    }

    /// The output; empty while there is none.
    pub(super) fn read(&self, task_run_id: u64) -> Output {
        let content = fs::read(self.file(task_run_id)).unwrap_or_default();
        serde_json::from_slice(&content).unwrap_or_default()
    }

    pub(super) fn remove(&self, task_run_id: u64) {
        // A leftover output belongs to no run and harms nobody.
        let _ = fs::remove_file(self.file(task_run_id));
        let _ = fs::remove_file(self.script(task_run_id));
    }

    /// The file that starts a task's script.
    pub(super) fn script(&self, task_run_id: u64) -> PathBuf {
        self.folder.join(format!("{task_run_id}.py"))
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    fn file(&self, task_run_id: u64) -> PathBuf {
        self.folder.join(format!("{task_run_id}.json"))
    }
}
