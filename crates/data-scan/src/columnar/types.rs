//! Which Arrow types hold values of a kind: those that need no cast, or one that loses nothing.

use arrow_schema::{DataType, Field, TimeUnit};
use data_contract::plan::{Kind, PhysicalType, Step};

use crate::strip::Nature;

/// The type at a path below a field's type; `None` where there is nothing.
pub(crate) fn type_at<'a>(data_type: &'a DataType, path: &[Step]) -> Option<&'a DataType> {
    let Some((step, rest)) = path.split_first() else {
        return Some(data_type);
    };
    let inner = match (step, data_type) {
        (Step::Field(name), DataType::Struct(fields)) => fields
            .iter()
            .find(|field| field.name() == name)?
            .data_type(),
        (
            Step::Items,
            DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _),
        ) => item.data_type(),
        _ => return None,
    };
    type_at(inner, rest)
}

/// What values of a type are where the contract says they are of a kind; `None` where the type does not hold such values.
pub(crate) fn fit(kind: &Kind, data_type: &DataType) -> Option<Nature> {
    let nature = nature(data_type);
    if *data_type == DataType::Null {
        return Some(crate::kernel::nature_of(kind));
    }
    match (kind, nature) {
        (Kind::Any, nature) => Some(nature),
        (Kind::Number, Nature::Integer) => Some(Nature::Number),
        (Kind::Integer, Nature::Integer)
        | (Kind::Number, Nature::Number)
        | (Kind::String, Nature::Text)
        | (Kind::Boolean, Nature::Boolean)
        | (Kind::Date { .. }, Nature::Date)
        | (Kind::Timestamp { .. }, Nature::Timestamp)
        | (Kind::Time { .. }, Nature::Time)
        | (Kind::Object, Nature::Object) => Some(nature),
        (Kind::Array, Nature::Array) if !matches!(data_type, DataType::Map(..)) => Some(nature),
        // A map has properties too, with names of its own.
        (Kind::Object, Nature::Array) if matches!(data_type, DataType::Map(..)) => {
            Some(Nature::Object)
        }
        (Kind::Map, Nature::Array) if matches!(data_type, DataType::Map(..)) => Some(nature),
        (Kind::Vector, Nature::Array) => {
            let number = |item: &Field| {
                matches!(
                    self::nature(item.data_type()),
                    Nature::Number | Nature::Integer
                )
            };
            match data_type {
                DataType::List(item)
                | DataType::LargeList(item)
                | DataType::FixedSizeList(item, _)
                    if number(item) =>
                {
                    Some(nature)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// What values of a type are by themselves.
fn nature(data_type: &DataType) -> Nature {
    match data_type {
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64 => Nature::Integer,
        DataType::Decimal32(_, scale)
        | DataType::Decimal64(_, scale)
        | DataType::Decimal128(_, scale) => {
            if *scale == 0 {
                Nature::Integer
            } else {
                Nature::Number
            }
        }
        // Whole ones of so many digits too: they are read as text, as numbers with a fraction are.
        DataType::Decimal256(..) => Nature::Number,
        DataType::Float16 | DataType::Float32 | DataType::Float64 => Nature::Number,
        DataType::Boolean => Nature::Boolean,
        DataType::Date32 | DataType::Date64 => Nature::Date,
        DataType::Timestamp(..) => Nature::Timestamp,
        DataType::Time32(_) | DataType::Time64(_) => Nature::Time,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Nature::Text,
        DataType::Dictionary(_, value) => nature(value),
        DataType::Struct(_) => Nature::Object,
        DataType::List(_)
        | DataType::LargeList(_)
        | DataType::FixedSizeList(..)
        | DataType::Map(..) => Nature::Array,
        _ => Nature::Other,
    }
}

/// A type as contracts call it.
pub(crate) fn physical(data_type: &DataType) -> PhysicalType {
    let list = |item: &Field| PhysicalType::List(Some(Box::new(physical(item.data_type()))));
    match data_type {
        DataType::Boolean => PhysicalType::Boolean,
        DataType::Int8 => PhysicalType::Signed(8),
        DataType::Int16 => PhysicalType::Signed(16),
        DataType::Int32 => PhysicalType::Signed(32),
        DataType::Int64 => PhysicalType::Signed(64),
        DataType::UInt8 => PhysicalType::Unsigned(8),
        DataType::UInt16 => PhysicalType::Unsigned(16),
        DataType::UInt32 => PhysicalType::Unsigned(32),
        DataType::UInt64 => PhysicalType::Unsigned(64),
        DataType::Float16 => PhysicalType::Float(16),
        DataType::Float32 => PhysicalType::Float(32),
        DataType::Float64 => PhysicalType::Float(64),
        DataType::Decimal32(digits, scale)
        | DataType::Decimal64(digits, scale)
        | DataType::Decimal128(digits, scale)
        | DataType::Decimal256(digits, scale) => {
            PhysicalType::Decimal(Some((u32::from(*digits), i32::from(*scale))))
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => PhysicalType::Text(None),
        DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::FixedSizeBinary(_) => PhysicalType::Binary,
        DataType::Date32 | DataType::Date64 => PhysicalType::Date,
        // Such are the 96 bits of old writers too, which nobody has marked.
        DataType::Timestamp(TimeUnit::Nanosecond, None) => PhysicalType::Timestamp(None),
        DataType::Timestamp(_, zone) => PhysicalType::Timestamp(Some(zone.is_some())),
        DataType::Time32(_) | DataType::Time64(_) => PhysicalType::Time,
        DataType::Dictionary(_, value) => physical(value),
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            list(item)
        }
        DataType::Struct(fields) => {
            let fields = fields
                .iter()
                .map(|field| (field.name().to_lowercase(), physical(field.data_type())));
            PhysicalType::Struct(Some(fields.collect()))
        }
        DataType::Map(entries, _) => PhysicalType::Map(match entries.data_type() {
            DataType::Struct(sides) => match sides.as_ref() {
                [key, value] => Some(Box::new((
                    physical(key.data_type()),
                    physical(value.data_type()),
                ))),
                _ => None,
            },
            _ => None,
        }),
        other => PhysicalType::Other(other.to_string().to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_schema::Fields;
    use data_contract::plan::Fit;

    use super::*;

    fn fit(data_type: &DataType, wanted: &str) -> Fit {
        physical(data_type).fit(&PhysicalType::read(wanted))
    }

    fn field(name: &str, data_type: DataType) -> Arc<Field> {
        Arc::new(Field::new(name, data_type, true))
    }

    #[test]
    fn types_are_those_that_contracts_name() {
        let list = DataType::List(field("element", DataType::Int64));
        let sides = Fields::from(vec![
            field("key", DataType::Utf8),
            field("value", DataType::Int64),
        ]);
        let map = DataType::Map(field("entries", DataType::Struct(sides)), false);
        let row = DataType::Struct(Fields::from(vec![field("A", DataType::Int32)]));
        let coded = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let (micros, nanos) = (TimeUnit::Microsecond, TimeUnit::Nanosecond);
        for (data_type, wanted, expected) in [
            (&DataType::Int64, "BIGINT", Fit::Same),
            (&DataType::Int64, "INT", Fit::Other),
            (&DataType::UInt8, "uint8", Fit::Same),
            (&DataType::Float64, "double precision", Fit::Same),
            (&DataType::Decimal128(10, 2), "NUMBER(38,0)", Fit::Other),
            (&DataType::Decimal128(10, 2), "decimal(10, 2)", Fit::Same),
            (&coded, "varchar", Fit::Same),
            (&coded, "varchar(1)", Fit::Unknown),
            (&DataType::Utf8, "nonsense", Fit::Unknown),
            (&list, "ARRAY<STRING>", Fit::Other),
            (&list, "list<int64>", Fit::Same),
            (&map, "MAP<STRING,STRING>", Fit::Other),
            (&map, "map<string, bigint>", Fit::Same),
            (&row, "struct<a: int>", Fit::Same),
            (&row, "struct<a: bigint>", Fit::Other),
            (
                &DataType::Timestamp(micros, None),
                "timestamptz",
                Fit::Other,
            ),
            (
                &DataType::Timestamp(micros, Some("UTC".into())),
                "timestamptz",
                Fit::Same,
            ),
            (
                &DataType::Timestamp(nanos, None),
                "timestamptz",
                Fit::Unknown,
            ),
            (&DataType::Timestamp(nanos, None), "datetime", Fit::Same),
            (&DataType::Date32, "date", Fit::Same),
            (&DataType::BinaryView, "bytes", Fit::Same),
        ] {
            assert_eq!(fit(data_type, wanted), expected, "{data_type}, {wanted}");
        }
    }
}
