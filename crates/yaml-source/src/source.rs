//! A YAML text, and where in it each value is written.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use adf_source::Span;

use crate::Limits;
use crate::node::{Node, Place, Value};

/// A YAML text, such as that of `dataops.yaml`.
///
/// A value is named by the keys that lead to it; an item of a sequence by its number, from 0. Places are found when one is first
/// asked for.
#[derive(Clone, Debug)]
pub struct Source {
    path: PathBuf,
    text: String,
    values: OnceLock<Node>,
}

impl Source {
    /// The `text` that came from `path`.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
            values: OnceLock::new(),
        }
    }

    /// The file, as it is shown.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where a value is written; the nearest value above it where there is none.
    ///
    /// ```
    /// let source = yaml_source::Source::new("dataops.yaml", "name: x\nenvironments:\n  qa: { after: dev }\n");
    ///
    /// let span = source.span(&["environments", "qa", "after"]);
    ///
    /// assert_eq!((span.start.line, span.start.column), (3, 16));
    /// ```
    #[must_use]
    pub fn span(&self, path: &[&str]) -> Span {
        Span::of(&self.text, self.place(path).value)
    }

    /// Where the key of a value is written; the value's own place in a sequence.
    #[must_use]
    pub fn key_span(&self, path: &[&str]) -> Span {
        let place = self.place(path);
        Span::of(&self.text, place.key.unwrap_or(place.value))
    }

    fn place(&self, path: &[&str]) -> Place {
        let values = self.values.get_or_init(|| {
            Node::read(&self.text, Limits::SETTINGS).unwrap_or(Node {
                value: Value::Null,
                bytes: 0..0,
            })
        });
        values.find(path)
    }
}
