//! A container of Blob storage as a storage that scans read.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use azure_core::Bytes;
use data_scan::{Entry, ReadAt};
use dataops_core::connection::{BlobEntry, Storage, StorageError};
use jiff::Timestamp;
use tokio::runtime::Handle;

use crate::terms::{Refused, Terms};

/// A container. A scan is made of threads that wait, and requests are made on the runtime that has started it.
pub(crate) struct Container {
    storage: Storage,
    account: String,
    name: String,
    runtime: Handle,
    refusals: Arc<Refusals>,
}

/// What the service refuses.
struct Refusals {
    /// What the signature says that it is read by, if by one that was given.
    terms: Option<Terms>,
    first: Mutex<Option<StorageError>>,
}

impl Refusals {
    fn first(&self) -> MutexGuard<'_, Option<StorageError>> {
        self.first.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the first error, and tells it.
    fn note(&self, error: StorageError) -> io::Error {
        let said = said(&error, self.terms.as_ref());
        self.first().get_or_insert(error);
        said
    }

    /// Where something was refused, there is nothing to judge, and nothing more is asked for.
    fn go_on(&self) -> io::Result<()> {
        match self.first().is_some() {
            true => Err(io::Error::other("the storage has refused before")),
            false => Ok(()),
        }
    }
}

impl Container {
    /// The container of a name.
    pub(crate) fn new(
        storage: Storage,
        (account, name): (&str, &str),
        terms: Option<Terms>,
    ) -> Self {
        Self {
            account: account.to_owned(),
            storage,
            name: name.to_owned(),
            runtime: Handle::current(),
            refusals: Arc::new(Refusals {
                terms,
                first: Mutex::default(),
            }),
        }
    }

    /// What the service refused first when files were looked for or read: then there is nothing to judge.
    pub(crate) fn refusal(&self) -> Option<StorageError> {
        self.refusals.first().take()
    }

    /// The name of its account.
    pub(crate) fn account(&self) -> &str {
        &self.account
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Why its signature was refused, where it was.
    pub(crate) fn because(&self, error: &StorageError) -> Option<Refused> {
        let terms = self.refusals.terms.as_ref();
        terms?.refused(error, Timestamp::now())
    }
}

impl data_scan::Storage for Container {
    fn list(&self, folder: &str) -> io::Result<Vec<Entry>> {
        let prefix = match folder.trim_matches('/') {
            "" => String::new(),
            folder => format!("{folder}/"),
        };
        let listed = self
            .runtime
            .block_on(self.storage.list(&self.name, &prefix));
        let listed = listed.map_err(|error| self.refusals.note(error))?;
        Ok(without_folders(listed).map(entry).collect())
    }

    fn head(&self, path: &str) -> io::Result<Option<Entry>> {
        // A container and a folder are no blobs.
        if path.is_empty() || path.ends_with('/') {
            return Ok(None);
        }
        let found = self.runtime.block_on(self.storage.find(&self.name, path));
        let found = found.map_err(|error| self.refusals.note(error))?;
        // A folder of a hierarchical namespace is a blob without content.
        let found = found.filter(|found| {
            found.bytes > 0
                || path
                    .rsplit('/')
                    .next()
                    .is_some_and(|name| name.contains('.'))
        });
        Ok(found.map(entry))
    }

    fn open(&self, entry: &Entry) -> io::Result<Box<dyn ReadAt>> {
        self.refusals.go_on()?;
        let found = self
            .runtime
            .block_on(self.storage.find(&self.name, &entry.path))
            .map_err(|error| self.refusals.note(error))?;
        let blob =
            found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "the blob is gone"))?;
        if tag(&blob) != entry.tag {
            return Err(io::Error::other(
                "the blob was written anew since it was listed",
            ));
        }
        Ok(Box::new(Blob {
            storage: self.storage.clone(),
            container: self.name.clone(),
            blob,
            refusals: Arc::clone(&self.refusals),
            runtime: self.runtime.clone(),
            blocks: Mutex::default(),
        }))
    }
}

/// A hierarchical namespace lists its folders as blobs without content.
fn without_folders(entries: Vec<BlobEntry>) -> impl Iterator<Item = BlobEntry> {
    let folders: std::collections::HashSet<String> = entries
        .iter()
        .flat_map(|entry| {
            entry
                .name
                .match_indices('/')
                .map(|(at, _)| entry.name[..at].to_owned())
        })
        .collect();
    entries
        .into_iter()
        .filter(move |entry| entry.bytes > 0 || !folders.contains(&entry.name))
}

fn entry(blob: BlobEntry) -> Entry {
    Entry {
        tag: tag(&blob),
        size: blob.bytes,
        modified: blob
            .modified
            .map(|time| i64::try_from(time.unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX)),
        path: blob.name,
    }
}

fn tag(blob: &BlobEntry) -> Option<String> {
    blob.etag.as_ref().map(ToString::to_string)
}

/// What a storage says, with its causes in one line; what is known of the signature goes first.
fn said(error: &StorageError, terms: Option<&Terms>) -> io::Error {
    let refused = terms.and_then(|terms| terms.refused(error, Timestamp::now()));
    let mut text = refused.map_or_else(String::new, |refused| format!("{refused}: "));
    text.push_str(&error.to_string());
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    io::Error::other(text)
}

/// A blob of one version.
struct Blob {
    storage: Storage,
    container: String,
    blob: BlobEntry,
    refusals: Arc<Refusals>,
    runtime: Handle,
    blocks: Mutex<VecDeque<(u64, Bytes)>>,
}

/// Small reads are answered from blocks of this size: a footer is read in many small pieces, and each request costs a round trip.
const BLOCK: u64 = 1 << 20;

/// So many blocks are kept.
const KEPT: usize = 8;

impl Blob {
    fn fetch(&self, from: u64, to: u64) -> io::Result<Bytes> {
        self.refusals.go_on()?;
        let read = self
            .storage
            .read_range(&self.container, &self.blob, from..to);
        let read = self.runtime.block_on(read);
        read.map_err(|error| self.refusals.note(error))
    }

    fn block(&self, start: u64) -> io::Result<Bytes> {
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, block)) = blocks.iter().find(|(known, _)| *known == start) {
            return Ok(block.clone());
        }
        drop(blocks);
        let block = self.fetch(start, (start + BLOCK).min(self.blob.bytes))?;
        blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        if blocks.len() == KEPT {
            blocks.pop_front();
        }
        blocks.push_back((start, block.clone()));
        Ok(block)
    }
}

impl ReadAt for Blob {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        if offset >= self.blob.bytes || buffer.is_empty() {
            return Ok(0);
        }
        let wanted = buffer.len() as u64;
        let (start, bytes) = match wanted < BLOCK {
            true => {
                let start = offset - offset % BLOCK;
                (start, self.block(start)?)
            }
            false => (
                offset,
                self.fetch(offset, offset.saturating_add(wanted).min(self.blob.bytes))?,
            ),
        };
        let from = usize::try_from(offset - start).unwrap_or(usize::MAX);
        let bytes = bytes.get(from..).unwrap_or_default();
        let read = bytes.len().min(buffer.len());
        buffer[..read].copy_from_slice(&bytes[..read]);
        Ok(read)
    }
}
