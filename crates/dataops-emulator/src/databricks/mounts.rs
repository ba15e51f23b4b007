//! The workspace's mounts, and where they lead.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use crate::notebook::{Mount, MountChange};
use crate::store::{StoreError, Table};

/// The storage account that mounts may name.
#[derive(Clone)]
pub struct Storage {
    /// The account's name.
    pub account: String,
    /// The key that a mount must give, as Base64.
    pub key: String,
    /// The folder that holds the containers' folders.
    pub root: PathBuf,
}

#[derive(Clone, Serialize, Deserialize)]
struct Row {
    source: String,
    encryption_type: String,
}

pub(super) struct Mounts {
    rows: Table<Row>,
    storage: Storage,
}

impl Mounts {
    pub(super) fn open(dir: &Path, storage: Storage) -> Result<Self, StoreError> {
        Ok(Self {
            rows: Table::open(dir.join("mounts"))?,
            storage,
        })
    }

    pub(super) fn list(&self) -> Vec<Mount> {
        let mount = |(mount_point, row): (String, Row)| Mount {
            mount_point,
            source: row.source,
            encryption_type: row.encryption_type,
        };
        self.rows.list().into_iter().map(mount).collect()
    }

    pub(super) fn apply(&self, change: MountChange) -> Result<(), StoreError> {
        match change {
            MountChange::Mounted(mount) => self.rows.put(
                &mount.mount_point,
                Row {
                    source: mount.source,
                    encryption_type: mount.encryption_type,
                },
            ),
            MountChange::Unmounted { mount_point } => self.rows.remove(&mount_point).map(drop),
        }
    }

    /// The file behind a clean DBFS path that lies in a mount.
    pub(super) fn locate(&self, path: &str) -> Option<Result<PathBuf, Refusal>> {
        let rows = self.rows.list();
        let (point, row) = rows
            .iter()
            .filter(|(point, _)| is_within(path, point))
            .max_by_key(|(point, _)| point.len())?;
        Some(self.folder(&row.source).map(|mut file| {
            let rest = path[point.trim_end_matches('/').len()..].split('/');
            file.extend(rest.filter(|name| !name.is_empty()));
            file
        }))
    }

    /// The folder behind the address of a container.
    pub(super) fn folder(&self, source: &str) -> Result<PathBuf, Refusal> {
        let refused = || {
            Refusal::bad(
                "IO_ERROR",
                format!(
                    "`{source}` is not a container of the storage account `{}`",
                    self.storage.account
                ),
            )
        };
        let (scheme, rest) = source.split_once("://").ok_or_else(refused)?;
        let (container, rest) = rest.split_once('@').ok_or_else(refused)?;
        let (host, folder) = rest.split_once('/').unwrap_or((rest, ""));
        let account = host.split('.').next().unwrap_or_default();
        let is_blob = matches!(scheme, "wasb" | "wasbs" | "abfs" | "abfss");
        let names = folder.split('/').filter(|name| !name.is_empty());
        let mut path = self.storage.root.join(container);
        for name in names {
            if name == ".." {
                return Err(refused());
            }
            path.push(name);
        }
        let is_plain = !container.is_empty() && !container.contains(['/', '\\', '.']);
        match is_blob && is_plain && account.eq_ignore_ascii_case(&self.storage.account) {
            true => Ok(path),
            false => Err(refused()),
        }
    }
}

fn is_within(path: &str, point: &str) -> bool {
    let point = point.trim_end_matches('/');
    path.strip_prefix(point)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mounted_path_is_a_blob() {
        let dir = tempfile::tempdir().unwrap();
        let storage = Storage {
            account: "acct".into(),
            key: String::new(),
            root: "/blobs".into(),
        };
        let mounts = Mounts::open(dir.path(), storage.clone()).unwrap();
        let mount = |point: &str, source: &str| {
            MountChange::Mounted(Mount {
                mount_point: point.into(),
                source: source.into(),
                encryption_type: String::new(),
            })
        };
        let source = "wasbs://input@acct.blob.core.windows.net/a/";
        mounts.apply(mount("/mnt/in", source)).unwrap();
        let other = "abfss://x@other.dfs.core.windows.net";
        mounts.apply(mount("/mnt/other", other)).unwrap();
        drop(mounts);

        let mounts = Mounts::open(dir.path(), storage).unwrap();
        let file = mounts.locate("/mnt/in/b/c.csv").unwrap().unwrap();
        assert_eq!(file, Path::new("/blobs/input/a/b/c.csv"));
        assert!(mounts.locate("/mnt/input").is_none());
        assert!(mounts.locate("/mnt/other/x").unwrap().is_err());
        let unmounted = MountChange::Unmounted {
            mount_point: "/mnt/in".into(),
        };
        mounts.apply(unmounted).unwrap();
        assert!(mounts.locate("/mnt/in/b").is_none());
    }
}
