//! The reading of a column: its valid values, and how many are NULL.

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;

use super::nested::{View, items_of, ranges};
use super::numbers::{Numbers, numbers, written};
use super::repeats::has_repeats;
use crate::kernel::Program;
use crate::strip::{ListFacts, Nature, Owned, Reading, StructFacts};

/// Which values are not NULL.
pub(super) struct Valid {
    pub(super) all: bool,
    length: usize,
    places: Vec<u32>,
}

impl Valid {
    pub(super) fn new(length: usize, nulls: Option<&NullBuffer>) -> Self {
        match nulls.filter(|nulls| nulls.null_count() > 0) {
            None => Self {
                all: true,
                length,
                places: Vec::new(),
            },
            Some(nulls) => {
                let places = nulls
                    .valid_indices()
                    .map(|place| u32::try_from(place).unwrap_or(u32::MAX))
                    .collect();
                Self {
                    all: false,
                    length,
                    places,
                }
            }
        }
    }

    /// The values that are not NULL, converted.
    pub(super) fn pick<T: Copy, U>(&self, values: &[T], to: impl Fn(T) -> U) -> Vec<U> {
        if self.all {
            values.iter().map(|value| to(*value)).collect()
        } else {
            self.places
                .iter()
                .map(|place| to(values[*place as usize]))
                .collect()
        }
    }

    /// What stands in the places that are not NULL.
    pub(super) fn each<U>(&self, of: impl Fn(usize) -> U) -> Vec<U> {
        if self.all {
            (0..self.length).map(of).collect()
        } else {
            self.places
                .iter()
                .map(|place| of(*place as usize))
                .collect()
        }
    }
}

/// Reads a column whose type [`fit`](super::fit)s the program's nature. `samples` says whether it matters which rows are
/// NULL.
pub(crate) fn read<'a>(view: &'a View, program: &Program, samples: bool) -> Reading<'a> {
    let array = view.array.as_ref();
    let valid = Valid::new(array.len(), view.nulls.as_ref());
    let nulls = if valid.all {
        0
    } else {
        array.len() - valid.places.len()
    };
    let (long, written) = match written(array, &valid) {
        Some((long, written)) => (Some(Owned::Float(long.into())), written),
        None => (None, Vec::new()),
    };
    let textual = long.is_some();
    let numbers = long.map(Numbers::from);
    let numbers = numbers.or_else(|| self::numbers(array, &valid, program.nature));
    let Numbers {
        values,
        fine,
        decimals,
    } = numbers.unwrap_or_else(|| others(view, &valid, program).into());
    let of = |place: u32| view.row(place);
    let rows = match (&view.rows, valid.all) {
        (None, true) => None,
        (Some(rows), true) => Some(rows.clone()),
        (_, false) => Some(valid.places.iter().map(|place| of(*place)).collect()),
    };
    let null_rows = match samples && nulls > 0 {
        true => view.null_rows(),
        false => Vec::new(),
    };
    let reading = Reading::whole(values);
    Reading {
        rows,
        fine,
        written,
        textual,
        decimals,
        nulls: nulls as u64,
        null_rows,
        ..reading
    }
}

/// Values that are no numbers.
fn others<'a>(view: &'a View, valid: &Valid, program: &Program) -> Owned<'a> {
    let array = view.array.as_ref();
    match array.data_type() {
        DataType::Boolean => {
            let array = array.as_boolean();
            Owned::Bool(valid.each(|place| array.value(place)))
        }
        DataType::Utf8 => {
            let array = array.as_string::<i32>();
            Owned::Text(valid.each(|place| array.value(place).as_bytes()))
        }
        DataType::LargeUtf8 => {
            let array = array.as_string::<i64>();
            Owned::Text(valid.each(|place| array.value(place).as_bytes()))
        }
        DataType::Utf8View => {
            let array = array.as_string_view();
            Owned::Text(valid.each(|place| array.value(place).as_bytes()))
        }
        DataType::Dictionary(_, _) => coded(array, valid),
        DataType::Struct(fields) => {
            let array = array.as_struct();
            let facts = |place: usize| {
                let mut facts = StructFacts::default();
                let columns = fields.iter().zip(array.columns());
                for (field, _) in columns.filter(|(_, column)| column.is_valid(place)) {
                    facts.properties += 1;
                    let bit = program.names.iter().position(|name| name == field.name());
                    facts.named |= bit.map_or(0, |bit| 1 << bit);
                }
                facts
            };
            Owned::Structs(valid.each(facts))
        }
        DataType::Map(..) if program.nature == Nature::Object => entries(array, valid, program),
        _ => match (ranges(array), items_of(array)) {
            (Some(ranges), Some(items)) => {
                let facts = |place: usize| {
                    let (start, end) = ranges[place];
                    let repeats =
                        program.repeats && has_repeats(items.slice(start, end - start).as_ref());
                    ListFacts {
                        items: (end - start) as u64,
                        repeats,
                    }
                };
                Owned::Lists(valid.each(facts))
            }
            _ => Owned::Opaque(if valid.all {
                array.len()
            } else {
                valid.places.len()
            }),
        },
    }
}

/// Maps as objects: their keys are names of properties.
fn entries<'a>(array: &dyn Array, valid: &Valid, program: &Program) -> Owned<'a> {
    let map = array.as_map();
    let names = map.keys().as_string_opt::<i32>();
    let facts = |place: usize| {
        let mut facts = StructFacts::default();
        let offsets = map.value_offsets();
        let at = |place: usize| usize::try_from(offsets[place]).unwrap_or(0);
        for entry in (at(place)..at(place + 1)).filter(|entry| map.values().is_valid(*entry)) {
            facts.properties += 1;
            let name = names.map(|names| names.value(entry));
            let bit = program
                .names
                .iter()
                .position(|known| Some(known.as_str()) == name);
            facts.named |= bit.map_or(0, |bit| 1 << bit);
        }
        facts
    };
    Owned::Structs(valid.each(facts))
}

/// Text by its place in a dictionary, or as it is where the dictionary is larger than what refers to it.
fn coded<'a>(array: &'a dyn Array, valid: &Valid) -> Owned<'a> {
    let Some((keys, values)) = array
        .as_dictionary_opt::<Int32Type>()
        .and_then(|dictionary| {
            Some((
                dictionary.keys(),
                dictionary.values().as_string_opt::<i32>()?,
            ))
        })
    else {
        return Owned::Opaque(valid.each(|_| ()).len());
    };
    let code = |place: usize| usize::try_from(keys.value(place)).unwrap_or(0);
    if values.len() > array.len() / 2 {
        return Owned::Text(valid.each(|place| values.value(code(place)).as_bytes()));
    }
    let texts = (0..values.len()).map(|place| {
        if values.is_null(place) {
            &[][..]
        } else {
            values.value(place).as_bytes()
        }
    });
    let codes = valid.each(|place| u32::try_from(code(place)).unwrap_or(0));
    Owned::Coded(texts.collect(), codes)
}
