//! Which of the blobs of a run are its data.

use std::collections::{BTreeMap, HashSet};

use crate::connection::BlobEntry;

/// A file of data, or a Delta table, whose name ends in `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Data {
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) files: usize,
}

/// The data below a folder: neither the markers that Spark and Hadoop leave beside them, nor folders, which a hierarchical namespace
/// lists as blobs without content. Files of a Delta table are one thing: which of them count, its log says.
pub(super) fn data_of(blobs: Vec<BlobEntry>, folder: &str) -> Vec<Data> {
    let folders: HashSet<String> = blobs.iter().flat_map(|blob| above(&blob.name)).collect();
    let tables: HashSet<String> = blobs
        .iter()
        .filter_map(|blob| Some(blob.name.split_once("/_delta_log/")?.0.to_owned()))
        .collect();
    let mut data: BTreeMap<String, Data> = BTreeMap::new();
    for blob in blobs {
        if blob.bytes == 0 && folders.contains(&blob.name) {
            continue;
        }
        let below = blob.name.strip_prefix(folder).unwrap_or(&blob.name);
        if below.is_empty() || below.ends_with('/') || below.split('/').any(is_hidden) {
            continue;
        }
        let table = above(&blob.name).find(|above| tables.contains(above));
        let name = table.map_or(blob.name, |table| format!("{table}/"));
        let known = data.entry(name.clone()).or_insert(Data {
            name,
            bytes: 0,
            files: 0,
        });
        known.bytes += blob.bytes;
        known.files += 1;
    }
    data.into_values().collect()
}

/// The folders that a blob is in.
fn above(name: &str) -> impl Iterator<Item = String> {
    name.match_indices('/').map(|(at, _)| name[..at].to_owned())
}

/// `_SUCCESS`, `.part.crc`, and what is in such folders; `_day=1` is a column.
fn is_hidden(part: &str) -> bool {
    part.starts_with('.') || (part.starts_with('_') && !part.contains('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[(&str, u64)]) -> Vec<(String, u64, usize)> {
        let blobs = names.iter().map(|(name, bytes)| BlobEntry {
            name: (*name).to_owned(),
            bytes: *bytes,
            etag: None,
            modified: None,
        });
        let data = data_of(blobs.collect(), "r1/");
        data.into_iter()
            .map(|data| (data.name, data.bytes, data.files))
            .collect()
    }

    #[test]
    fn markers_and_folders_are_no_data() {
        let found = of(&[
            ("r1/_SUCCESS", 0),
            ("r1/.part.csv.crc", 8),
            ("r1/_temporary/0/part.csv", 9),
            ("r1/day=1", 0),
            ("r1/day=1/part.csv", 5),
            ("r1/empty.csv", 0),
        ]);

        assert_eq!(
            found,
            [
                ("r1/day=1/part.csv".to_owned(), 5, 1),
                ("r1/empty.csv".to_owned(), 0, 1)
            ]
        );
    }

    #[test]
    fn a_delta_table_is_one_thing() {
        let found = of(&[
            ("r1/t/_delta_log/00000000000000000000.json", 7),
            ("r1/t/a=1/one.parquet", 5),
            ("r1/t/two.parquet", 6),
            ("r1/three.parquet", 1),
        ]);

        assert_eq!(
            found,
            [
                ("r1/t/".to_owned(), 11, 2),
                ("r1/three.parquet".to_owned(), 1, 1)
            ]
        );
    }
}
