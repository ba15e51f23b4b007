//! Which characters the bytes of a file stand for.

use std::ops::Range;

/// How a file writes its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, as Data Factory writes it.
    #[default]
    Utf8,
    /// UTF-8 after a byte order mark.
    Utf8WithMark,
    /// UTF-16, the lower byte first.
    Utf16LittleEndian {
        /// Whether a byte order mark stands before it.
        mark: bool,
    },
    /// UTF-16, the higher byte first.
    Utf16BigEndian {
        /// Whether a byte order mark stands before it.
        mark: bool,
    },
    /// UTF-32, the lowest byte first.
    Utf32LittleEndian {
        /// Whether a byte order mark stands before it.
        mark: bool,
    },
    /// UTF-32, the highest byte first.
    Utf32BigEndian {
        /// Whether a byte order mark stands before it.
        mark: bool,
    },
}

/// The text of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) encoding: Encoding,
    pub(crate) damage: Option<Damage>,
}

/// Bytes that stand for no character; U+FFFD stands in the text instead.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Damage {
    /// The offset of the first one in the file.
    pub(crate) offset: usize,
    /// The place of the first one in the text.
    pub(crate) bytes: Range<usize>,
    /// How many there are.
    pub(crate) count: usize,
}

impl Encoding {
    /// The encoding that `bytes` begin to be in, and how long its mark is.
    fn of(bytes: &[u8]) -> (Self, usize) {
        match bytes {
            [0xef, 0xbb, 0xbf, ..] => (Self::Utf8WithMark, 3),
            [0xff, 0xfe, 0, 0, ..] => (Self::Utf32LittleEndian { mark: true }, 4),
            [0, 0, 0xfe, 0xff, ..] => (Self::Utf32BigEndian { mark: true }, 4),
            [0xff, 0xfe, ..] => (Self::Utf16LittleEndian { mark: true }, 2),
            [0xfe, 0xff, ..] => (Self::Utf16BigEndian { mark: true }, 2),
            // JSON begins with two ASCII characters.
            [1..=255, 0, 1..=255, 0, ..] => (Self::Utf16LittleEndian { mark: false }, 0),
            [0, 1..=255, 0, 1..=255, ..] => (Self::Utf16BigEndian { mark: false }, 0),
            [1..=255, 0, 0, 0, ..] => (Self::Utf32LittleEndian { mark: false }, 0),
            [0, 0, 0, 1..=255, ..] => (Self::Utf32BigEndian { mark: false }, 0),
            _ => (Self::Utf8, 0),
        }
    }

    /// Its name without the order of bytes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 | Self::Utf8WithMark => "UTF-8",
            Self::Utf16LittleEndian { .. } | Self::Utf16BigEndian { .. } => "UTF-16",
            Self::Utf32LittleEndian { .. } | Self::Utf32BigEndian { .. } => "UTF-32",
        }
    }

    /// `text` as the bytes of a file.
    #[must_use]
    pub fn encode(self, text: &str) -> Vec<u8> {
        let units = |mark: bool| {
            let mark = mark.then_some(0xfeff);
            mark.into_iter().chain(text.encode_utf16())
        };
        let scalars = |mark: bool| {
            let mark = mark.then_some(0xfeff);
            mark.into_iter().chain(text.chars().map(u32::from))
        };
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf8WithMark => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            Self::Utf16LittleEndian { mark } => units(mark).flat_map(u16::to_le_bytes).collect(),
            Self::Utf16BigEndian { mark } => units(mark).flat_map(u16::to_be_bytes).collect(),
            Self::Utf32LittleEndian { mark } => scalars(mark).flat_map(u32::to_le_bytes).collect(),
            Self::Utf32BigEndian { mark } => scalars(mark).flat_map(u32::to_be_bytes).collect(),
        }
    }
}

/// Reads the text in `bytes`.
pub(crate) fn decode(bytes: &[u8]) -> Decoded {
    let (encoding, mark) = Encoding::of(bytes);
    let rest = &bytes[mark..];
    let (text, damage) = match encoding {
        Encoding::Utf8 | Encoding::Utf8WithMark => decode_utf8(rest),
        Encoding::Utf16LittleEndian { .. } => decode_utf16(rest, u16::from_le_bytes),
        Encoding::Utf16BigEndian { .. } => decode_utf16(rest, u16::from_be_bytes),
        Encoding::Utf32LittleEndian { .. } => decode_utf32(rest, u32::from_le_bytes),
        Encoding::Utf32BigEndian { .. } => decode_utf32(rest, u32::from_be_bytes),
    };
    let damage = damage.map(|damage| Damage {
        offset: damage.offset + mark,
        ..damage
    });
    Decoded {
        text,
        encoding,
        damage,
    }
}

