//! The Lookup activity on text files: delimited text and JSON.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::sync::Arc;

use adf_runtime::{ActivityCall, ActivityFailure, ResolvedDataset};
use csv::{ReaderBuilder, StringRecord};
use serde_json::{Map, Value, json};

use super::storage::{Location, Selection, flag, user};
use crate::blob::failure::Failure;
use crate::state::State;

/// The most rows that come back.
const ROWS: usize = 5000;
/// The largest file that is read, in bytes; the service limits the result to 4 MB.
const LARGEST: u64 = 64 << 20;

/// Carries out a Lookup activity.
pub(super) fn run(state: &Arc<State>, call: &ActivityCall) -> Result<Value, ActivityFailure> {
    let dataset = call
        .inputs
        .last()
        .ok_or_else(|| user("UserErrorInvalidDataset", "the activity has no dataset"))?;
    let read: fn(&ResolvedDataset, File) -> Result<Vec<Value>, String> = match dataset.kind.as_str()
    {
        "DelimitedText" => delimited,
        "Json" => json_documents,
        other => {
            let message = format!("looking up `{other}` data is not emulated");
            return Err(user("NotEmulated", &message));
        }
    };
    let at = Location::of(state, dataset)?;
    let selection = Selection::of(&call.properties["source"]["storeSettings"])?;
    let mut rows = Vec::new();
    for file in selection.files(state, &at)? {
        if rows.len() < ROWS {
            let open = open(state, &at, &file.blob)?;
            let found = read(dataset, open).map_err(|error| {
                user("UserErrorInvalidData", &format!("`{}`: {error}", file.blob))
            })?;
            rows.extend(found);
        }
    }
    rows.truncate(ROWS);
    let runtime = "AutoResolveIntegrationRuntime (Local)";
    Ok(
        match flag(&call.properties["firstRowOnly"]).unwrap_or(true) {
            true => match rows.into_iter().next() {
                Some(first) => json!({"firstRow": first, "effectiveIntegrationRuntime": runtime}),
                None => json!({"effectiveIntegrationRuntime": runtime}),
            },
            false => {
                json!({"count": rows.len(), "value": rows, "effectiveIntegrationRuntime": runtime})
            }
        },
    )
}

fn open(state: &State, at: &Location, name: &str) -> Result<File, ActivityFailure> {
    let blob = state.blob.blob(&at.container, name);
    let blob = blob.map_err(|failure| super::storage::failed(&failure))?;
    if blob.bytes > LARGEST {
        let message = format!(
            "`{name}` has {} bytes; at most {LARGEST} are read",
            blob.bytes
        );
        return Err(user("UserErrorLookupTooLarge", &message));
    }
    File::open(blob.path).map_err(|error| super::storage::failed(&Failure::Io(error)))
}

/// A setting of one character; an empty one switches it off.
fn character(dataset: &ResolvedDataset, name: &str, default: u8) -> Result<Option<u8>, String> {
    match &dataset.properties[name] {
        Value::Null => Ok(Some(default)),
        Value::String(text) => match text.as_bytes() {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            _ if text == "\\t" => Ok(Some(b'\t')),
            _ => Err(format!("the {name} `{text}` is not emulated")),
        },
        _ => Err(format!("the {name} is not text")),
    }
}

fn delimited(dataset: &ResolvedDataset, file: File) -> Result<Vec<Value>, String> {
    for name in ["compressionCodec", "skipLineCount"] {
        let set = &dataset.properties[name];
        if !(set.is_null() || set == 0 || set == "none" || set == "None") {
            return Err(format!("{name} is not emulated"));
        }
    }
    let quote = character(dataset, "quoteChar", b'"')?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(character(dataset, "columnDelimiter", b',')?.unwrap_or(b','))
        .quoting(quote.is_some())
        .quote(quote.unwrap_or(b'"'))
        .escape(character(dataset, "escapeChar", b'\\')?)
        .from_reader(BufReader::new(file));
    let mut records = reader.records();
    let header = match flag(&dataset.properties["firstRowAsHeader"]).unwrap_or(false) {
        true => records.next().transpose().map_err(|it| it.to_string())?,
        false => None,
    };
    records
        .take(ROWS)
        .map(|record| match record {
            Ok(record) => row(header.as_ref(), &record),
            Err(error) => Err(error.to_string()),
        })
        .collect()
}

fn row(header: Option<&StringRecord>, record: &StringRecord) -> Result<Value, String> {
    if header.is_some_and(|header| record.len() > header.len()) {
        return Err("a row has more columns than the header".to_owned());
    }
    let column = |at: usize| match header.and_then(|header| header.get(at)) {
        Some(name) => name.trim_start_matches('\u{feff}').to_owned(),
        None => format!("Prop_{at}"),
    };
    let value = |text: &str| match text {
        "" => Value::Null,
        text => text.into(),
    };
    let cells = record.iter().enumerate();
    let cells: Map<_, _> = cells.map(|(at, text)| (column(at), value(text))).collect();
    Ok(Value::Object(cells))
}

/// One document, several after one another, or an array of them.
fn json_documents(_: &ResolvedDataset, file: File) -> Result<Vec<Value>, String> {
    let mut text = String::new();
    BufReader::new(file)
        .read_to_string(&mut text)
        .map_err(|error| error.to_string())?;
    let text = text.trim_start_matches('\u{feff}');
    let mut rows = Vec::new();
    for document in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        match document.map_err(|error| error.to_string())? {
            Value::Array(items) => rows.extend(items),
            other => rows.push(other),
        }
    }
    Ok(rows)
}
