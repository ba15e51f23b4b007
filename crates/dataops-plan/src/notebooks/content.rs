//! The content of a notebook as a workspace keeps it.

use std::borrow::Cow;

use databricks_notebook::Language;

/// What a workspace gives back of a notebook that was imported in source format: the same bytes, with the header before them where
/// they had none.
#[must_use]
pub fn as_stored(language: Language, content: &[u8]) -> Cow<'_, [u8]> {
    let header = language.header().as_bytes();
    let first = content
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let first = first.strip_suffix(b"\r").unwrap_or(first);
    if first == header {
        return Cow::Borrowed(content);
    }
    Cow::Owned([header, b"\n", content].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notebook_has_its_header_once() {
        let with = b"# Databricks notebook source\r\nprint(1)";

        assert_eq!(as_stored(Language::Python, with).as_ref(), with);
        assert_eq!(
            as_stored(Language::Sql, b"select 1").as_ref(),
            b"-- Databricks notebook source\nselect 1"
        );
        assert_eq!(
            as_stored(Language::R, b"").as_ref(),
            b"# Databricks notebook source\n"
        );
    }
}
