//! Whether bytes are text, and where they stop being it: files come in other encodings than the UTF-8 that is read.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Read};

use yaml_source::YamlError;

/// A place where bytes are not UTF-8.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column} (byte {position}): {fault}")]
#[non_exhaustive]
pub struct NotUtf8 {
    /// The line, from 1.
    pub line: u64,
    /// The column in characters, from 1.
    pub column: u64,
    /// The byte's number, from 1.
    pub position: u64,
    /// What is wrong there.
    pub fault: Fault,
}

impl NotUtf8 {
    /// What to do about it.
    pub const HINT: &str = "save the file as UTF-8";
}

impl From<NotUtf8> for YamlError {
    fn from(fault: NotUtf8) -> Self {
        Self {
            line: fault.line,
            column: fault.column,
            reason: format!("{}; {}", fault.fault, NotUtf8::HINT),
        }
    }
}

/// Why bytes are not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// They begin with the mark of UTF-16.
    Utf16,
    /// They end within a character.
    BrokenOff,
    /// This byte cannot stand there.
    Byte(u8),
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Utf16 => write!(out, "the text is UTF-16, and UTF-8 is read"),
            Self::BrokenOff => write!(out, "the text ends in the middle of a character"),
            // What Latin-1 prints, and what Windows-1252 is used for besides: the euro, dots, quotes, dashes.
            Self::Byte(byte @ (0x80 | 0x85 | 0x91..=0x97 | 0xa0..)) => write!(
                out,
                "0x{byte:02x} is not UTF-8; the text is probably Latin-1 or Windows-1252"
            ),
            Self::Byte(byte) => write!(out, "0x{byte:02x} is not UTF-8"),
        }
    }
}

/// The text that bytes are.
///
/// # Errors
///
/// The first place that is not UTF-8.
pub fn utf8(bytes: Vec<u8>) -> Result<String, NotUtf8> {
    String::from_utf8(bytes).map_err(|error| {
        let mut check = Utf8Check::default();
        let found = check.feed(error.as_bytes()).err();
        found.unwrap_or_else(|| check.broken_off())
    })
}

/// The first place of a file that is not UTF-8, if there is one. Little of it is held in memory.
///
/// # Errors
///
/// When it cannot be read.
pub fn first_fault(mut file: impl Read) -> io::Result<Option<NotUtf8>> {
    let mut check = Utf8Check::default();
    let mut piece = vec![0; 1 << 16];
    loop {
        let length = match file.read(&mut piece) {
            Ok(0) => return Ok(check.finish().err()),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if let Err(fault) = check.feed(&piece[..length]) {
            return Ok(Some(fault));
        }
    }
}

/// Looks at bytes that arrive in pieces.
#[derive(Clone, Debug, Default)]
pub struct Utf8Check {
    /// What was looked at: line ends, characters since the last one, bytes.
    lines: u64,
    characters: u64,
    bytes: u64,
    /// The beginning of a character whose other bytes are to come.
    begun: Vec<u8>,
}

impl Utf8Check {
    /// Looks at the next bytes.
    ///
    /// # Errors
    ///
    /// The first place that is not UTF-8.
    pub fn feed(&mut self, piece: &[u8]) -> Result<(), NotUtf8> {
        let bytes: Cow<'_, [u8]> = match self.begun.is_empty() {
            true => piece.into(),
            false => [std::mem::take(&mut self.begun).as_slice(), piece]
                .concat()
                .into(),
        };
        match std::str::from_utf8(&bytes) {
            Ok(text) => self.pass(text),
            Err(error) => {
                let (valid, rest) = bytes.split_at(error.valid_up_to());
                self.pass(std::str::from_utf8(valid).unwrap_or_default());
                if error.error_len().is_some() {
                    return Err(self.here(rest[0]));
                }
                self.begun = rest.to_vec();
            }
        }
        Ok(())
    }

    /// Says that there are no more bytes.
    ///
    /// # Errors
    ///
    /// When they end in the middle of a character.
    pub fn finish(&self) -> Result<(), NotUtf8> {
        match self.begun.is_empty() {
            true => Ok(()),
            false => Err(self.broken_off()),
        }
    }

    fn pass(&mut self, text: &str) {
        let ends = text.bytes().filter(|byte| *byte == b'\n').count() as u64;
        if ends > 0 {
            self.characters = 0;
        }
        self.lines += ends;
        let last = text.rsplit('\n').next().unwrap_or_default();
        self.characters += last.chars().count() as u64;
        self.bytes += text.len() as u64;
    }

    fn here(&self, byte: u8) -> NotUtf8 {
        match byte {
            0xfe | 0xff if self.bytes == 0 => self.fault(Fault::Utf16),
            byte => self.fault(Fault::Byte(byte)),
        }
    }

    fn broken_off(&self) -> NotUtf8 {
        self.fault(Fault::BrokenOff)
    }

    fn fault(&self, fault: Fault) -> NotUtf8 {
        NotUtf8 {
            line: self.lines + 1,
            column: self.characters + 1,
            position: self.bytes + 1,
            fault,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(bytes: &[u8]) -> String {
        utf8(bytes.to_vec()).unwrap_err().to_string()
    }

    #[test]
    fn the_place_and_the_likely_encoding_are_told() {
        assert_eq!(
            said(b"name: x\n# caf\xe9\n"),
            "line 2, column 6 (byte 14): 0xe9 is not UTF-8; the text is probably Latin-1 or Windows-1252"
        );
        assert_eq!(
            said(b"\xff\xfen\0a\0"),
            "line 1, column 1 (byte 1): the text is UTF-16, and UTF-8 is read"
        );
        assert_eq!(
            said("né".as_bytes().split_last().unwrap().1),
            "line 1, column 2 (byte 2): the text ends in the middle of a character"
        );
        assert_eq!(
            said(b"\x1f\x8b"),
            "line 1, column 2 (byte 2): 0x8b is not UTF-8"
        );
    }

    #[test]
    fn text_is_text() {
        assert_eq!(utf8("é\u{feff}😀".into()).unwrap(), "é\u{feff}😀");
    }

    #[test]
    fn pieces_may_be_cut_anywhere() {
        let text = "é,ü\n😀,x\n".repeat(3);
        let mut bad = text.clone().into_bytes();
        bad.extend(b"caf\xe9,1\n");

        for length in 1..=bad.len() {
            let mut check = Utf8Check::default();
            let whole: Result<Vec<_>, _> = text
                .as_bytes()
                .chunks(length)
                .map(|piece| check.feed(piece))
                .collect();
            assert_eq!(whole.map(|_| check.finish()), Ok(Ok(())), "{length}");

            let mut check = Utf8Check::default();
            let found = bad.chunks(length).find_map(|piece| check.feed(piece).err());
            let found = found.map(|it| (it.line, it.column, it.position));
            assert_eq!(found, Some((7, 4, text.len() as u64 + 4)), "{length}");
        }
    }
}
