//! A cell: its text without the marks of the file format, and where each part of it stands in the file.

use std::ops::Range;

use crate::magic::is_cell_magic;
use crate::{Language, Magic};

/// A cell of a notebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The text as the editor shows it.
    pub text: String,
    /// The magic at its beginning, which decides what the whole cell is.
    pub magic: Option<Magic>,
    /// Whether the cell is documentation.
    pub markdown: bool,
    pub(crate) lines: Vec<Line>,
}

/// Where a line of a cell stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its first byte in the cell's text.
    pub(crate) start: usize,
    /// Its bytes in the file.
    pub(crate) file: Range<usize>,
    /// Whether the file has the line as it is, and not as a JSON string.
    pub(crate) plain: bool,
    /// Whether the file has the mark of a magic before it.
    pub(crate) marked: bool,
}

impl Cell {
    pub(crate) fn new(lines: Vec<(Line, &str)>, markdown: bool) -> Self {
        let mut text = String::new();
        let mut places = Vec::with_capacity(lines.len());
        for (at, (mut line, content)) in lines.into_iter().enumerate() {
            if at > 0 {
                text.push('\n');
            }
            line.start = text.len();
            text.push_str(content);
            places.push(line);
        }
        let magic = (!markdown).then(|| Magic::of_cell(&text)).flatten();
        Self {
            text,
            magic,
            markdown,
            lines: places,
        }
    }

    /// Where a part of the cell's text stands in the file.
    #[must_use]
    pub fn in_file(&self, part: &Range<usize>) -> Range<usize> {
        let (Some(first), Some(last)) = (self.line_of(part.start), self.line_of(part.end)) else {
            return 0..0;
        };
        let start = match first.plain {
            true => (first.file.start + part.start.saturating_sub(first.start)).min(first.file.end),
            false => first.file.start,
        };
        let end = match last.plain {
            true => (last.file.start + part.end.saturating_sub(last.start)).min(last.file.end),
            false => last.file.end,
        };
        start..end.max(start)
    }

    fn line_of(&self, at: usize) -> Option<&Line> {
        let after = self.lines.partition_point(|line| line.start <= at);
        self.lines.get(after.saturating_sub(1))
    }

    /// The text behind the magic, and where it begins in the cell's text.
    #[must_use]
    pub fn body(&self) -> (usize, &str) {
        let start = self.magic.as_ref().map_or(0, |magic| magic.bytes.end);
        (start, &self.text[start..])
    }

    /// What the cell is written in, in a notebook of `default`; none where it is no code of a language.
    #[must_use]
    pub fn language(&self, default: Language) -> Option<Language> {
        match &self.magic {
            _ if self.markdown => None,
            Some(magic) if is_cell_magic(&magic.name) => Language::of_name(&magic.name),
            _ => Some(default),
        }
    }
}
