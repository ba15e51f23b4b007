//! A reading as an Arrow array: what is NULL or not of the kind has no value.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Float64Type, Int64Type, Time64MicrosecondType,
    TimestampMicrosecondType,
};
use arrow_array::{ArrayRef, BooleanArray, PrimitiveArray, new_null_array};
use arrow_schema::{DataType, TimeUnit};

use crate::strip::{Strip, Values};

/// The values of a strip in so many rows.
pub(crate) fn array(strip: &Strip<'_>, rows: usize, data_type: &DataType) -> ArrayRef {
    match data_type {
        DataType::Int64 => primitive::<Int64Type>(strip, rows, whole),
        DataType::Float64 => primitive::<Float64Type>(strip, rows, float),
        DataType::Decimal128(precision, scale) => decimals(strip, rows, (*precision, *scale)),
        DataType::Date32 => primitive::<Date32Type>(strip, rows, |strip, at| {
            i32::try_from(whole(strip, at)?).ok()
        }),
        DataType::Timestamp(TimeUnit::Microsecond, None) => {
            primitive::<TimestampMicrosecondType>(strip, rows, whole)
        }
        DataType::Time64(TimeUnit::Microsecond) => {
            primitive::<Time64MicrosecondType>(strip, rows, whole)
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
        other => new_null_array(other, rows),
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

#[expect(clippy::cast_precision_loss, reason = "numbers are doubles here")]
fn float(strip: &Strip<'_>, at: usize) -> Option<f64> {
    match strip.values {
        Values::Float(values) => Some(values[at]),
        Values::Whole(values) => Some(values[at] as f64),
        Values::Wide(values) => Some(values[at] as f64),
        _ => None,
    }
}

/// Decimals of one scale; values of files that have another one are brought to it.
fn decimals(strip: &Strip<'_>, rows: usize, (precision, scale): (u8, i8)) -> ArrayRef {
    let power = |by: i8| 10_i128.checked_pow(u32::from(by.unsigned_abs()));
    let value = |at: usize| match strip.decimals {
        Some((values, of)) if of <= scale => values[at].checked_mul(power(scale - of)?),
        Some((values, of)) => Some(values[at] / power(of - scale)?),
        None => match strip.values {
            Values::Float(values) => rounded(values[at], scale),
            _ => i128::from(whole(strip, at)?).checked_mul(power(scale)?),
        },
    };
    let values = spread(strip, rows, value);
    let array: PrimitiveArray<Decimal128Type> = values.into_iter().collect();
    // The type comes from a file, where it is a valid one.
    Arc::new(array.with_data_type(DataType::Decimal128(precision, scale)))
}

/// The decimal that is nearest to a double.
#[expect(
    clippy::cast_possible_truncation,
    reason = "it is whole and within the range"
)]
fn rounded(value: f64, scale: i8) -> Option<i128> {
    let unscaled = (value * 10_f64.powi(i32::from(scale))).round();
    (unscaled.abs() < 1e38).then_some(unscaled as i128)
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
