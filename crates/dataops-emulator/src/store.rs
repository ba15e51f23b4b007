//! Durable tables of JSON documents: one file a row, so that a killed emulator finds every row again, whole.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::private_file;

/// A row cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("cannot access `{}`", path.display())]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("`{}` is damaged; remove the file, or the whole data directory, to start without it", path.display())]
    Damaged {
        path: PathBuf,
        #[source]
        source: serde_json::Error,
    },
}

/// A durable map from text to documents, ordered by key.
pub(crate) struct Table<T> {
    folder: PathBuf,
    rows: Mutex<BTreeMap<String, T>>,
}

#[derive(Deserialize)]
struct Row<T> {
    key: String,
    value: T,
}

#[derive(Serialize)]
struct RowRef<'a, T> {
    key: &'a str,
    value: &'a T,
}

impl<T: Clone + Serialize + DeserializeOwned> Table<T> {
    /// Opens the table in `folder`, which is created when absent.
    pub(crate) fn open(folder: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let folder = folder.into();
        private_file::create_folder(&folder).map_err(at(&folder))?;
        let mut rows = BTreeMap::new();
        for entry in fs::read_dir(&folder).map_err(at(&folder))? {
            let path = entry.map_err(at(&folder))?.path();
            if path.to_string_lossy().ends_with(private_file::PART) {
                fs::remove_file(&path).map_err(at(&path))?;
            } else if path.extension().is_some_and(|ending| ending == "json") {
                let content = fs::read(&path).map_err(at(&path))?;
                let row: Row<T> = serde_json::from_slice(&content)
                    .map_err(|source| StoreError::Damaged { path, source })?;
                rows.insert(row.key, row.value);
            }
        }
        Ok(Self {
            folder,
            rows: Mutex::new(rows),
        })
    }

    /// A row.
    pub(crate) fn get(&self, key: &str) -> Option<T> {
        self.rows().get(key).cloned()
    }

    /// Writes a row.
    pub(crate) fn put(&self, key: &str, value: T) -> Result<(), StoreError> {
        let mut rows = self.rows();
        self.write(key, &value)?;
        rows.insert(key.to_owned(), value);
        Ok(())
    }

    /// Writes a row that counts from now on even when the disk refuses it; the next start does not know it then.
    pub(crate) fn put_regardless(&self, key: &str, value: T) -> Result<(), StoreError> {
        let mut rows = self.rows();
        let written = self.write(key, &value);
        rows.insert(key.to_owned(), value);
        written
    }

    /// Removes a row and gives it back.
    pub(crate) fn remove(&self, key: &str) -> Result<Option<T>, StoreError> {
        let mut rows = self.rows();
        if rows.contains_key(key) {
            let path = self.path(key);
            fs::remove_file(&path).or_else(gone).map_err(at(&path))?;
        }
        Ok(rows.remove(key))
    }

    /// All rows.
    pub(crate) fn list(&self) -> Vec<(String, T)> {
        let rows = self.rows();
        rows.iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }

    /// The rows whose keys begin with `prefix`.
    pub(crate) fn list_below(&self, prefix: &str) -> Vec<(String, T)> {
        let from = (Bound::Included(prefix), Bound::Unbounded);
        self.rows()
            .range::<str, _>(from)
            .take_while(|(key, _)| key.starts_with(prefix))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }

    /// Some of the rows whose keys begin with `prefix`, and whether there are more after them.
    pub(crate) fn page_below(&self, prefix: &str, from: usize, most: usize) -> (Vec<T>, bool) {
        let bounds = (Bound::Included(prefix), Bound::Unbounded);
        let rows = self.rows();
        let mut found = rows
            .range::<str, _>(bounds)
            .take_while(|(key, _)| key.starts_with(prefix))
            .skip(from);
        let page = found.by_ref().take(most);
        let page = page.map(|(_, value)| value.clone()).collect();
        (page, found.next().is_some())
    }

    /// Changes a row that is there; nothing when it is not.
    pub(crate) fn update<R>(
        &self,
        key: &str,
        change: impl FnOnce(&mut T) -> R,
    ) -> Result<Option<R>, StoreError> {
        let mut rows = self.rows();
        let Some(row) = rows.get_mut(key) else {
            return Ok(None);
        };
        let mut changed = row.clone();
        let result = change(&mut changed);
        self.write(key, &changed)?;
        *row = changed;
        Ok(Some(result))
    }

