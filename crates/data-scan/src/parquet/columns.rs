//! The columns of a table that a file belongs to: files may call them otherwise, lack them, hold others, or have them in a type
//! that was widened since.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, ListArray, MapArray, StructArray};
use arrow_schema::{DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use data_contract::plan::{Column, Step};
use parquet::arrow::PARQUET_FIELD_ID_META_KEY;
use parquet::errors::ParquetError;

use super::widen::{is_wider, widen};

/// How files name the columns of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// By their physical names.
    Name,
    /// By their numbers.
    Id,
}

/// The columns of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Columns {
    pub(crate) by: By,
    pub(crate) columns: Vec<Named>,
}

/// A column, or a field of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) name: String,
    /// What files call it.
    pub(crate) physical: String,
    pub(crate) id: Option<i32>,
    pub(crate) what: What,
}

/// What a column is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// Values of a type.
    Leaf(DataType),
    /// A struct.
    Struct(Vec<Named>),
    /// A list.
    List(Box<Self>),
    /// A map: keys and values.
    Map(Box<Self>, Box<Self>),
}

impl Columns {
    /// What the table calls a column that files call so.
    pub(crate) fn name(&self, physical: &str) -> Option<&str> {
        let named = self.columns.iter().find(|named| named.physical == physical);
        named.map(|named| named.name.as_str())
    }

    /// Whether the table has a column, which is not within lists: a file that lacks it has NULL there in each row.
    pub(super) fn has(&self, column: &Column) -> bool {
        let mut columns = Some(self.columns.as_slice());
        column.path.iter().all(|step| {
            let Step::Field(name) = step else {
                return false;
            };
            let mut inner = columns.take().unwrap_or_default().iter();
            let found = inner.find(|named| named.name == *name);
            columns = found.and_then(|named| match &named.what {
                What::Struct(inner) => Some(inner.as_slice()),
                _ => None,
            });
            found.is_some()
        })
    }

    /// The columns as the table has them.
    pub(crate) fn schema(&self) -> SchemaRef {
        Arc::new(Schema::new(fields(&self.columns)))
    }

    /// The columns of a file that are columns of the table, with their places in the file and as the table has them.
    pub(super) fn of_file(&self, file: &Schema) -> Result<Vec<(usize, FieldRef)>, ParquetError> {
        let fields = || file.fields().iter();
        let has_number =
            |field: &FieldRef| field.metadata().contains_key(PARQUET_FIELD_ID_META_KEY);
        if self.by == By::Id && fields().len() > 0 && !fields().any(has_number) {
            let reason = "its columns have no numbers, by which the table knows them";
            return Err(ParquetError::General(reason.to_owned()));
        }
        let found = fields().enumerate();
        let found = found.filter_map(|(at, field)| Some((at, self.field(field, &self.columns)?)));
        Ok(found.collect())
    }

    /// Values of a column of the file as the table has them.
    pub(super) fn column(&self, field: &Field, array: &ArrayRef) -> ArrayRef {
        match self.named(field, &self.columns) {
            Some(named) => self.array(array, &named.what),
            None => Arc::clone(array),
        }
    }

