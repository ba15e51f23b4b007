//! The log, replayed: a checkpoint, and the commits after it.

use std::collections::BTreeMap;
use std::io;

use super::action::{Action, Add, MetaData, Protocol};
use super::checkpoint;
use crate::files::{DataFile, Entry, Listing, Storage, decoded, read_exact_at};

/// A commit larger than this is not read.
const LARGEST_COMMIT: u64 = 512 << 20;

/// The state of a table.
#[derive(Debug, Default)]
pub(super) struct Table {
    files: BTreeMap<String, Add>,
    metadata: MetaData,
    protocol: Protocol,
}

impl Table {
    pub(super) fn apply(&mut self, action: Action) {
        if let Some(remove) = action.remove {
            self.files.remove(&remove.path);
        }
        if let Some(add) = action.add {
            self.files.insert(add.path.clone(), add);
        }
        if let Some(metadata) = action.meta_data {
            self.metadata = metadata;
        }
        if let Some(protocol) = action.protocol {
            self.protocol = protocol;
        }
    }
}

/// The files of the table in a folder.
pub(crate) fn files(storage: &dyn Storage, location: &str) -> io::Result<Listing> {
    let root = location.trim_end_matches('/');
    let mut log = storage.list(&format!("{root}/_delta_log/"))?;
    log.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let commits: BTreeMap<u64, &Entry> = log
        .iter()
        .filter_map(|entry| Some((commit(&entry.path)?, entry)))
        .collect();
    let start = checkpoint::newest(&log);
    if commits.is_empty() && start.is_none() {
        return Err(io::Error::other(format!(
            "there is no Delta table at {location}"
        )));
    }
    let mut table = Table::default();
    let mut next = 0;
    if let Some((version, parts)) = start {
        for part in parts {
            checkpoint::read(storage, part, &mut table)?;
        }
        next = version + 1;
    }
    for (version, entry) in commits.range(next..) {
        if *version != next {
            return Err(io::Error::other(format!(
                "the log of the Delta table has no version {next}"
            )));
        }
        replay(storage, entry, &mut table)?;
        next += 1;
    }
    listing(storage, root, &table)
}

/// The version of a commit, `00000000000000000007.json`.
fn commit(path: &str) -> Option<u64> {
    let name = path.rsplit('/').next()?.strip_suffix(".json")?;
    name.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| name.parse().ok())?
}

fn replay(storage: &dyn Storage, entry: &Entry, table: &mut Table) -> io::Result<()> {
    if entry.size > LARGEST_COMMIT {
        return Err(io::Error::other(format!(
            "{} is too large for a commit of Delta",
            entry.path
        )));
    }
    let mut bytes = vec![0; usize::try_from(entry.size).unwrap_or(0)];
    read_exact_at(storage.open(entry)?.as_ref(), 0, &mut bytes)?;
    for line in bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
    {
        let action = serde_json::from_slice(line);
        table.apply(action.map_err(|error| io::Error::other(format!("{}: {error}", entry.path)))?);
    }
    Ok(())
}

fn listing(storage: &dyn Storage, root: &str, table: &Table) -> io::Result<Listing> {
    if let Some(reason) = table
        .metadata
        .refusal()
        .or_else(|| table.protocol.refusal())
    {
        return Err(io::Error::other(reason));
    }
    let there = storage.list(&format!("{root}/"))?;
    let there: BTreeMap<&str, &Entry> = there
        .iter()
        .map(|entry| (entry.path.as_str(), entry))
        .collect();
    let mut files = Vec::new();
    for add in table.files.values() {
        if add.deletion_vector.is_some() {
            return Err(io::Error::other(
                "the Delta table has deletion vectors, which are not supported: PURGE it, or ask Databricks",
            ));
        }
        let path = within(root, &add.path)?;
        let entry = there.get(path.as_str()).copied().cloned();
        // A file that is not there is said to be so when it is opened.
        let entry = entry.unwrap_or(Entry {
            path,
            size: 1,
            modified: None,
            tag: None,
        });
        let value = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
        let columns = add
            .partition_values
            .iter()
            .map(|(name, text)| (name.clone(), value(text)));
        files.push(DataFile {
            entry,
            folders: columns.collect(),
        });
    }
    Ok(Listing {
        files,
        ignored: Vec::new(),
        empty: table.files.is_empty(),
    })
}

/// The path of a file of the table. A log that names files elsewhere would have anything read that this machine can.
fn within(root: &str, path: &str) -> io::Result<String> {
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
    match below {
        Some(below) => Ok(format!("{root}/{below}")),
        None => Err(io::Error::other(format!(
            "the log of the Delta table names the file `{path}`, which is not in the folder of the table and is not read; a shallow clone has such files"
        ))),
    }
}
