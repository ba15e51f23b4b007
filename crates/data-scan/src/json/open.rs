//! Opening a JSON file: where the columns of the contract are in its objects, and how these are laid out.

use std::io;
use std::sync::Arc;

use data_contract::plan::{Column, ColumnId, Kind, Step};

use super::file::{JsonFile, Place};
use super::read::Field;
use crate::bytes::{Encoding, Feed, Source, mark};
use crate::cells::{Cells, Constant};
use crate::engine::{Opened, Shape, Work};
use crate::files::{DataFile, ReadAt, no_text};

/// Opens a file for a pass.
pub(crate) fn open(
    file: Box<dyn ReadAt>,
    data: &DataFile,
    work: &Work<'_>,
) -> Result<(Shape, Arc<dyn Opened>), String> {
    if let Some(reason) = no_text(file.as_ref()) {
        return Err(reason);
    }
    if data.entry.size == 0 {
        return Err("the file is empty".to_owned());
    }
    let (source, lines) =
        layout(file.as_ref(), data.entry.size).map_err(|error| error.to_string())?;
    let folders = &data.folders;
    let mut shape = Shape {
        late: true,
        ..Shape::default()
    };
    let (mut programs, mut columns) = (Vec::new(), Vec::new());
    for (place, column) in work.object.columns.iter().enumerate() {
        let id = ColumnId(place);
        let (cells, program) = work.column(id, &mut shape);
        let folder = folders.iter().find(|(name, _)| *name == column.name());
        let place = match folder {
            Some((_, value)) => Place::Folder(Constant {
                cells,
                value: value.clone(),
            }),
            None => Place::Field(Field {
                path: column.path.clone(),
                kind: match Cells::of(&column.kind) {
                    Ok(_) => column.kind.clone(),
                    // Nothing is measured of its values.
                    Err(_) => Kind::Any,
                },
                cells,
            }),
        };
        programs.push(program);
        columns.push((id, place));
    }
    let declared = work.object.columns.iter().filter_map(root_name).collect();
    if work.options.metadata_only {
        shape.leave_unread(work);
    }
    let size = data.entry.size;
    let chunk = work.options.chunk_of(size);
    Ok((
        shape,
        Arc::new(JsonFile {
            file,
            size,
            chunk,
            source,
            lines,
            programs,
            columns,
            declared,
            unread: work.options.metadata_only,
        }),
    ))
}

fn root_name(column: &Column) -> Option<String> {
    match column.path.first() {
        Some(Step::Field(name)) => Some(name.clone()),
        _ => None,
    }
}

/// How the file is compressed and encoded, and whether its first line is an object.
pub(super) fn layout(file: &dyn ReadAt, size: u64) -> io::Result<(Source, bool)> {
    let source = Source::detect(file, size, Encoding::Utf8)?;
    let mut feed = Feed::new(file, size, source, 0)?;
    feed.more()?;
    let bytes = feed.bytes()[mark(feed.bytes())..].trim_ascii_start();
    let line = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let whole = serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok();
    // A first line that is no JSON at all is an odd line of many, unless an array or an object goes on behind it.
    let lines = if whole {
        !line.starts_with(b"[")
    } else {
        !(line.starts_with(b"[") || line.trim_ascii_end() == b"{")
    };
    Ok((source, lines))
}
