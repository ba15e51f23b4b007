//! JSON objects as Arrow arrays: JSON has structs and lists, and the contract says of what.

use std::io;
use std::sync::Arc;

use arrow_array::builder::Float64Builder;
use arrow_array::{ArrayRef, ListArray, StringArray, StructArray, new_null_array};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, FieldRef, Fields};
use data_contract::plan::{ColumnId, Kind, Object, Step};
use serde_json::Value;

use super::file::Place;
use super::open::layout;
use super::read::Found;
use super::split::Splitter;
use crate::batches::{Layout, array};
use crate::bytes::{Feed, mark};
use crate::files::ReadAt;
use crate::kernel::Program;

/// The columns of a file, as they are handed out.
#[derive(Clone, Copy)]
pub(super) struct Typed<'a> {
    pub(super) layout: &'a Layout,
    pub(super) columns: &'a [(ColumnId, Place)],
    pub(super) programs: &'a [Arc<Program>],
}

type Values<'v> = Vec<Option<&'v Value>>;

impl Typed<'_> {
    /// A column of some rows.
    pub(super) fn column(
        &self,
        rows: &[Value],
        (id, data_type): (ColumnId, &DataType),
    ) -> Option<Result<ArrayRef, String>> {
        let at = self.columns.iter().position(|(of, _)| *of == id)?;
        let field = match &self.columns[at].1 {
            Place::Folder(constant) => {
                let reading = constant.read(rows.len());
                return Some(array(&reading.strip(), rows.len(), data_type));
            }
            Place::Field(field) => field,
        };
        let Some(Step::Field(name)) = field.path.first() else {
            return None;
        };
        let values = rows.iter().map(|row| there(row.get(name)));
        Some(self.of(at, &values.collect(), data_type))
    }

    fn of(&self, at: usize, values: &Values<'_>, data_type: &DataType) -> Result<ArrayRef, String> {
        match data_type {
            DataType::Struct(fields) => self.structs(at, values, fields),
            DataType::List(item) => self.lists(at, values, item),
            leaf => self.leaf(at, values, leaf),
        }
    }

    fn structs(&self, at: usize, values: &Values<'_>, fields: &Fields) -> Result<ArrayRef, String> {
        let columns = fields.iter().map(|field| {
            let name = field.name();
            match self.within(at, &Step::Field(name.clone())) {
                Some(inner) => {
                    let values = values
                        .iter()
                        .map(|value| there(value.and_then(|value| value.get(name))));
                    self.of(inner, &values.collect(), field.data_type())
                }
                None => Ok(new_null_array(field.data_type(), values.len())),
            }
        });
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let known = values
            .iter()
            .map(|value| value.is_some_and(Value::is_object));
        let nulls = NullBuffer::from_iter(known);
        StructArray::try_new_with_length(fields.clone(), columns, Some(nulls), values.len())
            .map(|structs| Arc::new(structs) as ArrayRef)
            .map_err(|error| error.to_string())
    }

    fn lists(&self, at: usize, values: &Values<'_>, item: &FieldRef) -> Result<ArrayRef, String> {
        let vector =
            matches!(&self.columns[at].1, Place::Field(field) if field.kind == Kind::Vector);
        let lists = values.iter().map(|value| {
            let items = value.and_then(Value::as_array);
            items.filter(|items| !vector || items.iter().all(Value::is_number))
        });
        let lists: Vec<_> = lists.collect();
        let items = lists.iter().copied().flatten().flatten();
        let items: Values<'_> = items.map(|item| there(Some(item))).collect();
        let inner = match self.within(at, &Step::Items) {
            Some(inner) => self.of(inner, &items, item.data_type())?,
            None if vector => doubles(&items),
            None => texts(&items),
        };
        let lengths = lists.iter().map(|list| list.map_or(0, Vec::len));
        let nulls = NullBuffer::from_iter(lists.iter().map(Option::is_some));
        let told = |error: ArrowError| error.to_string();
        let offsets = OffsetBuffer::from_lengths(lengths);
        ListArray::try_new(Arc::clone(item), offsets, inner, Some(nulls))
            .map(|lists| Arc::new(lists) as ArrayRef)
            .map_err(told)
    }

    fn leaf(&self, at: usize, values: &Values<'_>, leaf: &DataType) -> Result<ArrayRef, String> {
        let Some((id, Place::Field(field))) = self.columns.get(at) else {
            return Ok(new_null_array(leaf, values.len()));
        };
        if field.kind == Kind::Any {
            return Ok(texts(values));
        }
        let placed: Vec<_> = (0_u32..).zip(values.iter().copied()).collect();
        let reading = field.reading(&placed, &self.programs[at]);
        if reading.wrong > 0 && self.layout.is_guessed(*id) {
            return Err(
                "it has no logicalType, and not all values are like the first ones".to_owned(),
            );
        }
        array(&reading.strip(), values.len(), leaf)
    }

    /// The column one step within another one.
    fn within(&self, outer: usize, step: &Step) -> Option<usize> {
        let path = path(&self.columns[outer].1)?;
        self.columns.iter().position(|(_, place)| {
            let known = self::path(place).and_then(<[Step]>::split_last);
            known.is_some_and(|(last, rest)| last == step && rest == path)
        })
    }
}

