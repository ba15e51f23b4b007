//! Containers as folders, blobs as files.
//!
//! The files are the truth: what a notebook writes through a mount is a blob. What a file cannot hold (content type,
//! metadata, entity tag) is kept beside it and counts as long as the file has the size and time that it was kept for.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use tempfile::TempPath;
use time::OffsetDateTime;
use uuid::Uuid;

use super::container::Container;
use super::failure::Failure;
use super::folders::{in_the_way, remove_empty};
use super::lease::Lease;
use super::{blocks, name, staging};
use crate::private_file;
use crate::store::{StoreError, Table};

/// How much earlier than a clock read before it the time of a file may be, in nanoseconds.
const COARSE: i128 = 50_000_000;

/// What a file cannot hold of a blob.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Properties {
    /// The standard headers that a reader is given, by lower-case name, such as `content-type`.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) metadata: BTreeMap<String, String>,
    /// The blocks that it was made of, with their sizes.
    #[serde(default)]
    pub(crate) blocks: Vec<(String, u64)>,
    /// The copy that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) copied: Option<Copied>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) tags: BTreeMap<String, String>,
    /// The access tier that somebody set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tier: Option<String>,
}

/// A `Copy Blob` that has ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Copied {
    pub(crate) id: String,
    /// Where it came from, without a signature.
    pub(crate) source: String,
    pub(crate) at: i64,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Row {
    properties: Properties,
    etag: String,
    created: i64,
    bytes: u64,
    modified: i128,
}

/// A blob as it is now.
#[derive(Clone, Debug)]
pub(crate) struct Blob {
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
    pub(crate) modified: OffsetDateTime,
    pub(crate) created: OffsetDateTime,
    pub(crate) etag: String,
    pub(crate) properties: Properties,
}

/// All containers of the account.
pub(crate) struct Disk {
    pub(super) root: PathBuf,
    staging: PathBuf,
    pub(super) described: Table<Container>,
    pub(super) rows: Table<Row>,
    /// By `container/blob`, or `container`.
    pub(super) leases: Table<Lease>,
    /// Files that were told of already, with the size and time that they had.
    told: Mutex<HashMap<String, (u64, i128)>>,
    writing: Mutex<()>,
}

impl Disk {
    /// Opens everything below `folder`.
    pub(crate) fn open(folder: &Path) -> Result<Self, StoreError> {
        let (root, staging) = (folder.join("blob"), folder.join("blob-staging"));
        for made in [&root, &staging] {
            private_file::create_folder(made).map_err(|source| StoreError::Io {
                path: made.clone(),
                source,
            })?;
        }
        staging::sweep(&staging).map_err(|source| StoreError::Io {
            path: staging.clone(),
            source,
        })?;
        Ok(Self {
            root,
            staging,
            described: Table::open(folder.join("blob-containers"))?,
            rows: Table::open(folder.join("blob-properties"))?,
            leases: Table::open(folder.join("blob-leases"))?,
            told: Mutex::default(),
            writing: Mutex::default(),
        })
    }

    /// The folder of a container.
    pub(crate) fn folder(&self, container: &str) -> Result<PathBuf, Failure> {
        name::check_container(container)?;
        let folder = self.root.join(container);
        // A link is no container: it would lead out of the data directory.
        match fs::symlink_metadata(&folder).is_ok_and(|metadata| metadata.is_dir()) {
            true => Ok(folder),
            false => Err(Failure::ContainerNotFound(container.to_owned())),
        }
    }

    /// The folder that holds all containers.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where uncommitted blocks are kept.
    pub(super) fn staging(&self) -> &Path {
        &self.staging
    }

    /// Keeps others from writing while one request checks its conditions and writes.
    pub(super) fn exclusive(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The file of a blob, which may not exist. Links inside a container are not followed out of it.
    pub(crate) fn file(&self, container: &str, blob: &str) -> Result<PathBuf, Failure> {
        let mut path = self.folder(container)?;
        name::check_blob(blob)?;
        for segment in blob.split('/') {
            path.push(segment);
            if path.is_symlink() {
                return Err(Failure::BlobNotFound(blob.to_owned()));
            }
        }
        Ok(path)
    }

    /// A blob.
    pub(crate) fn blob(&self, container: &str, blob: &str) -> Result<Blob, Failure> {
        let path = self
            .file(container, blob)
            .map_err(|failure| match failure {
                // The service knows such names, so that there is none where no file can be.
                Failure::InvalidResourceName(name, _)
                    if name == blob && name::is_possible(blob) =>
                {
                    Failure::BlobNotFound(name)
                }
                failure => failure,
            })?;
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() => {
                Ok(self.describe(&format!("{container}/{blob}"), path, &metadata))
            }
            _ => Err(Failure::BlobNotFound(blob.to_owned())),
        }
    }

    /// A blob and its content, both of the same version, whoever writes meanwhile.
    pub(super) fn open_blob(&self, container: &str, blob: &str) -> Result<(Blob, File), Failure> {
        let _writing = self.exclusive();
        let found = self.blob(container, blob)?;
        let file = File::open(&found.path)?;
        Ok((found, file))
    }

    fn describe(&self, key: &str, path: PathBuf, metadata: &fs::Metadata) -> Blob {
        let bytes = metadata.len();
        let stamp = stamp(metadata);
        let modified =
            OffsetDateTime::from_unix_timestamp_nanos(stamp).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let kept = self
            .rows
            .get(key)
            .filter(|row| row.bytes == bytes && row.modified == stamp);
        match kept {
            Some(row) => Blob {
                path,
                bytes,
                modified,
                created: OffsetDateTime::from_unix_timestamp(row.created).unwrap_or(modified),
                etag: row.etag,
                properties: row.properties,
            },
            None => Blob {
                path,
                bytes,
                modified,
                created: modified,
                etag: format!(
                    "0x{:015X}",
                    (stamp ^ i128::from(bytes)) & 0xFFF_FFFF_FFFF_FFFF
                ),
                properties: Properties::default(),
            },
        }
    }

