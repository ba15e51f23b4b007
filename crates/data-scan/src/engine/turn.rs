//! Whose turn it is: what a unit of work makes may go on before its end as soon as all units before it are added up.

use super::file::File;

/// The place of a unit of work among those of its file.
pub(crate) struct Turn<'a> {
    file: &'a File,
    unit: usize,
}

impl<'a> Turn<'a> {
    pub(super) fn new(file: &'a File, unit: usize) -> Self {
        Self { file, unit }
    }

    /// The unit.
    pub(crate) fn unit(&self) -> usize {
        self.unit
    }

    /// The place of the file among those of the pass.
    pub(super) fn file(&self) -> usize {
        self.file.place()
    }

    /// The row of the file in which the unit begins, if it is its turn: it stays so until the unit has ended.
    pub(super) fn base(&self) -> Option<u64> {
        self.file.begins(self.unit)
    }
}