fn path(place: &Place) -> Option<&[Step]> {
    match place {
        Place::Field(field) => Some(&field.path),
        Place::Folder(_) => None,
    }
}

/// A value that is not NULL.
fn there(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_null())
}

fn doubles(values: &Values<'_>) -> ArrayRef {
    let mut builder = Float64Builder::with_capacity(values.len());
    let numbers = values.iter().map(|value| value.and_then(Value::as_f64));
    numbers.for_each(|number| builder.append_option(number));
    Arc::new(builder.finish())
}

/// Texts, and what is none as JSON.
fn texts(values: &Values<'_>) -> ArrayRef {
    let texts = values.iter().map(|value| {
        value.map(|value| match value {
            Value::String(text) => text.as_str().into(),
            other => std::borrow::Cow::Owned(other.to_string()),
        })
    });
    Arc::new(texts.collect::<StringArray>())
}

/// So much of a file is looked at.
const LOOKED_AT: usize = 1 << 20;

/// Of what kinds the columns are to which the contract gives none, as far as the first values say it.
pub(crate) fn kinds(
    file: &dyn ReadAt,
    size: u64,
    object: &Object,
) -> io::Result<Vec<(ColumnId, Kind)>> {
    let (source, lines) = layout(file, size)?;
    let mut feed = Feed::new(file, size, source, 0)?;
    feed.more_of(LOOKED_AT)?;
    let bytes = &feed.bytes()[mark(feed.bytes())..];
    let mut rows: Vec<Value> = Vec::new();
    if lines {
        // The last line may go on.
        let whole = bytes.split_inclusive(|byte| *byte == b'\n');
        let whole = whole.filter(|line| feed.is_last() || line.ends_with(b"\n"));
        rows.extend(whole.filter_map(|line| serde_json::from_slice(line).ok()));
    } else {
        let mut splitter = Splitter::default();
        while let Some((start, end)) = splitter.next(bytes) {
            rows.extend(serde_json::from_slice::<Value>(&bytes[start..end]).ok());
        }
    }
    let columns = object.columns.iter().enumerate();
    let open = columns.filter(|(_, column)| column.kind == Kind::Any);
    let kinds = open.filter_map(|(at, column)| {
        let values = Found::at(&rows, &column.path).values;
        let values = values.iter().filter_map(|(_, value)| *value);
        Some((ColumnId(at), kind(&values.collect::<Vec<_>>())?))
    });
    Ok(kinds.collect())
}

/// The kind of some values; none of texts, of structs and lists, and of nothing.
fn kind(values: &[&Value]) -> Option<Kind> {
    let all = |is: &dyn Fn(&Value) -> bool| values.iter().all(|value| is(value));
    match values {
        [] => None,
        _ if all(&|value| value.is_i64() || value.is_u64()) => Some(Kind::Integer),
        _ if all(&Value::is_number) => Some(Kind::Number),
        _ if all(&Value::is_boolean) => Some(Kind::Boolean),
        _ => None,
    }
}
