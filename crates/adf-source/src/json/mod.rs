//! JSON as people write it: a fast reader of what is right, a tolerant one that says what is wrong, and the places of values.

mod index;
mod number;
mod parser;
mod strict;
mod string;
mod words;

use std::collections::HashMap;
use std::ops::Range;

use serde_json::{Map, Value};

use crate::ProblemKind;

pub(crate) use index::Index;
pub(crate) use words::short;

use parser::{Member, Parser, Scalar, Sink};

/// The deepest nesting that is read, as in `serde_json`: whatever walks through a document needs no limit of its own.
pub(crate) const DEEPEST: usize = 127;

/// The most faults that are kept of one file.
const MOST_FAULTS: usize = 100;

/// Something that is wrong in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: ProblemKind,
    pub(crate) bytes: Range<usize>,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
    /// Another place that belongs to it, and what is there.
    pub(crate) related: Option<(Range<usize>, &'static str)>,
}

impl Fault {
    pub(crate) fn new(kind: ProblemKind, bytes: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            kind,
            bytes,
            message: message.into(),
            hint: None,
            related: None,
        }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    fn related(mut self, bytes: Range<usize>, message: &'static str) -> Self {
        self.related = Some((bytes, message));
        self
    }
}

/// Reads a document. What is wrong, but can be understood, is added to `faults`.
///
/// # Errors
///
/// The fault that makes the text useless.
pub(crate) fn read(text: &str, faults: &mut Vec<Fault>) -> Result<Value, Fault> {
    match strict::read(text) {
        Some(value) => Ok(value),
        None => {
            let mut parser = Parser::new(text, Values::default());
            let value = parser.document();
            faults.append(&mut parser.into_faults());
            value
        }
    }
}

/// Makes the document itself.
#[derive(Default)]
struct Values {
    faults: Vec<Fault>,
}

impl Sink for Values {
    type Value = Value;

    fn scalar(&mut self, scalar: Scalar<'_>, _bytes: Range<usize>) -> Value {
        match scalar {
            Scalar::Null => Value::Null,
            Scalar::Bool(value) => Value::Bool(value),
            Scalar::Number(value) => Value::Number(value),
            Scalar::String(value) => Value::String(value.into_owned()),
        }
    }

    fn array(&mut self, items: Vec<Value>, _bytes: Range<usize>) -> Value {
        Value::Array(items)
    }

    fn object(&mut self, members: Vec<Member<'_, Value>>, _bytes: Range<usize>) -> Value {
        let mut map = Map::with_capacity(members.len());
        let mut places = HashMap::with_capacity(members.len());
        for member in members {
            if let Some(first) = places.insert(member.key.clone(), member.key_bytes.clone())
                && self.faults.len() < MOST_FAULTS
            {
                let key = words::short(&member.key);
                let fault = Fault::new(
                    ProblemKind::DuplicateKey,
                    member.key_bytes,
                    format!("the key `{key}` stands here a second time; the last one counts"),
                );
                self.faults.push(fault.related(first, "the first one"));
            }
            map.insert(member.key.into_owned(), member.value);
        }
        Value::Object(map)
    }

    fn into_faults(self) -> Vec<Fault> {
        self.faults
    }
}

#[cfg(test)]
mod tests;
