//! What `ruff` says, as JSON.

use std::path::Path;

use adf_source::{Position, Span};
use dataops_check::PythonLint;
use serde::Deserialize;

use crate::exit::Exit;
use crate::failure::Failure;

#[derive(Deserialize)]
struct Said {
    filename: String,
    cell: Option<usize>,
    code: Option<String>,
    message: String,
    location: Place,
    end_location: Place,
    url: Option<String>,
}

#[derive(Deserialize)]
struct Place {
    row: usize,
    column: usize,
}

/// Reads what it says about files below `root`.
pub(super) fn read(output: &[u8], root: &Path) -> Result<Vec<PythonLint>, Failure> {
    let said: Vec<Said> = serde_json::from_slice(output).map_err(|error| {
        Failure::new(
            Exit::Usage,
            format!("ruff does not answer in its JSON: {error}"),
        )
        .hint("install another version, or leave out the lint by --no-python-lint")
    })?;
    Ok(said.into_iter().map(|said| lint(said, root)).collect())
}

fn lint(said: Said, root: &Path) -> PythonLint {
    let path = Path::new(&said.filename);
    let path = path.strip_prefix(root).unwrap_or(path);
    let position = |place: &Place| Position {
        line: place.row.max(1),
        column: place.column.max(1),
    };
    // What cannot be read is no matter of a rule. Before 0.10, a fault of the syntax had no code.
    let code = said.code;
    let code = code.filter(|code| !matches!(code.as_str(), "invalid-syntax" | "E902" | "E999"));
    PythonLint {
        path: path.to_string_lossy().replace('\\', "/"),
        cell: said.cell,
        span: Span::between(position(&said.location), position(&said.end_location)),
        message: match code {
            Some(_) => said.message,
            None => said.message.trim_start_matches("SyntaxError: ").to_owned(),
        },
        code,
        url: said.url,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_says_is_read_with_its_place() {
        let output = br#"[
            {"cell": null, "code": "F821", "end_location": {"column": 10, "row": 2}, "filename": "/s/notebooks/a.py",
             "fix": null, "location": {"column": 7, "row": 2}, "message": "Undefined name `x`", "url": "https://ruff.test/F821"},
            {"cell": 2, "code": "invalid-syntax", "end_location": {"column": 1, "row": 1}, "filename": "/s/b.ipynb",
             "location": {"column": 1, "row": 1}, "message": "Expected a statement", "url": null},
            {"code": "E902", "end_location": {"column": 1, "row": 1}, "filename": "/s/d.py",
             "location": {"column": 1, "row": 1}, "message": "stream did not contain valid UTF-8"},
            {"code": null, "end_location": {"column": 1, "row": 1}, "filename": "/s/c.py",
             "location": {"column": 1, "row": 1}, "message": "SyntaxError: Expected `)`"}]"#;

        let lints = read(output, Path::new("/s")).unwrap();

        let shown: Vec<_> = lints
            .iter()
            .map(|lint| {
                (
                    lint.path.as_str(),
                    lint.cell,
                    lint.span.start.line,
                    lint.code.as_deref(),
                    lint.message.as_str(),
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                (
                    "notebooks/a.py",
                    None,
                    2,
                    Some("F821"),
                    "Undefined name `x`"
                ),
                ("b.ipynb", Some(2), 1, None, "Expected a statement"),
                ("d.py", None, 1, None, "stream did not contain valid UTF-8"),
                ("c.py", None, 1, None, "Expected `)`"),
            ]
        );
    }

    #[test]
    fn another_answer_is_refused() {
        let failure = read(b"warning: no", Path::new("/s")).unwrap_err();

        assert!(
            failure
                .summary()
                .starts_with("ruff does not answer in its JSON")
        );
    }
}
