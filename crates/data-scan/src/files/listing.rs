//! The files that a location means.

use std::io;
use std::sync::Arc;

use super::glob::Glob;
use super::hive::partitions;
use super::{Entry, Storage};
use crate::delta::Member;

/// A file with data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DataFile {
    pub(crate) entry: Entry,
    /// Columns that stand in the names of its folders, or in the log of its table.
    pub(crate) folders: Vec<(String, Option<String>)>,
    /// What the log of its table says of it.
    pub(crate) member: Option<Arc<Member>>,
}

/// The files of a location, by their paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listing {
    /// Those to be read.
    pub(crate) files: Vec<DataFile>,
    /// Those that have the extension of another format.
    pub(crate) ignored: Vec<Entry>,
    /// Whether it is known to be a table without files.
    pub(crate) empty: bool,
}

impl Listing {
    fn of(files: Vec<Entry>, ignored: Vec<Entry>) -> Self {
        let files = files.into_iter().map(|entry| DataFile {
            folders: partitions(&entry.path),
            member: None,
            entry,
        });
        Self {
            files: files.collect(),
            ignored,
            empty: false,
        }
    }
}

/// Extensions that say of what format a file is.
const KNOWN: [&str; 14] = [
    "csv", "tsv", "txt", "json", "jsonl", "ndjson", "parquet", "pq", "avro", "orc", "md", "xml",
    "xlsx", "html",
];

/// Lists the files of a location. In a folder, hidden files are left out, and those of other formats where there are some
/// with an extension of `extensions`.
pub(crate) fn list(
    storage: &dyn Storage,
    location: &str,
    extensions: &[&str],
) -> io::Result<Listing> {
    if Glob::is_pattern(location) {
        if let Some(file) = storage.head(location)? {
            return Ok(Listing::of(vec![file], Vec::new()));
        }
        let glob = Glob::new(location).map_err(io::Error::other)?;
        let mut files = storage.list(Glob::folder(location))?;
        files.retain(|file| {
            glob.matches(&file.path) && !is_hidden(&file.path, Glob::folder(location))
        });
        files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        return Ok(Listing::of(files, Vec::new()));
    }
    if let Some(file) = storage.head(location)? {
        return Ok(Listing::of(vec![file], Vec::new()));
    }
    let mut files = storage.list(location)?;
    files.retain(|file| !is_hidden(&file.path, location));
    files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let named = files
        .iter()
        .any(|file| extension(&file.path).is_some_and(|found| extensions.contains(&found)));
    let (files, ignored) = files.into_iter().partition(|file| {
        !named
            || extension(&file.path)
                .is_none_or(|found| extensions.contains(&found) || !KNOWN.contains(&found))
    });
    Ok(Listing::of(files, ignored))
}

/// Whether a part of a path below a folder begins with `.`, or with `_` and is no column, as Spark has it.
fn is_hidden(path: &str, folder: &str) -> bool {
    let below = path
        .strip_prefix(folder.trim_end_matches('/'))
        .unwrap_or(path);
    let hidden =
        |part: &str| part.starts_with('.') || (part.starts_with('_') && !part.contains('='));
    below.split('/').any(hidden)
}

/// The extension, before that of a compression.
fn extension(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = ["gz", "gzip", "zst", "zstd"]
        .iter()
        .find_map(|end| name.strip_suffix(end)?.strip_suffix('.'))
        .unwrap_or(name);
    name.rsplit_once('.').map(|(_, extension)| extension)
}
