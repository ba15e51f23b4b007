//! Lines that an engine has written, in their colours.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use dataops_plan::{Line, Tone};
use serde::{Serialize, Serializer};

use super::Report;
use crate::exit::Exit;

/// Writes lines in their colours.
pub(crate) fn lines(lines: Vec<Line>, out: &mut dyn Write) -> io::Result<()> {
    for Line { tone, text } in lines {
        let style = style(tone);
        writeln!(out, "{style}{text}{style:#}")?;
    }
    Ok(())
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Heading => Style::new().bold(),
        Tone::Added => AnsiColor::Green.on_default(),
        Tone::Changed | Tone::Warning => AnsiColor::Yellow.on_default(),
        Tone::Removed => AnsiColor::Red.on_default(),
        Tone::Error => AnsiColor::Red.on_default().bold(),
        Tone::Quiet => Style::new().dimmed(),
        Tone::Plain => Style::new(),
    }
}

/// A result that an engine has written out: lines for people, data for others.
pub(crate) struct Written<D> {
    lines: Vec<Line>,
    data: D,
    exit: Exit,
    complaint: &'static str,
}

impl<D: Serialize> Written<D> {
    /// A result with its exit code, and what does not hold.
    pub(crate) fn new(lines: Vec<Line>, data: D, exit: Exit, complaint: &'static str) -> Self {
        Self {
            lines,
            data,
            exit,
            complaint,
        }
    }
}

impl<D: Serialize> Serialize for Written<D> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.data.serialize(serializer)
    }
}

impl<D: Serialize> Report for Written<D> {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        lines(self.lines.clone(), out)
    }

    fn exit(&self) -> Exit {
        self.exit
    }

    fn complaint(&self) -> String {
        self.complaint.to_owned()
    }
}
