//! The line of a file that an error is about, with a caret below the place.

use std::fs;
use std::ops::Range;
use std::path::Path;

use adf_source::{Lines, Position};

use crate::covering::{secrets, uncovered};
use crate::terminal::{Place, harmless};

/// The most characters of a line that are shown, and how many of them before the place.
const WIDTH: usize = 100;
const BEFORE: usize = 60;
/// How many characters of a line are looked at on either side of the place: more than are shown, for a secret is shown shorter than it is.
const REACH: usize = 2000;

/// The excerpt; nothing when the file cannot be read any longer.
pub(crate) fn render(place: &Place) -> String {
    Source::read(&place.path).excerpt(place.line, place.column)
}

/// A file that excerpts are shown of: it is read once, however many there are.
pub(crate) struct Source {
    text: String,
    lines: Lines,
    covered: Covered,
}

impl Source {
    /// Reads a file; of one that cannot be read any longer nothing is shown.
    pub(crate) fn read(path: &Path) -> Self {
        let text = fs::read(path).unwrap_or_default();
        Self::of(path, String::from_utf8_lossy(&text).into_owned())
    }

    fn of(path: &Path, text: String) -> Self {
        Self {
            lines: Lines::of(&text),
            covered: Covered::of(secrets(&path.to_string_lossy(), &text)),
            text,
        }
    }

    /// The line, with a caret below the column; both count from 1, and columns in characters.
    pub(crate) fn excerpt(&self, line: u64, column: u64) -> String {
        self.shown(line, column).unwrap_or_default()
    }

    fn shown(&self, line: u64, column: u64) -> Option<String> {
        let place = |line, column| Position { line, column };
        let at = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let start = self.lines.offset(&self.text, place(at(line), 1));
        // Behind the last line there is nothing to show.
        let first = self.lines.position(&self.text, start);
        if start == self.text.len() || first.line != at(line).max(1) {
            return None;
        }
        let at = self.lines.offset(&self.text, place(at(line), at(column)));
        let before = &self.text[start..at];
        // A line may be all of the file.
        let from = before.char_indices().rev().nth(REACH);
        let from = from.map_or(start, |(from, _)| start + from);
        let rest = &self.text[at..];
        let end = rest.char_indices().take(REACH);
        let end = end.take_while(|(_, letter)| *letter != '\n');
        let end = end.last().map_or(0, |(at, letter)| at + letter.len_utf8());
        let goes_on = !matches!(rest[end..].chars().next(), None | Some('\n'));
        let line_end = self.text[from..at + end].trim_end().len() + from;
        let line_end = if goes_on { at + end } else { line_end };
        let at = at.min(line_end);
        let part = |bytes: Range<usize>| {
            let covered = self.covered.within(&bytes);
            uncovered(&self.text[bytes.clone()], bytes.start, covered)
        };
        Some(of_line(
            (&part(from..at), from > start),
            (&part(at..line_end), goes_on),
            line,
        ))
    }
}

/// Places of secrets, so that those in a line are found without a look at all others.
struct Covered {
    /// By where they begin.
    places: Vec<Range<usize>>,
    /// Where the last one ends of all that begin there or before.
    ends: Vec<usize>,
}

impl Covered {
    fn of(mut places: Vec<Range<usize>>) -> Self {
        places.sort_by_key(|place| place.start);
        let ends = places.iter().scan(0, |last, place| {
            *last = place.end.max(*last);
            Some(*last)
        });
        Self {
            ends: ends.collect(),
            places,
        }
    }

    /// Those that may lie in a part of the text.
    fn within(&self, part: &Range<usize>) -> &[Range<usize>] {
        let first = self.ends.partition_point(|end| *end <= part.start);
        let behind = self.places.partition_point(|place| place.start < part.end);
        self.places.get(first..behind).unwrap_or_default()
    }
}

