//! JSON values as values of a kind. A number in quotes is a text, and `1.0` is the whole number
//! 1: JSON has one type of numbers.

use std::collections::HashSet;

use data_contract::plan::{Decimal, Kind, Step};
use serde_json::Value;

use crate::cells::Cells;
use crate::kernel::Program;
use crate::strip::{ListFacts, Owned, Reading, StructFacts};

/// A column of JSON objects.
pub(super) struct Field {
    pub(super) path: Vec<Step>,
    pub(super) kind: Kind,
    pub(super) cells: Cells,
}

impl Field {
    /// What is no text of a column without a kind, as text, in the order of its values.
    pub(super) fn written(&self, rows: &[Value]) -> Vec<String> {
        if self.kind != Kind::Any {
            return Vec::new();
        }
        let found = self.found(rows).values.into_iter();
        let others = found.filter_map(|(_, value)| value.filter(|value| !value.is_string()));
        others.map(Value::to_string).collect()
    }

    /// The column in some rows, and whether one of them has it. `written` is what [`Self::written`] says of them.
    pub(super) fn read<'a>(
        &self,
        rows: &'a [Value],
        written: &'a [String],
        program: &Program,
    ) -> (Reading<'a>, bool) {
        let found = self.found(rows);
        let reading = match &self.kind {
            Kind::Any => {
                let mut written = written.iter().map(String::as_str);
                let mut text = |value: &'a Value| value.as_str().or_else(|| written.next());
                gather(
                    &found.values,
                    |value| text(value).map(str::as_bytes),
                    Owned::Text,
                )
            }
            _ => self.reading(&found.values, program),
        };
        (reading, found.there)
    }

    fn found<'a>(&self, rows: &'a [Value]) -> Found<'a> {
        Found::at(rows, &self.path)
    }

    pub(super) fn reading<'a>(
        &self,
        values: &[(u32, Option<&'a Value>)],
        program: &Program,
    ) -> Reading<'a> {
        match &self.kind {
            Kind::Integer => gather(values, whole, Owned::of_wide),
            Kind::Number => numbers(values),
            Kind::Boolean => gather(values, Value::as_bool, Owned::Bool),
            Kind::Any | Kind::String => gather(
                values,
                |value| value.as_str().map(str::as_bytes),
                Owned::Text,
            ),
            Kind::Date { .. } | Kind::Timestamp { .. } | Kind::Time { .. } => {
                let parse = |value: &'a Value| self.cells.moment(value.as_str()?.as_bytes());
                gather(values, parse, |values: Vec<i64>| {
                    Owned::Whole(values.into())
                })
            }
            Kind::Object | Kind::Map => {
                let facts = |value: &'a Value| Some(struct_facts(value.as_object()?, program));
                if self.kind == Kind::Map {
                    let facts = |value: &'a Value| {
                        facts(value).map(|facts| ListFacts {
                            items: facts.properties,
                            repeats: false,
                        })
                    };
                    gather(values, facts, Owned::Lists)
                } else {
                    gather(values, facts, Owned::Structs)
                }
            }
            Kind::Array | Kind::Vector => {
                let vector = self.kind == Kind::Vector;
                let facts = |value: &'a Value| {
                    let items = value
                        .as_array()
                        .filter(|items| !vector || items.iter().all(Value::is_number))?;
                    Some(list_facts(items, program.repeats))
                };
                gather(values, facts, Owned::Lists)
            }
        }
    }
}

/// The values at a path, with their rows.
pub(super) struct Found<'a> {
    pub(super) values: Vec<(u32, Option<&'a Value>)>,
    there: bool,
}

impl<'a> Found<'a> {
    /// The values at a path of some rows.
    pub(super) fn at(rows: &'a [Value], path: &[Step]) -> Self {
        let mut found = Self {
            values: Vec::new(),
            there: false,
        };
        for (row, value) in (0_u32..).zip(rows) {
            found.look(Some(value), path, row);
        }
        found
    }

    /// Looks for values; what is not there is NULL, and an array that is not there has no items.
    fn look(&mut self, value: Option<&'a Value>, path: &[Step], row: u32) {
        let Some((step, rest)) = path.split_first() else {
            self.there |= value.is_some();
            self.values
                .push((row, value.filter(|value| !value.is_null())));
            return;
        };
        match step {
            Step::Field(name) => {
                let inner = value
                    .and_then(Value::as_object)
                    .and_then(|object| object.get(name));
                self.look(inner, rest, row);
            }
            Step::Items => {
                let items = value.and_then(Value::as_array).into_iter().flatten();
                let before = self.values.len();
                items.for_each(|item| self.look(Some(item), rest, row));
                // Where there are no items, nothing says that these lack it.
                self.there |= rest.is_empty() || self.values.len() == before;
            }
        }
    }
}

