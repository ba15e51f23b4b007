//! Opening a CSV file: its columns against those of the contract.

use std::collections::HashMap;
use std::sync::Arc;

use data_contract::plan::{Column as Declared, ColumnId};

use super::dialect::Dialect;
use super::file::{Column, CsvFile};
use super::header::Header;
use super::sniff::sniff;
use crate::cells::Constant;
use crate::engine::{Opened, Shape, Work};
use crate::files::{DataFile, ReadAt, no_text};
use crate::kernel::Program;

/// Opens a file for a pass.
pub(crate) fn open(
    file: Box<dyn ReadAt>,
    data: &DataFile,
    dialect: &Dialect,
    work: &Work<'_>,
) -> Result<(Shape, Arc<dyn Opened>), String> {
    if let Some(reason) = no_text(file.as_ref()) {
        return Err(reason);
    }
    let declared = |name: &str| {
        work.object
            .columns
            .iter()
            .any(|column| column.name() == name)
    };
    let sniffed = sniff((file.as_ref(), data.entry.size), dialect, declared);
    let (header, delimiter) = sniffed.map_err(|error| error.to_string())?;
    let header = header.ok_or("the file is empty")?;
    let names = names(&header, work);
    let mut shape = Shape {
        delimiter,
        ..Shape::default()
    };
    let declared: Vec<String> = work.object.columns.iter().map(Declared::name).collect();
    let declared = declared.iter().map(String::as_str).collect();
    shape.name(names.iter().map(String::as_str), &declared, work);
    let (programs, columns) = columns(&names, data, &mut shape, work);
    let Header {
        records,
        width,
        start,
        source,
        ..
    } = header;
    let null = dialect.null.clone().unwrap_or_default().into_bytes();
    let size = data.entry.size;
    let chunk = work.options.chunk_of(size);
    if work.options.metadata_only {
        shape.leave_unread(work);
    }
    let opened = CsvFile {
        file,
        size,
        chunk,
        records,
        width,
        start,
        source,
        null,
        programs,
        columns,
        unread: work.options.metadata_only,
    };
    Ok((shape, Arc::new(opened)))
}

/// The columns that are read, each with what is measured of it.
fn columns(
    names: &[String],
    data: &DataFile,
    shape: &mut Shape,
    work: &Work<'_>,
) -> (Vec<Arc<Program>>, Vec<Column>) {
    let needed = work.columns();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (place, name) in names.iter().enumerate() {
        places.entry(name).or_insert(place);
    }
    let (mut programs, mut columns) = (Vec::new(), Vec::new());
    for (id, column) in work.object.columns.iter().enumerate() {
        let (id, name) = (ColumnId(id), column.name());
        let place = places.get(name.as_str()).copied();
        let folder = data.folders.iter().find(|(known, _)| *known == name);
        if place.is_none() && folder.is_none() {
            shape.absent.add(id.0);
            continue;
        }
        let (cells, program) = work.column(id, shape);
        if needed.contains(&id) {
            programs.push(program);
            let value = folder.and_then(|(_, value)| value.clone());
            columns.push(match place {
                Some(place) => Column::Cell(place, cells),
                None => Column::Folder(Constant { cells, value }),
            });
        }
    }
    (programs, columns)
}

/// The names of the file's columns: those of the header, or of the contract in its order.
fn names(header: &Header, work: &Work<'_>) -> Vec<String> {
    header.names.clone().unwrap_or_else(|| {
        let declared = work
            .object
            .columns
            .iter()
            .filter(|column| column.path.len() == 1);
        let mut names: Vec<String> = declared.map(Declared::name).take(header.width).collect();
        let unnamed = names.len() + 1..=header.width;
        names.extend(unnamed.map(|number| format!("column {number}")));
        names
    })
}
