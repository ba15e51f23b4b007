//! The log, replayed: a checkpoint, and the commits after it.

use std::collections::BTreeMap;
use std::io;

use super::action::{Action, Add, MetaData, Protocol};
use super::checkpoint;
use super::listing::join;
use super::vector::Descriptor;
use crate::files::{Entry, Storage, read_exact_at};

/// A commit larger than this is not read.
const LARGEST_COMMIT: u64 = 512 << 20;

/// The state of a table.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) files: BTreeMap<String, Add>,
    pub(super) metadata: MetaData,
    pub(super) protocol: Protocol,
}

impl Table {
    /// Applies an action. A file and its deletion vector are one thing: in a commit, the file with the new vector may be added
    /// before the one with the old vector is removed.
    pub(super) fn apply(&mut self, action: Action) {
        if let Some(remove) = action.remove {
            let id = |vector: &Option<Descriptor>| vector.as_ref().map(Descriptor::id);
            let there = self.files.get(&remove.path);
            let there = there.map(|add| id(&add.deletion_vector));
            if there == Some(id(&remove.deletion_vector)) {
                self.files.remove(&remove.path);
            }
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

    /// The state of the table in a folder, by its log.
    pub(super) fn read(storage: &dyn Storage, root: &str) -> io::Result<Self> {
        let folder = join(root, "_delta_log/");
        // What is in folders below it are sidecars of checkpoints, and commits that are none yet.
        let mut log = storage.list(&folder)?;
        log.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let named: Vec<(&str, &Entry)> = log
            .iter()
            .filter_map(|entry| Some((entry.path.strip_prefix(&folder)?, entry)))
            .filter(|(name, _)| !name.contains('/'))
            .collect();
        let start = checkpoint::newest(&named);
        let steps = Steps::new(&named);
        if steps.is_empty() && start.is_none() {
            return Err(io::Error::other(format!(
                "there is no Delta table at {root}"
            )));
        }
        let mut table = Self::default();
        let mut next = 0;
        if let Some((version, parts)) = start {
            checkpoint::read(storage, &log, (&folder, &parts), &mut table)?;
            next = version + 1;
        }
        while let Some((entry, last)) = steps.from(next)? {
            for action in actions(storage, entry)? {
                table.apply(action);
            }
            next = last + 1;
        }
        Ok(table)
    }
}

/// Commits, and those that several of them were written anew as.
struct Steps<'e> {
    commits: BTreeMap<u64, &'e Entry>,
    /// By the first commit and the last one.
    compacted: BTreeMap<(u64, u64), &'e Entry>,
}

impl<'e> Steps<'e> {
    fn new(log: &[(&str, &'e Entry)]) -> Self {
        let names = || log.iter().map(|(name, entry)| (*name, *entry));
        let commits = names().filter_map(|(name, entry)| {
            let version = name.strip_suffix(".json")?;
            Some((self::version(version)?, entry))
        });
        let compacted = names().filter_map(|(name, entry)| {
            let (first, last) = name.strip_suffix(".compacted.json")?.split_once('.')?;
            Some(((version(first)?, version(last)?), entry))
        });
        Self {
            commits: commits.collect(),
            compacted: compacted.collect(),
        }
    }

    fn is_empty(&self) -> bool {
        self.commits.is_empty() && self.compacted.is_empty()
    }

    /// What stands for the commits from a version on, and the last of them; `None` at the end.
    fn from(&self, next: u64) -> io::Result<Option<(&'e Entry, u64)>> {
        if let Some(entry) = self.commits.get(&next) {
            return Ok(Some((entry, next)));
        }
        let compacted = self.compacted.range((next, next)..=(next, u64::MAX));
        if let Some(((_, last), entry)) = compacted.last() {
            return Ok(Some((entry, *last)));
        }
        let is_end = self.commits.range(next..).next().is_none();
        is_end.then_some(None).ok_or_else(|| {
            io::Error::other(format!("the log of the Delta table has no version {next}"))
        })
    }
}

/// A version, of which any number of digits may be zeros.
pub(super) fn version(text: &str) -> Option<u64> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

/// The actions of a file with one a line.
pub(super) fn actions(storage: &dyn Storage, entry: &Entry) -> io::Result<Vec<Action>> {
    if entry.size > LARGEST_COMMIT {
        return Err(io::Error::other(format!(
            "{} is too large for a commit of Delta",
            entry.path
        )));
    }
    let mut bytes = vec![0; usize::try_from(entry.size).unwrap_or(0)];
    read_exact_at(storage.open(entry)?.as_ref(), 0, &mut bytes)?;
    let lines = bytes.split(|byte| *byte == b'\n');
    let lines = lines.filter(|line| !line.trim_ascii().is_empty());
    let actions = lines.map(serde_json::from_slice);
    let actions: Result<_, serde_json::Error> = actions.collect();
    actions.map_err(|error| io::Error::other(format!("{}: {error}", entry.path)))
}
