//! Containers on the disk, and what a folder cannot hold of them.

use std::collections::BTreeMap;
use std::fs;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use super::disk::{Disk, new_etag};
use super::failure::Failure;
use super::staging::DELETED;
use super::{blocks, name};
use crate::private_file;

/// A container.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Container {
    pub(crate) etag: String,
    pub(crate) modified: i64,
    pub(crate) metadata: BTreeMap<String, String>,
}

impl Disk {
    /// The names of all containers.
    pub(crate) fn containers(&self) -> Result<Vec<String>, Failure> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.root)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type()?.is_dir() && name::check_container(&name).is_ok() {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// Creates a container; answers whether it is new.
    pub(crate) fn create_container(
        &self,
        container: &str,
        metadata: BTreeMap<String, String>,
    ) -> Result<bool, Failure> {
        name::check_container(container)?;
        let _writing = self.exclusive();
        if self.folder(container).is_ok() {
            return Ok(false);
        }
        self.describe_container(container, metadata)?;
        private_file::create_folder(&self.root.join(container))?;
        Ok(true)
    }

    /// Writes what is known of a container.
    pub(super) fn describe_container(
        &self,
        container: &str,
        metadata: BTreeMap<String, String>,
    ) -> Result<(), Failure> {
        let described = Container {
            etag: new_etag(),
            modified: OffsetDateTime::now_utc().unix_timestamp(),
            metadata,
        };
        Ok(self.described.put(container, described)?)
    }

    /// What is known of a container.
    pub(super) fn container(&self, container: &str) -> Result<Container, Failure> {
        self.folder(container)?;
        let unknown = Container {
            etag: "0x8D0000000000000".to_owned(),
            modified: 0,
            metadata: BTreeMap::new(),
        };
        Ok(self.described.get(container).unwrap_or(unknown))
    }

    /// Removes a container with everything in it, at one stroke for whoever looks.
    pub(super) fn delete_container(
        &self,
        container: &str,
        allowed: impl FnOnce() -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let gone = self.staging().join(format!("{DELETED}{}", Uuid::new_v4()));
        {
            let _writing = self.exclusive();
            let folder = self.folder(container)?;
            allowed()?;
            fs::rename(folder, &gone)?;
            blocks::discard_all(self, container);
            self.described.remove(container)?;
            self.leases.remove(container)?;
            for (key, _) in self.leases.list_below(&format!("{container}/")) {
                self.leases.remove(&key)?;
            }
            for (key, _) in self.rows.list_below(&format!("{container}/")) {
                self.rows.remove(&key)?;
            }
        }
        Ok(fs::remove_dir_all(gone)?)
    }
}
