//! The bytes of a file, decompressed and decoded to UTF-8, as much at a time as is needed.

use std::io::{self, Read};

use super::dialect::Encoding;
use super::gzip::Members;
use crate::files::ReadAt;

/// So much is read at a time.
pub(super) const STEP: usize = 256 << 10;

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
pub(super) fn newline(text: &[u8]) -> u8 {
    if text.contains(&b'\n') || !text.contains(&b'\r') {
        b'\n'
    } else {
        b'\r'
    }
}

impl Source {
    /// What the beginning of a file says, and the encoding unless a byte order mark is there.
    pub(crate) fn detect(file: &dyn ReadAt, encoding: Encoding) -> io::Result<Self> {
        let (mut first, mut length) = ([0; 4], 0);
        while length < first.len() {
            match file.read_at(length as u64, &mut first[length..])? {
                0 => break,
                read => length += read,
            }
        }
        Ok(Self::of(&first[..length], encoding))
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

/// Bytes of a file, from some place on.
pub(crate) struct Feed<'a> {
    bytes: Vec<u8>,
    reader: Reader<'a>,
    last: bool,
}

enum Reader<'a> {
    Plain(Bytes<'a>),
    Unpacked(Box<dyn Read + 'a>),
    Decoded(Box<dyn Read + 'a>, Box<encoding_rs::Decoder>, Vec<u8>),
}

impl<'a> Feed<'a> {
    /// The bytes of a file; of one that is plain, from `start` on.
    pub(crate) fn new(
        file: &'a dyn ReadAt,
        size: u64,
        source: Source,
        start: u64,
    ) -> io::Result<Self> {
        let bytes = Bytes {
            file,
            at: start,
            end: size,
        };
        let unpacked = |bytes: Bytes<'a>| -> io::Result<Box<dyn Read + 'a>> {
            Ok(match source.compression {
                Compression::None => Box::new(bytes),
                Compression::Gzip => Box::new(Members::new(bytes)),
                Compression::Zstd => Box::new(zstd::stream::read::Decoder::new(bytes)?),
                Compression::Unread(name) => {
                    return Err(io::Error::other(format!(
                        "it is compressed by {name}, which is not read; gzip and zstd are"
                    )));
                }
            })
        };
        let reader = match source.encoding {
            Encoding::Utf8 if source.compression == Compression::None => Reader::Plain(bytes),
            Encoding::Utf8 => Reader::Unpacked(unpacked(bytes)?),
            Encoding::Other(encoding) => {
                let decoder = Box::new(encoding.new_decoder_with_bom_removal());
                Reader::Decoded(unpacked(bytes)?, decoder, vec![0; STEP])
            }
        };
        Ok(Self {
            bytes: Vec::new(),
            reader,
            last: false,
        })
    }

    /// What was read and not dropped.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether nothing comes after it.
    pub(crate) fn is_last(&self) -> bool {
        self.last
    }

    /// Forgets bytes at the beginning.
    pub(crate) fn forget(&mut self, length: usize) {
        self.bytes.drain(..length);
    }

    /// Reads more.
    pub(crate) fn more(&mut self) -> io::Result<()> {
        self.more_of(STEP)
    }

    /// Reads so much more, or somewhat less.
    pub(crate) fn more_of(&mut self, length: usize) -> io::Result<()> {
        let before = self.bytes.len();
        let reader: &mut dyn Read = match &mut self.reader {
            Reader::Plain(bytes) => bytes,
            Reader::Unpacked(reader) => reader,
            Reader::Decoded(reader, decoder, raw) => {
                let read = read_full(reader, raw)?;
                self.last = read < raw.len();
                let most = decoder
                    .max_utf8_buffer_length(read)
                    .unwrap_or(4 * read + 16);
                self.bytes.resize(before + most, 0);
                let (_, _, written, _) =
                    decoder.decode_to_utf8(&raw[..read], &mut self.bytes[before..], self.last);
                self.bytes.truncate(before + written);
                return Ok(());
            }
        };
        self.bytes.resize(before + length, 0);
        let read = read_full(reader, &mut self.bytes[before..])?;
        self.bytes.truncate(before + read);
        self.last = read < length;
        Ok(())
    }
}

/// Fills a buffer unless the end comes before.
fn read_full(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match reader.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// The bytes of a file, one after the other.
pub(super) struct Bytes<'a> {
    file: &'a dyn ReadAt,
    at: u64,
    end: u64,
}

impl Read for Bytes<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.at.min(self.end)).unwrap_or(usize::MAX);
        let length = left.min(buffer.len());
        let read = self.file.read_at(self.at, &mut buffer[..length])?;
        if read == 0 && length > 0 {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the file is shorter than it was",
            ));
        }
        self.at += read as u64;
        Ok(read)
    }
}
