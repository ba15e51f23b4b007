//! Jupyter documents as notebooks.

use adf_source::{SourceFile, Span};
use serde_json::Value;

use crate::cell::{Cell, Line};
use crate::{Language, Notebook};

/// A Jupyter document that cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct JupyterError {
    /// What is wrong.
    pub message: String,
    /// Where, as far as it has a place.
    pub span: Option<Span>,
}

/// Reads a Jupyter document.
pub(crate) fn read(path: &str, text: &str) -> Result<Notebook, JupyterError> {
    let mut problems = Vec::new();
    let file = SourceFile::parse(path, text.as_bytes(), &mut problems);
    let file = file.map_err(|problem| JupyterError {
        message: format!("it is not JSON: {}", problem.message),
        span: problem.span,
    })?;
    let refuse = |pointer: &str, message: &str| JupyterError {
        message: message.to_owned(),
        span: Some(file.span(pointer)),
    };
    let document = file.json();
    if !document.is_object() {
        return Err(refuse("", "it is not an object"));
    }
    let Some(cells) = document.get("cells").and_then(Value::as_array) else {
        return Err(refuse("", "it has no list `cells`"));
    };
    if !document.get("metadata").is_some_and(Value::is_object) {
        return Err(refuse("", "it has no object `metadata`"));
    }
    if let Some(version) = document.get("nbformat")
        && version.as_i64().is_none_or(|version| version < 4)
    {
        return Err(refuse("/nbformat", "its `nbformat` is older than 4"));
    }
    let mut read = Vec::with_capacity(cells.len());
    for (at, cell) in cells.iter().enumerate() {
        let pointer = format!("/cells/{at}");
        let Some(kind) = cell.get("cell_type").and_then(Value::as_str) else {
            return Err(refuse(&pointer, "the cell has no `cell_type`"));
        };
        let lines = lines(&file, &pointer, cell.get("source"));
        let lines = lines
            .iter()
            .map(|(line, text)| (line.clone(), text.as_str()));
        read.push(Cell::new(lines.collect(), kind != "code"));
    }
    Ok(Notebook {
        language: language(document),
        cells: read,
        oddities: Vec::new(),
    })
}

/// The lines of a cell, which are one text or a list of texts.
fn lines(file: &SourceFile, cell: &str, source: Option<&Value>) -> Vec<(Line, String)> {
    let mut lines = Vec::new();
    let mut add = |pointer: &str, text: &str| {
        let bytes = file.span(pointer).bytes;
        let text = text.strip_suffix('\n').unwrap_or(text);
        for part in text.split('\n') {
            let line = Line {
                start: 0,
                file: bytes.clone(),
                plain: false,
                marked: true,
            };
            lines.push((line, part.strip_suffix('\r').unwrap_or(part).to_owned()));
        }
    };
    match source {
        Some(Value::String(text)) => add(&format!("{cell}/source"), text),
        Some(Value::Array(texts)) => {
            for (at, text) in texts.iter().enumerate() {
                add(
                    &format!("{cell}/source/{at}"),
                    text.as_str().unwrap_or_default(),
                );
            }
        }
        _ => {}
    }
    lines
}

/// The language that the metadata say, in the order in which the service believes them.
fn language(document: &Value) -> Language {
    [
        "/metadata/application~1vnd.databricks.v1+notebook/language",
        "/metadata/language_info/name",
        "/metadata/kernelspec/language",
        "/metadata/kernelspec/name",
    ]
    .into_iter()
    .filter_map(|pointer| document.pointer(pointer)?.as_str())
    .find_map(Language::of_name)
    .unwrap_or(Language::Python)
}
