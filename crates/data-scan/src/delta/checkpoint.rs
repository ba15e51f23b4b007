//! Checkpoints: files with the state of a table at some version.

use std::collections::BTreeMap;
use std::io;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch, StructArray};

use super::action::{Action, Add, MetaData, Protocol, Remove, Sidecar};
use super::listing::within;
use super::log::{Table, actions, version};
use super::vector::Descriptor;
use crate::files::{Entry, Storage};

/// What a checkpoint is made of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    /// So many parts.
    Parts(u64),
    /// One file of a name of its own.
    Named(String),
    /// One file.
    Whole,
}

/// The newest checkpoint that is there as a whole: its version and its parts.
pub(super) fn newest<'e>(log: &[(&str, &'e Entry)]) -> Option<(u64, Vec<&'e Entry>)> {
    let mut found: BTreeMap<(u64, Form), BTreeMap<u64, &Entry>> = BTreeMap::new();
    for (name, entry) in log {
        if let Some((version, form, part)) = self::name(name) {
            let parts = found.entry((version, form)).or_default();
            parts.insert(part, entry);
        }
    }
    let whole = found.into_iter().rev().find(|((_, form), parts)| {
        let number = if let Form::Parts(number) = form {
            *number
        } else {
            1
        };
        parts.keys().copied().eq(1..=number)
    });
    whole.map(|((version, _), parts)| (version, parts.into_values().collect()))
}

/// The version of a checkpoint, its form, and which part of it a file is: `7.checkpoint.parquet`, `7.checkpoint.1.2.parquet`,
/// `7.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json`.
fn name(name: &str) -> Option<(u64, Form, u64)> {
    let (name, extension) = name.rsplit_once('.')?;
    let parts: Vec<&str> = name.split('.').collect();
    Some(match (parts.as_slice(), extension) {
        ([at, "checkpoint"], "parquet") => (version(at)?, Form::Whole, 1),
        ([at, "checkpoint", name], "parquet" | "json") => {
            (version(at)?, Form::Named((*name).to_owned()), 1)
        }
        ([at, "checkpoint", part, of], "parquet") => {
            (version(at)?, Form::Parts(version(of)?), version(part)?)
        }
        _ => return None,
    })
}

/// Reads a checkpoint into the state of a table.
pub(super) fn read(
    storage: &dyn Storage,
    log: &[Entry],
    (folder, parts): (&str, &[&Entry]),
    table: &mut Table,
) -> io::Result<()> {
    let mut sidecars = Vec::new();
    let mut apply = |action: Action| {
        sidecars.extend(action.sidecar);
        table.apply(Action {
            sidecar: None,
            ..action
        });
    };
    for part in parts {
        if part.path.ends_with(".json") {
            actions(storage, part)?.into_iter().for_each(&mut apply);
        } else {
            rows(storage, part, &mut apply)?;
        }
    }
    for sidecar in sidecars {
        let below = within(&format!("{folder}_sidecars"), &sidecar.path);
        let entry = below.and_then(|path| log.iter().find(|entry| entry.path == path));
        let entry = entry.ok_or_else(|| {
            io::Error::other(format!(
                "the checkpoint of the Delta table has a part that is not there: {}",
                sidecar.path
            ))
        })?;
        rows(storage, entry, &mut |action| table.apply(action))?;
    }
    Ok(())
}

/// What is read of checkpoints.
const COLUMNS: [&str; 10] = [
    "add.path",
    "add.partitionValues",
    "add.deletionVector",
    "remove.path",
    "remove.deletionVector",
    "metaData.schemaString",
    "metaData.configuration",
    "protocol.minReaderVersion",
    "protocol.readerFeatures",
    "sidecar.path",
];

/// The actions of a Parquet file.
fn rows(storage: &dyn Storage, entry: &Entry, each: &mut dyn FnMut(Action)) -> io::Result<()> {
    let damaged = |reason: String| io::Error::other(format!("{}: {reason}", entry.path));
    let file = storage.open(entry)?;
    let batches = crate::parquet::batches(file, entry.size, &COLUMNS).map_err(damaged)?;
    for batch in batches {
        let batch = batch.map_err(damaged)?;
        for row in 0..batch.num_rows() {
            each(action(&batch, row).map_err(damaged)?);
        }
    }
    Ok(())
}

