//! What a file becomes when it is imported: a notebook, or a file.

use crate::Language;

/// What a file becomes in a workspace.
///
/// The rule is Databricks' own: a source file is a notebook when its first line is the header, exactly; a Jupyter document
/// always is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A notebook in source format; its name has no extension.
    Source(Language),
    /// A notebook as a Jupyter document; its name has no extension.
    Jupyter,
    /// A file, with its whole name.
    File,
}

impl Format {
    /// What the file at `path` becomes, whose text this is.
    #[must_use]
    pub fn of(path: &str, text: &str) -> Self {
        if is_jupyter(path) {
            return Self::Jupyter;
        }
        let first = text.split('\n').next().unwrap_or_default();
        let first = first.strip_suffix('\r').unwrap_or(first);
        match Language::of_file(path) {
            Some(language) if first == language.header() => Self::Source(language),
            _ => Self::File,
        }
    }

    /// What the file at `path` becomes where its extension alone decides: `.py`, `.r`, `.scala`, `.sql` and `.ipynb` are notebooks.
    #[must_use]
    pub fn by_extension(path: &str) -> Self {
        match Language::of_file(path) {
            _ if is_jupyter(path) => Self::Jupyter,
            Some(language) => Self::Source(language),
            None => Self::File,
        }
    }

    /// The name in the workspace of a file with this format.
    #[must_use]
    pub fn target<'p>(&self, path: &'p str) -> &'p str {
        match self {
            Self::File => path,
            Self::Source(_) | Self::Jupyter => without_extension(path),
        }
    }
}

/// Whether the file's name is that of a Jupyter document.
#[must_use]
pub fn is_jupyter(path: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("ipynb"))
}

/// The path without its last extension.
#[must_use]
pub fn without_extension(path: &str) -> &str {
    match path.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') && !stem.is_empty() => stem,
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_header_makes_a_source_file_a_notebook() {
        let format = |text| Format::of("a/load.py", text);

        assert_eq!(
            format("# Databricks notebook source\r\nx"),
            Format::Source(Language::Python)
        );
        for text in [
            "\u{feff}# Databricks notebook source\n",
            "# Databricks notebook source \n",
            "# databricks notebook source\n",
            "\n# Databricks notebook source\n",
            "// Databricks notebook source\n",
            "",
        ] {
            assert_eq!(format(text), Format::File, "{text:?}");
        }
        assert_eq!(Format::of("a/load.IPYNB", ""), Format::Jupyter);
        assert_eq!(
            Format::of("load.SQL", "-- Databricks notebook source"),
            Format::Source(Language::Sql)
        );
    }

    #[test]
    fn an_extension_can_be_enough() {
        assert_eq!(Format::by_extension("a/b.R"), Format::Source(Language::R));
        assert_eq!(Format::by_extension("a/b.ipynb"), Format::Jupyter);
        assert_eq!(Format::by_extension("a.py/b"), Format::File);
        assert_eq!(Format::by_extension("b.csv"), Format::File);
    }

    #[test]
    fn notebooks_lose_their_extension() {
        assert_eq!(Format::Jupyter.target("a/b.c.ipynb"), "a/b.c");
        assert_eq!(Format::File.target("a/b.py"), "a/b.py");
        assert_eq!(without_extension("a.b/c"), "a.b/c");
        assert_eq!(without_extension(".py"), ".py");
    }
}
