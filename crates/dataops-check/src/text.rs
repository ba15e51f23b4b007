//! Places in a text.

use adf_source::{Position, Span};

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
