//! Numbers, days and times of Arrow arrays in the units of their natures.

use std::borrow::Cow;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type,
    Decimal256Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, Time32MillisecondType, Time32SecondType, Time64MicrosecondType,
    Time64NanosecondType, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_schema::{DataType, TimeUnit};

use super::read::Valid;
use crate::strip::{Nature, Owned, Written};

const DAY: i64 = 86_400_000;

/// Values, and the same to their last digit where they were cut.
pub(super) struct Numbers<'a> {
    pub(super) values: Owned<'a>,
    /// Times in a unit that is finer than that of their nature.
    pub(super) fine: Option<Vec<i64>>,
    /// Decimals: unscaled numbers and their scale.
    pub(super) decimals: Option<(Vec<i128>, i8)>,
}

impl<'a> From<Owned<'a>> for Numbers<'a> {
    fn from(values: Owned<'a>) -> Self {
        Self {
            values,
            fine: None,
            decimals: None,
        }
    }
}

/// The valid values of an array of numbers, days or times; `None` of others.
pub(super) fn numbers<'a>(
    array: &'a dyn Array,
    valid: &Valid,
    nature: Nature,
) -> Option<Numbers<'a>> {
    let exact = integers(array, valid).or_else(|| floats(array, valid));
    exact
        .map(Numbers::from)
        .or_else(|| decimals(array, valid, nature))
        .or_else(|| moments(array, valid))
}

fn integers<'a>(array: &'a dyn Array, valid: &Valid) -> Option<Owned<'a>> {
    Some(match array.data_type() {
        DataType::Int8 => whole::<Int8Type>(array, valid, i64::from),
        DataType::Int16 => whole::<Int16Type>(array, valid, i64::from),
        DataType::Int32 => whole::<Int32Type>(array, valid, i64::from),
        DataType::Int64 => lent::<Int64Type>(array, valid),
        DataType::UInt8 => whole::<UInt8Type>(array, valid, i64::from),
        DataType::UInt16 => whole::<UInt16Type>(array, valid, i64::from),
        DataType::UInt32 => whole::<UInt32Type>(array, valid, i64::from),
        DataType::UInt64 => {
            Owned::of_wide(valid.pick(array.as_primitive::<UInt64Type>().values(), i128::from))
        }
        _ => return None,
    })
}

fn floats<'a>(array: &'a dyn Array, valid: &Valid) -> Option<Owned<'a>> {
    Some(match array.data_type() {
        DataType::Float16 => float::<Float16Type>(array, valid, f64::from),
        DataType::Float32 => float::<Float32Type>(array, valid, f64::from),
        DataType::Float64 if valid.all => {
            Owned::Float(Cow::Borrowed(array.as_primitive::<Float64Type>().values()))
        }
        DataType::Float64 => float::<Float64Type>(array, valid, |value| value),
        _ => return None,
    })
}

fn decimals<'a>(array: &'a dyn Array, valid: &Valid, nature: Nature) -> Option<Numbers<'a>> {
    let (values, scale) = unscaled(array, valid)?;
    Some(decimal(values, scale, nature))
}

/// The unscaled numbers of decimals, and their scale.
fn unscaled(array: &dyn Array, valid: &Valid) -> Option<(Vec<i128>, i8)> {
    let (values, scale) = match array.data_type() {
        DataType::Decimal32(_, scale) => (
            valid.pick(array.as_primitive::<Decimal32Type>().values(), i128::from),
            scale,
        ),
        DataType::Decimal64(_, scale) => (
            valid.pick(array.as_primitive::<Decimal64Type>().values(), i128::from),
            scale,
        ),
        DataType::Decimal128(_, scale) => (
            valid.pick(array.as_primitive::<Decimal128Type>().values(), |value| {
                value
            }),
            scale,
        ),
        _ => return None,
    };
    Some((values, *scale))
}

