//! What colours and lines mean.

use std::fmt::Write as _;

use super::super::{Class, Picture};
use super::arrow::{head, strokes};
use super::text::{escaped, text_width};

/// The height of a line.
const LINE: f64 = 22.0;

/// What colours and lines mean.
pub(super) struct Legend {
    entries: Vec<(String, f64)>,
    pub(super) least_width: f64,
}

impl Legend {
    pub(super) fn new(picture: &Picture) -> Self {
        let mut entries = Vec::new();
        for class in picture
            .classes()
            .into_iter()
            .filter(|class| *class != Class::Branch)
        {
            let swatch = format!(
                "<rect x=\"0\" y=\"-9\" width=\"4\" height=\"12\" rx=\"2\" fill=\"{}\"/>",
                class.colour()
            );
            entries.push(entry(&swatch, 10.0, &class.name()));
        }
        for mark in picture.marks() {
            let (fill, line) = mark.colours().unwrap_or_default();
            let swatch = format!(
                "<rect x=\"0\" y=\"-9\" width=\"16\" height=\"11\" rx=\"3\" fill=\"{fill}\" stroke=\"{line}\"/>"
            );
            entries.push(entry(&swatch, 22.0, mark.name()));
        }
        for stroke in strokes(picture)
            .into_iter()
            .filter(|stroke| !stroke.name().is_empty())
        {
            let dash = if stroke.is_dashed() {
                " stroke-dasharray=\"5 4\""
            } else {
                ""
            };
            let swatch = format!(
                "<path d=\"M0 -3.5 H22\" stroke=\"{}\" stroke-width=\"1.5\"{dash} marker-end=\"url(#{})\"/>",
                stroke.colour(),
                head(stroke)
            );
            entries.push(entry(&swatch, 28.0, stroke.name()));
        }
        let least_width = entries.iter().map(|(_, width)| *width).fold(0.0, f64::max);
        Self {
            entries,
            least_width: least_width.max(320.0),
        }
    }

    /// The legend in lines of at most `width`, and its height.
    pub(super) fn draw(&self, width: f64) -> (String, f64) {
        let mut text = String::new();
        let (mut x, mut y) = (0.0, LINE);
        for (entry, entry_width) in &self.entries {
            if x > 0.0 && x + entry_width > width {
                x = 0.0;
                y += LINE;
            }
            let _ = writeln!(
                text,
                "<g transform=\"translate({x:.1} {y:.1})\">{entry}</g>"
            );
            x += entry_width + 18.0;
        }
        let height = if self.entries.is_empty() { 0.0 } else { y };
        (text, height)
    }
}

fn entry(swatch: &str, offset: f64, name: &str) -> (String, f64) {
    let text = format!(
        "{swatch}<text x=\"{offset}\" y=\"0\">{}</text>",
        escaped(name)
    );
    (text, offset + text_width(name, 12.0))
}
