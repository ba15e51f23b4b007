//! The tolerant reader. It makes whatever a [`Sink`] makes, so that documents and places are read by the same rules.

use std::borrow::Cow;
use std::ops::Range;

use adf_model::secret::{is_connection_string_name, is_secret_of_connection};
use serde_json::Number;

use super::{DEEPEST, Fault, MOST_FAULTS, words};
use crate::ProblemKind;

/// A value that holds no other.
pub(super) enum Scalar<'t> {
    Null,
    Bool(bool),
    Number(Number),
    String(Cow<'t, str>),
}

/// A key and its value.
pub(super) struct Member<'t, V> {
    pub(super) key: Cow<'t, str>,
    pub(super) key_bytes: Range<usize>,
    pub(super) value: V,
}

/// What is made of values.
pub(super) trait Sink {
    type Value;

    fn scalar(&mut self, scalar: Scalar<'_>, bytes: Range<usize>) -> Self::Value;
    fn array(&mut self, items: Vec<Self::Value>, bytes: Range<usize>) -> Self::Value;
    fn object(&mut self, members: Vec<Member<'_, Self::Value>>, bytes: Range<usize>)
    -> Self::Value;

    /// The faults that only show when values are put together.
    fn into_faults(self) -> Vec<Fault>;
}

/// The tolerant reader of one text.
pub(super) struct Parser<'t, S> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    depth: usize,
    /// Where the last key stands.
    key: Range<usize>,
    sink: S,
    faults: Vec<Fault>,
}

impl<'t, S: Sink> Parser<'t, S> {
    pub(super) fn new(text: &'t str, sink: S) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
            key: 0..0,
            sink,
            faults: Vec::new(),
        }
    }

    /// Reads the whole text.
    pub(super) fn document(&mut self) -> Result<S::Value, Fault> {
        self.skip()?;
        if self.peek().is_none() {
            let what = match self.text.trim().is_empty() {
                true => "the file is empty",
                false => "the file holds nothing but comments",
            };
            let hint = "a resource is a JSON object such as `{\"name\": …, \"properties\": {…}}`";
            return Err(Fault::new(ProblemKind::Empty, 0..0, what).hint(hint));
        }
        let is_text = self.text[self.at..].starts_with('"');
        let value = self.value()?;
        self.skip()?;
        if self.peek().is_some() {
            let (found, bytes) = words::found(self.text, self.at);
            let found = match found.len() > 3 && self.may_be_secret() {
                true => "a text".to_owned(),
                false => found,
            };
            let message = format!("expected the end of the file, found {found}");
            let hint = match found.as_str() {
                "`:`" if is_text => "are `{` before it and `}` at the end missing?",
                _ => "what follows the document is not read",
            };
            self.fault(|| Fault::new(ProblemKind::Syntax, bytes, message).hint(hint));
        }
        Ok(value)
    }

    /// What made the values.
    pub(super) fn into_sink(self) -> S {
        self.sink
    }

    pub(super) fn into_faults(self) -> Vec<Fault> {
        let mut faults = self.faults;
        faults.append(&mut self.sink.into_faults());
        faults.sort_by_key(|fault| fault.bytes.start);
        faults
    }

    fn value(&mut self) -> Result<S::Value, Fault> {
        let start = self.at;
        let scalar = match self.peek() {
            Some(b'{') => return self.nested(Self::object),
            Some(b'[') => return self.nested(Self::array),
            Some(b'"') => Scalar::String(self.string()?),
            Some(b'-' | b'+' | b'.' | b'0'..=b'9') => Scalar::Number(self.number()?),
            _ if self.word("null") => Scalar::Null,
            _ if self.word("true") => Scalar::Bool(true),
            _ if self.word("false") => Scalar::Bool(false),
            _ => return Err(self.expected("a value")),
        };
        Ok(self.sink.scalar(scalar, start..self.at))
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<S::Value, Fault>,
    ) -> Result<S::Value, Fault> {
        if self.depth == DEEPEST {
            let message = format!("objects and arrays are nested more than {DEEPEST} levels deep");
            return Err(Fault::new(
                ProblemKind::TooDeep,
                self.at..self.at + 1,
                message,
            ));
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn array(&mut self) -> Result<S::Value, Fault> {
        let start = self.at;
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip()?;
            if self.take(b']') {
                break;
            }
            if !items.is_empty() {
                self.comma(start, b']')?;
                if self.take(b']') {
                    break;
                }
            }
            items.push(self.value().map_err(|fault| self.opened(fault, start))?);
        }
        Ok(self.sink.array(items, start..self.at))
    }

    fn object(&mut self) -> Result<S::Value, Fault> {
        let start = self.at;
        self.at += 1;
        let mut members = Vec::new();
        loop {
            self.skip()?;
            if self.take(b'}') {
                break;
            }
            if !members.is_empty() {
                self.comma(start, b'}')?;
                if self.take(b'}') {
                    break;
                }
            }
            let expected = match members.is_empty() {
                true => "a key in double quotes, or `}`",
                false => "a key in double quotes",
            };
            members.push(self.member(start, expected)?);
        }
        Ok(self.sink.object(members, start..self.at))
    }

    fn member(&mut self, object: usize, expected: &str) -> Result<Member<'t, S::Value>, Fault> {
        if self.peek() != Some(b'"') {
            let fault = self.expected(expected);
            return Err(self.opened(fault, object));
        }
        let start = self.at;
        let key = self.string()?;
        let key_bytes = start..self.at;
        self.key = key_bytes.clone();
        self.skip()?;
        if !self.take(b':') {
            return Err(self.no_colon());
        }
        self.skip()?;
        let value = self.value().map_err(|fault| self.opened(fault, object))?;
        Ok(Member {
            key,
            key_bytes,
            value,
        })
    }

