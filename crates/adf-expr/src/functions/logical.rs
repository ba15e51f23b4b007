//! Comparisons and conditions. `if`, `and`, `or` evaluate only what decides.

use std::cmp::Ordering;

use icu_collator::{Collator, options::CollatorOptions};
use serde_json::{Value, json};

use super::signature::{ANY, BOOLEAN, NUMBER, STRING, Signature, all_of_one_kind};
use super::{Answer, Args, Body, Function, Lazy, Problem, strict};
use crate::check::Types;
use crate::value::Num;

pub(super) const FUNCTIONS: &[Function] = &[
    lazy("and", 2, Lazy::And).typed(&[BOOLEAN], BOOLEAN),
    strict("equals", 2, 2, equals).typed(&[ANY], BOOLEAN),
    strict("greater", 2, 2, |args| {
        Ok(json!(compared(args)?.is_some_and(Ordering::is_gt)))
    })
    .typed(&[], BOOLEAN)
    .relating(comparable),
    strict("greaterOrEquals", 2, 2, |args| {
        Ok(json!(compared(args)?.is_some_and(Ordering::is_ge)))
    })
    .typed(&[], BOOLEAN)
    .relating(comparable),
    lazy("if", 3, Lazy::If)
        .typed(&[BOOLEAN, ANY], ANY)
        .giving(|given| given.iter().skip(1).copied().fold(Types::NONE, Types::or)),
    strict("less", 2, 2, |args| {
        Ok(json!(compared(args)?.is_some_and(Ordering::is_lt)))
    })
    .typed(&[], BOOLEAN)
    .relating(comparable),
    strict("lessOrEquals", 2, 2, |args| {
        Ok(json!(compared(args)?.is_some_and(Ordering::is_le)))
    })
    .typed(&[], BOOLEAN)
    .relating(comparable),
    strict("not", 1, 1, not).typed(&[BOOLEAN], BOOLEAN),
    lazy("or", 2, Lazy::Or).typed(&[BOOLEAN], BOOLEAN),
];

const fn lazy(name: &'static str, count: usize, lazy: Lazy) -> Function {
    Function {
        name,
        min: count,
        max: Some(count),
        signature: Signature::OPEN,
        samples: None,
        body: Body::Lazy(lazy),
    }
}

/// Numbers compare with numbers, and texts with texts.
fn comparable(argument: usize, given: &[Types]) -> Types {
    all_of_one_kind([NUMBER, STRING], argument, given)
}

fn not(args: &Args<'_>) -> Answer {
    match args.value(0) {
        Value::Bool(value) => Ok(Value::Bool(!value)),
        other => Err(Problem::expected(0, "a Boolean", other)),
    }
}

/// No type equals another, except that the documentation has `true` equal 1.
fn equals(args: &Args<'_>) -> Answer {
    let equal = match (args.value(0), args.value(1)) {
        (Value::Number(a), Value::Number(b)) => {
            numeric_order(Num::of(a), Num::of(b)) == Some(Ordering::Equal)
        }
        (Value::Bool(true), Value::Number(number)) | (Value::Number(number), Value::Bool(true)) => {
            number.as_i64() == Some(1)
        }
        (a, b) => a == b,
    };
    Ok(Value::Bool(equal))
}

fn compared(args: &Args<'_>) -> Result<Option<Ordering>, Problem> {
    match (args.value(0), args.value(1)) {
        (Value::Number(_), _) => Ok(numeric_order(args.number(0)?, args.number(1)?)),
        (Value::String(a), _) => linguistic_order(a, args.text(1)?).map(Some),
        (other, _) => Err(Problem::expected(0, "a number or a String", other)),
    }
}

fn numeric_order(a: Num, b: Num) -> Option<Ordering> {
    match (a, b) {
        (Num::Int(a), Num::Int(b)) => Some(a.cmp(&b)),
        (a, b) => a.float().partial_cmp(&b.float()),
    }
}

/// The order of Unicode's root collation: blanks, punctuation, digits, letters; accents and case decide last.
fn linguistic_order(a: &str, b: &str) -> Result<Ordering, Problem> {
    let collator = Collator::try_new(Default::default(), CollatorOptions::default());
    let collator =
        collator.map_err(|error| Problem::new(format!("no data to order text by: {error}")))?;
    Ok(collator.compare(a, b))
}
