//! Functions on arrays and objects, and on text as a sequence.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::signature::{
    ANY, ARRAY, BOOLEAN, INTEGER, OBJECT, STRING, all_of_one_kind, like_the_first,
};
use super::{Answer, Args, Function, Problem, bounded, strict, variadic};
use crate::check::Types;
use crate::text::{compact_json, render};
use crate::value::lookup;

pub(super) const FUNCTIONS: &[Function] = &[
    strict("contains", 2, 2, contains)
        .typed(&[], BOOLEAN)
        .relating(containing),
    strict("empty", 1, 1, empty).typed(&[STRING.or(ARRAY).or(OBJECT).or(Types::NULL)], BOOLEAN),
    strict("first", 1, 1, first)
        .typed(&[STRING.or(ARRAY)], ANY)
        .giving(element),
    variadic("intersection", 2, intersection)
        .relating(alike_kinds)
        .giving(like_the_first),
    strict("join", 2, 2, join).typed(&[ARRAY, STRING], STRING),
    strict("last", 1, 1, last)
        .typed(&[STRING.or(ARRAY)], ANY)
        .giving(element),
    strict("length", 1, 1, length).typed(&[STRING.or(ARRAY)], INTEGER),
    strict("skip", 2, 2, skip)
        .typed(&[ARRAY.or(STRING), INTEGER], ANY)
        .giving(like_the_first),
    strict("take", 2, 2, take)
        .typed(&[STRING.or(ARRAY), INTEGER], ANY)
        .giving(like_the_first),
    variadic("union", 2, union)
        .relating(alike_kinds)
        .giving(like_the_first),
];

/// Texts contain texts, objects contain names, and arrays anything.
fn containing(argument: usize, given: &[Types]) -> Types {
    match argument {
        0 => STRING.or(ARRAY).or(OBJECT),
        _ if like_the_first(given).overlaps(ARRAY) => ANY,
        _ => STRING,
    }
}

/// The first or last of a text is a text.
fn element(given: &[Types]) -> Types {
    if like_the_first(given).is_within(STRING) {
        STRING
    } else {
        ANY
    }
}

fn alike_kinds(argument: usize, given: &[Types]) -> Types {
    all_of_one_kind([ARRAY, OBJECT], argument, given)
}

fn contains(args: &Args<'_>) -> Answer {
    let wanted = args.value(1);
    let found = match args.value(0) {
        Value::String(text) => text.contains(args.text(1)?),
        Value::Array(items) => items.contains(wanted),
        Value::Object(object) => lookup(object, args.text(1)?).is_some(),
        other => return Err(Problem::expected(0, "a String, Array or Object", other)),
    };
    Ok(Value::Bool(found))
}

fn empty(args: &Args<'_>) -> Answer {
    let empty = match args.value(0) {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        other => return Err(Problem::expected(0, "a String, Array or Object", other)),
    };
    Ok(Value::Bool(empty))
}

fn first(args: &Args<'_>) -> Answer {
    match args.value(0) {
        Value::String(text) => Ok(Value::String(text.chars().take(1).collect())),
        Value::Array(items) => Ok(items.first().cloned().unwrap_or_default()),
        other => Err(Problem::expected(0, "a String or Array", other)),
    }
}

fn last(args: &Args<'_>) -> Answer {
    match args.value(0) {
        Value::String(text) => Ok(Value::String(
            text.chars().next_back().into_iter().collect(),
        )),
        Value::Array(items) => Ok(items.last().cloned().unwrap_or_default()),
        other => Err(Problem::expected(0, "a String or Array", other)),
    }
}

fn join(args: &Args<'_>) -> Answer {
    let texts: Vec<_> = args.array(0)?.iter().map(render).collect();
    let delimiter = args.text(1)?;
    let delimiters = delimiter.len().saturating_mul(texts.len());
    bounded(delimiters.saturating_add(texts.iter().map(|text| text.len()).sum()))?;
    Ok(Value::String(texts.join(delimiter)))
}

fn length(args: &Args<'_>) -> Answer {
    match args.value(0) {
        Value::String(text) => Ok(json!(text.encode_utf16().count())),
        Value::Array(items) => Ok(json!(items.len())),
        other => Err(Problem::expected(0, "a String or Array", other)),
    }
}

fn skip(args: &Args<'_>) -> Answer {
    let count = args.count(1)?;
    match args.value(0) {
        Value::String(text) => {
            let units: Vec<u16> = text.encode_utf16().skip(count).collect();
            Ok(Value::String(String::from_utf16_lossy(&units)))
        }
        Value::Array(items) => Ok(items.iter().skip(count).cloned().collect()),
        other => Err(Problem::expected(0, "an Array", other)),
    }
}

fn take(args: &Args<'_>) -> Answer {
    let count = args.count(1)?;
    match args.value(0) {
        Value::String(text) => {
            let units: Vec<u16> = text.encode_utf16().take(count).collect();
            Ok(Value::String(String::from_utf16_lossy(&units)))
        }
        Value::Array(items) => Ok(items.iter().take(count).cloned().collect()),
        other => Err(Problem::expected(0, "a String or Array", other)),
    }
}

/// The arguments, all arrays or all objects.
enum Alike<'a> {
    Arrays(Vec<&'a Vec<Value>>),
    Objects(Vec<&'a Map<String, Value>>),
}

fn alike<'a>(args: &'a Args<'_>) -> Result<Alike<'a>, Problem> {
    match args.value(0) {
        Value::Array(_) => (0..args.len())
            .map(|i| args.array(i))
            .collect::<Result<_, _>>()
            .map(Alike::Arrays),
        Value::Object(_) => (0..args.len())
            .map(|i| args.object(i))
            .collect::<Result<_, _>>()
            .map(Alike::Objects),
        other => Err(Problem::expected(0, "an Array or Object", other)),
    }
}

fn intersection(args: &Args<'_>) -> Answer {
    match alike(args)? {
        Alike::Arrays(arrays) => {
            let others: Vec<HashSet<String>> = arrays[1..]
                .iter()
                .map(|other| other.iter().map(identity).collect())
                .collect();
            let common = arrays[0].iter().filter(|item| {
                let item = identity(item);
                others.iter().all(|other| other.contains(&item))
            });
            Ok(distinct(common))
        }
        Alike::Objects(objects) => {
            let common = objects[0]
                .iter()
                .filter(|(key, value)| {
                    objects[1..]
                        .iter()
                        .all(|other| other.get(*key) == Some(value))
                })
                .map(|(key, value)| (key.clone(), value.clone()));
            Ok(Value::Object(common.collect()))
        }
    }
}

fn union(args: &Args<'_>) -> Answer {
    match alike(args)? {
        Alike::Arrays(arrays) => Ok(distinct(arrays.into_iter().flatten())),
        Alike::Objects(objects) => {
            let mut all = Map::new();
            for (key, value) in objects.into_iter().flatten() {
                all.insert(key.clone(), value.clone());
            }
            Ok(Value::Object(all))
        }
    }
}

fn distinct<'a>(items: impl Iterator<Item = &'a Value>) -> Value {
    let mut seen = HashSet::new();
    items
        .filter(|item| seen.insert(identity(item)))
        .cloned()
        .collect()
}

/// A text that equal values share, and no others.
fn identity(value: &Value) -> String {
    if !matches!(value, Value::Array(_) | Value::Object(_)) {
        return compact_json(value);
    }
    let mut sorted = value.clone();
    sorted.sort_all_objects();
    compact_json(&sorted)
}
