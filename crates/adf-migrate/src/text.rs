//! The text of a file that somebody's editor, Excel or PowerShell has written.

use std::fmt::Write as _;

use adf_source::Lines;

use crate::note::{Note, NoteKind, Notes, Severity, Spot};

/// A file that is given to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFile {
    /// Its path, as it is shown.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl InputFile {
    /// A file.
    pub fn new(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            path: path.into(),
            bytes: bytes.into(),
        }
    }

    /// The last part of its path.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.rsplit(['/', '\\']).next().unwrap_or_default()
    }
}

/// A text with the places in it.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) path: String,
    pub(crate) text: String,
    lines: Lines,
}

impl Text {
    /// Reads a file. What is not UTF-8 is read as Windows writes Western European text, and told.
    pub(crate) fn read(file: &InputFile, notes: &mut Notes) -> Self {
        let bytes = file.bytes.as_slice();
        let (text, trouble) = match bytes {
            [0xef, 0xbb, 0xbf, rest @ ..] => (String::from_utf8_lossy(rest).into_owned(), None),
            [0xff, 0xfe, rest @ ..] => (utf16(rest, u16::from_le_bytes), None),
            [0xfe, 0xff, rest @ ..] => (utf16(rest, u16::from_be_bytes), None),
            bytes => match std::str::from_utf8(bytes) {
                Ok(text) => (text.to_owned(), (!text.is_ascii()).then_some(Trouble::Mark)),
                Err(_) => (windows(bytes), Some(Trouble::Ansi)),
            },
        };
        // Characters that stand for nothing mark variables further on.
        let text: String = text.chars().filter(|c| !is_mark(*c)).collect();
        let this = Self {
            path: file.path.clone(),
            lines: Lines::of(&text),
            text,
        };
        if let Some(trouble) = trouble {
            notes.add(this.encoding(&trouble));
        }
        this
    }

    fn encoding(&self, trouble: &Trouble) -> Note {
        let first = self.text.find(|c: char| !c.is_ascii()).unwrap_or_default();
        let note = |severity, message: &str| {
            Note::new(severity, NoteKind::Encoding, self.spot(first), message)
        };
        match trouble {
            Trouble::Mark => note(
                Severity::Remark,
                "without a byte order mark, Windows PowerShell 5 read this letter and others as ANSI and deployed other ones",
            ),
            Trouble::Ansi => note(
                Severity::Accident,
                "the file is not UTF-8; it is read as Windows-1252 (ANSI)",
            )
            .hint("save it as UTF-8 and look at the letters here"),
        }
    }

    /// A place in it.
    pub(crate) fn spot(&self, offset: usize) -> Spot {
        Spot::new(&self.path, self.lines.position(&self.text, offset))
    }
}

enum Trouble {
    Mark,
    Ansi,
}

/// What marks the beginning of a variable in a value.
pub(crate) const OPEN: char = '\u{fdd0}';
/// What marks its end.
pub(crate) const CLOSE: char = '\u{fdd1}';

fn is_mark(character: char) -> bool {
    matches!(character, OPEN | CLOSE)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let units: Vec<u16> = units.collect();
    String::from_utf16_lossy(&units)
}

/// The characters that Windows-1252 has from 0x80 on.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn windows(bytes: &[u8]) -> String {
    let characters = bytes.iter().map(|byte| match byte {
        0x80..=0x9f => WINDOWS[usize::from(byte - 0x80)],
        other => char::from(*other),
    });
    characters.collect()
}

/// Names in a row, the first few of them.
pub(crate) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    const MOST: usize = 8;
    let names: Vec<_> = names.into_iter().collect();
    let mut text = String::new();
    for (at, name) in names.iter().take(MOST).enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        let _ = write!(text, "{comma}`{name}`");
    }
    if names.len() > MOST {
        let _ = write!(text, " and {} more", names.len() - MOST);
    }
    text
}

/// A text of somebody's file, no longer than a line.
pub(crate) fn short(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
