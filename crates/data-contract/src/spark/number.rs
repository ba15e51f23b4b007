//! Comparisons of numbers, to their last digit.
//!
//! Doubles are compared as such, and as the numbers that they stand for. Of numbers that are read from text, those whose double is
//! that of what they are compared with are read again as decimals.

use std::cmp::Ordering;

use crate::plan::{Bound, Decimal, Kind, Literal, Side};

use super::shown::double_shown;
use super::value::{Form, Reading};
use super::write::{decimal, double, literal, text};

/// Spark's decimals have at most 38 digits.
const DIGITS: u32 = 38;

/// What holds of numbers beyond a bound.
pub(super) fn beyond(of: &Reading, side: Side, bound: &Bound) -> Option<String> {
    let v = &of.value;
    let Some(end) = bound.value.decimal() else {
        return Some(format!(
            "{v} {} {}{}",
            operator(side, bound.exclusive),
            literal(&bound.value)?,
            or_nan(of)
        ));
    };
    if !of.float {
        return Some(match (of.spark.places(), &bound.value) {
            (None, Literal::Integer(value)) => {
                let value = literal(&Literal::Integer(*value))?;
                format!("{v} {} {value}", operator(side, bound.exclusive))
            }
            (places, _) => beyond_scaled(v, side, (&end, bound.exclusive), places.unwrap_or(0)),
        });
    }
    let nearest = end.double();
    let order = Decimal::of_double(nearest).map_or(Ordering::Greater, |of| of.cmp(&end));
    let outwards = match side {
        Side::Low => order.is_lt(),
        Side::High => order.is_gt(),
    };
    // Whether a double that is equal to the nearest one is beyond.
    let equal = outwards || (order.is_eq() && bound.exclusive);
    let written = match order.is_eq() {
        true => literal(&bound.value)?,
        false => double(nearest),
    };
    let beyond = match again(of, &end) {
        Some(again) => {
            let strict = operator(side, false);
            let tie = format!(
                "coalesce({} {} {}, {})",
                again.value,
                operator(side, bound.exclusive),
                again.number(&end),
                if equal { "TRUE" } else { "FALSE" }
            );
            format!("{v} {strict} {written} OR ({v} = {written} AND {tie})")
        }
        None => format!("{v} {} {written}", operator(side, equal)),
    };
    Some(format!("{beyond}{}", or_nan(of)))
}

/// What says in SQL that a value is beyond a bound.
pub(super) fn operator(side: Side, exclusive: bool) -> &'static str {
    match (side, exclusive) {
        (Side::Low, false) => "<",
        (Side::Low, true) => "<=",
        (Side::High, false) => ">",
        (Side::High, true) => ">=",
    }
}

/// NaN is greater than any number in Spark, and beyond any bound here.
fn or_nan(of: &Reading) -> String {
    match of.float {
        true => format!(" OR isnan({})", of.value),
        false => String::new(),
    }
}

/// Decimals, or whole numbers, of so many places beyond a bound: it is brought to these, so that nothing is cast.
fn beyond_scaled(v: &str, side: Side, (end, exclusive): (&Decimal, bool), places: i32) -> String {
    let outermost = side.outermost(exclusive, end.floor(places));
    if outermost.unsigned_abs() >= 10_u128.pow(DIGITS) {
        return match (side, outermost > 0) {
            (Side::Low, true) | (Side::High, false) => format!("{v} IS NOT NULL"),
            _ => "FALSE".to_owned(),
        };
    }
    let written = match places {
        0 => literal(&Literal::Integer(outermost)).unwrap_or_default(),
        _ => decimal(&Decimal::scaled(outermost, places), places.unsigned_abs()),
    };
    format!("{v} {} {written}", operator(side, false))
}

/// Numbers that were read from text, as decimals; NULL where they do not fit.
struct Again {
    value: String,
    places: u32,
}

impl Again {
    fn number(&self, value: &Decimal) -> String {
        decimal(value, self.places)
    }
}

/// How numbers of about such a size are read again; none where they were not read from text, or are too great.
fn again(of: &Reading, like: &Decimal) -> Option<Again> {
    if of.form != Form::Read {
        return None;
    }
    // One more, since numbers may be rounded upwards.
    let places = DIGITS.checked_sub(like.whole_digits() + 1)?;
    Some(Again {
        value: format!("try_cast({} AS DECIMAL({DIGITS},{places}))", of.raw),
        places,
    })
}

/// Numbers that were read from text as values that are equal only where they are the same decimal; none of others, which are so.
pub(super) fn distinct(of: &Reading) -> Option<String> {
    if of.form != Form::Read || !of.float {
        return None;
    }
    let (v, raw) = (&of.value, &of.raw);
    let exact = PLACES.map(|places| format!("try_cast({raw} AS DECIMAL({DIGITS},{places}))"));
    let exact = exact.join(", ");
    Some(format!(
        "CASE WHEN {v} IS NOT NULL THEN struct({v}, {exact}) END"
    ))
}

/// Numbers of two columns as values that are equal only where they are the same decimal; none where neither is read from text.
pub(super) fn alike(one: &Reading, other: &Reading) -> Option<(String, String)> {
    let of = |reading: &Reading| {
        distinct(reading).or_else(|| {
            let is_number = matches!(reading.kind, Kind::Number | Kind::Integer);
            (is_number && reading.form != Form::None).then(|| {
                let v = &reading.value;
                let exact =
                    PLACES.map(|places| format!("try_cast({v} AS DECIMAL({DIGITS},{places}))"));
                let exact = exact.join(", ");
                format!("CASE WHEN {v} IS NOT NULL THEN struct(CAST({v} AS DOUBLE), {exact}) END")
            })
        })
    };
    if distinct(one).is_none() && distinct(other).is_none() {
        return None;
    }
    of(one).zip(of(other))
}

