//! Places in a text.

use adf_source::{Position, Span};
use dataops_solution::source::Contents;
use dataops_solution::text::NotUtf8;

/// Where a file stops being text.
pub(crate) fn place_of(fault: &NotUtf8) -> Span {
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let place = Position {
        line: number(fault.line),
        column: number(fault.column),
    };
    Span::between(place, place)
}

/// Why a file has no text, and where it stops being one; none where it has.
pub(crate) fn fault(contents: &Contents) -> Option<(String, Option<Span>)> {
    Some(match contents {
        Contents::Text(_) => return None,
        Contents::Bytes(fault) => (format!("{}", fault.fault), Some(place_of(fault))),
        Contents::TooLarge(size) => (format!("it has {size} bytes, which is too much"), None),
        Contents::Unreadable(reason) | Contents::UnreadableFolder(reason) => (reason.clone(), None),
        _ => ("it is of no known kind".to_owned(), None),
    })
}

/// The word that begins at a line and a column, both from 1.
pub(crate) fn word_at(text: &str, line: usize, column: usize) -> Span {
    let mut lines = text.split_inclusive('\n');
    let before: usize = lines
        .by_ref()
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let words = lines.next().unwrap_or_default().trim_end();
    let skipped = words.chars().take(column.saturating_sub(1));
    let skipped: usize = skipped.map(char::len_utf8).sum();
    let rest = &words[skipped..];
    let length = rest
        .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .filter(|length| *length > 0)
        .unwrap_or(rest.len());
    let place = Position { line, column };
    Span {
        bytes: before + skipped..before + skipped + length,
        start: place,
        end: Position {
            column: column + rest[..length].chars().count(),
            ..place
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_by_line_and_column() {
        let text = "a: 1\n  ü: word, x\n";

        let span = word_at(text, 2, 6);

        assert_eq!(&text[span.bytes.clone()], "word");
        assert_eq!(span, Span::of(text, span.bytes.clone()));
        assert_eq!(word_at(text, 9, 9).bytes, text.len()..text.len());
    }
}
