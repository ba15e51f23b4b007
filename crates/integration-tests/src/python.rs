//! Interpreters for notebooks, training and the official clients.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::emulator::Emulator;
use crate::program::Program;

/// A Python that has what a test needs.
pub struct Python {
    path: PathBuf,
}

impl Python {
    /// An interpreter that can import `modules`.
    ///
    /// Where there is none, this says on stderr that `test` did not run, and gives nothing; with `DATAOPS_REQUIRE_PYTHON=1` it
    /// panics.
    #[must_use]
    pub fn for_test(test: &str, modules: &[&str]) -> Option<Self> {
        match Self::find(modules) {
            Ok(found) => Some(found),
            Err(reason) => {
                let required =
                    std::env::var_os("DATAOPS_REQUIRE_PYTHON").is_some_and(|value| value == "1");
                assert!(!required, "{reason}");
                // Straight to the stream: the test harness would keep a passed test's prints to itself.
                let _ = writeln!(
                    std::io::stderr(),
                    "\n=== NOT RUN: {test}: {reason}\n=== run it with DATAOPS_TEST_PYTHON=$(scripts/python-env.sh)\n"
                );
                None
            }
        }
    }

    fn find(modules: &[&str]) -> Result<Self, String> {
        let named = std::env::var_os("DATAOPS_TEST_PYTHON").filter(|value| !value.is_empty());
        let path = named.clone().unwrap_or_else(|| "python3".into());
        let code = format!(
            "import sys; assert sys.version_info >= (3, 9)\nfor name in {modules:?}: __import__(name)\nprint(sys.executable)"
        );
        let asked = std::process::Command::new(&path)
            .args(["-c", &code])
            .output();
        let source = if named.is_some() {
            "DATAOPS_TEST_PYTHON"
        } else {
            "PATH"
        };
        match asked {
            Ok(output) if output.status.success() => {
                let executable = String::from_utf8_lossy(&output.stdout);
                Ok(Self {
                    path: executable.trim_end().into(),
                })
            }
            Ok(output) => {
                let text = String::from_utf8_lossy(&output.stderr);
                let last = text.lines().last().unwrap_or("it failed");
                Err(format!("{} ({source}): {last}", path.display()))
            }
            Err(error) => Err(format!("{} ({source}): {error}", path.display())),
        }
    }

    /// The interpreter.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Runs a story of `python/<file>.py` against an emulator, and fails with what it said when it fails.
pub fn story(python: &Python, emulator: &Emulator, file: &str, story: &str) {
    story_with(python, emulator, file, story, &[]);
}

/// The same with more variables.
pub fn story_with(
    python: &Python,
    emulator: &Emulator,
    file: &str,
    story: &str,
    variables: &[(&str, &str)],
) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("python")
        .join(format!("{file}.py"));
    let mut program = Program::new(python.path()).args([script.as_os_str(), story.as_ref()]);
    for (name, value) in variables {
        program = program.env(name, value);
    }
    let ended = program
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("EMULATOR_ENDPOINT", &emulator.ready.endpoint)
        .env("EMULATOR_ACCOUNT", &emulator.ready.account)
        .env("EMULATOR_ACCOUNT_KEY", &emulator.ready.account_key)
        .env("EMULATOR_TOKEN", &emulator.ready.token)
        .run();
    assert_eq!(
        ended.code,
        Some(0),
        "{ended}\n=== the emulator\n{}",
        emulator.so_far()
    );
}
