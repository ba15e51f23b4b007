//! A notebook: its language and its cells.

use crate::cell::Cell;
use crate::jupyter::{self, JupyterError};
use crate::source_format;
use crate::{Format, Language, Oddity};

/// A notebook that has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notebook {
    /// The language of cells without a magic.
    pub language: Language,
    /// The cells, also those of documentation.
    pub cells: Vec<Cell>,
    /// What looks like a part of the format and is none.
    pub oddities: Vec<Oddity>,
}

impl Notebook {
    /// Reads the notebook at `path`, whose text this is. A source file without the header is a notebook of one cell.
    ///
    /// # Errors
    ///
    /// When a Jupyter document is none.
    pub fn read(path: &str, text: &str) -> Result<Self, JupyterError> {
        match Format::of(path, text) {
            Format::Jupyter => jupyter::read(path, text),
            Format::Source(language) => Ok(source_format::read(text, language)),
            Format::File => {
                let language = Language::of_file(path).unwrap_or(Language::Python);
                Ok(source_format::read_plain(text, language))
            }
        }
    }
}
