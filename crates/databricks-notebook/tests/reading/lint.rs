use crate::{cells, python};

#[test]
fn a_notebook_is_a_python_file_of_the_same_lines() {
    let text = cells(&[
        "import os\nos",
        "# MAGIC %md\n# MAGIC text",
        "%sql SELECT 1",
        "%time x = 1\n# why\n%pip install a \\\n  b",
    ]);

    let file = python(&text).python_file(&text).unwrap();

    let lines: Vec<_> = file.text.lines().collect();
    assert_eq!(lines.len(), text.lines().count());
    assert_eq!(
        (lines[1], lines[11], lines[15]),
        ("import os", "# %sql SELECT 1", "# %time x = 1")
    );
    assert_eq!(
        file.cell_starts.iter().copied().collect::<Vec<_>>(),
        [2, 16]
    );
    assert!(file.cell_ends.contains(&3));
    let foreign: Vec<_> = file.foreign.iter().copied().collect();
    assert_eq!(foreign, [1, 5, 7, 8, 10, 12, 14, 16, 18, 19]);
    assert_eq!((lines[16], lines[18]), ("# why", "#   b"));
}

#[test]
fn only_python_notebooks_are_python_files() {
    let text = "-- Databricks notebook source\nSELECT 1";
    let notebook = databricks_notebook::Notebook::read("a.sql", text).unwrap();

    assert_eq!(notebook.python_file(text), None);
}
