//! The line of a file that an error is about, with a caret below the place.

use std::fs;

use crate::covering::{secrets, uncovered};
use crate::terminal::{Place, harmless};

/// The most characters of a line that are shown, and how many of them before the place.
const WIDTH: usize = 100;
const BEFORE: usize = 60;

/// The excerpt; nothing when the file cannot be read any longer.
pub(crate) fn render(place: &Place) -> String {
    match fs::read(&place.path) {
        Ok(text) => of_text(&String::from_utf8_lossy(&text), place).unwrap_or_default(),
        Err(_) => String::new(),
    }
}

fn of_text(text: &str, place: &Place) -> Option<String> {
    let number = usize::try_from(place.line).unwrap_or(usize::MAX);
    let start = match number.saturating_sub(1) {
        0 => 0,
        before => text.match_indices('\n').nth(before - 1)?.0 + 1,
    };
    // Behind the last line there is nothing to show.
    let rest = Some(&text[start..]).filter(|rest| !rest.is_empty())?;
    let line = rest.split('\n').next()?.trim_end();
    let column = usize::try_from(place.column.saturating_sub(1)).unwrap_or(usize::MAX);
    let at = line.char_indices().nth(column);
    let at = at.map_or(line.len(), |(at, _)| at);
    let covered = secrets(&place.path.to_string_lossy(), text);
    let before = uncovered(&line[..at], start, &covered);
    let rest = uncovered(&line[at..], start + at, &covered);
    Some(of_line(&before, &rest, place.line))
}

/// A line, and the place between its two parts.
fn of_line(before: &str, rest: &str, number: u64) -> String {
    let characters: Vec<char> = before.chars().chain(rest.chars()).collect();
    let at = before.chars().count();
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
        let place = Place {
            path: path.into(),
            line: 12,
            column,
        };
        of_text(&format!("{}{line}\nlast", "\n".repeat(11)), &place).unwrap()
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
        let place = Place {
            path: "x".into(),
            line: 3,
            column: 1,
        };
        assert_eq!(of_text("a\nb", &place), None);
    }
}