    fn named<'n>(&self, field: &Field, columns: &'n [Named]) -> Option<&'n Named> {
        match self.by {
            // No two names differ by their case only.
            By::Name => {
                let name = field.name();
                let mut alike = columns.iter();
                let exact = columns.iter().find(|named| named.physical == *name);
                exact.or_else(|| alike.find(|named| named.physical.eq_ignore_ascii_case(name)))
            }
            By::Id => {
                let id = field.metadata().get(PARQUET_FIELD_ID_META_KEY)?;
                let id = Some(id.parse().ok()?);
                columns.iter().find(|named| named.id == id)
            }
        }
    }

    fn field(&self, field: &Field, columns: &[Named]) -> Option<FieldRef> {
        let named = self.named(field, columns)?;
        let data_type = self.data_type(field.data_type(), &named.what);
        let nullable = field.is_nullable();
        Some(Arc::new(Field::new(&named.name, data_type, nullable)))
    }

    /// A type of the file as the table has it; as it is where the two do not go together.
    fn data_type(&self, data_type: &DataType, what: &What) -> DataType {
        match (data_type, what) {
            (DataType::Struct(fields), What::Struct(columns)) => {
                let fields = fields.iter();
                DataType::Struct(
                    fields
                        .filter_map(|field| self.field(field, columns))
                        .collect(),
                )
            }
            (DataType::List(item), What::List(what)) => DataType::List(self.item(item, what)),
            (DataType::Map(entries, sorted), What::Map(key, value)) => {
                let DataType::Struct(fields) = entries.data_type() else {
                    return data_type.clone();
                };
                let fields = fields.iter().zip([key, value]);
                let fields = fields.map(|(field, what)| self.item(field, what)).collect();
                let entries = entries.as_ref().clone();
                let entries = entries.with_data_type(DataType::Struct(fields));
                DataType::Map(Arc::new(entries), *sorted)
            }
            (narrow, What::Leaf(wide)) if is_wider(wide, narrow) => wide.clone(),
            _ => data_type.clone(),
        }
    }

    fn item(&self, item: &FieldRef, what: &What) -> FieldRef {
        let data_type = self.data_type(item.data_type(), what);
        Arc::new(Field::new(item.name(), data_type, item.is_nullable()))
    }

    fn array(&self, array: &ArrayRef, what: &What) -> ArrayRef {
        let data_type = self.data_type(array.data_type(), what);
        if data_type == *array.data_type() {
            return Arc::clone(array);
        }
        match what {
            What::Struct(columns) => self.structs(array.as_struct(), columns),
            What::List(what) => {
                let list = array.as_list::<i32>();
                let values = self.array(list.values(), what);
                let DataType::List(item) = data_type else {
                    return Arc::clone(array);
                };
                let (offsets, nulls) = (list.offsets().clone(), list.nulls().cloned());
                Arc::new(ListArray::new(item, offsets, values, nulls))
            }
            What::Map(key, value) => {
                let map = array.as_map();
                let DataType::Map(entries, sorted) = data_type else {
                    return Arc::clone(array);
                };
                let DataType::Struct(fields) = entries.data_type().clone() else {
                    return Arc::clone(array);
                };
                let of = [(map.keys(), key), (map.values(), value)];
                let columns = of.map(|(array, what)| self.array(array, what));
                let inner = StructArray::new(fields, columns.to_vec(), None);
                let (offsets, nulls) = (map.offsets().clone(), map.nulls().cloned());
                Arc::new(MapArray::new(entries, offsets, inner, nulls, sorted))
            }
            What::Leaf(wide) => widen(array, wide),
        }
    }

    fn structs(&self, array: &StructArray, columns: &[Named]) -> ArrayRef {
        let inner = array.fields().iter().zip(array.columns());
        let inner = inner.filter_map(|(field, column)| {
            let named = self.named(field, columns)?;
            Some((self.field(field, columns)?, self.array(column, &named.what)))
        });
        let (fields, arrays): (Vec<FieldRef>, Vec<ArrayRef>) = inner.unzip();
        let nulls = array.nulls().cloned();
        if fields.is_empty() {
            return Arc::new(StructArray::new_empty_fields(array.len(), nulls));
        }
        Arc::new(StructArray::new(fields.into(), arrays, nulls))
    }
}

fn fields(columns: &[Named]) -> Fields {
    let field = |named: &Named| Field::new(&named.name, data_type(&named.what), true);
    columns.iter().map(field).collect()
}

fn data_type(what: &What) -> DataType {
    match what {
        What::Leaf(data_type) => data_type.clone(),
        What::Struct(columns) => DataType::Struct(fields(columns)),
        What::List(item) => DataType::new_list(data_type(item), true),
        What::Map(key, value) => {
            let key = Field::new("key", data_type(key), false);
            let value = Field::new("value", data_type(value), true);
            let entries = DataType::Struct(Fields::from(vec![key, value]));
            DataType::Map(Arc::new(Field::new("key_value", entries, false)), false)
        }
    }
}
