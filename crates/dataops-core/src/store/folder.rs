//! Documents as files of a folder.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use dataops_plan::Digest;

use super::{Store, StoreError, Stored, Version, When, check};

/// Documents as files of a folder. Processes of one machine see each other's; the version of a document is the digest of its content.
#[derive(Clone, Debug)]
pub struct FolderStore {
    root: PathBuf,
}

/// The folder of a solution that this program writes into.
const HOME: &str = ".dataops";

/// The file that a writer holds a lock on.
const LOCK: &str = ".lock";

impl FolderStore {
    /// A folder, which need not exist yet.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn path(&self, key: &str) -> Result<PathBuf, StoreError> {
        check(key)?;
        Ok(self.root.join(key))
    }

    /// The folder that this program keeps in a checkout is nothing to commit.
    fn hide_from_git(&self) {
        let ignore = self.root.join(".gitignore");
        if self.root.ends_with(HOME) && !ignore.exists() {
            // It is a courtesy: nothing depends on it.
            let _ = fs::write(ignore, "*\n");
        }
    }

    /// Does something while no other process writes.
    fn alone<T>(&self, work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        fs::create_dir_all(&self.root).map_err(fail(&self.root))?;
        self.hide_from_git();
        let path = self.root.join(LOCK);
        let lock = File::create(&path).map_err(fail(&path))?;
        lock.lock().map_err(fail(&path))?;
        let done = work();
        drop(lock);
        done
    }
}

fn fail(path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::File { path, source }
}

fn conflict(key: &str) -> StoreError {
    StoreError::Conflict {
        key: key.to_owned(),
    }
}

fn read(path: &Path) -> Result<Option<Stored>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(Stored {
            version: version(&bytes),
            bytes,
        })),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(fail(path)(error)),
    }
}

fn version(bytes: &[u8]) -> Version {
    Version(Digest::of_bytes(bytes).to_string())
}

/// Writes beside the file and renames, so that nobody reads half of it.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)?;
    let beside = path.with_extension("new=");
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

#[async_trait]
impl Store for FolderStore {
    async fn get(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        read(&self.path(key)?)
    }

    async fn put(&self, key: &str, bytes: Vec<u8>, when: When) -> Result<Version, StoreError> {
        let path = self.path(key)?;
        self.alone(|| {
            let there = read(&path)?.map(|stored| stored.version);
            let holds = match when {
                When::Always => true,
                When::Absent => there.is_none(),
                When::Still(version) => there == Some(version),
            };
            if !holds {
                return Err(conflict(key));
            }
            write(&path, &bytes).map_err(fail(&path))?;
            Ok(version(&bytes))
        })
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let mut found = Vec::new();
        let mut open = vec![(self.root.clone(), String::new())];
        while let Some((folder, above)) = open.pop() {
            let entries = match fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => return Err(fail(&folder)(error)),
            };
            for entry in entries {
                let entry = entry.map_err(fail(&folder))?;
                let key = above.clone() + &entry.file_name().to_string_lossy();
                let kind = entry.file_type().map_err(fail(&folder))?;
                if kind.is_dir() {
                    let below = key + "/";
                    if below.starts_with(prefix) || prefix.starts_with(&below) {
                        open.push((entry.path(), below));
                    }
                } else if key.starts_with(prefix) && check(&key).is_ok() && !key.ends_with(".new=")
                {
                    found.push(key);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    async fn delete(&self, key: &str, version: Option<&Version>) -> Result<(), StoreError> {
        let path = self.path(key)?;
        self.alone(|| {
            let Some(there) = read(&path)? else {
                return Ok(());
            };
            if version.is_some_and(|version| *version != there.version) {
                return Err(conflict(key));
            }
            fs::remove_file(&path).map_err(fail(&path))
        })
    }

    fn place(&self) -> String {
        self.root.display().to_string()
    }
}

#[cfg(test)]
mod tests {
    use futures::executor::block_on;

    use super::*;

    #[test]
    fn a_document_is_written_only_over_what_was_seen() {
        let folder = tempfile::tempdir().unwrap();
        let store = FolderStore::new(folder.path().join("records"));
        let put = |text: &str, when| block_on(store.put("journal/qa/adf", text.into(), when));
        assert_eq!(block_on(store.get("journal/qa/adf")).unwrap(), None);

        let first = put("one", When::Absent).unwrap();
        assert!(matches!(
            put("two", When::Absent),
            Err(StoreError::Conflict { .. })
        ));
        let second = put("two", When::Still(first.clone())).unwrap();
        let late = put("three", When::Still(first.clone()));
        assert!(matches!(late, Err(StoreError::Conflict { .. })));

        let stored = block_on(store.get("journal/qa/adf")).unwrap().unwrap();
        assert_eq!(
            (stored.bytes.as_slice(), &stored.version),
            (&b"two"[..], &second)
        );
        let late = block_on(store.delete("journal/qa/adf", Some(&first)));
        assert!(matches!(late, Err(StoreError::Conflict { .. })));
        block_on(store.delete("journal/qa/adf", Some(&second))).unwrap();
        block_on(store.delete("journal/qa/adf", None)).unwrap();
        assert_eq!(block_on(store.get("journal/qa/adf")).unwrap(), None);
    }

    #[test]
    fn what_is_kept_in_a_checkout_is_nothing_to_commit() {
        let folder = tempfile::tempdir().unwrap();
        let home = FolderStore::new(folder.path().join(HOME));
        block_on(home.put("heads/qa.json", Vec::new(), When::Always)).unwrap();
        let elsewhere = FolderStore::new(folder.path().join("records"));
        block_on(elsewhere.put("heads/qa.json", Vec::new(), When::Always)).unwrap();

        let ignore = |name: &str| fs::read_to_string(folder.path().join(name).join(".gitignore"));

        assert_eq!(ignore(HOME).unwrap(), "*\n");
        assert!(ignore("records").is_err());
        assert_eq!(block_on(home.list("")).unwrap(), ["heads/qa.json"]);
    }

    #[test]
    fn keys_are_listed_below_a_prefix() {
        let folder = tempfile::tempdir().unwrap();
        let store = FolderStore::new(folder.path());
        assert!(block_on(store.list("")).unwrap().is_empty());
        for key in [
            "journal/qa/b",
            "journal/qa/a",
            "journal/prod/a",
            "records/1",
        ] {
            block_on(store.put(key, Vec::new(), When::Always)).unwrap();
        }

        let below = |prefix| block_on(store.list(prefix)).unwrap();

        assert_eq!(below("journal/qa/"), ["journal/qa/a", "journal/qa/b"]);
        assert_eq!(below("journal/").len(), 3);
        assert_eq!(below("").len(), 4);
        assert!(below("nothing/").is_empty());
    }
}
