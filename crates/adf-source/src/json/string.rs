//! Strings, with what people and tools put into them.

use std::borrow::Cow;

use super::parser::{Parser, Sink};
use super::{Fault, words};
use crate::ProblemKind;

impl<'t, S: Sink> Parser<'t, S> {
    /// Reads a string; the reader stands at its quote.
    pub(super) fn string(&mut self) -> Result<Cow<'t, str>, Fault> {
        let open = self.at;
        self.at += 1;
        let mut read = Cow::Borrowed("");
        let mut from = self.at;
        loop {
            match self.peek() {
                Some(b'"') => {
                    append(&mut read, &self.text[from..self.at]);
                    self.at += 1;
                    return Ok(read);
                }
                Some(b'\\') => {
                    append(&mut read, &self.text[from..self.at]);
                    let escaped = self.escape(open)?;
                    escaped.append_to(read.to_mut());
                    from = self.at;
                }
                Some(byte @ 0..0x20) => {
                    self.control(byte);
                    self.at += 1;
                }
                Some(_) => self.at += 1,
                None => return Err(self.unclosed(open)),
            }
        }
    }

    fn unclosed(&self, open: usize) -> Fault {
        let line = self.text[open..].find(['\n', '\r']);
        let end = line.map_or(self.text.len(), |length| open + length);
        let message = "a string that is not closed";
        Fault::new(ProblemKind::Syntax, open..end, message).hint("close it with `\"`")
    }

    fn control(&mut self, byte: u8) {
        let bytes = self.at..self.at + 1;
        self.fault(|| {
            let (name, escape) = match byte {
                b'\n' => ("a line break", "\\n".to_owned()),
                b'\r' => ("a carriage return", "\\r".to_owned()),
                b'\t' => ("a tab", "\\t".to_owned()),
                _ => ("a control character", format!("\\u{byte:04x}")),
            };
            let message = format!("{name} inside a string");
            Fault::new(ProblemKind::ControlCharacter, bytes, message)
                .hint(format!("write `{escape}`, or close the string before it"))
        });
    }

    fn escape(&mut self, open: usize) -> Result<Escaped<'t>, Fault> {
        let start = self.at;
        let Some(character) = self.text[start + 1..].chars().next() else {
            return Err(self.unclosed(open));
        };
        self.at += 1 + character.len_utf8();
        Ok(Escaped::Character(match character {
            '"' | '\\' | '/' => character,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return Ok(self.unicode(start)),
            _ => {
                let bytes = start..self.at;
                self.fault(|| {
                    let message = format!("`\\{}` is no escape", words::visible(character));
                    Fault::new(ProblemKind::Escape, bytes, message)
                        .hint("a backslash is written `\\\\`")
                });
                return Ok(Escaped::AsWritten(&self.text[start..self.at]));
            }
        }))
    }

    /// Reads the digits after `\u`, and those of the second half of a pair.
    fn unicode(&mut self, start: usize) -> Escaped<'t> {
        let Some(first) = self.digits() else {
            let message = "`\\u` without four hexadecimal digits";
            let bytes = start..self.at;
            self.fault(|| Fault::new(ProblemKind::Escape, bytes, message));
            return Escaped::AsWritten(&self.text[start..self.at]);
        };
        if let Some(character) = char::from_u32(first) {
            return Escaped::Character(character);
        }
        let after = self.at;
        if first < 0xdc00 && self.text[after..].starts_with("\\u") {
            self.at += 2;
            if let Some(second @ 0xdc00..=0xdfff) = self.digits() {
                let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Escaped::Character(
                    char::from_u32(code).expect("two halves make a character"),
                );
            }
            self.at = after;
        }
        let message = "half of a surrogate pair stands for no character";
        let bytes = start..self.at;
        self.fault(|| Fault::new(ProblemKind::Escape, bytes, message));
        Escaped::Character(char::REPLACEMENT_CHARACTER)
    }

    fn digits(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}

/// What an escape stands for.
enum Escaped<'t> {
    Character(char),
    AsWritten(&'t str),
}

impl Escaped<'_> {
    fn append_to(&self, text: &mut String) {
        match self {
            Self::Character(character) => text.push(*character),
            Self::AsWritten(written) => text.push_str(written),
        }
    }
}

fn append<'t>(read: &mut Cow<'t, str>, part: &'t str) {
    match read.is_empty() {
        true => *read = Cow::Borrowed(part),
        false => read.to_mut().push_str(part),
    }
}

/// Reads a string that was read before, with its quotes.
pub(super) fn unquoted(written: &str) -> Cow<'_, str> {
    let mut parser = Parser::new(written, super::Values::default());
    parser.string().unwrap_or_default()
}