fn decode_utf8(bytes: &[u8]) -> (String, Option<Damage>) {
    if let Ok(text) = str::from_utf8(bytes) {
        return (text.to_owned(), None);
    }
    let mut text = String::with_capacity(bytes.len() + 16);
    let mut damage = None;
    let mut offset = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        offset += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            replace(&mut text, &mut damage, offset);
            offset += chunk.invalid().len();
        }
    }
    (text, damage)
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (String, Option<Damage>) {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(pairs.len());
    let mut damage = None;
    let mut offset = 0;
    for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match character {
            Ok(character) => {
                text.push(character);
                offset += 2 * character.len_utf16();
            }
            Err(_) => {
                replace(&mut text, &mut damage, offset);
                offset += 2;
            }
        }
    }
    if !odd.is_empty() {
        replace(&mut text, &mut damage, offset);
    }
    (text, damage)
}

fn decode_utf32(bytes: &[u8], scalar: fn([u8; 4]) -> u32) -> (String, Option<Damage>) {
    let (quads, odd) = bytes.as_chunks::<4>();
    let mut text = String::with_capacity(quads.len());
    let mut damage = None;
    for (at, quad) in quads.iter().enumerate() {
        match char::from_u32(scalar(*quad)) {
            Some(character) => text.push(character),
            None => replace(&mut text, &mut damage, 4 * at),
        }
    }
    if !odd.is_empty() {
        replace(&mut text, &mut damage, 4 * quads.len());
    }
    (text, damage)
}

fn replace(text: &mut String, damage: &mut Option<Damage>, offset: usize) {
    let start = text.len();
    text.push(char::REPLACEMENT_CHARACTER);
    let damage = damage.get_or_insert(Damage {
        offset,
        bytes: start..text.len(),
        count: 0,
    });
    damage.count += 1;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Encoding; 10] = [
        Encoding::Utf8,
        Encoding::Utf8WithMark,
        Encoding::Utf16LittleEndian { mark: true },
        Encoding::Utf16LittleEndian { mark: false },
        Encoding::Utf16BigEndian { mark: true },
        Encoding::Utf16BigEndian { mark: false },
        Encoding::Utf32LittleEndian { mark: true },
        Encoding::Utf32LittleEndian { mark: false },
        Encoding::Utf32BigEndian { mark: true },
        Encoding::Utf32BigEndian { mark: false },
    ];

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(text in "\\{\"\\PC{0,40}") {
            for encoding in ALL {
                let decoded = decode(&encoding.encode(&text));

                prop_assert_eq!(decoded, Decoded { text: text.clone(), encoding, damage: None });
            }
        }

        #[test]
        fn any_bytes_are_some_text(bytes: Vec<u8>) {
            let decoded = decode(&bytes);

            if let Some(damage) = decoded.damage {
                prop_assert_eq!(&decoded.text[damage.bytes], "\u{fffd}");
                prop_assert!(damage.offset < bytes.len());
            }
        }
    }

    #[test]
    fn damage_is_counted_and_its_first_place_kept() {
        let decoded = decode(b"\xef\xbb\xbf{\"\xc3\xa4\": \"\xe4\", \"\xff\"}");

        assert_eq!(decoded.text, "{\"ä\": \"\u{fffd}\", \"\u{fffd}\"}");
        let damage = decoded.damage.unwrap();
        assert_eq!((damage.offset, damage.bytes, damage.count), (11, 8..11, 2));
        let odd = decode(b"{\0\"\0a");
        assert_eq!(
            (odd.text.as_str(), odd.damage.unwrap().offset),
            ("{\"\u{fffd}", 4)
        );
        let odd = decode(b"{\0\0\0\0\0\x11\0}");
        assert_eq!(
            (odd.text.as_str(), odd.damage.unwrap().count),
            ("{\u{fffd}\u{fffd}", 2)
        );
    }
}
