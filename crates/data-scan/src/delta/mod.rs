//! Delta tables: the log says which Parquet files are the table, which of their rows are deleted, and what it calls their columns.

mod action;
mod checkpoint;
mod features;
mod listing;
mod log;
mod schema;
mod vector;
mod z85;

use std::sync::Arc;

use crate::engine::{Opened, Shape, Work};
use crate::files::{DataFile, ReadAt, Storage};
use crate::parquet::{Columns, LeftOut, Said};

pub(crate) use listing::files;

use vector::Vector;

/// What the log says of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Member {
    /// The columns of the table.
    columns: Option<Arc<Columns>>,
    /// Which rows are deleted.
    vector: Option<Vector>,
}

impl Member {
    /// The columns of the table.
    pub(crate) fn columns(&self) -> Option<&Columns> {
        self.columns.as_deref()
    }
}

/// Opens a file of a table for a pass over its rows that are not deleted.
pub(crate) fn open(
    storage: &dyn Storage,
    file: Box<dyn ReadAt>,
    data: &DataFile,
    work: &Work<'_>,
) -> Result<(Shape, Arc<dyn Opened>), String> {
    let mut said = Said::default();
    if let Some(member) = &data.member {
        said.columns.clone_from(&member.columns);
        if let Some(vector) = &member.vector {
            let rows = vector.rows(storage);
            let rows = rows.map_err(|reason| format!("its deletion vector {reason}"))?;
            said.out = LeftOut::new(rows);
        }
    }
    crate::parquet::open(file, data, said, work)
}