/// Decimals of more digits than 128 bits hold: the nearest doubles, and each as it is written.
pub(super) fn written<'a>(
    array: &dyn Array,
    valid: &Valid,
) -> Option<(Vec<f64>, Vec<Written<'a>>)> {
    let decimals = array.as_primitive_opt::<Decimal256Type>()?;
    let texts = valid.each(|place| decimals.value_as_string(place));
    let numbers = texts.iter().map(|text| text.parse().unwrap_or(f64::NAN));
    let numbers = numbers.collect();
    let written = (0_u32..).zip(texts);
    let written = written.map(|(at, text)| (at, text.into_bytes().into()));
    Some((numbers, written.collect()))
}

/// Days in days, times in microseconds.
fn moments<'a>(array: &'a dyn Array, valid: &Valid) -> Option<Numbers<'a>> {
    let values = match array.data_type() {
        DataType::Date32 => whole::<Date32Type>(array, valid, i64::from),
        DataType::Date64 => whole::<Date64Type>(array, valid, |value| value.div_euclid(DAY)),
        DataType::Timestamp(TimeUnit::Second, _) => {
            whole::<TimestampSecondType>(array, valid, |value| value.saturating_mul(1_000_000))
        }
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            whole::<TimestampMillisecondType>(array, valid, |value| value.saturating_mul(1_000))
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            lent::<TimestampMicrosecondType>(array, valid)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            let fine = valid.pick(
                array.as_primitive::<TimestampNanosecondType>().values(),
                |value| value,
            );
            return Some(nanoseconds(fine));
        }
        DataType::Time32(TimeUnit::Second) => {
            whole::<Time32SecondType>(array, valid, |value| i64::from(value) * 1_000_000)
        }
        DataType::Time32(_) => {
            whole::<Time32MillisecondType>(array, valid, |value| i64::from(value) * 1_000)
        }
        DataType::Time64(TimeUnit::Nanosecond) => {
            let fine = valid.pick(
                array.as_primitive::<Time64NanosecondType>().values(),
                |value| value,
            );
            return Some(nanoseconds(fine));
        }
        DataType::Time64(_) => lent::<Time64MicrosecondType>(array, valid),
        _ => return None,
    };
    Some(values.into())
}

fn nanoseconds<'a>(fine: Vec<i64>) -> Numbers<'a> {
    let values = Owned::Whole(fine.iter().map(|value| value.div_euclid(1_000)).collect());
    Numbers {
        fine: Some(fine),
        ..values.into()
    }
}

fn whole<'a, T: ArrowPrimitiveType>(
    array: &'a dyn Array,
    valid: &Valid,
    to: impl Fn(T::Native) -> i64,
) -> Owned<'a> {
    Owned::Whole(valid.pick(array.as_primitive::<T>().values(), to).into())
}

fn lent<'a, T: ArrowPrimitiveType<Native = i64>>(array: &'a dyn Array, valid: &Valid) -> Owned<'a> {
    let values = array.as_primitive::<T>().values();
    if valid.all {
        Owned::Whole(Cow::Borrowed(values))
    } else {
        Owned::Whole(valid.pick(values, |value| value).into())
    }
}

fn float<'a, T: ArrowPrimitiveType>(
    array: &'a dyn Array,
    valid: &Valid,
    to: impl Fn(T::Native) -> f64,
) -> Owned<'a> {
    Owned::Float(valid.pick(array.as_primitive::<T>().values(), to).into())
}

/// Decimals: whole numbers where they have no fraction, else the nearest doubles beside all of their digits.
#[expect(
    clippy::cast_precision_loss,
    reason = "the nearest double is what is asked for"
)]
fn decimal<'a>(values: Vec<i128>, scale: i8, nature: Nature) -> Numbers<'a> {
    if scale == 0 && matches!(nature, Nature::Integer | Nature::Number) {
        return Owned::of_wide(values).into();
    }
    let power = 10_f64.powi(i32::from(scale));
    let floats: Vec<f64> = values.iter().map(|value| *value as f64 / power).collect();
    Numbers {
        decimals: Some((values, scale)),
        ..Owned::Float(floats.into()).into()
    }
}
