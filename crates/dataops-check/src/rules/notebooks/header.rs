//! The first line, which makes a source file a notebook.

use databricks_notebook::{Format, Language};

use crate::notebooks::NotebookFile;
use crate::rules::rule;
use crate::{Findings, Fix, Rule};

pub(super) static MISSING: Rule = rule!(
    "NB101",
    "missing-header",
    Error,
    "A file that is run as a notebook has no header line, so that it is imported as a plain file"
);
pub(super) static MALFORMED: Rule = rule!(
    "NB102",
    "malformed-header",
    Error,
    "The first line is nearly the header of a notebook, and the file is imported as a plain file"
);
pub(super) static UNUSED: Rule = rule!(
    "NB103",
    "looks-like-a-notebook",
    Warning,
    "A file has cells or magics and no header line, so that it is imported as a plain file"
);

/// Looks at the header of a file that `is_called` as a notebook, or not.
pub(super) fn check(file: &NotebookFile<'_>, is_called: bool, findings: &mut Findings) {
    let Some(language) = Language::of_file(&file.path).filter(|_| file.format == Format::File)
    else {
        return;
    };
    let header = language.header();
    let first = file.text.split('\n').next().unwrap_or_default();
    if is_nearly(first, header) {
        let message = format!("`{}` is not the header of a notebook", first.trim());
        let finding = file.finding(&MALFORMED, 0..first.trim_end().len(), message);
        findings.add(
            finding
                .hint(format!("the first line must be `{header}`, to the letter"))
                .fix(Fix {
                    message: "write the header".to_owned(),
                    bytes: 0..first.trim_end_matches('\r').len(),
                    text: header.to_owned(),
                }),
        );
    } else if is_called {
        let message = "the file is run as a notebook, and is imported as a plain file";
        let finding = file.finding(&MISSING, 0..first.trim_end().len(), message);
        findings.add(
            finding
                .hint(format!("begin it with the line `{header}`"))
                .fix(Fix {
                    message: "add the header".to_owned(),
                    bytes: 0..0,
                    text: format!("{header}\n"),
                }),
        );
    } else if let Some(mark) = mark(file.text, language) {
        let message = format!(
            "the file has `{}`, and no header that makes it a notebook",
            mark.1
        );
        let finding = file.finding(&UNUSED, mark.0..mark.0 + mark.1.len(), message);
        findings.add(finding.hint(format!("begin it with the line `{header}`")));
    }
}

/// Whether a file without the header is meant as a notebook: its first line is nearly the header, or it has cells or magics.
pub(in crate::rules) fn is_meant(file: &NotebookFile<'_>) -> bool {
    let first = file.text.split('\n').next().unwrap_or_default();
    Language::of_file(&file.path).is_some_and(|language| {
        is_nearly(first, language.header()) || mark(file.text, language).is_some()
    })
}

/// Whether a line would be the header if case, blanks, a byte order mark and the sign of comments did not matter.
fn is_nearly(line: &str, header: &str) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    line.len() < 2 * header.len() && letters(line) == letters(header)
}

/// The first line that belongs into notebooks only.
fn mark(text: &str, language: Language) -> Option<(usize, &str)> {
    let mut start = 0;
    for line in text.split('\n') {
        let trimmed = line.trim_end();
        let magic = trimmed.strip_prefix(language.magic());
        let magic = magic.is_some_and(|rest| rest.trim_start().starts_with('%'));
        if magic || trimmed.starts_with(language.separator()) {
            return Some((start, trimmed));
        }
        start += line.len() + 1;
    }
    None
}
