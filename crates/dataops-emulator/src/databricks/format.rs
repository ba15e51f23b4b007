//! What imported content becomes, and what exported content looks like.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::path::WorkspacePath;
use super::refusal::Refusal;

/// The language of a notebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Language {
    Python,
    Scala,
    Sql,
    R,
}

const HEADER: &str = "Databricks notebook source";
const SEPARATOR: &str = "COMMAND ----------";

impl Language {
    pub(super) fn parse(text: &str) -> Result<Self, Refusal> {
        match text {
            "PYTHON" => Ok(Self::Python),
            "SCALA" => Ok(Self::Scala),
            "SQL" => Ok(Self::Sql),
            "R" => Ok(Self::R),
            _ => Err(Refusal::invalid(format!("Unknown language: {text}"))),
        }
    }

    pub(super) fn of_ending(ending: &str) -> Option<Self> {
        match ending {
            "py" => Some(Self::Python),
            "scala" => Some(Self::Scala),
            "sql" => Some(Self::Sql),
            "r" => Some(Self::R),
            _ => None,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Python => "PYTHON",
            Self::Scala => "SCALA",
            Self::Sql => "SQL",
            Self::R => "R",
        }
    }

    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Python => "py",
            Self::Scala => "scala",
            Self::Sql => "sql",
            Self::R => "r",
        }
    }

    fn comment(self) -> &'static str {
        match self {
            Self::Python | Self::R => "#",
            Self::Scala => "//",
            Self::Sql => "--",
        }
    }

    fn header(self) -> String {
        format!("{} {HEADER}", self.comment())
    }
}

/// What an import makes.
pub(super) enum Imported {
    /// A notebook at a path, in source format or as a Jupyter document.
    Notebook {
        path: WorkspacePath,
        language: Language,
        jupyter: bool,
    },
    /// A file.
    File(WorkspacePath),
}

/// Decides by `format`, as `workspace/import` does.
pub(super) fn decide(
    path: WorkspacePath,
    format: &str,
    language: Option<Language>,
    content: &[u8],
) -> Result<Imported, Refusal> {
    match format {
        "SOURCE" => match language {
            Some(language) => Ok(Imported::Notebook {
                path,
                language,
                jupyter: false,
            }),
            None => Err(Refusal::invalid(
                "The zip file may not be valid or may be an unsupported version.",
            )),
        },
        "JUPYTER" => jupyter(path, language, content),
        "RAW" => Ok(Imported::File(path)),
        "AUTO" => auto(path, content),
        "DBC" | "HTML" | "R_MARKDOWN" => Err(Refusal::not_emulated(&format!(
            "imports of format {format}"
        ))),
        _ => Err(Refusal::invalid(format!("Unknown format: {format}"))),
    }
}

fn jupyter(
    path: WorkspacePath,
    language: Option<Language>,
    content: &[u8],
) -> Result<Imported, Refusal> {
    let document: Value = serde_json::from_slice(content).map_err(|error| {
        Refusal::invalid(format!("The notebook is not a Jupyter document: {error}"))
    })?;
    if !document["cells"].is_array() || !document["metadata"].is_object() {
        return Err(Refusal::invalid(
            "The notebook is not a Jupyter document: it has no `cells` or no `metadata`",
        ));
    }
    let metadata = &document["metadata"];
    let told = metadata["application/vnd.databricks.v1+notebook"]["language"]
        .as_str()
        .or_else(|| metadata["language_info"]["name"].as_str())
        .unwrap_or("python");
    let told = match told.to_ascii_lowercase().as_str() {
        "scala" => Language::Scala,
        "sql" => Language::Sql,
        "r" => Language::R,
        _ => Language::Python,
    };
    Ok(Imported::Notebook {
        path,
        language: language.unwrap_or(told),
        jupyter: true,
    })
}

fn auto(path: WorkspacePath, content: &[u8]) -> Result<Imported, Refusal> {
    let ending = path.ending();
    if ending == "ipynb" {
        let stem = path.stem();
        return jupyter(stem, None, content);
    }
    match Language::of_ending(&ending) {
        Some(language) if has_header(content, language) => Ok(Imported::Notebook {
            path: path.stem(),
            language,
            jupyter: false,
        }),
        _ => Ok(Imported::File(path)),
    }
}

fn has_header(content: &[u8], language: Language) -> bool {
    let first = content.split(|byte| *byte == b'\n').next();
    let first = first.unwrap_or_default();
    first.strip_suffix(b"\r").unwrap_or(first) == language.header().as_bytes()
}

/// A notebook in source format.
pub(super) fn as_source(content: &[u8], language: Language, jupyter: bool) -> Vec<u8> {
    if jupyter {
        return source_of_cells(content, language).into_bytes();
    }
    if has_header(content, language) {
        return content.to_vec();
    }
    let mut text = language.header().into_bytes();
    text.push(b'\n');
    text.extend_from_slice(content);
    text
}

