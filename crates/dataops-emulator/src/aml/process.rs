//! One process of a training script: its output goes to bounded files, and it ends with all that it started.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use crate::openmp;

/// What is kept of each stream.
const MOST_BYTES: usize = 5 << 20;
/// Lines of standard error that a failure shows.
const LAST_LINES: usize = 20;
/// A shown line is cut here.
const LONGEST_LINE: usize = 2000;
/// After the end of the process, what is left in its pipes is read for this long.
const DRAIN: Duration = Duration::from_secs(2);

/// What to start.
pub(super) struct Script {
    pub(super) python: PathBuf,
    pub(super) entry: PathBuf,
    pub(super) arguments: Vec<String>,
    pub(super) environment: Vec<(&'static str, std::ffi::OsString)>,
    pub(super) folder: PathBuf,
    pub(super) stdout: PathBuf,
    pub(super) stderr: PathBuf,
}

/// How it ended.
pub(super) struct Exit {
    pub(super) status: ExitStatus,
    /// The last lines of standard error.
    pub(super) last_words: Vec<String>,
}

impl Script {
    /// Runs to the end. Dropping the future kills the process group.
    pub(super) async fn run(self) -> io::Result<Exit> {
        let mut command = Command::new(&self.python);
        command
            .arg(&self.entry)
            .args(&self.arguments)
            .envs(openmp::environment())
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .env("PYTHONUNBUFFERED", "1")
            .env("PYTHONUTF8", "1")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env_remove("PYTHONINSPECT")
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn()?;
        let mut group = Group(child.id());
        let watch = Watch::over(&group);
        let stdout = capture(child.stdout.take(), &self.stdout).await?;
        let stderr = capture(child.stderr.take(), &self.stderr).await?;
        let status = child.wait().await?;
        // It must be gone before the group's id can be given to another process.
        watch.end().await;
        group.disband();
        finish(stdout).await;
        Ok(Exit {
            status,
            last_words: finish(stderr).await,
        })
    }
}

type Captured = JoinHandle<Vec<String>>;

async fn capture<R>(source: Option<R>, file: &Path) -> io::Result<Captured>
where
    R: AsyncRead + Send + Unpin + 'static,
{
    let file = File::create(file).await?;
    Ok(tokio::spawn(async move {
        match source {
            Some(source) => pump(source, file).await,
            None => Vec::new(),
        }
    }))
}

async fn finish(captured: Captured) -> Vec<String> {
    let stop = captured.abort_handle();
    match tokio::time::timeout(DRAIN, captured).await {
        Ok(lines) => lines.unwrap_or_default(),
        Err(_) => {
            stop.abort();
            Vec::new()
        }
    }
}

/// Reads to the end, writes what fits, and gives the last lines.
async fn pump(mut source: impl AsyncRead + Unpin, mut file: File) -> Vec<String> {
    let mut last = VecDeque::new();
    let mut line = Vec::new();
    let mut kept = 0;
    let mut chunk = vec![0; 32 << 10];
    while let Ok(count @ 1..) = source.read(&mut chunk).await {
        let bytes = &chunk[..count];
        let fits = bytes.len().min(MOST_BYTES - kept);
        // A full disk does not end the script.
        if file.write_all(&bytes[..fits]).await.is_ok() {
            kept += fits;
        }
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let room = LONGEST_LINE.saturating_sub(line.len());
            line.extend_from_slice(&piece[..piece.len().min(room)]);
            if piece.ends_with(b"\n") {
                push(&mut last, &mut line);
            }
        }
    }
    push(&mut last, &mut line);
    let _ = file.flush().await;
    last.into()
}

fn push(last: &mut VecDeque<String>, line: &mut Vec<u8>) {
    let bytes = std::mem::take(line);
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_end();
    if !text.is_empty() {
        last.push_back(text.to_owned());
    }
    if last.len() > LAST_LINES {
        last.pop_front();
    }
}

/// A process that kills a script's group when the emulator dies without a chance to do it: it reads from a pipe that
/// only the emulator holds.
struct Watch(Option<Child>);

#[cfg(unix)]
const WATCH: &str = "read line; kill -s KILL -- \"-$1\"";

impl Watch {
    #[cfg(unix)]
    fn over(group: &Group) -> Self {
        let Some(leader) = group.0 else {
            return Self(None);
        };
        let watch = Command::new("sh")
            .args(["-c", WATCH, "sh", &leader.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .kill_on_drop(true)
            .spawn();
        if let Err(error) = &watch {
            tracing::warn!("a script may outlive the emulator: {error}");
        }
        Self(watch.ok())
    }

    #[cfg(not(unix))]
    fn over(_: &Group) -> Self {
        Self(None)
    }

    async fn end(self) {
        if let Some(mut watch) = self.0 {
            // An error says that it is gone already.
            let _ = watch.kill().await;
        }
    }
}

/// The process group of a script; it dies with this value.
struct Group(Option<u32>);

impl Group {
    /// Kills what is left after the leader's end; its id may be given to another process from then on.
    fn disband(&mut self) {
        self.kill();
        self.0 = None;
    }

    #[cfg(unix)]
    fn kill(&self) {
        use rustix::process::{Pid, Signal, kill_process_group};
        let leader = self.0.and_then(|id| i32::try_from(id).ok());
        if let Some(leader) = leader.and_then(Pid::from_raw) {
            // An error says that nobody is left.
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }

    #[cfg(not(unix))]
    fn kill(&self) {}
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    #[tokio::test]
    async fn a_script_ends_when_nobody_holds_the_pipe_of_its_watch() {
        let mut child = Command::new("sleep")
            .arg("600")
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut group = Group(child.id());
        let mut watch = Watch::over(&group);

        drop(watch.0.as_mut().unwrap().stdin.take());

        let ended = tokio::time::timeout(Duration::from_secs(60), child.wait()).await;
        let ended = ended.expect("the watch killed nobody").unwrap();
        assert_eq!(ended.signal(), Some(9));
        group.0 = None;
    }
}
