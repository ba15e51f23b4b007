//! Notebooks as they are written, and what is read from them.

mod jupyter;
mod lint;
mod source_format;
mod uses;

use databricks_notebook::Notebook;

fn python(text: &str) -> Notebook {
    Notebook::read("a.py", text).expect("any text is a notebook in source format")
}

/// A Python notebook of the given cells.
fn cells(cells: &[&str]) -> String {
    format!(
        "# Databricks notebook source\n{}\n",
        cells.join("\n\n# COMMAND ----------\n\n")
    )
}
