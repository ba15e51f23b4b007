//! Lines for a terminal.

use dataops_plan::{Line, Tone};

/// Lines that are being written.
#[derive(Default)]
pub(super) struct Lines(pub(super) Vec<Line>);

impl Lines {
    /// Adds a line. Names may hold anything that a terminal would follow.
    pub(super) fn add(&mut self, tone: Tone, text: impl AsRef<str>) {
        self.0.push(Line {
            tone,
            text: harmless(text.as_ref()),
        });
    }
}

/// A text without what moves a terminal's cursor or turns a line around.
pub(super) fn harmless(text: &str) -> String {
    let shown = text.chars().map(|character| match character {
        '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => '\u{fffd}',
        other if other.is_control() => '\u{fffd}',
        other => other,
    });
    shown.collect()
}

/// Rows with columns of equal width; the last column is as long as it is.
pub(super) fn table(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<_> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
