#![doc = include_str!("../README.md")]

mod ast;
mod budget;
mod charset;
mod check;
mod date;
mod error;
mod eval;
mod functions;
mod lenient_json;
mod lex;
mod number;
mod parse;
mod print;
mod reference;
mod scope;
mod select;
mod suggest;
mod text;
mod uri;
mod value;
mod xml;
mod xpath;

pub use ast::{Accessor, Call, Expr, ExprKind, Literal, Part, Selector, Span, Template};
pub use check::{
    Activities, Certainty, Checked, Declarations, Issue, IssueKind, Known, Output, Reach,
    References, Sight, Snapshot, Symbols, System, TriggerKind, Types, check, references,
};
pub use error::{ErrorKind, EvalError, SyntaxError, SyntaxErrorKind};
pub use eval::{evaluate, evaluate_json, evaluate_text, expression_object};
pub use parse::{MAX_DEPTH, MAX_LENGTH};
pub use scope::{Context, Named, Random, Root, Scope};
pub use suggest::nearest;
pub use text::render;
pub use value::lookup;

/// The names of all functions, as documented.
pub fn function_names() -> impl Iterator<Item = &'static str> {
    functions::names()
}

/// The names of all time zones, as Windows has them; they are compared without regard to case.
pub fn time_zones() -> impl Iterator<Item = &'static str> {
    date::zones::names()
}