/// Numbers that are read from text as text with all of their digits, where a double may not tell them apart; those of `short` else.
pub(super) fn in_full(of: &Reading, short: &str) -> Option<String> {
    distinct(of)?;
    let (v, raw) = (&of.value, &of.raw);
    let exact = PLACES.map(|places| {
        let shown = format!("CAST(try_cast({raw} AS DECIMAL({DIGITS},{places})) AS STRING)");
        match places {
            0 => shown,
            _ => without_zeros(&shown),
        }
    });
    let exact = exact.join(", ");
    // A smaller decimal has an exponent where the session is not ANSI's.
    let is_long = format!("(length({raw}) > 15 OR ABS({v}) >= 1e15D) AND ABS({v}) >= 1e-6D");
    Some(format!(
        "CASE WHEN {is_long} THEN coalesce({exact}, {short}) ELSE {short} END"
    ))
}

/// The number of a value of [`alike`], with all of its digits.
pub(super) fn alike_shown(key: &str) -> String {
    let short = double_shown(&format!("{key}.col1"));
    let exact = (2..).zip(PLACES).map(|(column, places)| {
        let shown = format!("CAST({key}.col{column} AS STRING)");
        match places {
            0 => shown,
            _ => without_zeros(&shown),
        }
    });
    let exact: Vec<_> = exact.collect();
    format!(
        "CASE WHEN ABS({key}.col1) >= 1e-6D THEN coalesce({}, {short}) ELSE {short} END",
        exact.join(", ")
    )
}

/// A text of a decimal without the zeros at its end, which are those of the type.
fn without_zeros(shown: &str) -> String {
    format!("regexp_replace({shown}, {}, '')", text(r"\.?0+\z"))
}

/// So many places are looked at of numbers up to some size; greater ones do not fit, and are NULL.
const PLACES: [u32; 5] = [36, 27, 18, 9, 0];

/// What holds of numbers in a list; none where no number of it can be there.
pub(super) fn listed(of: &Reading, values: &[&Literal]) -> Option<String> {
    let v = &of.value;
    let joined = |written: Vec<String>| {
        (!written.is_empty()).then(|| format!("{v} IN ({})", written.join(", ")))
    };
    if !of.float {
        let places = of.spark.places().unwrap_or(0);
        let scaled = values.iter().filter_map(|value| {
            let number = value.decimal()?;
            let (unscaled, exact) = number.floor(places);
            if !exact || unscaled.unsigned_abs() >= 10_u128.pow(DIGITS) {
                return None;
            }
            match places {
                0 => literal(&Literal::Integer(unscaled)),
                _ => Some(decimal(&number, places.unsigned_abs())),
            }
        });
        return joined(scaled.collect());
    }
    let numbers = || values.iter().filter_map(|value| value.decimal());
    let longest = numbers().max_by_key(Decimal::whole_digits);
    let Some(again) = longest.and_then(|like| again(of, &like)) else {
        // A double is no number that needs more digits.
        let short = values.iter().filter(|value| {
            let number = value.decimal();
            number.is_none_or(|number| number.is_double())
        });
        return joined(short.filter_map(|value| literal(value)).collect());
    };
    let nearest = values.iter().filter_map(|value| match value.decimal() {
        Some(number) if !number.is_double() => Some(double(number.double())),
        _ => literal(value),
    });
    let exact: Vec<_> = numbers().map(|number| again.number(&number)).collect();
    let near = joined(nearest.collect())?;
    Some(format!(
        "({near} AND coalesce({} IN ({}), TRUE))",
        again.value,
        exact.join(", ")
    ))
}

/// What holds of numbers that are no multiple.
///
/// # Errors
///
/// Why it cannot be told.
pub(super) fn not_multiple(of: &Reading, unit: &Literal) -> Result<String, String> {
    let v = &of.value;
    let number = unit.decimal().ok_or("the unit is no number")?;
    let fits = number.places() <= DIGITS && number.whole_digits() + number.places() <= DIGITS;
    if !fits || Decimal::from(0).is_multiple_of(&number).is_none() {
        return Err(format!("nothing can be told to be a multiple of {number}"));
    }
    let written = match number.places() {
        0 => literal(unit).filter(|_| matches!(unit, Literal::Integer(_))),
        _ => None,
    };
    let written = written.unwrap_or_else(|| decimal(&number, number.places()));
    if !of.float {
        return Ok(format!("{v} % {written} <> 0"));
    }
    let quotient = format!("CAST({v} AS DOUBLE) / {}", double(number.double()));
    let error = format!(
        "greatest(1e-9D, ABS({quotient}) * {})",
        double(f64::EPSILON * 2.0)
    );
    let near = format!("ABS({quotient} - ROUND({quotient})) <= {error}");
    let exact = match of.form {
        // Greater numbers are looked at with fewer places, and what is less than the last place of any is no multiple.
        Form::Read => {
            let raw = &of.raw;
            let least = number.places();
            let places = PLACES.into_iter().filter(|places| *places > least);
            let rest = places.chain([least]).map(|places| {
                let exact = format!("try_cast({raw} AS DECIMAL({DIGITS},{places}))");
                format!("{exact} % {written} <> 0 OR ({exact} = 0 AND {v} <> 0D)")
            });
            let rest: Vec<_> = rest.collect();
            format!(" OR coalesce({}, FALSE)", rest.join(", "))
        }
        _ => String::new(),
    };
    Ok(format!(
        "{v} IS NOT NULL AND (isnan({quotient}) OR NOT ({near}){exact})"
    ))
}
