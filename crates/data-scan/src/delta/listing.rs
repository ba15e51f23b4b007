//! The files of a table as files that are read.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use super::Member;
use super::action::Add;
use super::features;
use super::log::Table;
use super::schema;
use super::vector::{Descriptor, Place, Vector};
use crate::files::{DataFile, Entry, Listing, Storage, decoded};
use crate::parquet::Columns;

/// The files of the table in a folder.
pub(crate) fn files(storage: &dyn Storage, location: &str) -> io::Result<Listing> {
    let root = location.trim_end_matches('/');
    let table = Table::read(storage, root)?;
    if let Some(reason) = features::refusal(&table.protocol) {
        return Err(io::Error::other(reason));
    }
    let columns = columns(&table).map_err(io::Error::other)?;
    let there = storage.list(&join(root, ""))?;
    let there = There {
        root,
        entries: there
            .iter()
            .map(|entry| (entry.path.as_str(), entry))
            .collect(),
    };
    let files = table.files.values();
    let files: io::Result<Vec<DataFile>> =
        files.map(|add| there.file(add, columns.as_ref())).collect();
    Ok(Listing {
        empty: table.files.is_empty(),
        files: files?,
        ignored: Vec::new(),
    })
}

/// The columns of the table, where its log says them.
fn columns(table: &Table) -> Result<Option<Arc<Columns>>, String> {
    let mapping = features::mapping(&table.protocol, &table.metadata)?;
    let schema = table.metadata.schema_string.as_deref();
    let columns = schema.map(|schema| schema::columns(schema, mapping));
    Ok(columns.transpose()?.map(Arc::new))
}

/// What is in the folder of a table.
struct There<'a> {
    root: &'a str,
    entries: BTreeMap<&'a str, &'a Entry>,
}

impl There<'_> {
    fn file(&self, add: &Add, columns: Option<&Arc<Columns>>) -> io::Result<DataFile> {
        let path = within(self.root, &add.path).ok_or_else(|| {
            io::Error::other(format!(
                "the log of the Delta table names the file `{}`, which is not in the folder of the table and is not read; a shallow clone has such files",
                add.path
            ))
        })?;
        let entry = self.entries.get(path.as_str()).copied().cloned();
        // A file that is not there is said to be so when it is opened.
        let entry = entry.unwrap_or(Entry {
            path,
            size: 1,
            modified: None,
            tag: None,
        });
        let vector = add.deletion_vector.as_ref();
        let values = add.partition_values.iter();
        let folders = values.map(|(physical, value)| {
            let known = columns.and_then(|columns| columns.name(physical));
            let value = value.clone().filter(|value| !value.is_empty());
            (known.unwrap_or(physical).to_owned(), value)
        });
        Ok(DataFile {
            entry,
            folders: folders.collect(),
            member: Some(Arc::new(Member {
                columns: columns.cloned(),
                vector: vector.map(|vector| self.vector(vector)),
            })),
        })
    }

    fn vector(&self, descriptor: &Descriptor) -> Vector {
        let file = |path: &str| {
            let path = within(self.root, path);
            let path = path.ok_or("is not in the folder of the table, and is not read")?;
            let entry = self.entries.get(path.as_str());
            entry
                .copied()
                .cloned()
                .ok_or(format!("is gone: there is no {path}"))
        };
        let place = match descriptor.path() {
            Ok(None) => Ok(Place::Log),
            Ok(Some(path)) => file(&path).map(Place::File),
            Err(reason) => Err(reason),
        };
        Vector {
            place: place.unwrap_or_else(Place::Nowhere),
            descriptor: descriptor.clone(),
        }
    }
}

/// The path of a file of the table. A log that names files elsewhere would have anything read that this machine can.
pub(super) fn within(root: &str, path: &str) -> Option<String> {
    let plain = decoded(path);
    let local = |path: &str| path.strip_prefix("file://").unwrap_or(path).to_owned();
    let (whole, folder) = (local(&plain), local(root));
    let below = whole
        .strip_prefix(&folder)
        .and_then(|rest| rest.strip_prefix('/'));
    let absolute = plain.starts_with('/') || plain.contains("://") || plain.starts_with("file:");
    let below = match below.filter(|_| !folder.is_empty()) {
        Some(below) => Some(below),
        None => (!absolute).then_some(plain.as_str()),
    };
    let below = below.filter(|below| below.split(['/', '\\']).all(|part| part != ".."));
    below.map(|below| join(root, below))
}

/// The path of something in a folder; that of a storage itself has no name.
pub(super) fn join(root: &str, below: &str) -> String {
    match root {
        "" => below.to_owned(),
        root => format!("{root}/{below}"),
    }
}
