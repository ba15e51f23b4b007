//! The Lookup activity on text files: delimited text and JSON.

mod delimited;
mod json;
mod text;

use std::sync::Arc;

use adf_runtime::{ActivityCall, ActivityFailure, ResolvedDataset};
use serde_json::{Map, Value, json};

use super::settings::{known, not_emulated};
use super::storage::{Location, Selection, billed, flag, user};
use crate::state::State;

/// The most rows that come back.
const ROWS: usize = 5000;

/// Settings of a source that change nothing here: a file on this machine is read once, by one reader.
const HARMLESS: [&str; 4] = [
    "sourceRetryCount",
    "sourceRetryWait",
    "maxConcurrentConnections",
    "disableMetricsCollection",
];

/// How the rows of a file are read; made once for all files of an activity.
enum Format {
    Delimited(delimited::Format),
    Json,
}

impl Format {
    fn of(dataset: &ResolvedDataset, source: &Value) -> Result<Self, ActivityFailure> {
        let settings = &source["formatSettings"];
        match dataset.kind.as_str() {
            "DelimitedText" => delimited::Format::of(dataset, settings).map(Self::Delimited),
            "Json" => {
                json::check(dataset, settings)?;
                Ok(Self::Json)
            }
            other => {
                let message = format!("looking up `{other}` data is not emulated");
                Err(user("NotEmulated", &message))
            }
        }
    }

    fn rows(&self, text: &str) -> Result<Vec<Value>, String> {
        match self {
            Self::Delimited(format) => format.rows(text),
            Self::Json => json::documents(text),
        }
    }
}

/// Carries out a Lookup activity.
pub(super) fn run(state: &Arc<State>, call: &ActivityCall) -> Result<Value, ActivityFailure> {
    let dataset = call
        .inputs
        .last()
        .ok_or_else(|| user("UserErrorInvalidDataset", "the activity has no dataset"))?;
    let source = &call.properties["source"];
    let format = Format::of(dataset, source)?;
    let activity = ["source", "dataset", "firstRowOnly", "treatDecimalAsString"];
    known("the activity", &call.properties, &activity)?;
    if flag(&source["storeSettings"]["deleteFilesAfterCompletion"]) == Some(true) {
        return Err(not_emulated("deleteFilesAfterCompletion of a Lookup"));
    }
    let own = ["type", "storeSettings", "formatSettings"];
    known("the source", source, &[&own[..], &HARMLESS].concat())?;
    let coding = text::Coding::of(dataset)?;
    let at = Location::of(state, dataset)?;
    let selection = Selection::of(&source["storeSettings"])?;
    let mut rows = Vec::new();
    for file in selection.files(state, &at)? {
        if rows.len() < ROWS {
            let text = coding.read(state, &at, &file.blob)?;
            let found = format.rows(&text).map_err(|error| {
                user("UserErrorInvalidData", &format!("`{}`: {error}", file.blob))
            })?;
            rows.extend(found);
        }
    }
    rows.truncate(ROWS);
    let mut output = Map::new();
    match flag(&call.properties["firstRowOnly"]).unwrap_or(true) {
        true => {
            let first = rows.into_iter().next();
            output.extend(first.map(|row| ("firstRow".to_owned(), row)));
        }
        false => {
            output.insert("count".to_owned(), json!(rows.len()));
            output.insert("value".to_owned(), rows.into());
        }
    }
    billed(&mut output);
    Ok(output.into())
}
