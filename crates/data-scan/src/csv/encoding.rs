//! Guesses the encoding of a file that does not state it, from what its bytes can be, and what they cannot.

use std::io;

use crate::bytes::{Encoding, Feed, Source};
use crate::files::ReadAt;

/// So much is looked at in one go.
const STEP: usize = 1 << 20;
/// So much of a file shows whether its characters have two bytes.
const WIDE: usize = 64 << 10;
/// After so many bytes that are not UTF-8 it is clear enough what a file is.
const ENOUGH: u64 = 10_000;

/// What the bytes of a file show of its encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// Nothing: it is ASCII.
    Ascii,
    /// UTF-8.
    Utf8,
    /// UTF-16, by a byte order mark.
    Marked(&'static encoding_rs::Encoding),
    /// UTF-16 without a mark that is read.
    Wide(&'static encoding_rs::Encoding),
    /// An encoding of one byte a character, as western languages have been written in.
    Western,
    /// Some of it is UTF-8, and some is not.
    Mixed,
    /// None of these.
    Unknown,
}

/// Looks at a file from its beginning until it is clear, or to its end.
pub(super) fn shown(file: &dyn ReadAt, size: u64) -> io::Result<Shown> {
    let source = Source::detect(file, size, Encoding::Utf8)?;
    if let Encoding::Other(encoding) = source.encoding {
        return Ok(Shown::Marked(encoding));
    }
    let mut feed = Feed::new(file, size, source, 0)?;
    feed.more_of(STEP)?;
    if let Some(encoding) = wide(feed.bytes()) {
        return Ok(Shown::Wide(encoding));
    }
    let mut tally = Tally::default();
    loop {
        let done = tally.add(feed.bytes(), feed.is_last());
        if feed.is_last() || tally.invalid > ENOUGH {
            return Ok(tally.shown());
        }
        feed.forget(done);
        feed.more_of(STEP)?;
    }
}

/// The order of bytes of text in UTF-16: one of two bytes of a character is mostly zero, or it begins with a mark.
fn wide(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    match bytes {
        [0xFF, 0xFE, ..] => return Some(encoding_rs::UTF_16LE),
        [0xFE, 0xFF, ..] => return Some(encoding_rs::UTF_16BE),
        _ => {}
    }
    let units = bytes[..bytes.len().min(WIDE)].chunks_exact(2);
    let (mut all, mut high, mut low) = (0_usize, 0_usize, 0_usize);
    for unit in units {
        all += 1;
        high += usize::from(unit[0] == 0);
        low += usize::from(unit[1] == 0);
    }
    let is_mostly = |zeros: usize, others: usize| zeros * 10 >= all && others * 20 <= zeros;
    if all == 0 {
        None
    } else if is_mostly(low, high) {
        Some(encoding_rs::UTF_16LE)
    } else if is_mostly(high, low) {
        Some(encoding_rs::UTF_16BE)
    } else {
        None
    }
}

/// What is counted of bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    /// Characters of several bytes in UTF-8.
    valid: u64,
    /// Bytes that are none.
    invalid: u64,
    /// Bytes beyond ASCII that stand side by side, and how often it is three or more of them.
    runs: u64,
    long: u64,
    /// Bytes that windows-1252 has no character for.
    undefined: u64,
}

impl Tally {
    /// Counts bytes, and says how many of them are counted: a character may go on behind them.
    fn add(&mut self, bytes: &[u8], last: bool) -> usize {
        if bytes.is_ascii() {
            return bytes.len();
        }
        let mut at = 0;
        while at < bytes.len() {
            let (valid, skipped) = match std::str::from_utf8(&bytes[at..]) {
                Ok(text) => (text, 0),
                Err(error) => {
                    let valid = &bytes[at..at + error.valid_up_to()];
                    let valid = std::str::from_utf8(valid).unwrap_or_default();
                    match error.error_len() {
                        None if !last => {
                            self.valid += characters(valid);
                            self.western(&bytes[..at + valid.len()]);
                            return at + valid.len();
                        }
                        length => (valid, length.unwrap_or(1)),
                    }
                }
            };
            self.valid += characters(valid);
            self.invalid += u64::from(skipped > 0);
            at += valid.len() + skipped;
        }
        self.western(bytes);
        bytes.len()
    }

