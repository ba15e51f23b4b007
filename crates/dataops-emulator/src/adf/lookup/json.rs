//! JSON files: one document, several after one another, or an array of them.

use adf_runtime::{ActivityFailure, ResolvedDataset};
use serde_json::Value;

use super::{delimited, text};
use crate::adf::settings::known;

/// Refuses settings that would change what is read.
pub(super) fn check(dataset: &ResolvedDataset, settings: &Value) -> Result<(), ActivityFailure> {
    let place = format!("the dataset `{}`", dataset.name);
    // What delimits rows and columns means nothing here.
    let harmless = [&text::SETTINGS[..], &delimited::SETTINGS].concat();
    known(&place, &dataset.properties, &harmless)?;
    known("formatSettings", settings, &["type"])
}

/// The rows.
pub(super) fn documents(text: &str) -> Result<Vec<Value>, String> {
    let mut rows = Vec::new();
    for document in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        match document.map_err(|error| error.to_string())? {
            Value::Array(items) => rows.extend(items),
            other => rows.push(other),
        }
    }
    Ok(rows)
}