    /// A new file to write a blob's content into.
    pub(crate) fn draft(&self) -> Result<(File, TempPath), Failure> {
        Ok(staging::draft(&self.staging)?)
    }

    /// Makes a draft the content of a blob. The caller holds the lock.
    pub(super) fn commit(
        &self,
        container: &str,
        blob: &str,
        draft: TempPath,
        properties: Properties,
    ) -> Result<Blob, Failure> {
        let path = self.file(container, blob)?;
        if let Some(folder) = path.parent() {
            private_file::create_folder(folder)
                .map_err(|error| in_the_way(&error, blob).unwrap_or(Failure::Io(error)))?;
        }
        // Empty folders, left by a mount or by deleted blobs, are no blobs; a blob may take their name.
        remove_empty(&path);
        draft
            .persist(&path)
            .map_err(|error| in_the_way(&error.error, blob).unwrap_or(Failure::Io(error.error)))?;
        blocks::discard(self, container, blob);
        let created = self
            .rows
            .get(&format!("{container}/{blob}"))
            .map(|row| row.created);
        self.keep(container, blob, properties, created, new_etag())
    }

    /// Writes what the file of a blob cannot hold.
    pub(super) fn keep(
        &self,
        container: &str,
        blob: &str,
        properties: Properties,
        created: Option<i64>,
        etag: String,
    ) -> Result<Blob, Failure> {
        let path = self.file(container, blob)?;
        let metadata = fs::metadata(&path)?;
        let row = Row {
            properties,
            etag,
            created: created.unwrap_or_else(|| OffsetDateTime::now_utc().unix_timestamp()),
            bytes: metadata.len(),
            modified: stamp(&metadata),
        };
        let key = format!("{container}/{blob}");
        self.rows.put(&key, row)?;
        Ok(self.describe(&key, path, &metadata))
    }

    /// Removes a blob. The caller holds the lock.
    pub(super) fn remove(&self, container: &str, blob: &str) -> Result<(), Failure> {
        let found = self.blob(container, blob)?;
        fs::remove_file(found.path)?;
        let key = format!("{container}/{blob}");
        self.rows.remove(&key)?;
        self.leases.remove(&key)?;
        Ok(())
    }

    /// A blob's properties, and a draft with its content.
    pub(super) fn duplicate(
        &self,
        container: &str,
        blob: &str,
    ) -> Result<(Blob, TempPath), Failure> {
        let (found, mut content) = self.open_blob(container, blob)?;
        let (mut to, draft) = self.draft()?;
        io::copy(&mut content, &mut to)?;
        Ok((found, draft))
    }

    /// The names of the blobs of a container that begin with `prefix`, in the order of their bytes.
    pub(crate) fn names(&self, container: &str, prefix: &str) -> Result<Vec<String>, Failure> {
        let folder = self.folder(container)?;
        let start = match prefix.rsplit_once('/') {
            Some((start, _)) if name::check_blob(start).is_ok() => format!("{start}/"),
            Some(_) => return Ok(Vec::new()),
            None => String::new(),
        };
        let mut names = Vec::new();
        let mut open = vec![(folder.join(&start), start)];
        while let Some((folder, base)) = open.pop() {
            let Ok(entries) = fs::read_dir(&folder) else {
                continue;
            };
            for entry in entries {
                let entry = entry?;
                let name = format!("{base}{}", entry.file_name().to_string_lossy());
                let kind = entry.file_type()?;
                // What a notebook may call a file is not always what a blob may be called.
                if name::check_blob(&name).is_err() {
                    continue;
                }
                if kind.is_dir() {
                    open.push((entry.path(), format!("{name}/")));
                } else if kind.is_file() && name.starts_with(prefix) {
                    names.push(name);
                }
            }
        }
        names.sort();
        Ok(names)
    }

    /// The container, name and size of each blob whose file somebody else than the Blob service has written since then.
    /// None is given twice.
    pub(crate) fn written_beside(
        &self,
        since: OffsetDateTime,
    ) -> Result<Vec<(String, String, u64)>, Failure> {
        let since = since.unix_timestamp_nanos() - COARSE;
        let mut found = Vec::new();
        for container in self.containers()? {
            for name in self.names(&container, "")? {
                let Ok(metadata) = fs::metadata(self.file(&container, &name)?) else {
                    continue;
                };
                let (key, seen) = (
                    format!("{container}/{name}"),
                    (metadata.len(), stamp(&metadata)),
                );
                let by_us = |row: Row| (row.bytes, row.modified) == seen;
                if seen.1 < since || self.rows.get(&key).is_some_and(by_us) {
                    continue;
                }
                let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
                if told.insert(key, seen) != Some(seen) {
                    found.push((container.clone(), name, seen.0));
                }
            }
        }
        Ok(found)
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) -> Result<(), Failure> {
        for container in self.containers()? {
            self.delete_container(&container, || Ok(()))?;
        }
        let _writing = self.exclusive();
        fs::remove_dir_all(&self.staging)?;
        Ok(private_file::create_folder(&self.staging)?)
    }
}

fn stamp(metadata: &fs::Metadata) -> i128 {
    let modified = metadata.modified().ok();
    let since = modified.and_then(|modified| modified.duration_since(UNIX_EPOCH).ok());
    since.map_or(0, |since| i128::try_from(since.as_nanos()).unwrap_or(0))
}

pub(super) fn new_etag() -> String {
    format!("0x{:015X}", Uuid::new_v4().as_u128() >> 68)
}