    fn western(&mut self, bytes: &[u8]) {
        for run in bytes.split(u8::is_ascii).filter(|run| !run.is_empty()) {
            self.runs += 1;
            self.long += u64::from(run.len() > 2);
            let undefined = |byte: &&u8| [0x81, 0x8D, 0x8F, 0x90, 0x9D].contains(*byte);
            self.undefined += run.iter().filter(undefined).count() as u64;
        }
    }

    fn shown(self) -> Shown {
        match (self.valid, self.invalid) {
            (0, 0) => Shown::Ascii,
            (_, 0) => Shown::Utf8,
            // A few may be so by chance.
            (valid, invalid) if valid * 20 > invalid => Shown::Mixed,
            // Other scripts have words of such bytes, and no language of the west has three of them in a row.
            _ if self.undefined > 0 || self.long * 10 > self.runs => Shown::Unknown,
            _ => Shown::Western,
        }
    }
}

/// How many characters of a text have several bytes.
fn characters(text: &str) -> u64 {
    if text.is_ascii() {
        return 0;
    }
    let long = text.chars().filter(|character| !character.is_ascii());
    long.count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    impl ReadAt for Vec<u8> {
        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
            let from = usize::try_from(offset).unwrap().min(self.len());
            let length = buffer.len().min(self.len() - from);
            buffer[..length].copy_from_slice(&self[from..from + length]);
            Ok(length)
        }
    }

    fn of(bytes: impl Into<Vec<u8>>) -> Shown {
        let bytes: Vec<u8> = bytes.into();
        shown(&bytes, bytes.len() as u64).unwrap()
    }

    fn encoded(text: &str, label: &str) -> Vec<u8> {
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
        encoding.encode(text).0.into_owned()
    }

    fn wide(text: &str, order: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn bytes_show_their_encoding_as_far_as_they_can() {
        let german = "id;ort\n1;München\n2;Größe\n";
        assert_eq!(of(b"id;ort\n1;Ulm\n"), Shown::Ascii);
        assert_eq!(of(german), Shown::Utf8);
        assert_eq!(of(encoded(german, "latin1")), Shown::Western);
        assert_eq!(
            of(encoded("n,t\n1,“a” – 5 €\n", "windows-1252")),
            Shown::Western
        );
        assert_eq!(
            of(encoded("id;город\n1;Москва\n", "windows-1251")),
            Shown::Unknown
        );
        assert_eq!(
            of(encoded("id,名前\n1,東京都\n", "shift_jis")),
            Shown::Unknown
        );
        let mixed = [german.as_bytes(), &encoded(german, "latin1")].concat();
        assert_eq!(of(mixed), Shown::Mixed);
        assert_eq!(
            of(wide(german, u16::to_le_bytes)),
            Shown::Wide(encoding_rs::UTF_16LE)
        );
        assert_eq!(
            of(wide(german, u16::to_be_bytes)),
            Shown::Wide(encoding_rs::UTF_16BE)
        );
        assert_eq!(
            of(wide(&format!("\u{feff}{german}"), u16::to_le_bytes)),
            Shown::Marked(encoding_rs::UTF_16LE)
        );
        assert_eq!(of(""), Shown::Ascii);
    }

    #[test]
    fn what_is_odd_far_behind_is_found_and_no_character_is_cut() {
        let ascii = "1,x\n".repeat(STEP);
        assert_eq!(of([ascii.as_bytes(), b"2,\xFC\n"].concat()), Shown::Western);
        let shifted = format!("a{}", "ü".repeat(STEP));
        assert_eq!(of(shifted), Shown::Utf8);
    }
}
