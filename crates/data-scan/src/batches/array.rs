//! A reading as an Arrow array: what is NULL or not of the kind has no value.

use std::borrow::Cow;
use std::ops::RangeInclusive;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Float64Type, Int64Type, Time64NanosecondType,
    TimestampMicrosecondType,
};
use arrow_array::{ArrayRef, BooleanArray, PrimitiveArray, new_null_array};
use arrow_schema::{DataType, TimeUnit};

use crate::strip::{Strip, Values};

/// The values of a strip in so many rows; the reason where one is more than the type holds.
pub(crate) fn array(
    strip: &Strip<'_>,
    rows: usize,
    data_type: &DataType,
) -> Result<ArrayRef, String> {
    Ok(match data_type {
        DataType::Int64 => {
            fits(strip, i128::from(i64::MIN)..=i128::from(i64::MAX))?;
            primitive::<Int64Type>(strip, rows, whole)
        }
        DataType::Float64 => primitive::<Float64Type>(strip, rows, float),
        DataType::Decimal128(precision, 0) => {
            let most = 10_i128
                .checked_pow((*precision).into())
                .unwrap_or(i128::MAX)
                - 1;
            fits(strip, -most..=most)?;
            let array: PrimitiveArray<Decimal128Type> = spread(strip, rows, |at| long(strip, at))
                .into_iter()
                .collect();
            Arc::new(array.with_data_type(DataType::Decimal128(*precision, 0)))
        }
        DataType::Date32 => primitive::<Date32Type>(strip, rows, |strip, at| {
            i32::try_from(whole(strip, at)?).ok()
        }),
        DataType::Timestamp(TimeUnit::Microsecond, None) => {
            primitive::<TimestampMicrosecondType>(strip, rows, whole)
        }
        DataType::Time64(TimeUnit::Nanosecond) => {
            primitive::<Time64NanosecondType>(strip, rows, |strip, at| {
                whole(strip, at)?.checked_mul(1_000)
            })
        }
        DataType::Boolean => {
            let truth = |at: usize| {
                if let Values::Bool(values) = strip.values {
                    Some(values[at])
                } else {
                    None
                }
            };
            Arc::new(BooleanArray::from(spread(strip, rows, truth)))
        }
        DataType::Utf8 => {
            let mut builder = StringBuilder::with_capacity(rows, rows * 8);
            spread(strip, rows, |at| text(strip, at))
                .into_iter()
                .for_each(|text| builder.append_option(text));
            Arc::new(builder.finish())
        }
        other if strip.values.len() == 0 => new_null_array(other, rows),
        other => {
            return Err(format!(
                "values here are not of type {other}, as in the first file"
            ));
        }
    })
}

/// Refuses whole numbers that a type does not hold: NULL would be taken for what stands there.
fn fits(strip: &Strip<'_>, range: RangeInclusive<i128>) -> Result<(), String> {
    let Values::Wide(values) = strip.values else {
        return Ok(());
    };
    match values.iter().find(|value| !range.contains(value)) {
        None => Ok(()),
        Some(_) => Err(format!(
            "a whole number is not between {} and {}, as wide as the column is by its `format`",
            range.start(),
            range.end()
        )),
    }
}

fn primitive<T: ArrowPrimitiveType>(
    strip: &Strip<'_>,
    rows: usize,
    value: impl Fn(&Strip<'_>, usize) -> Option<T::Native>,
) -> ArrayRef {
    let values = spread(strip, rows, |at| value(strip, at));
    Arc::new(values.into_iter().collect::<PrimitiveArray<T>>())
}

/// The values in their rows.
fn spread<T>(strip: &Strip<'_>, rows: usize, value: impl Fn(usize) -> Option<T>) -> Vec<Option<T>> {
    let mut spread: Vec<Option<T>> = std::iter::repeat_with(|| None).take(rows).collect();
    for at in 0..strip.values.len() {
        if let Some(place) = spread.get_mut(strip.rows.of(at)) {
            *place = value(at);
        }
    }
    spread
}

fn whole(strip: &Strip<'_>, at: usize) -> Option<i64> {
    match strip.values {
        Values::Whole(values) => Some(values[at]),
        Values::Wide(values) => i64::try_from(values[at]).ok(),
        _ => None,
    }
}

fn long(strip: &Strip<'_>, at: usize) -> Option<i128> {
    match strip.values {
        Values::Wide(values) => Some(values[at]),
        _ => whole(strip, at).map(i128::from),
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers are doubles here")]
fn float(strip: &Strip<'_>, at: usize) -> Option<f64> {
    match strip.values {
        Values::Float(values) => Some(values[at]),
        Values::Whole(values) => Some(values[at] as f64),
        Values::Wide(values) => Some(values[at] as f64),
        _ => None,
    }
}

/// Text, and what is not text in a column without a kind as people write it.
fn text<'s>(strip: &Strip<'s>, at: usize) -> Option<Cow<'s, str>> {
    let valid = |text: &'s [u8]| std::str::from_utf8(text).ok().map(Cow::Borrowed);
    let shown = match strip.values {
        Values::Text(values) => return valid(values[at]),
        Values::Coded(values, codes) => return valid(values[codes[at] as usize]),
        Values::Whole(values) => values[at].to_string(),
        Values::Wide(values) => values[at].to_string(),
        Values::Float(values) => values[at].to_string(),
        Values::Bool(values) => values[at].to_string(),
        Values::Lists(_) | Values::Structs(_) | Values::Opaque(_) => return None,
    };
    Some(Cow::Owned(shown))
}