fn source_of_cells(content: &[u8], language: Language) -> String {
    let comment = language.comment();
    let document: Value = serde_json::from_slice(content).unwrap_or_default();
    let cells = document["cells"].as_array().cloned().unwrap_or_default();
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| {
            let text = joined(&cell["source"]);
            let magic = match cell["cell_type"] == "markdown" {
                true => Some(format!("%md\n{text}")),
                false => text.starts_with('%').then(|| text.clone()),
            };
            magic.map_or(text, |magic| prefixed(&magic, comment))
        })
        .collect();
    let between = format!("\n\n{comment} {SEPARATOR}\n\n");
    format!("{}\n{}", language.header(), cells.join(&between))
}

fn prefixed(text: &str, comment: &str) -> String {
    let line = |line: &str| format!("{comment} MAGIC {line}").trim_end().to_owned();
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn joined(source: &Value) -> String {
    match source {
        Value::String(text) => text.clone(),
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    }
}

/// A notebook as a Jupyter document.
pub(super) fn as_jupyter(content: &[u8], language: Language, jupyter: bool, name: &str) -> Vec<u8> {
    if jupyter {
        return content.to_vec();
    }
    let text = String::from_utf8_lossy(content).replace("\r\n", "\n");
    let body = text
        .strip_prefix(&language.header())
        .map_or(text.as_str(), |body| body.trim_start_matches('\n'));
    let comment = language.comment();
    let separator = format!("{comment} {SEPARATOR}");
    let mut cells: Vec<Vec<&str>> = vec![Vec::new()];
    for line in body.lines() {
        match (line.trim().starts_with(&separator), cells.last_mut()) {
            (false, Some(cell)) => cell.push(line),
            _ => cells.push(Vec::new()),
        }
    }
    let cells: Vec<Value> = cells
        .iter()
        .map(|cell| jupyter_cell(cell, comment))
        .collect();
    let name_of_language = language.as_str().to_ascii_lowercase();
    let document = json!({
        "cells": cells,
        "metadata": {
            "application/vnd.databricks.v1+notebook": {"language": name_of_language, "notebookName": name},
            "language_info": {"name": name_of_language},
        },
        "nbformat": 4,
        "nbformat_minor": 0,
    });
    serde_json::to_vec_pretty(&document).unwrap_or_default()
}

fn jupyter_cell(lines: &[&str], comment: &str) -> Value {
    let magic = format!("{comment} MAGIC");
    let text: Vec<&str> = lines
        .iter()
        .map(|line| match line.strip_prefix(&magic) {
            Some(rest) => rest.strip_prefix(' ').unwrap_or(rest),
            None => line,
        })
        .collect();
    let text = text.join("\n");
    let text = text.trim_matches('\n');
    match text.strip_prefix("%md") {
        Some(markdown) if !markdown.starts_with('-') => json!({
            "cell_type": "markdown", "metadata": {}, "source": markdown.trim_start(),
        }),
        _ => json!({
            "cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source": text,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(path: &str, format: &str, content: &str) -> String {
        let path = WorkspacePath::parse(path).unwrap();
        match decide(path, format, None, content.as_bytes()) {
            Ok(Imported::File(path)) => format!("file {path}"),
            Ok(Imported::Notebook { path, language, .. }) => {
                format!("{} {path}", language.as_str())
            }
            Err(refusal) => refusal.code().to_owned(),
        }
    }

    #[test]
    fn auto_looks_at_ending_and_header() {
        let header = "# Databricks notebook source\nx";
        assert_eq!(decided("/a.py", "AUTO", header), "PYTHON /a");
        assert_eq!(
            decided("/a.py", "AUTO", &header.replace('\n', "\r\n")),
            "PYTHON /a"
        );
        assert_eq!(decided("/a.py", "AUTO", "x = 1"), "file /a.py");
        assert_eq!(decided("/a", "AUTO", header), "file /a");
        assert_eq!(
            decided("/a.sql", "AUTO", "-- Databricks notebook source"),
            "SQL /a"
        );
        assert_eq!(decided("/a.sql", "AUTO", header), "file /a.sql");
        let document = r#"{"cells": [], "metadata": {}}"#;
        assert_eq!(decided("/a.ipynb", "AUTO", document), "PYTHON /a");
        assert_eq!(decided("/a.ipynb", "AUTO", "{}"), "INVALID_PARAMETER_VALUE");
        assert_eq!(
            decided("/a.py", "SOURCE", header),
            "INVALID_PARAMETER_VALUE"
        );
        assert_eq!(decided("/a.py", "RAW", header), "file /a.py");
    }

    #[test]
    fn a_missing_header_is_added_on_the_way_out() {
        let text = as_source(b"x = 1\n", Language::Python, false);
        assert_eq!(text, b"# Databricks notebook source\nx = 1\n");
        assert_eq!(as_source(&text, Language::Python, false), text);
    }

    #[test]
    fn cells_survive_the_way_through_jupyter() {
        let source = "# Databricks notebook source\n# MAGIC %md\n# MAGIC words\n\n# COMMAND ----------\n\nx = 1";

        let document = as_jupyter(source.as_bytes(), Language::Python, false, "n");
        let back = as_source(&document, Language::Python, true);

        assert_eq!(String::from_utf8(back).unwrap(), source);
    }
}
