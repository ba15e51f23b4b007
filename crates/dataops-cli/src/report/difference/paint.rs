//! Colours of a difference on a terminal. Text of documents is cleaned before anything is painted, so that no colour can tear a
//! command of a CI system apart.

use std::ops::Range;

use adf_diff::How;
use anstyle::{AnsiColor, Style};

use crate::terminal::harmless;

pub(crate) const ADDED: Style = AnsiColor::Green.on_default();
pub(crate) const REMOVED: Style = AnsiColor::Red.on_default();
pub(crate) const CHANGED: Style = AnsiColor::Yellow.on_default();
pub(crate) const MOVED: Style = AnsiColor::Cyan.on_default();
pub(crate) const QUIET: Style = Style::new().dimmed();
pub(crate) const STRONG: Style = Style::new().bold();
pub(crate) const ALARM: Style = AnsiColor::Red.on_default().bold();
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// The sign of a change, and its colour.
pub(crate) fn sign(how: How) -> (&'static str, Style) {
    match how {
        How::Added => ("+", ADDED),
        How::Removed => ("-", REMOVED),
        How::Renamed => ("→", MOVED),
        How::Changed => ("~", CHANGED),
    }
}

/// Text of a document on one line.
pub(crate) fn line(text: &str) -> String {
    harmless(text).replace(['\n', '\t'], " ")
}

/// `text` in a style.
pub(crate) fn painted(text: &str, style: Style) -> String {
    match text {
        "" => String::new(),
        text => format!("{style}{text}{style:#}"),
    }
}

/// `text` in a style, with the marked bytes in bold and underlined.
pub(crate) fn marked(text: &str, marks: &[Range<usize>], style: Style) -> String {
    let strong = style.bold().underline();
    let mut shown = String::new();
    let mut at = 0;
    for mark in marks {
        let (Some(before), Some(within)) = (text.get(at..mark.start), text.get(mark.clone()))
        else {
            continue;
        };
        // All of it marked says nothing.
        if mark.len() == text.len() {
            break;
        }
        shown.push_str(&painted(before, style));
        shown.push_str(&painted(within, strong));
        at = mark.end;
    }
    shown.push_str(&painted(text.get(at..).unwrap_or_default(), style));
    shown
}
