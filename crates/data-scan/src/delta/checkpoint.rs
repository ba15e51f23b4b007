//! Checkpoints: Parquet files with the state of a table at some version.

use std::collections::BTreeMap;
use std::io;

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, RecordBatch, StructArray};

use super::action::{Action, Add, MetaData, Protocol, Remove};
use super::log::Table;
use crate::files::{Entry, Storage};

/// The newest checkpoint that is there as a whole: its version and its parts.
pub(super) fn newest(log: &[Entry]) -> Option<(u64, Vec<&Entry>)> {
    let mut found: BTreeMap<(u64, usize), Vec<&Entry>> = BTreeMap::new();
    for entry in log {
        if let Some((version, parts)) = name(&entry.path) {
            found.entry((version, parts)).or_default().push(entry);
        }
    }
    let whole = found
        .into_iter()
        .rev()
        .find(|((_, parts), entries)| entries.len() == *parts);
    whole.map(|((version, _), entries)| (version, entries))
}

/// The version of a checkpoint, and its number of parts: `7.checkpoint.parquet`, `7.checkpoint.1.2.parquet`.
fn name(path: &str) -> Option<(u64, usize)> {
    let name = path.rsplit('/').next()?.strip_suffix(".parquet")?;
    let parts: Vec<&str> = name.split('.').collect();
    match parts.as_slice() {
        [version, "checkpoint"] => Some((version.parse().ok()?, 1)),
        [version, "checkpoint", _, of] => Some((version.parse().ok()?, of.parse().ok()?)),
        _ => None,
    }
}

/// What is read of checkpoints.
const COLUMNS: [&str; 5] = ["add", "remove", "metaData", "protocol", "sidecar"];

/// Reads a part of a checkpoint into the state of a table.
pub(super) fn read(storage: &dyn Storage, entry: &Entry, table: &mut Table) -> io::Result<()> {
    let file = storage.open(entry)?;
    let batches =
        crate::parquet::batches(file, entry.size, &COLUMNS).map_err(|reason| damaged(entry, &reason))?;
    for batch in batches {
        let batch = batch.map_err(|reason| damaged(entry, &reason))?;
        if batch
            .column_by_name("sidecar")
            .is_some_and(|column| column.null_count() < column.len())
        {
            return Err(io::Error::other(
                "the Delta table has a checkpoint with sidecars, which are not supported",
            ));
        }
        for row in 0..batch.num_rows() {
            table.apply(action(&batch, row));
        }
    }
    Ok(())
}

fn damaged(entry: &Entry, reason: &str) -> io::Error {
    io::Error::other(format!("{}: {reason}", entry.path))
}

fn action(batch: &RecordBatch, row: usize) -> Action {
    let of = |name: &str| {
        batch
            .column_by_name(name)?
            .as_struct_opt()
            .filter(|column| column.is_valid(row))
    };
    Action {
        add: of("add").and_then(|add| {
            Some(Add {
                path: text(add, "path", row)?,
                partition_values: map(add, "partitionValues", row),
                deletion_vector: add
                    .column_by_name("deletionVector")
                    .filter(|vector| vector.is_valid(row))
                    .map(|_| serde::de::IgnoredAny),
            })
        }),
        remove: of("remove").and_then(|remove| {
            Some(Remove {
                path: text(remove, "path", row)?,
            })
        }),
        meta_data: of("metaData").map(|metadata| MetaData {
            configuration: map(metadata, "configuration", row),
        }),
        protocol: of("protocol").map(|protocol| Protocol {
            min_reader_version: protocol
                .column_by_name("minReaderVersion")
                .and_then(|version| version.as_primitive_opt::<Int32Type>())
                .map_or(0, |version| i64::from(version.value(row))),
            reader_features: protocol
                .column_by_name("readerFeatures")
                .and_then(|features| {
                    let features = features
                        .as_list_opt::<i32>()
                        .filter(|features| features.is_valid(row))?
                        .value(row);
                    let features = features.as_string_opt::<i32>()?;
                    Some(features.iter().flatten().map(str::to_owned).collect())
                }),
        }),
    }
}

fn text(column: &StructArray, name: &str, row: usize) -> Option<String> {
    let column = column.column_by_name(name)?.as_string_opt::<i32>()?;
    column.is_valid(row).then(|| column.value(row).to_owned())
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