    /// Changes a row that is there, even when the disk refuses it; answers whether there is one.
    pub(crate) fn update_regardless(
        &self,
        key: &str,
        change: impl FnOnce(&mut T),
    ) -> Result<bool, StoreError> {
        let mut rows = self.rows();
        let Some(row) = rows.get_mut(key) else {
            return Ok(false);
        };
        change(row);
        self.write(key, row)?;
        Ok(true)
    }

    /// Removes every row.
    pub(crate) fn clear(&self) -> Result<(), StoreError> {
        let keys: Vec<_> = self.rows().keys().cloned().collect();
        for key in keys {
            self.remove(&key)?;
        }
        Ok(())
    }

    fn write(&self, key: &str, value: &T) -> Result<(), StoreError> {
        let path = self.path(key);
        let content =
            serde_json::to_vec(&RowRef { key, value }).map_err(|source| StoreError::Damaged {
                path: path.clone(),
                source,
            })?;
        private_file::replace(&path, &content).map_err(at(&path))
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(file_name(key))
    }

    fn rows(&self) -> MutexGuard<'_, BTreeMap<String, T>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::Io { path, source }
}

fn gone(error: io::Error) -> io::Result<()> {
    match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    }
}

const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');
const LONGEST: usize = 180;

fn file_name(key: &str) -> String {
    let mut name = utf8_percent_encode(key, KEPT).to_string();
    if name.len() > LONGEST {
        name.truncate(100);
        for byte in Sha256::digest(key.as_bytes()) {
            name.push_str(&format!("{byte:02x}"));
        }
    }
    name.push_str(".json");
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_outlive_the_table() {
        let folder = tempfile::tempdir().unwrap();
        let long = "é/".repeat(400);
        let table = Table::<u32>::open(folder.path()).unwrap();
        table.put("a/b", 1).unwrap();
        table.put("a/../c", 2).unwrap();
        table.put(&long, 3).unwrap();
        table.put("b", 4).unwrap();
        assert_eq!(table.remove("b").unwrap(), Some(4));
        assert_eq!(
            table
                .update("a/b", |row| std::mem::replace(row, 5))
                .unwrap(),
            Some(1)
        );
        assert_eq!(table.update("b", |_| ()).unwrap(), None);
        drop(table);

        let table = Table::<u32>::open(folder.path()).unwrap();

        assert_eq!(table.get("a/b"), Some(5));
        assert_eq!(table.get(&long), Some(3));
        assert_eq!(table.get("b"), None);
        assert_eq!(table.list().len(), 3);
        assert_eq!(table.list_below("a/").len(), 2);
    }

    #[test]
    fn what_the_disk_refuses_does_not_count_unless_it_must() {
        let folder = tempfile::tempdir().unwrap();
        let table = Table::<u32>::open(folder.path()).unwrap();
        table.put("a", 1).unwrap();
        fs::create_dir(folder.path().join("a.json.part")).unwrap();

        assert!(table.put("a", 2).is_err());
        assert!(table.update("a", |row| *row = 3).is_err());
        assert_eq!(table.get("a"), Some(1));
        assert!(table.update_regardless("a", |row| *row = 4).is_err());
        assert_eq!(table.get("a"), Some(4));
        assert!(table.put_regardless("a", 5).is_err());
        assert_eq!(table.get("a"), Some(5));
        assert!(!table.update_regardless("b", |_| ()).unwrap());
    }

    #[test]
    fn half_a_row_is_forgotten_and_a_damaged_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let part = folder.path().join("x.json.part");
        fs::write(&part, "{\"key\":").unwrap();

        assert!(Table::<u32>::open(folder.path()).unwrap().list().is_empty());
        assert!(!part.exists());

        fs::write(folder.path().join("bad.json"), "{\"key\":").unwrap();
        let error = Table::<u32>::open(folder.path()).err().unwrap();

        assert!(error.to_string().contains("bad.json"), "{error}");
    }
}
