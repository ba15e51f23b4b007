//! Places in a text.

use std::ops::Range;

use crate::Lines;

/// A place in a text, for people and editors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Position {
    /// The place of a byte offset in `text`.
    #[must_use]
    pub fn of(text: &str, offset: usize) -> Self {
        let before = &text.as_bytes()[..offset.min(text.len())];
        let line_start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = String::from_utf8_lossy(&before[line_start..])
            .chars()
            .count()
            + 1;
        Self { line, column }
    }
}

/// A part of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The bytes of the decoded text.
    pub bytes: Range<usize>,
    /// Where it begins.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
}

impl Span {
    /// A part of a text that is not at hand, of which only lines and columns are known.
    #[must_use]
    pub const fn between(start: Position, end: Position) -> Self {
        Self {
            bytes: 0..0,
            start,
            end,
        }
    }

    /// Its bytes in `text`, found by lines and columns where they are not known.
    #[must_use]
    pub fn bytes_in(&self, text: &str) -> Range<usize> {
        let first = Position { line: 1, column: 1 };
        if self.bytes != (0..0) || self.end <= first {
            return self.bytes.clone();
        }
        let lines = Lines::of(text);
        let start = lines.offset(text, self.start);
        start..lines.offset(text, self.end).max(start)
    }

    /// The part of `text` at `bytes`.
    #[must_use]
    pub fn of(text: &str, bytes: Range<usize>) -> Self {
        Self {
            start: Position::of(text, bytes.start),
            end: Position::of(text, bytes.end),
            bytes,
        }
    }
}
