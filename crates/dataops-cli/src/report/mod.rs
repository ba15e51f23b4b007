//! Results of commands, and the forms they are given in.

mod gantt;
pub(crate) mod html;
mod table;

pub(crate) use table::{checks, failures, runs};

use std::io::{self, Write};

use serde::Serialize;

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
    /// Writes `report` to stdout. A reader that goes away is no error.
    ///
    /// # Errors
    ///
    /// When stdout cannot be written to.
    pub(crate) fn print(self, report: &impl Report) -> io::Result<()> {
        let mut out = anstream::stdout().lock();
        let written = match self {
            Self::Human => report.human(&mut out),
            Self::Json => serde_json::to_writer_pretty(&mut out, report)
                .map_err(io::Error::from)
                .and_then(|()| writeln!(out)),
        };
        match written.and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written,
        }
    }
}
