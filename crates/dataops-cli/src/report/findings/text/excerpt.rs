//! The line that a finding is about, or the part of it around the place.

use std::ops::Range;

use adf_source::Span;
use unicode_width::UnicodeWidthChar;

use crate::covering::uncovered;

/// The columns that a tab takes.
const TAB: &str = "  ";

/// A part of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// What is shown, without what would drive a terminal, and without the line's indentation.
    pub(super) line: String,
    /// The columns before the place.
    pub(super) before: usize,
    /// The columns of the place.
    pub(super) marked: usize,
}

impl Excerpt {
    /// The excerpt around a place in at most `room` columns; none where the text has no such place. Of a place in several lines, the
    /// part in the first line is marked. What is `covered` is not shown.
    pub(super) fn of(
        text: &str,
        span: &Span,
        covered: &[Range<usize>],
        room: usize,
    ) -> Option<Self> {
        let bytes = span.bytes_in(text);
        let start = bytes.start;
        let line_start = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
        let rest = text.get(start..)?;
        let line_end = start + rest.find('\n').unwrap_or(rest.len());
        let line_end = line_start + text[line_start..line_end].trim_end_matches('\r').len();
        let start = start.min(line_end);
        let end = bytes.end.clamp(start, line_end);
        let shown = |bytes: Range<usize>| {
            let part = text.get(bytes.clone())?;
            Some(uncovered(part, bytes.start, covered))
        };

        let mut line = String::new();
        let mut columns = room.saturating_sub(2).max(20);
        let before = before(&shown(line_start..start)?, columns / 2);
        let before = push(&mut line, before.chars(), &mut columns);
        let marked = push(&mut line, shown(start..end)?.chars(), &mut columns);
        push(&mut line, shown(end..line_end)?.chars(), &mut columns);
        Some(Self {
            line,
            before,
            marked,
        })
    }
}

/// What stands before a place, without indentation, in at most `room` columns.
fn before(text: &str, room: usize) -> String {
    let text = text.trim_start();
    let mut columns = 0;
    let kept = text.char_indices().rev().take_while(|(_, character)| {
        columns += width(*character);
        columns <= room
    });
    match kept.last() {
        Some((0, _)) | None if columns <= room => text.to_owned(),
        Some((at, _)) => format!("…{}", &text[at..]),
        None => "…".to_owned(),
    }
}

/// Adds characters while there are columns for them, and `…` where there are more; says how many columns they took.
fn push(line: &mut String, characters: impl Iterator<Item = char>, columns: &mut usize) -> usize {
    let mut taken = 0;
    for character in characters {
        let width = width(character);
        if width > *columns {
            if *columns > 0 || !line.ends_with('…') {
                line.push('…');
                taken += 1;
            }
            *columns = 0;
            break;
        }
        *columns -= width;
        taken += width;
        match character {
            '\t' => line.push_str(TAB),
            character if is_shown(character) => line.push(character),
            _ => line.push('\u{fffd}'),
        }
    }
    taken
}

fn width(character: char) -> usize {
    match character {
        '\t' => TAB.len(),
        character if is_shown(character) => character.width().unwrap_or(0),
        _ => 1,
    }
}

/// Whether a character is shown as it is. Others would drive the terminal or turn the direction of writing.
fn is_shown(character: char) -> bool {
    let turns = matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !turns && !character.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &str, bytes: Range<usize>) -> String {
        let excerpt = Excerpt::of(text, &Span::of(text, bytes), &[], 80).unwrap();
        let marks = "^".repeat(excerpt.marked);
        format!("{}\n{}{marks}", excerpt.line, " ".repeat(excerpt.before))
    }

    #[test]
    fn a_place_is_marked_in_its_line() {
        let text = "{\r\n\t\t\"é\": 数据,\r\n}";
        let at = text.find('数').unwrap();

        assert_eq!(excerpt(text, at..at + 6), "\"é\": 数据,\n     ^^^^");
        assert_eq!(excerpt(text, 0..text.len()), "{\n^");
        assert_eq!(excerpt("a\tb", 2..3), "a  b\n   ^");
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides() {
        let text = format!("{}!{}", "a".repeat(1_000_000), "b".repeat(1_000_000));

        let shown = excerpt(&text, 1_000_000..1_000_001);

        let lines: Vec<_> = shown.lines().collect();
        assert!(
            lines[0].starts_with("…a") && lines[0].ends_with("b…"),
            "{shown}"
        );
        assert!(lines[0].chars().count() <= 80, "{shown}");
        assert_eq!(
            lines[0].chars().nth(lines[1].chars().count() - 1),
            Some('!')
        );
    }

    #[test]
    fn a_long_place_is_cut() {
        let text = format!("\"{}\"", "x".repeat(500));

        let shown = excerpt(&text, 0..text.len());

        let lines: Vec<_> = shown.lines().collect();
        assert!(
            lines[0].ends_with('…') && lines[0].chars().count() <= 80,
            "{shown}"
        );
        assert_eq!(lines[0].chars().count(), lines[1].chars().count());
    }

    #[test]
    fn nothing_drives_a_terminal() {
        assert_eq!(
            excerpt("\"\u{1b}[2J\u{202e}x\"", 0..1),
            "\"\u{fffd}[2J\u{fffd}x\"\n^"
        );
    }

    #[test]
    fn the_end_of_a_text_is_a_place() {
        assert_eq!(excerpt("{\n", 2..2), "\n");
        assert_eq!(
            Excerpt::of(
                "{",
                &Span {
                    bytes: 5..6,
                    ..Span::default()
                },
                &[],
                80
            ),
            None
        );
    }

    #[test]
    fn what_is_covered_is_not_shown() {
        let text = r#"{"user": "u", "password": "hunter2", "x": 1}"#;
        let at = |part: &str| text.find(part).unwrap();
        let secret = at("\"hunter2")..at(", \"x");
        let shown = |bytes: Range<usize>| {
            let span = Span::of(text, bytes);
            Excerpt::of(text, &span, std::slice::from_ref(&secret), 80).unwrap()
        };

        let before = shown(at("\"u\"")..at("\"u\"") + 3);
        assert_eq!(before.line, r#"{"user": "u", "password": "…", "x": 1}"#);
        let behind = shown(at("1")..at("1") + 1);
        assert_eq!(behind.line, before.line);
        let within = shown(secret.start + 3..secret.start + 5);
        assert!(
            !within.line.contains("hunter2") && !within.line.contains("nt"),
            "{within:?}"
        );
    }
}
