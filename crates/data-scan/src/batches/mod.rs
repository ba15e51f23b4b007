//! The rows of an object as Arrow batches of the contract's kinds, for whoever asks more of them than measures: SQL.

mod array;

use std::sync::{Arc, Mutex};

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use data_contract::plan::{ColumnId, Kind, Object, Step};

use crate::engine::{Cancelled, Options, ScannedFile, Source, read_object, types};
use crate::progress::Progress;

pub(crate) use array::array;

/// The columns of an object's batches: those of its top level that hold one value a row. Whole numbers have 64 bits,
/// numbers are doubles, times are microseconds in UTC, and a column without a kind is text.
#[must_use]
pub fn schema(object: &Object) -> SchemaRef {
    let fields = columns(object).map(|(_, name, data_type)| Field::new(name, data_type, true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// The same with decimals where the first file of the data has them: their sums are exact, and those of doubles are not.
#[must_use]
pub fn schema_of(object: &Object, source: &Source) -> SchemaRef {
    let plain = schema(object);
    let Some(types) = types(source) else {
        return plain;
    };
    let fields = plain.fields().iter().map(|field| {
        let of_data = types.field_with_name(field.name()).map(Field::data_type);
        match (field.data_type(), of_data) {
            (DataType::Float64, Ok(DataType::Decimal128(precision, scale))) if *scale > 0 => {
                let decimal = DataType::Decimal128(*precision, *scale);
                Field::new(field.name(), decimal, true)
            }
            _ => field.as_ref().clone(),
        }
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// The columns that batches have.
pub(crate) fn columns(object: &Object) -> impl Iterator<Item = (ColumnId, &str, DataType)> {
    object
        .columns
        .iter()
        .enumerate()
        .filter_map(|(place, column)| match column.path.as_slice() {
            [Step::Field(name)] => Some((ColumnId(place), name.as_str(), data_type(&column.kind)?)),
            _ => None,
        })
}

fn data_type(kind: &Kind) -> Option<DataType> {
    Some(match kind {
        Kind::Any | Kind::String => DataType::Utf8,
        Kind::Integer => DataType::Int64,
        Kind::Number => DataType::Float64,
        Kind::Boolean => DataType::Boolean,
        Kind::Date { .. } => DataType::Date32,
        Kind::Timestamp { .. } => DataType::Timestamp(TimeUnit::Microsecond, None),
        Kind::Time { .. } => DataType::Time64(TimeUnit::Microsecond),
        Kind::Object | Kind::Array | Kind::Map | Kind::Vector => return None,
    })
}

/// Reads all rows of an object, in the order of each file, with several threads. What is not of its kind is NULL.
///
/// Each batch is given to `each`, which says whether it wants more. Gives back the files, with why one was not read to its
/// end.
///
/// # Errors
///
/// When it was cancelled, or there are no files, with the reason.
pub fn read(
    object: &Object,
    source: &Source,
    options: &Options,
    progress: &Progress,
    each: impl FnMut(RecordBatch) -> bool + Send,
) -> Result<Vec<ScannedFile>, ReadError> {
    read_as(object, (source, schema(object)), options, progress, each)
}

/// The same with the columns as they are in the data, as [`schema_of`] says.
///
/// # Errors
///
/// As those of [`read`].
pub fn read_as(
    object: &Object,
    (source, schema): (&Source, SchemaRef),
    options: &Options,
    progress: &Progress,
    each: impl FnMut(RecordBatch) -> bool + Send,
) -> Result<Vec<ScannedFile>, ReadError> {
    let tap = Each {
        schema,
        each: Mutex::new(each),
    };
    read_object(object, source, (options, progress), &tap)
}

/// Why the rows of an object were not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It was cancelled, by [`Progress::cancel`] or by whoever took the batches.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// There is nothing to read.
    #[error("{0}")]
    Missing(String),
}

/// Who takes batches.
pub(crate) trait Tap: Sync {
    /// The columns that batches have.
    fn schema(&self) -> &SchemaRef;

    /// Hands a batch over, and says whether more is wanted.
    fn give(&self, batch: RecordBatch) -> bool;
}

/// A function that takes batches.
struct Each<F> {
    schema: SchemaRef,
    each: Mutex<F>,
}

impl<F: FnMut(RecordBatch) -> bool + Send> Tap for Each<F> {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn give(&self, batch: RecordBatch) -> bool {
        (self
            .each
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner))(batch)
    }
}