/// A line, and the place between its two parts, each with whether the line goes on beyond it.
fn of_line((before, is_cut): (&str, bool), (rest, goes_on): (&str, bool), number: u64) -> String {
    let characters: Vec<char> = before.chars().chain(rest.chars()).collect();
    let at = before.chars().count();
    let start = match characters.len() <= WIDTH && !is_cut && !goes_on {
        true => 0,
        false => at.saturating_sub(BEFORE),
    };
    let end = characters.len().min(start + WIDTH);
    let shown: String = characters[start..end].iter().collect();
    let dots = |cut: bool| if cut { "…" } else { "" };
    let left = dots(start > 0 || is_cut);
    let right = dots(end < characters.len() || goes_on);
    // A tab stays one, so that the caret stands below its place.
    let indent: String = characters[start..at]
        .iter()
        .map(|c| if *c == '\t' { '\t' } else { ' ' })
        .collect();
    let number = number.to_string();
    let margin = " ".repeat(number.len());
    let line = harmless(&shown);
    let space = " ".repeat(left.chars().count());
    format!(" {margin} |\n {number} | {left}{line}{right}\n {margin} | {space}{indent}^\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(line: &str, column: u64) -> String {
        excerpt_of("x", line, column)
    }

    fn excerpt_of(path: &str, line: &str, column: u64) -> String {
        let text = format!("{}{line}\nlast", "\n".repeat(11));
        Source::of(path.as_ref(), text).excerpt(12, column)
    }

    #[test]
    fn the_caret_stands_below_the_place() {
        assert_eq!(
            excerpt("adf: oops  ", 6),
            "    |\n 12 | adf: oops\n    |      ^\n"
        );
        assert_eq!(excerpt("\ta: b", 5), "    |\n 12 | \ta: b\n    | \t   ^\n");
        assert_eq!(excerpt("é: b", 99), "    |\n 12 | é: b\n    |     ^\n");
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides() {
        let text = excerpt(&"0123456789".repeat(50), 200);

        let lines: Vec<_> = text.lines().collect();
        assert!(
            lines[1].starts_with(" 12 | …") && lines[1].ends_with('…'),
            "{text}"
        );
        let column = lines[2].chars().count() - 1;
        assert_eq!(lines[1].chars().nth(column), Some('9'));
    }

    #[test]
    fn a_line_is_shown_without_its_secrets() {
        for (path, line, shown) in [
            (
                "dataops.yaml",
                "  password: { secret: CANARY ]",
                "  password: { secret: \"…\" ]",
            ),
            (
                "adf/linkedService/Sql.json",
                r#""password": {"type": "SecureString", "value": "CANARY"} "x": 1"#,
                r#""password": {"type": "SecureString", "value": "…"} "x": 1"#,
            ),
            (
                "adf/linkedService/Sql.json",
                r#""password":CANARY3,"clientSecret":"CANARY4"#,
                r#""password":"…","clientSecret":"…""#,
            ),
        ] {
            for column in [1, 24, 40, 99] {
                let text = excerpt_of(path, line, column);

                assert!(!text.contains("CANARY") && !text.contains("ANAR"), "{text}");
            }
            let last = excerpt_of(path, line, 99);
            assert_eq!(last.lines().nth(1), Some(format!(" 12 | {shown}").as_str()));
            let caret = 6 + shown.chars().count();
            assert_eq!(
                last.lines().nth(2).map(|line| line.chars().count()),
                Some(caret + 1)
            );
        }
    }

    #[test]
    fn a_line_that_is_not_there_is_not_shown() {
        let source = Source::of("x".as_ref(), "a\nb".to_owned());

        assert_eq!(source.shown(3, 1), None);
        assert!(source.shown(2, 9).is_some());
        assert_eq!(Source::of("x".as_ref(), "a\n".to_owned()).shown(2, 1), None);
        assert_eq!(Source::read("no/such/file".as_ref()).excerpt(1, 1), "");
    }
}
