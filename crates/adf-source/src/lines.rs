//! The lines of a text, found once, so that many places in it are shown without reading it again for each.

use std::ops::Range;

use crate::{Position, Span};

/// The distance between two places whose characters are counted beforehand.
const BLOCK: usize = 4096;

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub struct Lines {
    starts: Vec<usize>,
    /// How many characters there are before each block; none where each byte is a character.
    characters: Option<Vec<usize>>,
}

impl Lines {
    /// The lines of `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let mut starts = vec![0];
        starts.extend(ends.map(|(at, _)| at + 1));
        let characters = (!text.is_ascii()).then(|| {
            let blocks = text.as_bytes().chunks(BLOCK);
            let counts = blocks.scan(0, |before, block| {
                let count = *before;
                *before += count_characters(block);
                Some(count)
            });
            counts.collect()
        });
        Self { starts, characters }
    }

    /// The place of a byte offset in `text`, which these are the lines of.
    #[must_use]
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = offset.min(text.len());
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line - 1];
        let before = |offset| self.characters_before(text, offset);
        Position {
            line,
            column: before(offset) - before(start) + 1,
        }
    }

    /// The byte offset of a place in `text`, which these are the lines of; the end of its line, or of the text, where it is beyond.
    #[must_use]
    pub fn offset(&self, text: &str, place: Position) -> usize {
        let Some(start) = self.starts.get(place.line.saturating_sub(1)) else {
            return text.len();
        };
        let end = self.starts.get(place.line.max(1));
        let end = end.map_or(text.len(), |next| next - 1);
        let before = place.column.saturating_sub(1);
        let Some(blocks) = &self.characters else {
            return start.saturating_add(before).min(end);
        };
        let wanted = self.characters_before(text, *start).saturating_add(before);
        let block = blocks.partition_point(|count| *count <= wanted).max(1) - 1;
        let from = block * BLOCK;
        let letters = text.as_bytes()[from..].iter().enumerate();
        let at = letters
            .filter(|(_, byte)| begins(**byte))
            .nth(wanted - blocks[block]);
        at.map_or(end, |(at, _)| (from + at).min(end))
    }

    /// The part of `text`, which these are the lines of, at `bytes`.
    #[must_use]
    pub fn span(&self, text: &str, bytes: Range<usize>) -> Span {
        Span {
            start: self.position(text, bytes.start),
            end: self.position(text, bytes.end),
            bytes,
        }
    }

    fn characters_before(&self, text: &str, offset: usize) -> usize {
        let Some(blocks) = &self.characters else {
            return offset;
        };
        let block = (offset / BLOCK).min(blocks.len() - 1);
        blocks[block] + count_characters(&text.as_bytes()[block * BLOCK..offset])
    }
}

/// The characters that begin in `bytes`.
fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| begins(**byte)).count()
}

/// Whether a byte is the first of a character.
const fn begins(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_place_is_what_counting_from_the_beginning_gives(text in "[aä€😀\r\n]{0,40}", times in 1..400_usize, at: prop::sample::Index) {
            let text = text.repeat(times);
            let lines = Lines::of(&text);
            let offsets: Vec<_> = text.char_indices().map(|(offset, _)| offset).chain([text.len()]).collect();
            let offset = offsets[at.index(offsets.len())];

            let place = lines.position(&text, offset);
            prop_assert_eq!(place, Position::of(&text, offset));
            prop_assert_eq!(lines.offset(&text, place), offset);
            prop_assert_eq!(Span::between(place, place).bytes_in(&text), offset..offset);
        }
    }

    #[test]
    fn a_place_beyond_a_line_is_its_end() {
        let text = "ä\nb";
        let lines = Lines::of(text);
        let offset = |line, column| lines.offset(text, Position { line, column });

        assert_eq!((offset(1, 9), offset(2, 9), offset(9, 1)), (2, 4, 4));
    }
}
