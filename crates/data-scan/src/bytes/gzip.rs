//! Files of gzip: members one after the other, as `cat a.gz b.gz` makes them, and nothing else.

use std::io::{self, BufRead, BufReader, Read};
use std::mem::replace;

use flate2::bufread::GzDecoder;

use super::feed::{Bytes, STEP};

/// What a member begins with.
const MARK: [u8; 2] = [0x1F, 0x8B];

/// The text of all members.
pub(super) struct Members<'a>(State<'a>);

enum State<'a> {
    /// Within a member.
    Member(Box<GzDecoder<BufReader<Bytes<'a>>>>),
    /// Behind the last one.
    End,
}

impl<'a> Members<'a> {
    pub(super) fn new(bytes: Bytes<'a>) -> Self {
        let member = GzDecoder::new(BufReader::with_capacity(STEP, bytes));
        Self(State::Member(Box::new(member)))
    }
}

impl Read for Members<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let State::Member(member) = &mut self.0 else {
                return Ok(0);
            };
            let read = member.read(buffer)?;
            if read > 0 {
                return Ok(read);
            }
            let State::Member(member) = replace(&mut self.0, State::End) else {
                return Ok(0);
            };
            let mut rest = member.into_inner();
            if is_member(&mut rest)? {
                self.0 = State::Member(Box::new(GzDecoder::new(rest)));
            }
        }
    }
}

/// Whether a member follows. Zeros up to the end fill a block up, and mean nothing.
fn is_member(rest: &mut impl BufRead) -> io::Result<bool> {
    let mut first = true;
    loop {
        let bytes = rest.fill_buf()?;
        if bytes.is_empty() {
            return Ok(false);
        }
        if first && MARK.starts_with(&bytes[..bytes.len().min(2)]) {
            return Ok(true);
        }
        if bytes.iter().any(|byte| *byte != 0) {
            return Err(io::Error::other(
                "what is behind the end of its gzip is no gzip, and was not read",
            ));
        }
        first = false;
        let length = bytes.len();
        rest.consume(length);
    }
}
