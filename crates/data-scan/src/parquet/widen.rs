//! Values of a type that a table has widened since they were written.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, TimestampMicrosecondType,
};
use arrow_array::{ArrayRef, PrimitiveArray};
use arrow_schema::{DataType, TimeUnit};

const DAY: i64 = 86_400_000_000;

type Way = fn(&ArrayRef) -> ArrayRef;

/// Whether a column of a type may have been of another one before, without a value that is changed by it.
pub(super) fn is_wider(wide: &DataType, narrow: &DataType) -> bool {
    way(narrow, wide).is_some() || power(narrow, wide).is_some()
}

/// The values in a wider type.
pub(super) fn widen(array: &ArrayRef, wide: &DataType) -> ArrayRef {
    if let Some(way) = way(array.data_type(), wide) {
        return way(array);
    }
    let decimals = power(array.data_type(), wide).and_then(|power| decimals(array, power));
    match decimals {
        Some(decimals) => Arc::new(decimals.with_data_type(wide.clone())),
        None => Arc::clone(array),
    }
}

/// How values of a type become those of a wider one that is no decimal.
fn way(narrow: &DataType, wide: &DataType) -> Option<Way> {
    Some(match (narrow, wide) {
        (DataType::Int8, DataType::Int16) => |array| each::<Int8Type, Int16Type>(array, i16::from),
        (DataType::Int8, DataType::Int32) => |array| each::<Int8Type, Int32Type>(array, i32::from),
        (DataType::Int16, DataType::Int32) => {
            |array| each::<Int16Type, Int32Type>(array, i32::from)
        }
        (DataType::Int8, DataType::Int64) => |array| each::<Int8Type, Int64Type>(array, i64::from),
        (DataType::Int16, DataType::Int64) => {
            |array| each::<Int16Type, Int64Type>(array, i64::from)
        }
        (DataType::Int32, DataType::Int64) => {
            |array| each::<Int32Type, Int64Type>(array, i64::from)
        }
        (DataType::Int8, DataType::Float64) => {
            |array| each::<Int8Type, Float64Type>(array, f64::from)
        }
        (DataType::Int16, DataType::Float64) => {
            |array| each::<Int16Type, Float64Type>(array, f64::from)
        }
        (DataType::Int32, DataType::Float64) => {
            |array| each::<Int32Type, Float64Type>(array, f64::from)
        }
        (DataType::Float32, DataType::Float64) => {
            |array| each::<Float32Type, Float64Type>(array, f64::from)
        }
        (DataType::Date32, DataType::Timestamp(TimeUnit::Microsecond, None)) => {
            |array| each::<Date32Type, TimestampMicrosecondType>(array, |day| i64::from(day) * DAY)
        }
        _ => return None,
    })
}

fn each<A: ArrowPrimitiveType, B: ArrowPrimitiveType>(
    array: &ArrayRef,
    to: impl Fn(A::Native) -> B::Native,
) -> ArrayRef {
    let wider: PrimitiveArray<B> = array.as_primitive::<A>().unary(to);
    Arc::new(wider)
}

/// What whole numbers or decimals are multiplied by to be decimals with more digits on both sides of the point.
fn power(narrow: &DataType, wide: &DataType) -> Option<i128> {
    let DataType::Decimal128(digits, scale) = wide else {
        return None;
    };
    let (before, after) = match narrow {
        DataType::Int8 | DataType::Int16 | DataType::Int32 => (10, 0),
        DataType::Int64 => (20, 0),
        DataType::Decimal128(digits, scale) if narrow != wide => {
            (i16::from(*digits) - i16::from(*scale), *scale)
        }
        _ => return None,
    };
    let fits = i16::from(*digits) - i16::from(*scale) >= before && *scale >= after;
    let added = u32::try_from(i16::from(*scale) - i16::from(after)).ok();
    added
        .filter(|_| fits)
        .and_then(|by| 10_i128.checked_pow(by))
}

fn decimals(array: &ArrayRef, power: i128) -> Option<PrimitiveArray<Decimal128Type>> {
    fn scaled<A: ArrowPrimitiveType<Native: Into<i128>>>(
        array: &ArrayRef,
        power: i128,
    ) -> PrimitiveArray<Decimal128Type> {
        // A file may have more digits than its type says.
        let array = array.as_primitive::<A>();
        array.unary_opt(|value| value.into().checked_mul(power))
    }
    Some(match array.data_type() {
        DataType::Int8 => scaled::<Int8Type>(array, power),
        DataType::Int16 => scaled::<Int16Type>(array, power),
        DataType::Int32 => scaled::<Int32Type>(array, power),
        DataType::Int64 => scaled::<Int64Type>(array, power),
        DataType::Decimal128(..) => scaled::<Decimal128Type>(array, power),
        _ => return None,
    })
}
