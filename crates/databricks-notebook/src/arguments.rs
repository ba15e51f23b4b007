//! The arguments of a call, as far as they are constants.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::lex::{Kind, Token};

/// How many tokens of a call are looked at. What comes after is computed, for all that is known.
const LONGEST_CALL: usize = 2_000;

/// Names that stand for a constant text.
pub(crate) type Constants = BTreeMap<String, String>;

/// The value of an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// A text, or a number as it is written.
    Text(String),
    /// Several texts; the keys, where it is a dictionary.
    Texts(Vec<String>),
    /// Something that is computed.
    Computed,
}

/// An argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Argument {
    /// Its name, where it is given by name.
    pub(crate) name: Option<String>,
    /// Its value.
    pub(crate) value: Value,
    /// The bytes of its value.
    pub(crate) bytes: Range<usize>,
}

impl Argument {
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// The arguments of one call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments(Vec<Argument>);

impl Arguments {
    /// Reads from the opening bracket at `open`.
    pub(crate) fn read(text: &str, tokens: &[Token], open: usize, constants: &Constants) -> Self {
        let mut arguments = Vec::new();
        let mut depth = 0_usize;
        let mut first = open + 1;
        for (at, token) in tokens.iter().enumerate().skip(open).take(LONGEST_CALL) {
            match token.kind {
                Kind::Sign('(' | '[' | '{') => depth += 1,
                Kind::Sign(')' | ']' | '}') => depth = depth.saturating_sub(1),
                _ => {}
            }
            let ends = depth == 0;
            if ends || (depth == 1 && token.is(',')) {
                arguments.extend(argument(text, &tokens[first..at.max(first)], constants));
                first = at + 1;
            }
            if ends {
                break;
            }
        }
        Self(arguments)
    }

    /// The argument with a name, or else the one at a position.
    pub(crate) fn get(&self, position: usize, names: &[&str]) -> Option<&Argument> {
        let named = |argument: &&Argument| {
            let name = argument.name.as_deref();
            name.is_some_and(|name| names.contains(&name))
        };
        let by_position = self
            .0
            .get(position)
            .filter(|argument| argument.name.is_none());
        self.0.iter().find(named).or(by_position)
    }
}

fn argument(text: &str, tokens: &[Token], constants: &Constants) -> Option<Argument> {
    let (name, tokens) = match tokens {
        [name, equals, rest @ ..]
            if name.kind == Kind::Name
                && equals.is('=')
                && !rest.first().is_some_and(|next| next.is('=')) =>
        {
            (Some(text[name.bytes.clone()].to_owned()), rest)
        }
        _ => (None, tokens),
    };
    let (first, last) = (tokens.first()?, tokens.last()?);
    Some(Argument {
        name,
        value: value(text, tokens, constants),
        bytes: first.bytes.start..last.bytes.end,
    })
}

fn value(text: &str, tokens: &[Token], constants: &Constants) -> Value {
    if let Some(constant) = constant(text, tokens, constants) {
        return Value::Text(constant);
    }
    let inner = match tokens {
        [open, inner @ .., close] if open.is('[') && close.is(']') => inner,
        [open, inner @ .., close] if open.is('{') && close.is('}') => {
            return texts(text, inner, constants, Some(':'));
        }
        [open, inner @ .., close] if open.is('(') && close.is(')') => inner,
        // Scala's `Seq("a")`, R's `c("a")`.
        [name, open, inner @ .., close]
            if name.kind == Kind::Name
                && open.is('(')
                && close.is(')')
                && matches!(
                    &text[name.bytes.clone()],
                    "Seq" | "List" | "Array" | "c" | "list"
                ) =>
        {
            inner
        }
        _ => return Value::Computed,
    };
    texts(text, inner, constants, None)
}

/// Texts between commas; with `mark`, what stands before it.
fn texts(text: &str, tokens: &[Token], constants: &Constants, mark: Option<char>) -> Value {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut first = 0;
    for at in 0..=tokens.len() {
        match tokens.get(at).map(|token| &token.kind) {
            Some(Kind::Sign('(' | '[' | '{')) => depth += 1,
            Some(Kind::Sign(')' | ']' | '}')) => depth = depth.saturating_sub(1),
            Some(Kind::Sign(',')) if depth == 0 => {}
            None => {}
            _ => continue,
        }
        if at < tokens.len() && (depth > 0 || !tokens[at].is(',')) {
            continue;
        }
        let mut item = &tokens[first..at];
        first = at + 1;
        if let Some(mark) = mark {
            let end = item.iter().position(|token| token.is(mark));
            item = &item[..end.unwrap_or(item.len())];
        }
        match constant(text, item, constants) {
            Some(constant) => found.push(constant),
            None if item.is_empty() => {}
            None => return Value::Computed,
        }
    }
    Value::Texts(found)
}

/// One text: texts side by side, a number, or a name that stands for a text.
pub(crate) fn constant(text: &str, tokens: &[Token], constants: &Constants) -> Option<String> {
    match tokens {
        [] => None,
        [one] if one.kind == Kind::Number => Some(text[one.bytes.clone()].to_owned()),
        [one] if one.kind == Kind::Name => constants.get(&text[one.bytes.clone()]).cloned(),
        several => several
            .iter()
            .map(|token| match &token.kind {
                Kind::Text(value) => value.as_deref(),
                _ => None,
            })
            .collect(),
    }
}
