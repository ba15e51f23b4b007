//! Whether an item of a list is there twice, whatever its type is.

use std::collections::HashSet;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, make_array};
use arrow_schema::DataType;
use foldhash::fast::FixedState;

use super::nested::{View, items_of, ranges};
use super::numbers::{Numbers, numbers};
use super::read::Valid;
use crate::strip::{Nature, Owned};

/// Whether an item is there twice; NULLs are no items.
pub(super) fn has_repeats(items: &dyn Array) -> bool {
    let places: Vec<usize> = (0..items.len())
        .filter(|place| items.is_valid(*place))
        .collect();
    if places.len() < 2 {
        return false;
    }
    if let Some(array) = items.as_string_opt::<i32>() {
        return is_twice(places.iter().map(|place| array.value(*place)));
    }
    let view = View::new(make_array(items.to_data()));
    let valid = Valid::new(items.len(), view.nulls.as_ref());
    if let Some(numbers) = numbers(view.array.as_ref(), &valid, Nature::Number) {
        return repeats(numbers);
    }
    let mut keys = vec![Vec::new(); items.len()];
    if write(items, &mut keys) {
        return is_twice(places.iter().map(|place| &keys[*place]));
    }
    // Arrow compares slices of arrays whatever their type is, one with all others.
    let data = items.to_data();
    places.iter().enumerate().any(|(at, place)| {
        places[at + 1..]
            .iter()
            .any(|other| data.slice(*place, 1) == data.slice(*other, 1))
    })
}

fn is_twice<T: std::hash::Hash + Eq>(mut values: impl Iterator<Item = T>) -> bool {
    let mut seen: HashSet<T, FixedState> = HashSet::default();
    values.any(|value| !seen.insert(value))
}

fn repeats(numbers: Numbers<'_>) -> bool {
    fn of<T: Ord>(mut values: Vec<T>) -> bool {
        values.sort_unstable();
        values.windows(2).any(|pair| pair[0] == pair[1])
    }
    if let Some((decimals, _)) = numbers.decimals {
        return of(decimals);
    }
    match (numbers.fine, numbers.values) {
        (Some(fine), _) => of(fine),
        (None, Owned::Whole(values)) => of(values.into_owned()),
        (None, Owned::Wide(values)) => of(values),
        (None, Owned::Float(values)) => of(values
            .iter()
            .map(|value| if *value == 0.0 { 0 } else { value.to_bits() })
            .collect()),
        _ => false,
    }
}

/// Writes each value of an array behind its key, so that equal keys are equal values. Says whether it knows how.
fn write(array: &dyn Array, keys: &mut [Vec<u8>]) -> bool {
    let nulls = array.logical_nulls();
    let is_null = |place: usize| nulls.as_ref().is_some_and(|nulls| nulls.is_null(place));
    let mut all = |value: &dyn Fn(usize, &mut Vec<u8>)| {
        for (place, key) in keys.iter_mut().enumerate() {
            key.push(u8::from(!is_null(place)));
            if !is_null(place) {
                value(place, key);
            }
        }
        true
    };
    match array.data_type() {
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let Some(texts) = keys_of(dictionary.values().as_ref()) else {
                return false;
            };
            let codes = match texts.is_empty() {
                true => Vec::new(),
                false => dictionary.normalized_keys(),
            };
            all(&|place, key| key.extend_from_slice(&texts[codes[place]]))
        }
        DataType::Struct(_) => {
            // What stands in the fields of a struct that is NULL means nothing.
            let mut fields = vec![Vec::new(); array.len()];
            let mut columns = array.as_struct().columns().iter();
            columns.all(|column| write(column.as_ref(), &mut fields))
                && all(&|place, key| key.extend_from_slice(&fields[place]))
        }
        DataType::Map(..) => {
            let entries: ArrayRef = Arc::new(array.as_map().entries().clone());
            lists(array, &entries, &mut all)
        }
        _ => match items_of(array) {
            Some(items) => lists(array, &items, &mut all),
            None => flat(array, &mut all),
        },
    }
}

/// Writes a value for each place that is not NULL.
type All<'a> = dyn FnMut(&dyn Fn(usize, &mut Vec<u8>)) -> bool + 'a;

/// Values with nothing within them.
fn flat(array: &dyn Array, all: &mut All<'_>) -> bool {
    match array.data_type() {
        DataType::Null => all(&|_, _| {}),
        DataType::Boolean => {
            let array = array.as_boolean();
            all(&|place, key| key.push(u8::from(array.value(place))))
        }
        DataType::Utf8 => texts(
            |place| array.as_string::<i32>().value(place).as_bytes(),
            all,
        ),
        DataType::LargeUtf8 => texts(
            |place| array.as_string::<i64>().value(place).as_bytes(),
            all,
        ),
        DataType::Utf8View => texts(|place| array.as_string_view().value(place).as_bytes(), all),
        DataType::Binary => texts(|place| array.as_binary::<i32>().value(place), all),
        DataType::LargeBinary => texts(|place| array.as_binary::<i64>().value(place), all),
        DataType::BinaryView => texts(|place| array.as_binary_view().value(place), all),
        DataType::FixedSizeBinary(_) => {
            texts(|place| array.as_fixed_size_binary().value(place), all)
        }
        other => match other.primitive_width() {
            Some(width) => {
                let data = array.to_data();
                let bytes = &data.buffers()[0].as_slice()[data.offset() * width..];
                all(&|place, key| key.extend_from_slice(&bytes[place * width..][..width]))
            }
            None => false,
        },
    }
}

/// Bytes behind their length, so that what follows cannot be taken for a part of them.
fn texts<'a>(text: impl Fn(usize) -> &'a [u8], all: &mut All<'_>) -> bool {
    all(&|place, key| {
        let text = text(place);
        key.extend_from_slice(&text.len().to_le_bytes());
        key.extend_from_slice(text);
    })
}

fn lists(array: &dyn Array, items: &ArrayRef, all: &mut All<'_>) -> bool {
    let (Some(ranges), Some(keys)) = (ranges(array), keys_of(items.as_ref())) else {
        return false;
    };
    all(&|place, key| {
        let (start, end) = ranges[place];
        key.extend_from_slice(&(end - start).to_le_bytes());
        keys[start..end]
            .iter()
            .for_each(|item| key.extend_from_slice(item));
    })
}

fn keys_of(array: &dyn Array) -> Option<Vec<Vec<u8>>> {
    let mut keys = vec![Vec::new(); array.len()];
    write(array, &mut keys).then_some(keys)
}
