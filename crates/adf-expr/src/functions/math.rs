//! Arithmetic: two integers give an integer, anything with a float gives a float.

use serde_json::{Number, Value, json};

use super::signature::{ARRAY, FLOAT, INTEGER, NUMBER};
use super::{Answer, Args, Function, Problem, Sample, strict, variadic};
use crate::check::Types;
use crate::value::Num;

/// The most elements `range` makes.
const MOST: i64 = 100_000;

pub(super) const FUNCTIONS: &[Function] = &[
    strict("add", 2, 2, |args| {
        arithmetic(args, i64::checked_add, |a, b| a + b)
    })
    .typed(&[NUMBER], NUMBER)
    .giving(computed),
    strict("div", 2, 2, |args| {
        divided(args, i64::checked_div, |a, b| a / b)
    })
    .typed(&[NUMBER], NUMBER)
    .tried_with(&[Sample::Integer(1)])
    .giving(computed),
    variadic("max", 1, |args| extreme(args, |a, b| a > b))
        .relating(numbers)
        .giving(computed),
    variadic("min", 1, |args| extreme(args, |a, b| a < b))
        .relating(numbers)
        .giving(computed),
    strict("mod", 2, 2, |args| {
        divided(args, i64::checked_rem, |a, b| a % b)
    })
    .typed(&[NUMBER], NUMBER)
    .tried_with(&[Sample::Integer(1)])
    .giving(computed),
    strict("mul", 2, 2, |args| {
        arithmetic(args, i64::checked_mul, |a, b| a * b)
    })
    .typed(&[NUMBER], NUMBER)
    .giving(computed),
    strict("rand", 2, 2, rand).typed(&[INTEGER], INTEGER),
    strict("range", 2, 2, range).typed(&[INTEGER], ARRAY),
    strict("sub", 2, 2, |args| {
        arithmetic(args, i64::checked_sub, |a, b| a - b)
    })
    .typed(&[NUMBER], NUMBER)
    .giving(computed),
];

/// One array of numbers, or each a number.
fn numbers(_: usize, given: &[Types]) -> Types {
    match given {
        [_] => NUMBER.or(ARRAY),
        _ => NUMBER,
    }
}

/// Integers alone give an integer, and a float makes a float of it.
fn computed(given: &[Types]) -> Types {
    if given.iter().all(|types| types.is_within(INTEGER)) {
        INTEGER
    } else if given.iter().any(|types| types.is_within(FLOAT)) {
        FLOAT
    } else {
        NUMBER
    }
}

fn arithmetic(
    args: &Args<'_>,
    int: fn(i64, i64) -> Option<i64>,
    float: fn(f64, f64) -> f64,
) -> Answer {
    match (args.number(0)?, args.number(1)?) {
        (Num::Int(a), Num::Int(b)) => match int(a, b) {
            Some(result) => Ok(json!(result)),
            None => Err(Problem::new("the result does not fit into 64 bits")),
        },
        (a, b) => finite(float(a.float(), b.float())),
    }
}

fn divided(
    args: &Args<'_>,
    int: fn(i64, i64) -> Option<i64>,
    float: fn(f64, f64) -> f64,
) -> Answer {
    if args.number(1)?.float() == 0.0 {
        return Err(Problem::in_argument(1, "division by zero"));
    }
    arithmetic(args, int, float)
}

fn finite(float: f64) -> Answer {
    let number =
        Number::from_f64(float).ok_or_else(|| Problem::new("the result is not a finite number"))?;
    Ok(Value::Number(number))
}

fn extreme(args: &Args<'_>, better: fn(f64, f64) -> bool) -> Answer {
    let numbers: Vec<Num> = match args.value(0) {
        Value::Array(items) if args.len() == 1 => {
            items.iter().map(element).collect::<Result<_, _>>()?
        }
        _ => (0..args.len())
            .map(|i| args.number(i))
            .collect::<Result<_, _>>()?,
    };
    let Some(first) = numbers.first().copied() else {
        return Err(Problem::in_argument(0, "the array is empty"));
    };
    let best = numbers.iter().copied().fold(first, |best, number| {
        let wins = match (number, best) {
            (Num::Int(number), Num::Int(best)) => {
                number != best && better_int(number, best, better)
            }
            (number, best) => better(number.float(), best.float()),
        };
        if wins { number } else { best }
    });
    match best {
        Num::Int(int) if numbers.iter().all(|number| matches!(number, Num::Int(_))) => {
            Ok(json!(int))
        }
        best => finite(best.float()),
    }
}

/// Compares integers without losing digits: only their order matters.
fn better_int(a: i64, b: i64, better: fn(f64, f64) -> bool) -> bool {
    better(if a > b { 1.0 } else { -1.0 }, 0.0)
}

fn element(item: &Value) -> Result<Num, Problem> {
    match item {
        Value::Number(number) => Ok(Num::of(number)),
        _ => Err(Problem::in_argument(0, "all elements must be numbers")),
    }
}

fn rand(args: &Args<'_>) -> Answer {
    let (from, to) = (args.integer(0)?, args.integer(1)?);
    if from > to {
        return Err(Problem::new(format!(
            "the lower bound {from} is greater than the upper bound {to}"
        )));
    }
    let width = to.abs_diff(from).max(1);
    Ok(json!(
        from.wrapping_add_unsigned(args.scope.random() % width)
    ))
}

fn range(args: &Args<'_>) -> Answer {
    let (start, count) = (args.integer(0)?, args.integer(1)?);
    if !(0..=MOST).contains(&count) {
        return Err(Problem::in_argument(
            1,
            format!("the count must be between 0 and {MOST}"),
        ));
    }
    if start.saturating_add(count) - 1 > i64::from(i32::MAX) || start < i64::from(i32::MIN) {
        return Err(Problem::in_argument(0, "the numbers must fit into 32 bits"));
    }
    Ok((start..start + count).collect())
}
