//! Which columns batches have, and of which types.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use data_contract::plan::{Column, ColumnId, Kind, Object, Step};

use super::adapt::plain;
use crate::columnar::fit;
use crate::engine::{Format, Source, kinds, types};

/// The columns of an object as its batches have them.
///
/// A column has the type that is in the data, where they have types and the contract does not say another one, as a type that holds all
/// of it: whole numbers of 64 bits or as decimals, numbers as doubles or as decimals, times in microseconds or as fine as they are.
/// Structs and lists are columns as a whole. In text the contract says the types; where it does not, cells of CSV are text, and values
/// of JSON what the first ones are.
#[derive(Clone, Debug)]
pub struct Layout {
    object: Object,
    schema: SchemaRef,
    /// The column of each field.
    columns: Vec<ColumnId>,
    /// Columns whose kind only the first values say.
    guessed: Vec<ColumnId>,
}

impl Layout {
    /// That of the data as far as one look at the first file tells.
    #[must_use]
    pub fn of(object: &Object, source: &Source) -> Self {
        let mut object = object.clone();
        object.measures.clear();
        let mut guessed = Vec::new();
        for (id, kind) in kinds(source, &object) {
            object.columns[id.0].kind = kind;
            guessed.push(id);
        }
        let of_file = types(source);
        let nests = !matches!(source.format, Format::Csv(_));
        let (mut fields, mut columns) = (Vec::new(), Vec::new());
        for (place, column) in object.columns.iter().enumerate() {
            let [Step::Field(name)] = column.path.as_slice() else {
                continue;
            };
            let known = of_file.as_ref().and_then(|types| {
                let known = types.field_with_name(name).ok()?.data_type();
                fit(&column.kind, known).map(|_| plain(known))
            });
            if let Some(data_type) = known.or_else(|| declared(&object, column, nests)) {
                fields.push(Field::new(name, data_type, true));
                columns.push(ColumnId(place));
            }
        }
        Self {
            object,
            schema: Arc::new(Schema::new(fields)),
            columns,
            guessed,
        }
    }

    /// The columns.
    #[must_use]
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// With only the columns at these places, in this order. Without one, rows are only counted.
    #[must_use]
    pub fn only(&self, places: &[usize]) -> Self {
        let known = places.iter().filter(|at| **at < self.columns.len());
        let fields = known.clone().map(|at| self.schema.field(*at).clone());
        Self {
            object: self.object.clone(),
            schema: Arc::new(Schema::new(fields.collect::<Vec<_>>())),
            columns: known.map(|at| self.columns[*at]).collect(),
            guessed: self.guessed.clone(),
        }
    }

    pub(crate) fn object(&self) -> &Object {
        &self.object
    }

    /// The column of each field.
    pub(crate) fn columns(&self) -> &[ColumnId] {
        &self.columns
    }

    /// Whether only the first values say of what kind a column is.
    pub(crate) fn is_guessed(&self, id: ColumnId) -> bool {
        self.guessed.contains(&id)
    }
}

/// The type that the contract says; none of what it says too little of, and of what is not in the data where nothing nests.
fn declared(object: &Object, column: &Column, nests: bool) -> Option<DataType> {
    Some(match &column.kind {
        Kind::Any | Kind::String => DataType::Utf8,
        Kind::Integer if column.wide => DataType::Decimal128(38, 0),
        Kind::Integer => DataType::Int64,
        Kind::Number => DataType::Float64,
        Kind::Boolean => DataType::Boolean,
        Kind::Date { .. } => DataType::Date32,
        Kind::Timestamp { .. } => DataType::Timestamp(TimeUnit::Microsecond, None),
        Kind::Time { .. } => DataType::Time64(TimeUnit::Nanosecond),
        Kind::Object if nests => {
            let fields = within(object, column).filter_map(|inner| match inner.path.last() {
                Some(Step::Field(name)) => {
                    Some(Field::new(name, declared(object, inner, nests)?, true))
                }
                _ => None,
            });
            DataType::Struct(fields.collect())
        }
        Kind::Array if nests => {
            let items =
                within(object, column).find(|inner| inner.path.last() == Some(&Step::Items));
            let item = items.and_then(|inner| declared(object, inner, nests));
            DataType::new_list(item.unwrap_or(DataType::Utf8), true)
        }
        Kind::Vector if nests => DataType::new_list(DataType::Float64, true),
        Kind::Object | Kind::Array | Kind::Vector | Kind::Map => return None,
    })
}

/// The columns that stand in another one.
fn within<'o>(object: &'o Object, outer: &'o Column) -> impl Iterator<Item = &'o Column> {
    object.columns.iter().filter(|inner| {
        inner.path.len() == outer.path.len() + 1 && inner.path.starts_with(&outer.path)
    })
}
