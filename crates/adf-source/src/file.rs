//! A JSON file: its text, and what it says.

use std::ops::Range;
use std::sync::OnceLock;

use serde_json::Value;

use crate::encoding::{Decoded, decode};
use crate::json::{self, Fault, Index};
use crate::lines::Lines;
use crate::{Encoding, Problem, ProblemKind, Related, Span};

/// A JSON file that could be read.
///
/// Places are found when they are first asked for: whoever has no finding does not pay for them.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path below the root, with `/`.
    pub path: String,
    text: String,
    encoding: Encoding,
    json: Value,
    lines: OnceLock<Lines>,
    index: OnceLock<Index>,
}

impl SourceFile {
    /// Reads a file. What is not strict JSON, but can be understood, is added to `problems`.
    ///
    /// # Errors
    ///
    /// The problem that makes the file useless.
    pub fn parse(path: &str, bytes: &[u8], problems: &mut Vec<Problem>) -> Result<Self, Problem> {
        let decoded = decode(bytes);
        let mut faults = encoding_faults(&decoded);
        let json = json::read(&decoded.text, &mut faults);
        let mut file = Self::new(path, decoded.text, decoded.encoding, Value::Null);
        problems.extend(faults.into_iter().map(|fault| file.problem(fault)));
        match json {
            Ok(json) => {
                file.json = json;
                Ok(file)
            }
            Err(fault) => Err(file.problem(fault)),
        }
    }

    /// A document that never was a file, as it would be written.
    #[must_use]
    pub fn of_json(path: impl Into<String>, json: Value) -> Self {
        Self::new(path, format!("{json:#}\n"), Encoding::default(), json)
    }

    fn new(path: impl Into<String>, text: String, encoding: Encoding, json: Value) -> Self {
        Self {
            path: path.into(),
            text,
            encoding,
            json,
            lines: OnceLock::new(),
            index: OnceLock::new(),
        }
    }

    /// The decoded text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How the file writes its text.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// What it says.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// Where the value at a JSON pointer is written; the nearest value above it where there is none.
    #[must_use]
    pub fn span(&self, pointer: &str) -> Span {
        let place = self.index().find(&self.text, pointer);
        self.span_of(place.map_or(0..0, |place| place.value))
    }

    /// Where the key of the value at a JSON pointer is written; the value's own place in an array.
    #[must_use]
    pub fn key_span(&self, pointer: &str) -> Span {
        let place = self.index().find(&self.text, pointer);
        self.span_of(place.map_or(0..0, |place| place.key.unwrap_or(place.value)))
    }

    /// The part of the text at `bytes`.
    #[must_use]
    pub fn span_of(&self, bytes: Range<usize>) -> Span {
        let lines = self.lines.get_or_init(|| Lines::of(&self.text));
        lines.span(&self.text, bytes)
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(&self.text))
    }

    fn problem(&self, fault: Fault) -> Problem {
        let related = fault.related.map(|(bytes, message)| Related {
            path: self.path.clone(),
            span: Some(self.span_of(bytes)),
            message: message.to_owned(),
        });
        Problem {
            span: Some(self.span_of(fault.bytes)),
            hint: fault.hint,
            related: related.into_iter().collect(),
            ..Problem::new(fault.kind, &self.path, fault.message)
        }
    }
}

fn encoding_faults(decoded: &Decoded) -> Vec<Fault> {
    let hint = "save the file as UTF-8";
    let name = decoded.encoding.name();
    let mut faults = Vec::new();
    if !matches!(decoded.encoding, Encoding::Utf8 | Encoding::Utf8WithMark) {
        let message = format!("the file is {name}, where Data Factory writes UTF-8");
        faults.push(Fault::new(ProblemKind::Wide, 0..0, message).hint(hint));
    }
    if let Some(damage) = &decoded.damage {
        let others = match damage.count {
            1 => String::new(),
            count => format!(", and {} more", count - 1),
        };
        let message = format!("the byte at offset {} is not {name}{others}", damage.offset);
        faults.push(Fault::new(ProblemKind::Encoding, damage.bytes.clone(), message).hint(hint));
    }
    faults
}
