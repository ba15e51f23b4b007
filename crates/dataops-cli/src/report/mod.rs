//! Results of commands, and the forms they are given in.

pub(crate) mod applied;
mod cells;
pub(crate) mod dialect;
pub(crate) mod difference;
pub(crate) mod findings;
mod gantt;
pub(crate) mod html;
mod junit;
mod lines;
pub(crate) mod merge;
mod natural;
pub(crate) mod planned;
pub(crate) mod policy;
pub(crate) mod review;
mod table;
pub(crate) mod verdict;

pub(crate) use lines::{Written, lines};
pub(crate) use natural::natural;
pub(crate) use table::{checks, failures, rows, rows_by_id, runs};

use std::io::{self, Write};

use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal::{harmless_json, without_commands};

/// A command's result: data first, with a form for people.
pub(crate) trait Report: Serialize {
    /// Writes the form for people.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    fn human(&self, out: &mut dyn Write) -> io::Result<()>;

    /// Whether what was asked about holds; otherwise the exit code is 1.
    fn holds(&self) -> bool {
        true
    }

    /// The exit code.
    fn exit(&self) -> Exit {
        match self.holds() {
            true => Exit::Ok,
            false => Exit::Failed,
        }
    }

    /// What does not hold, in one sentence for a list of errors.
    fn complaint(&self) -> String {
        "it does not hold".to_owned()
    }

    /// What to do about what does not hold, where the form for people does not tell; it is told as an error then.
    fn advice(&self) -> Option<String> {
        None
    }
}

/// The form of a result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Output {
    /// For people.
    #[default]
    Human,
    /// One JSON document.
    Json,
}

impl Output {
    /// Writes `report` to stdout, unable to pass for a command of a CI system.
    ///
    /// # Errors
    ///
    /// When stdout cannot be written to.
    pub(crate) fn print(self, report: &impl Report) -> Result<(), Failure> {
        match self {
            Self::Human => {
                let mut text = Vec::new();
                report.human(&mut text).map_err(|error| unwritten(&error))?;
                write(&without_commands(&String::from_utf8_lossy(&text)))
            }
            Self::Json => write(&document(report)?),
        }
    }
}

/// One JSON document, unable to pass for a command of a CI system.
pub(crate) fn document(document: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(document);
    let text = text.map_err(|error| Failure::new(Exit::Bug, error))?;
    Ok(harmless_json(&text) + "\n")
}

/// Writes a text to stdout. A reader that goes away is no error.
///
/// # Errors
///
/// When stdout cannot be written to.
pub(crate) fn write(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(unwritten(&error)),
        _ => Ok(()),
    }
}

/// The failure to write to stdout, which says nothing of what was asked about.
pub(crate) fn unwritten(error: &io::Error) -> Failure {
    Failure::usage(format!("the result cannot be written: {error}"))
        .hint("stdout leads to where nothing can be written; what was done stands")
}
