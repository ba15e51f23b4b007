//! Which Arrow types hold values of a kind: those that need no cast, or one that loses nothing.

use arrow_schema::{DataType, Field};
use data_contract::plan::{Kind, Step};

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

/// Whether a type is what a `physicalType` says, by the names that Parquet, Spark, SQL and Arrow have for it. Names that
/// nobody knows hold for every type: they are of another system.
pub(crate) fn matches_physical(physical: &str, data_type: &DataType) -> bool {
    let name = physical.trim().to_ascii_lowercase();
    let (base, arguments) = name
        .split_once('(')
        .map_or((name.as_str(), None), |(base, rest)| {
            (
                base.trim(),
                Some(rest.trim_end_matches([')', ' ']).replace(' ', "")),
            )
        });
    let data_type = if let DataType::Dictionary(_, value) = data_type {
        value
    } else {
        data_type
    };
    let is = |expected: DataType| *data_type == expected;
    match base {
        "boolean" | "bool" | "bit" => is(DataType::Boolean),
        "tinyint" | "int8" | "byte" => is(DataType::Int8),
        "smallint" | "int16" | "short" => is(DataType::Int16),
        "int" | "integer" | "int32" => is(DataType::Int32),
        "bigint" | "int64" | "long" => is(DataType::Int64),
        "uint8" => is(DataType::UInt8),
        "uint16" => is(DataType::UInt16),
        "uint32" => is(DataType::UInt32),
        "uint64" => is(DataType::UInt64),
        "float" | "real" | "float32" => is(DataType::Float32),
        "double" | "double precision" | "float64" => is(DataType::Float64),
        "decimal" | "numeric" => is_decimal(data_type, arguments.as_deref()),
        "string" | "varchar" | "text" | "char" | "utf8" | "nvarchar" | "nchar" | "large_string" => {
            nature(data_type) == Nature::Text
        }
        "binary" | "varbinary" | "bytes" => {
            matches!(
                data_type,
                DataType::Binary | DataType::LargeBinary | DataType::FixedSizeBinary(_)
            )
        }
        "date" | "date32" => nature(data_type) == Nature::Date,
        "timestamp" | "datetime" | "timestamp_ntz" | "timestamp_ltz" | "timestamptz"
        | "datetime2" => nature(data_type) == Nature::Timestamp,
        "time" => nature(data_type) == Nature::Time,
        "struct" => nature(data_type) == Nature::Object,
        "map" => matches!(data_type, DataType::Map(..)),
        "list" | "array" => {
            nature(data_type) == Nature::Array && !matches!(data_type, DataType::Map(..))
        }
        _ => true,
    }
}

/// Whether a type is a decimal, with precision and scale where they are given; without a scale it is 0.
fn is_decimal(data_type: &DataType, arguments: Option<&str>) -> bool {
    let (DataType::Decimal32(precision, scale)
    | DataType::Decimal64(precision, scale)
    | DataType::Decimal128(precision, scale)
    | DataType::Decimal256(precision, scale)) = data_type
    else {
        return false;
    };
    arguments.is_none_or(|arguments| {
        arguments == format!("{precision},{scale}")
            || (*scale == 0 && arguments == precision.to_string())
    })
}
