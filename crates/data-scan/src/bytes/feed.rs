//! The bytes of a file, decompressed and decoded to UTF-8, as much at a time as is needed.

use std::io::{self, Read};

use encoding_rs::DecoderResult;

use super::Encoding;
use super::gzip::Members;
use super::source::{Compression, Source};
use crate::files::ReadAt;

/// So much is read at a time.
pub(crate) const STEP: usize = 256 << 10;

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
                decode(decoder, (&raw[..read], self.last), &mut self.bytes);
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

/// Stands in the decoded text for what is no text in the file's encoding: no UTF-8 has it.
const MALFORMED: u8 = 0xFF;

/// Appends what bytes are as UTF-8.
fn decode(decoder: &mut encoding_rs::Decoder, (mut raw, last): (&[u8], bool), text: &mut Vec<u8>) {
    let most = decoder.max_utf8_buffer_length_without_replacement(raw.len());
    let most = most.unwrap_or(4 * raw.len() + 16);
    loop {
        let before = text.len();
        text.resize(before + most, 0);
        let (result, read, written) =
            decoder.decode_to_utf8_without_replacement(raw, &mut text[before..], last);
        text.truncate(before + written);
        raw = &raw[read..];
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => text.push(MALFORMED),
        }
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
