//! The one value of a query.

use data_contract::plan::{Decimal, Literal};
use datafusion::arrow::datatypes::{DataType, Decimal256Type, DecimalType};
use datafusion::common::ScalarValue;

use crate::QueryError;

/// What a rule compares.
pub(crate) fn literal(value: &ScalarValue) -> Result<Literal, QueryError> {
    if value.is_null() {
        return Ok(Literal::Null);
    }
    if let ScalarValue::Decimal256(Some(value), precision, scale) = value {
        let text = Decimal256Type::format_decimal(*value, *precision, *scale);
        let decimal = Decimal::parse(text.as_bytes()).map(Literal::of_decimal);
        return decimal.ok_or(QueryError::NotComparable(text));
    }
    let kind = value.data_type();
    let target = match &kind {
        DataType::Boolean => DataType::Boolean,
        kind if kind.is_signed_integer() => DataType::Int64,
        DataType::Decimal128(_, scale) => DataType::Decimal128(38, *scale),
        kind if kind.is_unsigned_integer() => DataType::UInt64,
        kind if kind.is_numeric() => DataType::Float64,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::Date32 | DataType::Date64 => DataType::Date32,
        DataType::Timestamp(..) => {
            DataType::Timestamp(datafusion::arrow::datatypes::TimeUnit::Microsecond, None)
        }
        DataType::Time32(_) | DataType::Time64(_) => {
            DataType::Time64(datafusion::arrow::datatypes::TimeUnit::Microsecond)
        }
        _ => return Err(QueryError::NotComparable(kind.to_string())),
    };
    let value = value
        .cast_to(&target)
        .map_err(|error| QueryError::Failed(error.strip_backtrace()))?;
    Ok(match value {
        ScalarValue::Boolean(Some(value)) => Literal::Boolean(value),
        ScalarValue::Int64(Some(value)) => Literal::Integer(value.into()),
        ScalarValue::UInt64(Some(value)) => Literal::Integer(value.into()),
        ScalarValue::Decimal128(Some(value), _, 0) => Literal::Integer(value),
        ScalarValue::Decimal128(Some(value), _, scale) => {
            Literal::of_decimal(Decimal::scaled(value, scale.into()))
        }
        ScalarValue::Float64(Some(value)) => Literal::Number(value),
        ScalarValue::Utf8(Some(value)) => Literal::Text(value),
        ScalarValue::Date32(Some(value)) => Literal::Date(value),
        ScalarValue::TimestampMicrosecond(Some(value), _) => Literal::Timestamp(value),
        ScalarValue::Time64Microsecond(Some(value)) => Literal::Time(value),
        other => return Err(QueryError::NotComparable(other.data_type().to_string())),
    })
}
