//! The emulator as a process of its own, as its users start it.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::http::{Answer, Request};
use crate::program::{Ended, Program, Started};

/// A running `dataops emulator`, on a port and in a folder of its own. It ends when this is dropped.
pub struct Emulator {
    /// What it printed in its first line.
    pub ready: Ready,
    process: Started,
    data: PathBuf,
    _temporary: Option<TempDir>,
}

/// The first line of the emulator.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ready {
    /// Always true.
    pub ready: bool,
    /// `http://127.0.0.1:PORT`.
    pub endpoint: String,
    /// The storage account.
    pub account: String,
    /// Its key.
    pub account_key: String,
    /// The token for everything.
    pub token: String,
}

impl Emulator {
    /// Starts one in a new folder.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(&[], &[])
    }

    /// Starts one that runs notebooks and training in `python`.
    #[must_use]
    pub fn start_with_python(python: &Path) -> Self {
        Self::start_with(&["--python", python.to_str().unwrap()], &[])
    }

    /// Starts one with further arguments and environment variables.
    #[must_use]
    pub fn start_with(args: &[&str], variables: &[(&str, &str)]) -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let data = temporary.path().join("azure");
        let mut emulator = Self::start_in(&data, args, variables);
        emulator._temporary = Some(temporary);
        emulator
    }

    /// Starts one in a folder that lasts.
    #[must_use]
    pub fn start_in(data: &Path, args: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut program = Program::dataops(["emulator", "--listen", "127.0.0.1:0", "--data-dir"]);
        program = program.args([data]).args(args);
        for (name, value) in variables {
            program = program.env(name, value);
        }
        let process = program.start();
        let line = process.first_line();
        let ready = serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("the first line is no ready record ({error}): {line}"));
        Self {
            ready,
            process,
            data: data.to_owned(),
            _temporary: None,
        }
    }

    /// `127.0.0.1:PORT`.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.ready.endpoint.trim_start_matches("http://")
    }

    /// The data directory.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Stops it as Ctrl-C does, and gives what it wrote.
    #[cfg(unix)]
    #[must_use]
    pub fn stop(self) -> Ended {
        self.process.interrupt();
        self.process.end()
    }

    /// Kills it, as a power cut would.
    pub fn kill(self) {
        self.process.kill();
    }

    /// What it has written so far.
    #[must_use]
    pub fn so_far(&self) -> Ended {
        self.process.so_far()
    }

    /// Sends a request with the token.
    #[must_use]
    pub fn send(&self, request: Request) -> Answer {
        let token = format!("Bearer {}", self.ready.token);
        request
            .header("Host", self.authority())
            .header("Authorization", &token)
            .send(self.authority())
    }

    /// Orders answers: `/_emulator/faults`.
    pub fn order(&self, faults: &Value) {
        let answer = self.send(Request::new("POST", "/_emulator/faults").json(faults));
        assert!(answer.status < 300, "{answer:?}");
    }

    /// Orders one answer for the next request that matches.
    pub fn order_once(&self, pattern: &str, status: u16, after_handler: bool) {
        self.order(&json!({
            "pattern": pattern, "status": status, "afterHandler": after_handler, "headers": {"Retry-After": "0"},
            "body": {"error": {"code": "Ordered", "message": "as ordered"}}}));
    }

    /// All ordered answers, and how many requests each has seen.
    #[must_use]
    pub fn faults(&self) -> Vec<Value> {
        let answer = self.send(Request::new("GET", "/_emulator/faults"));
        let said: Value = serde_json::from_str(&answer.body).unwrap();
        said["value"].as_array().cloned().unwrap_or_default()
    }

    /// Takes all orders back.
    pub fn forget_faults(&self) {
        let answer = self.send(Request::new("DELETE", "/_emulator/faults"));
        assert!(answer.status < 300, "{answer:?}");
    }

    /// Forgets factories, runs, blobs and orders.
    pub fn reset(&self) {
        let answer = self.send(Request::new("POST", "/_emulator/reset"));
        assert!(answer.status < 300, "{answer:?}");
    }

    /// What it knows about itself: `/_emulator/state`.
    #[must_use]
    pub fn state(&self) -> Value {
        let answer = self.send(Request::new("GET", "/_emulator/state"));
        serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
    }
}

/// Counts the requests that match from now on.
pub struct Counter<'e> {
    emulator: &'e Emulator,
    pattern: String,
}

impl<'e> Counter<'e> {
    /// Counts the requests of a pattern.
    #[must_use]
    pub fn of(emulator: &'e Emulator, pattern: &str) -> Self {
        emulator.order(&json!({"pattern": pattern, "status": 500, "offset": 1_u64 << 40}));
        Self {
            emulator,
            pattern: pattern.to_owned(),
        }
    }

    /// How many there were. All orders are taken back.
    #[must_use]
    pub fn count(self) -> u64 {
        let faults = self.emulator.faults();
        let is_ours = |fault: &&Value| {
            let pattern = fault["pattern"].as_str();
            pattern.is_some_and(|pattern| pattern.eq_ignore_ascii_case(&self.pattern))
        };
        let ours = faults.iter().find(is_ours);
        self.emulator.forget_faults();
        ours.unwrap()["seen"].as_u64().unwrap()
    }
}
