//! A clean place to run a program in: its own home, folder and variables.

use std::fmt;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;
use test_support::Service;

/// A program under test.
#[derive(Clone, Copy)]
pub(crate) enum Program {
    Dataops,
    Invoke,
    TestData,
}

impl Program {
    fn path(self) -> &'static str {
        match self {
            Self::Dataops => env!("CARGO_BIN_EXE_dataops"),
            Self::Invoke => env!("CARGO_BIN_EXE_invoke-adf-pipeline"),
            Self::TestData => env!("CARGO_BIN_EXE_test-data-ingestion"),
        }
    }
}

/// The token that the services are called with; no output may show it.
pub(crate) const TOKEN: &str = "s3cr3t-t0ken-0f-th3-t3sts";

/// Where a program runs. Nothing of the machine's own environment gets in.
pub(crate) struct TestEnvironment {
    home: TempDir,
    variables: Vec<(String, String)>,
}

impl TestEnvironment {
    pub(crate) fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
            variables: Vec::new(),
        }
    }

    /// Everything is sent to `service`.
    pub(crate) fn at(service: &Service) -> Self {
        Self::new()
            .with("DATAOPS_EMULATOR", &service.uri())
            .with("DATAOPS_EMULATOR_TOKEN", TOKEN)
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Writes a file into the folder that the program runs in.
    pub(crate) fn file(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The variables that were given.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (String, String)> {
        self.variables.iter().cloned()
    }

    pub(crate) fn command(&self, program: Program, args: &[&str]) -> Command {
        let mut command = Command::new(program.path());
        command
            .args(args)
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", self.home.path())
            .envs(self.variables.iter().cloned())
            .current_dir(self.home.path())
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, program: Program, args: &[&str]) -> Ended {
        self.ended(&self.command(program, args).output().unwrap())
    }

    /// Starts a program with its outputs in pipes.
    pub(crate) fn start(&self, program: Program, args: &[&str]) -> Child {
        let mut command = self.command(program, args);
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    pub(crate) fn ended(&self, output: &Output) -> Ended {
        let home = self.home.path().canonicalize().unwrap();
        let plain = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            text.replace(home.to_str().unwrap(), "[HOME]")
        };
        Ended {
            code: output.status.code(),
            stdout: plain(&output.stdout),
            stderr: plain(&output.stderr),
        }
    }
}

/// How a program ended, and what it said.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// One error, nothing on stdout, and this exit code.
    pub(crate) fn refused(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self}");
        assert_eq!(self.stdout, "", "{self}");
        let errors = self
            .stderr
            .lines()
            .filter(|line| line.starts_with("error: "));
        assert_eq!(errors.count(), 1, "{self}");
        self
    }

    /// Both outputs hold `text` somewhere.
    pub(crate) fn says(&self, text: &str) -> &Self {
        assert!(
            self.stdout.contains(text) || self.stderr.contains(text),
            "no `{text}`\n{self}"
        );
        self
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{self}"))
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self
            .code
            .map_or_else(|| "a signal".to_owned(), |code| code.to_string());
        write!(
            out,
            "exit: {code}\n----- stdout\n{}----- stderr\n{}",
            self.stdout, self.stderr
        )
    }
}

/// Compares how a program ended with a snapshot in the test, without clocks and ports.
macro_rules! shows {
    ($ended:expr, $($snapshot:tt)*) => {
        insta::with_settings!({ filters => [
            (r"(?m)^\d\d:\d\d:\d\d ", "[CLOCK] "),
            (r"127\.0\.0\.1:\d+", "[ADDRESS]"),
        ]}, {
            insta::assert_snapshot!($ended, $($snapshot)*);
        })
    };
}
pub(crate) use shows;
