//! What looks like a part of the notebook format and is none.

use std::ops::Range;

/// Something in a notebook that does not do what it seems to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oddity {
    /// What it is.
    pub kind: OddityKind,
    /// Its bytes in the file.
    pub bytes: Range<usize>,
}

/// What an oddity is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OddityKind {
    /// A comment that is nearly the separator of cells: the cells around it are one.
    Separator {
        /// How it must be written.
        right: &'static str,
    },
    /// A comment that is nearly the mark of a magic: the line does nothing.
    Mark {
        /// The whole line as it must be written.
        right: String,
    },
    /// A magic that decides what a cell is, below the cell's first line.
    Below {
        /// Its name.
        name: String,
    },
    /// A magic without the mark before it: the notebook's file is no file of its language.
    Unmarked {
        /// The whole line as it must be written.
        right: String,
    },
    /// Neither Databricks nor IPython knows the magic.
    Unknown {
        /// Its name.
        name: String,
    },
    /// Something stands in the cell of a `%run`.
    NotAlone,
    /// A `%run` without a path.
    RunOfNothing,
}