fn gather<'a, T>(
    values: &[(u32, Option<&'a Value>)],
    mut parse: impl FnMut(&'a Value) -> Option<T>,
    own: impl Fn(Vec<T>) -> Owned<'a>,
) -> Reading<'a> {
    let (mut kept, mut rows, mut null_rows, mut wrong_cells) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (row, value) in values {
        match value {
            None => null_rows.push(*row),
            Some(value) => match parse(value) {
                None => wrong_cells.push((*row, shown(value))),
                Some(value) => {
                    kept.push(value);
                    rows.push(*row);
                }
            },
        }
    }
    let reading = Reading::whole(own(kept));
    Reading {
        rows: Some(rows),
        nulls: null_rows.len() as u64,
        null_rows,
        wrong: wrong_cells.len() as u64,
        wrong_cells,
        ..reading
    }
}

/// Numbers as doubles, beside the digits of whole ones that no double tells apart from the next.
fn numbers<'a>(values: &[(u32, Option<&'a Value>)]) -> Reading<'a> {
    let mut written = Vec::new();
    let mut at = 0_u32;
    let parse = |value: &'a Value| {
        let number = value.as_f64()?;
        let long = |whole: i64| whole.unsigned_abs() > 1 << 53;
        if value.as_i64().is_some_and(long) || (value.is_u64() && !value.is_i64()) {
            written.push((at, value.to_string().into_bytes().into()));
        }
        at += 1;
        Some(number)
    };
    let reading = gather(values, parse, |values| Owned::Float(values.into()));
    Reading { written, ..reading }
}

fn whole(value: &Value) -> Option<i128> {
    value
        .as_i64()
        .map(i128::from)
        .or_else(|| value.as_u64().map(i128::from))
        .or_else(|| whole_number(value.as_f64()?))
}

/// A number without a fraction, as it is written with one (`2.0`), with an exponent, or as `-0`. Whole numbers of 64 bits are never
/// doubles, and of those that are greater a double has not all digits.
fn whole_number(value: f64) -> Option<i128> {
    let (whole, exact) = Decimal::of_double(value)?.floor(0);
    let range = i128::from(i64::MIN) + 1..=i128::from(u64::MAX);
    (exact && range.contains(&whole)).then_some(whole)
}

/// What a sample shows of a value that is not of the kind.
fn shown(value: &Value) -> &[u8] {
    match value {
        Value::Null => b"null",
        Value::Bool(true) => b"true",
        Value::Bool(false) => b"false",
        Value::Number(_) => b"a number",
        Value::String(text) => text.as_bytes(),
        Value::Array(_) => b"an array",
        Value::Object(_) => b"an object",
    }
}

fn struct_facts(object: &serde_json::Map<String, Value>, program: &Program) -> StructFacts {
    let mut facts = StructFacts::default();
    for (name, _) in object.iter().filter(|(_, value)| !value.is_null()) {
        facts.properties += 1;
        let bit = program.names.iter().position(|known| known == name);
        facts.named |= bit.map_or(0, |bit| 1 << bit);
    }
    facts
}

fn list_facts(items: &[Value], repeats: bool) -> ListFacts {
    let mut seen = HashSet::new();
    let values = items.iter().filter(|item| repeats && !item.is_null());
    let mut values = values.map(|item| {
        let mut text = String::new();
        same_text(item, &mut text);
        text
    });
    ListFacts {
        items: items.len() as u64,
        repeats: values.any(|value| !seen.insert(value)),
    }
}

/// Writes a value so that values that are the same are written alike: JSON knows neither of `1` and `1.0`, nor of the order of
/// properties.
fn same_text(value: &Value, text: &mut String) {
    match value {
        Value::Number(number) => match whole(value) {
            Some(whole) => text.push_str(&whole.to_string()),
            None => text.push_str(&number.to_string()),
        },
        Value::Array(items) => {
            text.push('[');
            for item in items {
                same_text(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(object) => {
            let mut fields: Vec<_> = object.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| *name);
            text.push('{');
            for (name, value) in fields {
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                same_text(value, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Null | Value::Bool(_) | Value::String(_) => text.push_str(&value.to_string()),
    }
}
