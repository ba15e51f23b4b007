//! Arrays of a file as the type that all of its column have: only what loses nothing.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, ListArray, MapArray, StructArray, make_array, new_null_array};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Fields, TimeUnit};

/// The type that holds whatever a type of a file holds, and is the same for all that are read alike.
pub(super) fn plain(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32 => DataType::Int64,
        DataType::UInt64 => DataType::Decimal128(20, 0),
        DataType::Decimal32(precision, scale) | DataType::Decimal64(precision, scale) => {
            DataType::Decimal128(*precision, *scale)
        }
        DataType::Float16 | DataType::Float32 => DataType::Float64,
        DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::Dictionary(_, value) => plain(value),
        DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            DataType::Binary
        }
        DataType::Date64 => DataType::Date32,
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            DataType::Timestamp(TimeUnit::Nanosecond, None)
        }
        DataType::Timestamp(..) => DataType::Timestamp(TimeUnit::Microsecond, None),
        // SQL writes times of a day in this unit, and all of them fit.
        DataType::Time32(_) | DataType::Time64(_) => DataType::Time64(TimeUnit::Nanosecond),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(nullable).collect()),
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            DataType::List(nullable(item))
        }
        DataType::Map(entries, sorted) => {
            let plain = plain(entries.data_type());
            let plain = match (entries.data_type(), plain) {
                (DataType::Struct(known), DataType::Struct(fields)) => {
                    // Keys are never NULL.
                    let fields = known.iter().zip(&fields).map(|(known, field)| {
                        let field = field.as_ref().clone();
                        Arc::new(field.with_nullable(known.is_nullable()))
                    });
                    DataType::Struct(fields.collect())
                }
                (_, plain) => plain,
            };
            let entries = entries.as_ref().clone().with_data_type(plain);
            DataType::Map(Arc::new(entries), *sorted)
        }
        other => other.clone(),
    }
}

fn nullable(field: &FieldRef) -> FieldRef {
    Arc::new(Field::new(field.name(), plain(field.data_type()), true))
}

/// An array of a file as a type; the reason where it does not hold all of it.
pub(crate) fn adapt(array: &ArrayRef, to: &DataType) -> Result<ArrayRef, String> {
    adapted(array, to).map_err(|error| {
        let of = array.data_type();
        format!("values of type {of} are not all of type {to}, which the first file has: {error}")
    })
}

fn adapted(array: &ArrayRef, to: &DataType) -> Result<ArrayRef, ArrowError> {
    if array.data_type() == to {
        return Ok(Arc::clone(array));
    }
    match (array.data_type(), to) {
        (DataType::Struct(_), DataType::Struct(fields)) => structs(array.as_struct(), fields),
        (DataType::List(_), DataType::List(item)) => {
            let lists = array.as_list::<i32>();
            let values = adapted(lists.values(), item.data_type())?;
            let (offsets, nulls) = (lists.offsets().clone(), lists.nulls().cloned());
            let lists = ListArray::try_new(Arc::clone(item), offsets, values, nulls)?;
            Ok(Arc::new(lists))
        }
        (DataType::Map(..), DataType::Map(entries, sorted)) => {
            let maps = array.as_map();
            let DataType::Struct(fields) = entries.data_type() else {
                return Err(ArrowError::CastError("a map has entries".to_owned()));
            };
            let [keys, values] = [(maps.keys(), 0), (maps.values(), 1)]
                .map(|(array, at)| adapted(array, fields[at].data_type()));
            let inner = StructArray::try_new(fields.clone(), vec![keys?, values?], None)?;
            let (offsets, nulls) = (maps.offsets().clone(), maps.nulls().cloned());
            let maps = MapArray::try_new(Arc::clone(entries), offsets, inner, nulls, *sorted)?;
            Ok(Arc::new(maps))
        }
        (DataType::LargeList(item) | DataType::FixedSizeList(item, _), DataType::List(_)) => {
            let lists = cast(array, &DataType::List(Arc::clone(item)))?;
            adapted(&lists, to)
        }
        (DataType::Timestamp(unit, Some(_)), DataType::Timestamp(..)) => {
            // Points in time are those of UTC, whatever the zone is that they are shown in.
            let data = array.to_data().into_builder();
            let plain = data.data_type(DataType::Timestamp(*unit, None)).build()?;
            adapted(&make_array(plain), to)
        }
        (of, to) if plain(of) == *to => cast(array, to),
        (of, _) => {
            let there = cast(array, to)?;
            match cast(&there, of)?.as_ref() == array.as_ref() {
                true => Ok(there),
                false => Err(ArrowError::CastError(
                    "a value would be another one".to_owned(),
                )),
            }
        }
    }
}

/// Structs by the names of their fields; one that is not there is NULL.
fn structs(array: &StructArray, fields: &Fields) -> Result<ArrayRef, ArrowError> {
    let columns = fields.iter().map(|field| {
        let of_file = array.column_by_name(field.name());
        match of_file {
            Some(column) => adapted(column, field.data_type()),
            None => Ok(new_null_array(field.data_type(), array.len())),
        }
    });
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    let nulls = array.nulls().cloned();
    let length = array.len();
    StructArray::try_new_with_length(fields.clone(), columns, nulls, length)
        .map(|structs| Arc::new(structs) as ArrayRef)
}

fn cast(array: &ArrayRef, to: &DataType) -> Result<ArrayRef, ArrowError> {
    let options = CastOptions {
        safe: false,
        ..CastOptions::default()
    };
    cast_with_options(array, to, &options)
}