fn action(batch: &RecordBatch, row: usize) -> Result<Action, String> {
    let of = |name: &str| field(batch.column_by_name(name)?.as_struct_opt(), row);
    let add = path(of("add"), row)?.map(|(add, path)| Add {
        path,
        partition_values: map(add, "partitionValues", row),
        deletion_vector: vector(add, row),
    });
    let remove = path(of("remove"), row)?.map(|(remove, path)| Remove {
        path,
        deletion_vector: vector(remove, row),
    });
    let sidecar = path(of("sidecar"), row)?.map(|(_, path)| Sidecar { path });
    Ok(Action {
        add,
        remove,
        sidecar,
        meta_data: of("metaData").map(|metadata| MetaData {
            schema_string: text(metadata, "schemaString", row),
            configuration: map(metadata, "configuration", row),
        }),
        protocol: of("protocol").map(|protocol| Protocol {
            min_reader_version: number(protocol, "minReaderVersion", row).unwrap_or(0),
            reader_features: texts(protocol, "readerFeatures", row),
        }),
    })
}

/// An action about a file, with the path of that. In a row of another action it is NULL, or its path is.
fn path(of: Option<&StructArray>, row: usize) -> Result<Option<(&StructArray, String)>, String> {
    let Some(of) = of else {
        return Ok(None);
    };
    let paths = of
        .column_by_name("path")
        .and_then(|paths| paths.as_string_opt::<i32>());
    let paths = paths.ok_or("its files have no paths")?;
    Ok(paths
        .is_valid(row)
        .then(|| (of, paths.value(row).to_owned())))
}

/// A struct, where it is not NULL.
fn field(column: Option<&StructArray>, row: usize) -> Option<&StructArray> {
    column.filter(|column| column.is_valid(row))
}

fn vector(file: &StructArray, row: usize) -> Option<Descriptor> {
    let vector = file.column_by_name("deletionVector")?;
    let vector = field(vector.as_struct_opt(), row)?;
    Some(Descriptor {
        storage_type: text(vector, "storageType", row).unwrap_or_default(),
        path_or_inline_dv: text(vector, "pathOrInlineDv", row).unwrap_or_default(),
        offset: number(vector, "offset", row),
        size_in_bytes: number(vector, "sizeInBytes", row),
        cardinality: number(vector, "cardinality", row),
    })
}

fn text(column: &StructArray, name: &str, row: usize) -> Option<String> {
    let column = column.column_by_name(name)?.as_string_opt::<i32>()?;
    column.is_valid(row).then(|| column.value(row).to_owned())
}

fn number(column: &StructArray, name: &str, row: usize) -> Option<i64> {
    let column = column.column_by_name(name)?;
    if column.is_null(row) {
        return None;
    }
    let short = column.as_primitive_opt::<Int32Type>();
    let short = short.map(|column| i64::from(column.value(row)));
    short.or_else(|| Some(column.as_primitive_opt::<Int64Type>()?.value(row)))
}

fn texts(column: &StructArray, name: &str, row: usize) -> Option<Vec<String>> {
    let lists = column.column_by_name(name)?.as_list_opt::<i32>();
    let list = lists.filter(|lists| lists.is_valid(row))?.value(row);
    let list = list.as_string_opt::<i32>()?;
    Some(list.iter().flatten().map(str::to_owned).collect())
}

fn map(column: &StructArray, name: &str, row: usize) -> BTreeMap<String, Option<String>> {
    let Some(map) = column
        .column_by_name(name)
        .and_then(|column| column.as_map_opt())
        .filter(|map| map.is_valid(row))
    else {
        return BTreeMap::new();
    };
    let entries = map.value(row);
    let (Some(keys), Some(values)) = (
        entries.column(0).as_string_opt::<i32>(),
        entries.column(1).as_string_opt::<i32>(),
    ) else {
        return BTreeMap::new();
    };
    keys.iter()
        .zip(values)
        .filter_map(|(key, value)| Some((key?.to_owned(), value.map(str::to_owned))))
        .collect()
}
