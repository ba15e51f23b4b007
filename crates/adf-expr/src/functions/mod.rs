//! The functions of Data Factory, 84 names, found ignoring case.
//!
//! What each does is documented at
//! <https://learn.microsoft.com/azure/data-factory/control-flow-expression-language-functions>.

mod absent;
mod collection;
mod constant;
mod conversion;
mod date;
mod logical;
mod math;
mod signature;
mod string;
mod xml;

use std::borrow::Cow;

use serde_json::{Map, Value};

pub(crate) use absent::{foreign, substitute};
pub(crate) use constant::{Sample, constant_problem};
pub(crate) use signature::Signature;

use crate::budget::MOST;
use crate::scope::Scope;
use crate::value::{Num, type_name};

/// What a function makes of its arguments.
pub(crate) type Answer = Result<Value, Problem>;

/// A function's entry in the tables of the submodules.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) min: usize,
    pub(crate) max: Option<usize>,
    pub(crate) signature: Signature,
    pub(crate) samples: Option<&'static [Sample]>,
    pub(crate) body: Body,
}

pub(crate) enum Body {
    /// Computes from the values of all arguments.
    Strict(fn(&Args<'_>) -> Answer),
    /// Decides which arguments are evaluated.
    Lazy(Lazy),
}

#[derive(Clone, Copy)]
pub(crate) enum Lazy {
    And,
    Or,
    If,
    Coalesce,
}

/// An entry with a fixed number of arguments or a range of it.
const fn strict(
    name: &'static str,
    min: usize,
    max: usize,
    body: fn(&Args<'_>) -> Answer,
) -> Function {
    Function {
        name,
        min,
        max: Some(max),
        signature: Signature::OPEN,
        samples: None,
        body: Body::Strict(body),
    }
}

/// An entry with no upper limit of arguments.
const fn variadic(name: &'static str, min: usize, body: fn(&Args<'_>) -> Answer) -> Function {
    Function {
        name,
        min,
        max: None,
        signature: Signature::OPEN,
        samples: None,
        body: Body::Strict(body),
    }
}

const TABLES: [&[Function]; 7] = [
    string::FUNCTIONS,
    collection::FUNCTIONS,
    logical::FUNCTIONS,
    conversion::FUNCTIONS,
    math::FUNCTIONS,
    date::FUNCTIONS,
    xml::FUNCTIONS,
];

pub(crate) fn find(name: &str) -> Option<&'static Function> {
    let mut all = TABLES.into_iter().flatten();
    all.find(|function| function.name.eq_ignore_ascii_case(name))
}

pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TABLES.into_iter().flatten().map(|function| function.name)
}

/// Why a function refuses its arguments.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) argument: Option<usize>,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Problem {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            argument: None,
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn in_argument(argument: usize, message: impl Into<String>) -> Self {
        Self {
            argument: Some(argument),
            ..Self::new(message)
        }
    }

    pub(crate) fn expected(argument: usize, expected: &str, found: &Value) -> Self {
        let (number, found) = (argument + 1, type_name(found));
        Self::in_argument(
            argument,
            format!("argument {number} must be {expected}, not {found}"),
        )
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Refuses a result of so many bytes before it is made.
fn bounded(bytes: usize) -> Result<(), Problem> {
    if bytes > MOST {
        let message = format!("the result is too large; at most {MOST} bytes are handled");
        return Err(Problem::new(message));
    }
    Ok(())
}

/// The start of a text, for messages.
fn shown(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

/// The evaluated arguments of a call.
pub(crate) struct Args<'a> {
    values: Vec<Cow<'a, Value>>,
    pub(crate) scope: &'a dyn Scope,
}

impl<'a> Args<'a> {
    pub(crate) fn new(values: Vec<Cow<'a, Value>>, scope: &'a dyn Scope) -> Self {
        Self { values, scope }
    }

    fn len(&self) -> usize {
        self.values.len()
    }

    fn all(&self) -> impl Iterator<Item = &Value> {
        self.values.iter().map(AsRef::as_ref)
    }

    /// The argument, null when it was left out.
    fn value(&self, i: usize) -> &Value {
        self.values.get(i).map_or(&Value::Null, AsRef::as_ref)
    }

    fn given(&self, i: usize) -> bool {
        i < self.values.len()
    }

    fn text(&self, i: usize) -> Result<&str, Problem> {
        let value = self.value(i);
        value
            .as_str()
            .ok_or_else(|| Problem::expected(i, "a String", value))
    }

    fn optional_text(&self, i: usize) -> Result<Option<&str>, Problem> {
        if self.given(i) {
            self.text(i).map(Some)
        } else {
            Ok(None)
        }
    }

    fn integer(&self, i: usize) -> Result<i64, Problem> {
        let value = self.value(i);
        value
            .as_i64()
            .ok_or_else(|| Problem::expected(i, "an Integer of 64 bits", value))
    }

    /// An integer from zero up; beyond the platform's sizes it counts as the largest.
    fn count(&self, i: usize) -> Result<usize, Problem> {
        let number = self.integer(i)?;
        if number < 0 {
            return Err(Problem::in_argument(
                i,
                format!("argument {} must not be negative", i + 1),
            ));
        }
        Ok(usize::try_from(number).unwrap_or(usize::MAX))
    }

    fn number(&self, i: usize) -> Result<Num, Problem> {
        match self.value(i) {
            Value::Number(number) => Ok(Num::of(number)),
            other => Err(Problem::expected(i, "a number", other)),
        }
    }

    fn array(&self, i: usize) -> Result<&Vec<Value>, Problem> {
        let value = self.value(i);
        value
            .as_array()
            .ok_or_else(|| Problem::expected(i, "an Array", value))
    }

    fn object(&self, i: usize) -> Result<&Map<String, Value>, Problem> {
        let value = self.value(i);
        value
            .as_object()
            .ok_or_else(|| Problem::expected(i, "an Object", value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_84_functions_are_there_once() {
        let mut names: Vec<String> = names().map(str::to_lowercase).collect();
        names.sort();
        names.dedup();

        assert_eq!(names.len(), 84);
    }
}
