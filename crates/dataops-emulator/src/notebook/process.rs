//! The notebook process: started, and ended with all that it started.

use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::net::UnixStream;
use tokio::process::{Child, Command};
use tokio::time::Instant;

use super::outcome::Outcome;
use super::session::Session;
use super::{Event, NotebookError, Request, runtime};
use crate::openmp;

pub(super) async fn run(
    mut request: Request,
    events: impl FnMut(Event),
) -> Result<Outcome, NotebookError> {
    let started = Instant::now();
    let script = prepare(&mut request).await?;
    let (mut child, connection) = spawn(&request, &script)?;
    let mut session = Session::new(&request, &mut child, events);
    session.attend(&request, child, connection, started).await?;
    Ok(session.outcome(started.elapsed()))
}

/// Makes the folders and writes the Python side; answers the script to start.
pub(super) async fn prepare(request: &mut Request) -> Result<PathBuf, NotebookError> {
    for folder in [
        &mut request.support_dir,
        &mut request.workspace_root,
        &mut request.dbfs_root,
        &mut request.volumes_root,
    ] {
        let failed = |source| NotebookError::Prepare {
            path: folder.clone(),
            source,
        };
        tokio::fs::create_dir_all(&*folder).await.map_err(failed)?;
        let absolute = tokio::fs::canonicalize(&*folder).await.map_err(failed)?;
        *folder = absolute;
    }
    for notebook in request.notebooks.values_mut() {
        if let Ok(file) = std::path::absolute(&notebook.file) {
            notebook.file = file;
        }
    }
    for account in request.storage.values_mut() {
        if let Ok(path) = std::path::absolute(&account.path) {
            account.path = path;
        }
    }
    let support_dir = request.support_dir.clone();
    tokio::task::spawn_blocking(move || runtime::install(&support_dir))
        .await
        .map_err(io::Error::other)
        .flatten()
        .map_err(|source| NotebookError::Prepare {
            path: request.support_dir.clone(),
            source,
        })
}

/// Starts the Python side; the connection is its standard input.
pub(super) fn spawn(
    request: &Request,
    script: &Path,
) -> Result<(Child, UnixStream), NotebookError> {
    let failed = |source| NotebookError::Start {
        python: request.python.path().to_owned(),
        source,
    };
    let (ours, theirs) = std::os::unix::net::UnixStream::pair().map_err(failed)?;
    ours.set_nonblocking(true).map_err(failed)?;
    let child = Command::new(request.python.path())
        .arg(script)
        .envs(openmp::environment())
        .envs(&request.env)
        .env("PYTHONUTF8", "1")
        .env("PYTHONFAULTHANDLER", "1")
        .env_remove("PYTHONINSPECT")
        .current_dir(&request.workspace_root)
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)?;
    Ok((child, UnixStream::from_std(ours).map_err(failed)?))
}

/// The process group of a run; it dies with this value.
pub(super) struct Group(Option<u32>);

impl Group {
    /// The group that a process leads.
    pub(super) fn led_by(child: &Child) -> Self {
        Self(child.id())
    }

    /// Kills what is left after the leader's end; its id may be given to another process from then on.
    pub(super) fn disband(&mut self) {
        self.kill();
        self.0 = None;
    }

    pub(super) fn kill(&self) {
        let leader = self.0.and_then(|id| i32::try_from(id).ok());
        if let Some(leader) = leader.and_then(Pid::from_raw) {
            // An error says that nobody is left.
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}