    /// Passes the comma between two values, or says that there is none, or that nothing comes after it.
    fn comma(&mut self, opened: usize, close: u8) -> Result<(), Fault> {
        let comma = self.at;
        if self.take(b',') {
            self.skip()?;
            if self.peek() == Some(close) {
                self.fault(|| {
                    let message = format!("a comma before `{}`", char::from(close));
                    Fault::new(ProblemKind::TrailingComma, comma..comma + 1, message)
                        .hint("delete it")
                });
            }
            return Ok(());
        }
        let expected = format!("`,` or `{}`", char::from(close));
        let fault = self.expected(&expected);
        // A forgotten comma is the most frequent mistake, and what was meant is plain.
        let forgotten = match close {
            b'}' => self.peek() == Some(b'"'),
            _ => matches!(self.peek(), Some(b'"' | b'{' | b'[' | b'-' | b'0'..=b'9')),
        };
        if forgotten && self.faults.len() < MOST_FAULTS {
            self.fault(|| fault.hint("is a comma missing before it?"));
            return Ok(());
        }
        Err(self.opened(fault, opened))
    }

    /// Passes white space and comments.
    fn skip(&mut self) -> Result<(), Fault> {
        let bytes = self.text.as_bytes();
        loop {
            while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
                self.at += 1;
            }
            let start = self.at;
            match bytes.get(start..start + 2) {
                Some(b"//") => {
                    let rest = &bytes[start..];
                    let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
                    self.at = start + end.unwrap_or(rest.len());
                }
                Some(b"/*") => {
                    let end = self.text[start + 2..].find("*/").ok_or_else(|| {
                        let message = "a comment that is not closed";
                        Fault::new(ProblemKind::Syntax, start..start + 2, message)
                            .hint("close it with `*/`")
                    })?;
                    self.at = start + 2 + end + 2;
                }
                _ => return Ok(()),
            }
            let bytes = start..self.at;
            self.fault(|| {
                Fault::new(ProblemKind::Comment, bytes, "JSON has no comments")
                    .hint("say it in a `description` or in `annotations`")
            });
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        let rest = &self.text.as_bytes()[self.at..];
        let found = rest.starts_with(word.as_bytes())
            && !rest.get(word.len()).is_some_and(u8::is_ascii_alphanumeric);
        self.at += if found { word.len() } else { 0 };
        found
    }

    /// Notes what is wrong, unless enough is.
    pub(super) fn fault(&mut self, fault: impl FnOnce() -> Fault) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault());
        }
    }

    /// The fault that a key has no value. A text behind it is not told: it may be a secret.
    fn no_colon(&self) -> Fault {
        let fault = self.expected("`:` after the key");
        match self.peek() {
            Some(b'"') => Fault {
                message: "expected `:` after the key, found a text".to_owned(),
                ..fault
            },
            _ => fault,
        }
    }

    /// The fault that something else stands here.
    pub(super) fn expected(&self, expected: &str) -> Fault {
        if let Some(marker) = words::conflict_marker(self.text, self.at) {
            let message = "a merge conflict that nobody has solved";
            return Fault::new(ProblemKind::Conflict, marker, message)
                .hint("choose a side, and delete the lines `<<<<<<<`, `=======` and `>>>>>>>`");
        }
        let (found, bytes) = words::found(self.text, self.at);
        let is_word = bytes.len() > 1 || found.chars().any(char::is_alphanumeric);
        let is_key = self.text[bytes.end..].trim_start().starts_with(':');
        let found = match is_word && !bytes.is_empty() && !is_key && self.may_be_secret() {
            true => "a text".to_owned(),
            false => found,
        };
        let message = format!("expected {expected}, found {found}");
        let fault = Fault::new(ProblemKind::Syntax, bytes, message);
        match words::hint(self.text, self.at) {
            Some(hint) => fault.hint(hint),
            None => fault,
        }
    }

    /// Whether what stands behind the last key may be a secret, which no message tells.
    fn may_be_secret(&self) -> bool {
        let key = self.text[self.key.clone()].trim_matches('"');
        let lower = key.to_ascii_lowercase();
        is_secret_of_connection(key)
            || is_connection_string_name(key)
            || ["value", "defaultvalue", "content"].contains(&lower.as_str())
    }

    /// The fault with the place of the bracket that is not closed, where the text ended too early.
    fn opened(&self, fault: Fault, at: usize) -> Fault {
        let ended = fault.kind == ProblemKind::Syntax && fault.bytes.start == self.text.len();
        match ended && fault.related.is_none() {
            true => fault.related(at..at + 1, "opened here, and not closed"),
            false => fault,
        }
    }
}
