//! Finds a Python interpreter.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

const OLDEST: (u32, u32) = (3, 9);
const VARIABLE: &str = "DATAOPS_PYTHON";
const PATIENCE: Duration = Duration::from_secs(20);
const QUESTION: &str =
    "import sys; print(sys.version_info[0], sys.version_info[1], sys.executable, sep='\\n')";

/// A Python interpreter that is known to work and to be new enough (3.9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpreter {
    path: PathBuf,
    version: (u32, u32),
}

/// No usable Python.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PythonError {
    /// None of the usual names leads to an interpreter.
    #[error(
        "no Python was found (tried {}): install Python 3.9 or newer, or set DATAOPS_PYTHON to an interpreter",
        tried.join(", ")
    )]
    NotFound {
        /// What was tried, and why it was not taken.
        tried: Vec<String>,
    },
    /// The interpreter is too old.
    #[error("{} is Python {}.{}, and 3.9 or newer is needed", path.display(), version.0, version.1)]
    TooOld {
        /// The interpreter.
        path: PathBuf,
        /// Major and minor version.
        version: (u32, u32),
    },
    /// The interpreter does not start, or does not answer as Python does.
    #[error("{} is not a working Python: {reason}", path.display())]
    Unusable {
        /// The interpreter.
        path: PathBuf,
        /// What it did instead.
        reason: String,
    },
}

impl Interpreter {
    /// Finds an interpreter: `explicit`, else `$DATAOPS_PYTHON`, else `python3` or `python` on the `PATH`.
    ///
    /// # Errors
    ///
    /// An interpreter that was named must work; there is no fallback from it to another one.
    pub async fn find(explicit: Option<&Path>) -> Result<Self, PythonError> {
        let variable = std::env::var_os(VARIABLE).filter(|value| !value.is_empty());
        Self::choose(explicit, variable, &["python3", "python"]).await
    }

    async fn choose(
        explicit: Option<&Path>,
        variable: Option<OsString>,
        names: &[&str],
    ) -> Result<Self, PythonError> {
        if let Some(path) = explicit {
            return Self::check(path).await;
        }
        if let Some(path) = variable {
            return Self::check(Path::new(&path)).await;
        }
        let mut tried = Vec::new();
        for name in names {
            match Self::check(Path::new(name)).await {
                Ok(found) => return Ok(found),
                Err(error) => tried.push(error.to_string()),
            }
        }
        Err(PythonError::NotFound { tried })
    }

    /// Asks the interpreter for its version and its real path.
    async fn check(path: &Path) -> Result<Self, PythonError> {
        let unusable = |reason: String| PythonError::Unusable {
            path: path.to_owned(),
            reason,
        };
        let mut command = Command::new(path);
        command
            .args(["-c", QUESTION])
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let output = tokio::time::timeout(PATIENCE, command.output())
            .await
            .map_err(|_| unusable(format!("no answer within {} s", PATIENCE.as_secs())))?
            .map_err(|error| unusable(start_reason(&error)))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let (version, real) = parse_answer(&text).ok_or_else(|| {
            let first = String::from_utf8_lossy(&output.stderr);
            unusable(first.lines().last().unwrap_or("no answer").to_owned())
        })?;
        if version < OLDEST {
            return Err(PythonError::TooOld {
                path: path.to_owned(),
                version,
            });
        }
        Ok(Self {
            path: real.unwrap_or_else(|| path.to_owned()),
            version,
        })
    }

    /// The interpreter's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Major and minor version.
    pub fn version(&self) -> (u32, u32) {
        self.version
    }

    #[cfg(test)]
    pub(super) fn unchecked(path: &str) -> Self {
        Self {
            path: path.into(),
            version: OLDEST,
        }
    }
}

fn start_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such program".to_owned(),
        _ => error.to_string(),
    }
}

fn parse_answer(text: &str) -> Option<((u32, u32), Option<PathBuf>)> {
    let mut lines = text.lines();
    let major = lines.next()?.parse().ok()?;
    let minor = lines.next()?.parse().ok()?;
    let path = lines
        .next()
        .filter(|path| !path.is_empty())
        .map(PathBuf::from);
    Some(((major, minor), path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_named_interpreter_that_is_missing_is_an_error() {
        let error = Interpreter::find(Some(Path::new("/nowhere/python")))
            .await
            .unwrap_err();

        assert_eq!(
            error.to_string(),
            "/nowhere/python is not a working Python: no such program"
        );
    }

    #[tokio::test]
    async fn the_message_lists_what_was_tried() {
        let error = Interpreter::choose(None, None, &["no-such-python"])
            .await
            .unwrap_err();

        let text = error.to_string();
        assert!(
            text.contains("no-such-python is not a working Python"),
            "{text}"
        );
        assert!(text.contains("DATAOPS_PYTHON"), "{text}");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_program_that_is_not_python_is_refused() {
        let error = Interpreter::find(Some(Path::new("/bin/cat")))
            .await
            .unwrap_err();

        assert!(matches!(error, PythonError::Unusable { .. }), "{error}");
    }

    #[test]
    fn reads_the_answer_of_an_interpreter() {
        assert_eq!(
            parse_answer("3\n8\n/usr/bin/python3\n"),
            Some(((3, 8), Some("/usr/bin/python3".into())))
        );
        assert_eq!(parse_answer("hello"), None);
    }
}
