//! A notebook as a Python file that a linter can read, line by line the same.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::json;

use crate::Language;
use crate::cell::{Cell, Line};
use crate::magic::{is_magic, magic_name};
use crate::notebook::Notebook;

/// A Python notebook in source format, as a linter of Python files sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PythonFile<'t> {
    /// The text: every line stands where it stands in the notebook.
    pub text: Cow<'t, str>,
    /// The lines, from 1, at which a cell begins.
    pub cell_starts: BTreeSet<usize>,
    /// The lines, from 1, at which the last statement of a cell may begin: its value is shown.
    pub cell_ends: BTreeSet<usize>,
    /// The lines, from 1, that are no Python: marks, headers, cells of other languages.
    pub foreign: BTreeSet<usize>,
}

impl Notebook {
    /// The notebook in source format, whose text this is, as a Python file; none where it is written in another language.
    #[must_use]
    pub fn python_file<'t>(&self, text: &'t str) -> Option<PythonFile<'t>> {
        (self.language == Language::Python).then(|| self.as_python(text))
    }

    /// The Jupyter document with nothing but what a linter reads: the same cells in the same order, those that are not Python as
    /// text; none where it is written in another language.
    #[must_use]
    pub fn jupyter_file(&self) -> Option<String> {
        let cell = |cell: &Cell| {
            let is_python =
                !cell.markdown && cell.language(self.language) == Some(Language::Python);
            match is_python {
                true => {
                    json!({"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source": cell.text})
                }
                false => json!({"cell_type": "markdown", "metadata": {}, "source": cell.text}),
            }
        };
        let cells: Vec<_> = self.cells.iter().map(cell).collect();
        let document = json!({
            "cells": cells,
            "metadata": {"language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 4,
        });
        (self.language == Language::Python).then(|| document.to_string())
    }

    fn as_python<'t>(&self, text: &'t str) -> PythonFile<'t> {
        let numbers = LineNumbers::of(text);
        let mut cell_starts = BTreeSet::new();
        let mut cell_ends = BTreeSet::new();
        let mut foreign = BTreeSet::new();
        for cell in &self.cells {
            let mut lines = cell.lines.iter().map(|line| numbers.at(line.file.start));
            if cell.language(self.language) == Some(Language::Python) {
                cell_starts.extend(lines.clone().next());
                cell_ends.extend(lines.next_back());
                foreign.extend(magic_lines(cell).map(|line| numbers.at(line.file.start)));
            } else {
                foreign.extend(lines);
            }
        }
        let separator = Language::Python.separator();
        let marks = text.split('\n').enumerate().filter(|(at, line)| {
            *at == 0 && *line == Language::Python.header() || line.trim().starts_with(separator)
        });
        foreign.extend(marks.map(|(at, _)| at + 1));
        PythonFile {
            text: commented(text, &foreign),
            cell_starts,
            cell_ends,
            foreign,
        }
    }
}

/// The lines of a cell of Python that are magics, with or without a mark, or go on with one.
fn magic_lines(cell: &Cell) -> impl Iterator<Item = &Line> {
    let ends = cell.lines.iter().skip(1).map(|next| next.start - 1);
    let ends = ends.chain([cell.text.len()]);
    let mut goes_on = false;
    let lines = cell.lines.iter().zip(ends).filter(move |(line, end)| {
        let text = cell.text[line.start..*end].trim();
        let is_magic = magic_name(text).is_some_and(|(name, _)| is_magic(name));
        let foreign = is_magic || goes_on;
        goes_on = foreign && text.ends_with('\\');
        foreign || line.marked
    });
    lines.map(|(line, _)| line)
}

/// The text with the given lines made comments, where they are none.
fn commented<'t>(text: &'t str, lines: &BTreeSet<usize>) -> Cow<'t, str> {
    let code = |line: &str| {
        let code = line.trim();
        !code.is_empty() && !code.starts_with('#')
    };
    let at = |number: usize, line: &str| lines.contains(&(number + 1)) && code(line);
    if !text
        .split('\n')
        .enumerate()
        .any(|(number, line)| at(number, line))
    {
        return Cow::Borrowed(text);
    }
    let changed = text
        .split('\n')
        .enumerate()
        .map(|(number, line)| match at(number, line) {
            true => Cow::Owned(format!("# {line}")),
            false => Cow::Borrowed(line),
        });
    Cow::Owned(changed.collect::<Vec<_>>().join("\n"))
}

struct LineNumbers(Vec<usize>);

impl LineNumbers {
    fn of(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self(ends.map(|(at, _)| at).collect())
    }

    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|end| *end < offset) + 1
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn rewritten(document: &Value) -> Option<Value> {
        let notebook = Notebook::read("a.ipynb", &document.to_string()).unwrap();
        let text = notebook.jupyter_file()?;
        Some(serde_json::from_str(&text).unwrap())
    }

    #[test]
    fn a_jupyter_document_keeps_its_python_and_the_numbers_of_its_cells() {
        let document = json!({"metadata": {}, "cells": [
            {"cell_type": "code", "source": ["%sql\n", "SELECT 1"]},
            {"cell_type": "code", "source": "%time\nx", "outputs": 1},
            {"cell_type": "raw", "source": "(", "attachments": {}},
        ]});

        let cells = &rewritten(&document).unwrap()["cells"];

        let text = |source| json!({"cell_type": "markdown", "metadata": {}, "source": source});
        assert_eq!(cells[0], text("%sql\nSELECT 1"));
        assert_eq!(cells[1]["source"], "%time\nx");
        assert_eq!(cells[1]["outputs"], json!([]));
        assert_eq!(cells[2], text("("));
    }

    #[test]
    fn a_jupyter_document_in_another_language_is_not_read() {
        let scala = json!({"cells": [], "metadata": {"language_info": {"name": "scala"}}});

        assert_eq!(rewritten(&scala), None);
    }
}
