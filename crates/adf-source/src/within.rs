//! Where a part of a string is written: an escape is longer than what it stands for.

use std::ops::Range;

use crate::{SourceFile, Span};

impl SourceFile {
    /// Where a part of the string at a JSON pointer is written; `part` are bytes of what the string says. The whole value
    /// where it is not a string, or has no such part.
    #[must_use]
    pub fn span_within(&self, pointer: &str, part: Range<usize>) -> Span {
        let whole = self.span(pointer);
        let Some(inside) = self.text()[whole.bytes.clone()].strip_prefix('"') else {
            return whole;
        };
        let start = whole.bytes.start + 1;
        match written(inside, &part) {
            Some(bytes) => self.span_of(start + bytes.start..start + bytes.end),
            None => whole,
        }
    }
}

/// The bytes of a string's spelling, from behind its quote, that stand for a part of what it says.
fn written(spelling: &str, part: &Range<usize>) -> Option<Range<usize>> {
    let mut said = 0;
    let mut at = 0;
    let mut start = None;
    loop {
        if start.is_none() && said >= part.start {
            start = Some(at);
        }
        if let Some(start) = start
            && said >= part.end
        {
            return Some(start..at);
        }
        let unit = Unit::of(&spelling[at..])?;
        if start.is_none() && said + unit.says > part.start {
            start = Some(at);
        }
        said += unit.says;
        at += unit.written;
    }
}

/// A character of a string as it is spelled.
#[derive(Debug, PartialEq, Eq)]
struct Unit {
    written: usize,
    says: usize,
}

impl Unit {
    /// The first one; none at the closing quote.
    fn of(spelling: &str) -> Option<Self> {
        let mut characters = spelling.chars();
        let unit = |written, says| Some(Self { written, says });
        match characters.next()? {
            '"' => None,
            '\\' => match characters.next()? {
                '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' => unit(2, 1),
                'u' => Some(Self::of_digits(spelling)),
                // No escape: read as it is written.
                other => unit(1 + other.len_utf8(), 1 + other.len_utf8()),
            },
            other => unit(other.len_utf8(), other.len_utf8()),
        }
    }

    /// `\u` and what follows it.
    fn of_digits(spelling: &str) -> Self {
        let code = |at: usize| {
            let digits = spelling.get(at..at + 6)?.strip_prefix("\\u")?;
            let hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            u32::from_str_radix(hexadecimal.then_some(digits)?, 16).ok()
        };
        let (written, says) = match (code(0), code(6)) {
            (Some(0xd800..0xdc00), Some(0xdc00..=0xdfff)) => (12, 4),
            // Half of a pair is read as U+FFFD.
            (Some(code), _) => (6, char::from_u32(code).map_or(3, char::len_utf8)),
            // Without digits it is read as it is written.
            (None, _) => (2, 2),
        };
        Self { written, says }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// One of the spellings of a character.
    fn spelled(character: char, escape: bool) -> String {
        let units = |character: char| {
            let mut units = [0; 2];
            let units = character.encode_utf16(&mut units).iter();
            units.map(|unit| format!("\\u{unit:04x}")).collect()
        };
        match character {
            '"' | '\\' if !escape => format!("\\{character}"),
            '\n' if !escape => "\\n".to_owned(),
            '\0'..' ' => units(character),
            _ if escape => units(character),
            _ => character.to_string(),
        }
    }

    fn file(spelling: &str) -> SourceFile {
        let text = format!("{{\n  \"é\": [\"{spelling}\"]}}");
        SourceFile::parse("a.json", text.as_bytes(), &mut Vec::new()).unwrap()
    }

    proptest! {
        #[test]
        fn every_part_is_found_however_it_is_spelled(
            characters in prop::collection::vec((any::<char>(), any::<bool>()), 0..12),
            from: prop::sample::Index,
            count in 0_usize..12,
        ) {
            let spellings: Vec<String> = characters.iter().map(|(character, escape)| spelled(*character, *escape)).collect();
            let said: String = characters.iter().map(|(character, _)| character).collect();
            let file = file(&spellings.concat());
            prop_assert_eq!(file.json(), &json!({"é": [said]}));
            let from = from.index(characters.len() + 1);
            let to = (from + count).min(characters.len());
            let bytes = |end: usize| characters[..end].iter().map(|(character, _)| character.len_utf8()).sum::<usize>();

            let span = file.span_within("/é/0", bytes(from)..bytes(to));

            prop_assert_eq!(&file.text()[span.bytes], spellings[from..to].concat());
        }

        #[test]
        fn no_spelling_panics(spelling in "[\\\\u\"da0-9é😀x]{0,24}", start in 0_usize..30, length in 0_usize..30) {
            let _ = written(&spelling, &(start..start + length));
        }
    }

    #[test]
    fn what_is_not_in_a_string_is_the_whole_value() {
        let file = file("ab");

        assert_eq!(&file.text()[file.span_within("/é/0", 1..9).bytes], "\"ab\"");
        assert_eq!(&file.text()[file.span_within("/é", 1..2).bytes], "[\"ab\"]");
    }

    #[test]
    fn faulty_escapes_are_read_as_by_the_reader() {
        let file = file("\\q\\ud800-\\u12x|");
        let said = file.json()["é"][0].as_str().unwrap().to_owned();
        let at = said.find('-').unwrap();

        assert_eq!(
            &file.text()[file.span_within("/é/0", at..at + 1).bytes],
            "-"
        );
        assert_eq!(
            &file.text()[file.span_within("/é/0", said.len() - 1..said.len()).bytes],
            "|"
        );
    }

    #[test]
    fn a_part_of_a_character_is_the_whole_character() {
        assert_eq!(written("\\u00e9b\"", &(1..2)), Some(0..6));
    }
}
