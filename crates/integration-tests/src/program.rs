//! The programs under test, each in a process of its own.

use std::ffi::OsStr;
use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::build;
use crate::emulator::Emulator;
use crate::patience::LIMIT;

/// The folder that the programs under test are in.
#[must_use]
pub fn programs() -> std::path::PathBuf {
    let program = build::program("dataops");
    program.parent().unwrap().to_owned()
}

/// A program that is about to be started, in an environment with nothing but what it needs.
pub struct Program {
    command: Command,
    input: Vec<u8>,
}

/// What a program did.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The exit code; nothing when a signal ended it.
    pub code: Option<i32>,
    /// What it wrote on stdout.
    pub stdout: String,
    /// What it wrote on stderr.
    pub stderr: String,
}

impl fmt::Display for Ended {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            code,
            stdout,
            stderr,
        } = self;
        write!(
            out,
            "exit code {code:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}"
        )
    }
}

impl Program {
    /// `dataops` with arguments.
    pub fn dataops<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Self {
        Self::of_ours("dataops", args)
    }

    /// `invoke-adf-pipeline` with arguments.
    pub fn invoke_adf_pipeline<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Self {
        Self::of_ours("invoke-adf-pipeline", args)
    }

    /// `test-data-ingestion` with arguments.
    pub fn test_data_ingestion<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Self {
        Self::of_ours("test-data-ingestion", args)
    }

    fn of_ours<A: AsRef<OsStr>>(name: &str, args: impl IntoIterator<Item = A>) -> Self {
        Self::new(build::program(name)).args(args)
    }

    /// Any other program.
    pub fn new(path: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(path);
        command.env_clear();
        let kept = ["PATH", "TMPDIR", "SYSTEMROOT", "TEMP", "TMP"];
        let kept = kept
            .into_iter()
            .filter_map(|name| Some((name, std::env::var_os(name)?)));
        command.envs(kept).env("HOME", std::env::temp_dir());
        Self {
            command,
            input: Vec::new(),
        }
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.command.args(args);
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Starts it in a folder.
    #[must_use]
    pub fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Points it at a running emulator.
    #[must_use]
    pub fn at(self, emulator: &Emulator) -> Self {
        self.env("DATAOPS_EMULATOR", &emulator.ready.endpoint)
            .env("DATAOPS_EMULATOR_TOKEN", &emulator.ready.token)
            .env("DATAOPS_EMULATOR_ACCOUNT", &emulator.ready.account)
    }

    /// Gives it something to read on stdin.
    #[must_use]
    pub fn input(mut self, text: &str) -> Self {
        self.input = text.into();
        self
    }

    /// Runs it to its end.
    #[must_use]
    pub fn run(self) -> Ended {
        self.start().end()
    }

    /// Starts it.
    #[must_use]
    pub fn start(mut self) -> Started {
        self.command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let name = self.command.get_program().to_owned();
        let mut child = self
            .command
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", name.display()));
        // A program that ends without reading is none of the test's business.
        let _ = child.stdin.take().unwrap().write_all(&self.input);
        let heard = Arc::new(Heard::default());
        heard.listen(Stream::Stdout, child.stdout.take().unwrap());
        heard.listen(Stream::Stderr, child.stderr.take().unwrap());
        Started { child, heard }
    }
}

/// A running program. It is killed when this is dropped.
pub struct Started {
    child: Child,
    heard: Arc<Heard>,
}

#[derive(Clone, Copy)]
enum Stream {
    Stdout,
    Stderr,
}

/// What a program has said so far.
#[derive(Default)]
struct Heard {
    said: Mutex<Said>,
    changed: Condvar,
}

#[derive(Default)]
struct Said {
    text: [String; 2],
    silent: usize,
}

impl Heard {
    fn said(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn listen(self: &Arc<Self>, stream: Stream, source: impl Read + Send + 'static) {
        let heard = Arc::clone(self);
        std::thread::spawn(move || {
            let mut source = BufReader::new(source);
            let mut line = Vec::new();
            while source
                .read_until(b'\n', &mut line)
                .is_ok_and(|bytes| bytes > 0)
            {
                heard.said().text[stream as usize].push_str(&String::from_utf8_lossy(&line));
                heard.changed.notify_all();
                line.clear();
            }
            heard.said().silent += 1;
            heard.changed.notify_all();
        });
    }

    /// The text of a stream once it is as `wanted`; nothing when the program has closed its streams before, says nothing for too long, or
    /// has not come to it after many times that.
    fn until(&self, stream: Stream, wanted: impl Fn(&str) -> bool) -> Option<String> {
        let started = Instant::now();
        let mut last_word = (0, started);
        let mut said = self.said();
        loop {
            let length = said.text.iter().map(String::len).sum();
            if length != last_word.0 {
                last_word = (length, Instant::now());
            }
            let text = &said.text[stream as usize];
            if wanted(text) {
                return Some(text.clone());
            }
            let is_late = last_word.1.elapsed() > LIMIT || started.elapsed() > 10 * LIMIT;
            if said.silent == 2 || is_late {
                return None;
            }
            let wait = self.changed.wait_timeout(said, Duration::from_millis(200));
            said = wait.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Started {
    /// The first line of stdout.
    pub fn first_line(&self) -> String {
        let text = self.heard.until(Stream::Stdout, |text| text.contains('\n'));
        let text = text.unwrap_or_else(|| panic!("no line on stdout\n{}", self.so_far()));
        text.lines().next().unwrap_or_default().to_owned()
    }

    /// Waits until stderr contains a text.
    pub fn until_stderr_has(&self, wanted: &str) {
        let found = self
            .heard
            .until(Stream::Stderr, |text| text.contains(wanted));
        assert!(
            found.is_some(),
            "stderr never had `{wanted}`\n{}",
            self.so_far()
        );
    }

    /// Whether it has ended by itself.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.heard.said().silent == 2
    }

    /// What it has written so far.
    #[must_use]
    pub fn so_far(&self) -> Ended {
        let said = self.heard.said();
        let [stdout, stderr] = said.text.clone();
        Ended {
            code: None,
            stdout,
            stderr,
        }
    }

    /// Sends it SIGINT, as Ctrl-C does.
    #[cfg(unix)]
    pub fn interrupt(&self) {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    }

    /// Kills it, as a power cut would.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits for its end.
    #[must_use]
    pub fn end(mut self) -> Ended {
        let ended = self.heard.until(Stream::Stdout, |_| false);
        assert!(ended.is_none());
        let silent = self.heard.said().silent == 2;
        assert!(
            silent,
            "it has not ended, and said nothing for {} s or went on for {} s\n{}",
            LIMIT.as_secs(),
            (10 * LIMIT).as_secs(),
            self.so_far()
        );
        let status = self.child.wait().unwrap();
        Ended {
            code: status.code(),
            ..self.so_far()
        }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
