//! The line of a file that an error is about, with a caret below the place.

use std::fs::File;
use std::io::{BufRead as _, BufReader};

use crate::terminal::{Place, harmless};

/// The most characters of a line that are shown, and how many of them before the place.
const WIDTH: usize = 100;
const BEFORE: usize = 60;

/// The excerpt; nothing when the file cannot be read any longer.
pub(crate) fn render(place: &Place) -> String {
    match line(place) {
        Some(line) => of_line(&String::from_utf8_lossy(&line), place),
        None => String::new(),
    }
}

fn line(place: &Place) -> Option<Vec<u8>> {
    let file = BufReader::new(File::open(&place.path).ok()?);
    let at = usize::try_from(place.line).unwrap_or(usize::MAX);
    file.split(b'\n').nth(at.saturating_sub(1))?.ok()
}

fn of_line(line: &str, place: &Place) -> String {
    let characters: Vec<char> = line.trim_end().chars().collect();
    let at = usize::try_from(place.column.saturating_sub(1))
        .unwrap_or(usize::MAX)
        .min(characters.len());
    let start = match characters.len() <= WIDTH {
        true => 0,
        false => at.saturating_sub(BEFORE),
    };
    let end = characters.len().min(start + WIDTH);
    let shown: String = characters[start..end].iter().collect();
    let dots = |cut: bool| if cut { "…" } else { "" };
    let (left, right) = (dots(start > 0), dots(end < characters.len()));
    // A tab stays one, so that the caret stands below its place.
    let indent: String = characters[start..at]
        .iter()
        .map(|c| if *c == '\t' { '\t' } else { ' ' })
        .collect();
    let number = place.line.to_string();
    let margin = " ".repeat(number.len());
    let line = harmless(&shown);
    let space = " ".repeat(left.chars().count());
    format!(" {margin} |\n {number} | {left}{line}{right}\n {margin} | {space}{indent}^\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(line: &str, column: u64) -> String {
        let place = Place {
            path: "x".into(),
            line: 12,
            column,
        };
        of_line(line, &place)
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
}
