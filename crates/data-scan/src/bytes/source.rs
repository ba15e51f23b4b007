//! What stands between a file's bytes and its text, as its first bytes say.

use std::io;

use super::{Encoding, Feed};
use crate::files::ReadAt;

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// How many bytes a byte order mark has at the beginning of text, if there is one.
pub(crate) fn mark(text: &[u8]) -> usize {
    if text.starts_with(MARK) {
        MARK.len()
    } else {
        0
    }
}

/// What ends the lines of a text that begins so: CR only where there is no LF.
pub(crate) fn newline(text: &[u8]) -> u8 {
    if text.contains(&b'\n') || !text.contains(&b'\r') {
        b'\n'
    } else {
        b'\r'
    }
}

/// What stands between a file's bytes and its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) compression: Compression,
    pub(crate) encoding: Encoding,
}

/// How a file is compressed, as its first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    None,
    Gzip,
    Zstd,
    /// One that is not read, by its name.
    Unread(&'static str),
}

impl Source {
    /// What the beginning of a file says, and that of what is compressed in it: the encoding unless a byte order mark is there.
    pub(crate) fn detect(file: &dyn ReadAt, size: u64, encoding: Encoding) -> io::Result<Self> {
        let (mut first, mut length) = ([0; 4], 0);
        while length < first.len() {
            match file.read_at(length as u64, &mut first[length..])? {
                0 => break,
                read => length += read,
            }
        }
        let source = Self::of(&first[..length], encoding);
        if !matches!(source.compression, Compression::Gzip | Compression::Zstd) {
            return Ok(source);
        }
        let packed = Self {
            encoding: Encoding::Utf8,
            ..source
        };
        let mut feed = Feed::new(file, size, packed, 0)?;
        feed.more_of(first.len())?;
        let Self { encoding, .. } = Self::of(feed.bytes(), encoding);
        Ok(Self { encoding, ..source })
    }

    /// What the first bytes say, and the encoding unless a byte order mark is there.
    fn of(first: &[u8], encoding: Encoding) -> Self {
        let compression = match first {
            [0x1F, 0x8B, ..] => Compression::Gzip,
            [0x28, 0xB5, 0x2F, 0xFD] => Compression::Zstd,
            [b'B', b'Z', b'h', b'1'..=b'9'] => Compression::Unread("bzip2"),
            [0xFD, b'7', b'z', b'X'] => Compression::Unread("xz"),
            [b'P', b'K', 3, 4] => Compression::Unread("zip"),
            [4, 0x22, 0x4D, 0x18] => Compression::Unread("lz4"),
            _ => Compression::None,
        };
        let encoding = match first {
            [0xEF, 0xBB, 0xBF, ..] => Encoding::Utf8,
            [0xFF, 0xFE, ..] => Encoding::Other(encoding_rs::UTF_16LE),
            [0xFE, 0xFF, ..] => Encoding::Other(encoding_rs::UTF_16BE),
            _ => encoding,
        };
        Self {
            compression,
            encoding,
        }
    }

    /// Whether the file's bytes are its text, so that it can be read in the middle.
    pub(crate) fn is_plain(self) -> bool {
        self.compression == Compression::None && self.encoding == Encoding::Utf8
    }
}
