//! Whole repositories, good and bad.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod disk;
mod documents;
#[cfg(unix)]
mod hostile_disk;
mod layout;

use adf_source::{Files, Repository};

/// The repository of these files.
fn repository<const N: usize>(files: [(&str, &str); N]) -> Repository {
    Repository::read(&files.into_iter().collect::<Files>())
}

/// A resource, or a document that says nothing but its name.
fn named(name: &str) -> String {
    format!(r#"{{"name": "{name}", "properties": {{}}}}"#)
}

/// Each problem as a line: place, kind, message, hint.
fn problems(repository: &Repository) -> String {
    let mut lines = String::new();
    for problem in &repository.problems {
        let place = problem
            .span
            .as_ref()
            .map(|span| format!(":{}:{}", span.start.line, span.start.column));
        let hint = problem.hint.as_ref().map(|hint| format!(" ({hint})"));
        let related: String = problem
            .related
            .iter()
            .map(|related| {
                let place = related
                    .span
                    .as_ref()
                    .map(|span| format!(":{}:{}", span.start.line, span.start.column));
                format!(
                    " [{}{}: {}]",
                    related.path,
                    place.unwrap_or_default(),
                    related.message
                )
            })
            .collect();
        lines += &format!(
            "{}{}: {:?}: {}{}{related}\n",
            problem.path,
            place.unwrap_or_default(),
            problem.kind,
            problem.message,
            hint.unwrap_or_default()
        );
    }
    lines
}

/// Each resource with its file.
fn resources(repository: &Repository) -> Vec<String> {
    repository
        .resources
        .iter()
        .map(|resource| format!("{} in {}", resource.id, resource.file.path))
        .map(|line| line.replace('\0', "(zero)"))
        .collect()
}
