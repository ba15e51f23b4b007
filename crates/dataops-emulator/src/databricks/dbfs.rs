//! DBFS: the folder behind `dbfs:/`, with the mounts in it, and the files that are being sent in blocks.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::clock::millis;
use super::mounts::Mounts;
use super::refusal::Refusal;

/// The largest piece of a file in one request.
pub(super) const BLOCK: usize = 1 << 20;

pub(super) struct Dbfs {
    root: PathBuf,
    mounts: Arc<Mounts>,
    uploads: Mutex<HashMap<u64, File>>,
}

impl Dbfs {
    pub(super) fn new(dir: &Path, mounts: Arc<Mounts>) -> Self {
        Self {
            root: dir.join("dbfs"),
            mounts,
            uploads: Mutex::default(),
        }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The file behind a path such as `/mnt/x/y`.
    pub(super) fn locate(&self, path: &str) -> Result<PathBuf, Refusal> {
        let clean = clean(path)?;
        if let Some(mounted) = self.mounts.locate(&clean) {
            return mounted;
        }
        let mut file = self.root.clone();
        file.extend(clean.split('/').filter(|name| !name.is_empty()));
        Ok(file)
    }

    pub(super) fn status(&self, path: &str) -> Result<Value, Refusal> {
        let file = self.locate(path)?;
        match fs::metadata(&file) {
            Ok(found) => Ok(info(&clean(path)?, &found)),
            // A mount point, or a folder above one, is on no disk.
            Err(_) if clean(path)? == "/" || !self.points_below(path)?.is_empty() => Ok(
                json!({"path": clean(path)?, "is_dir": true, "file_size": 0, "modification_time": 0}),
            ),
            Err(_) => Err(absent(path)),
        }
    }

    /// The names of mounts, and of folders above them, that a folder shows.
    fn points_below(&self, path: &str) -> Result<Vec<String>, Refusal> {
        let clean = clean(path)?;
        let below = format!("{}/", clean.trim_end_matches('/'));
        let mut names: Vec<String> = self
            .mounts
            .list()
            .iter()
            .filter_map(|mount| mount.mount_point.strip_prefix(&below))
            .filter_map(|rest| rest.split('/').next())
            .map(str::to_owned)
            .collect();
        names.sort();
        names.dedup();
        Ok(names)
    }

    pub(super) fn list(&self, path: &str) -> Result<Vec<Value>, Refusal> {
        let status = self.status(path)?;
        if status["is_dir"] != true {
            return Ok(vec![status]);
        }
        let parent = clean(path)?;
        let child = |name: &str| format!("{}/{name}", parent.trim_end_matches('/'));
        let mut names = self.points_below(path)?;
        let folder = self.locate(path)?;
        if let Ok(entries) = fs::read_dir(&folder) {
            let found = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
            names.extend(found);
        }
        names.sort();
        names.dedup();
        names.iter().map(|name| self.status(&child(name))).collect()
    }

    pub(super) fn make_folder(&self, path: &str) -> Result<(), Refusal> {
        let folder = self.locate(path)?;
        fs::create_dir_all(&folder).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => exists(path),
            _ => Refusal::disk(&folder, &error),
        })
    }

    pub(super) fn put(&self, path: &str, content: &[u8], overwrite: bool) -> Result<(), Refusal> {
        let (mut file, name) = self.create_file(path, overwrite)?;
        file.write_all(content)
            .map_err(|error| Refusal::disk(&name, &error))
    }

    fn create_file(&self, path: &str, overwrite: bool) -> Result<(File, PathBuf), Refusal> {
        let name = self.locate(path)?;
        if name.is_dir() || (name.exists() && !overwrite) {
            return Err(exists(path));
        }
        let failed = |error| Refusal::disk(&name, &error);
        if let Some(parent) = name.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        let file = File::create(&name).map_err(failed)?;
        Ok((file, name))
    }

    pub(super) fn begin(&self, handle: u64, path: &str, overwrite: bool) -> Result<(), Refusal> {
        let (file, _) = self.create_file(path, overwrite)?;
        self.uploads().insert(handle, file);
        Ok(())
    }

    pub(super) fn add(&self, handle: u64, block: &[u8]) -> Result<(), Refusal> {
        let mut uploads = self.uploads();
        let file = uploads.get_mut(&handle).ok_or_else(|| no_handle(handle))?;
        file.write_all(block)
            .map_err(|error| Refusal::internal(format!("cannot write the block: {error}")))
    }

    pub(super) fn end(&self, handle: u64) -> Result<(), Refusal> {
        let ended = self.uploads().remove(&handle);
        ended.map(drop).ok_or_else(|| no_handle(handle))
    }

    pub(super) fn read(&self, path: &str, offset: u64, length: usize) -> Result<Vec<u8>, Refusal> {
        let name = self.locate(path)?;
        if name.is_dir() {
            return Err(Refusal::invalid(format!("{path} is a directory")));
        }
        let mut file = OpenOptions::new()
            .read(true)
            .open(&name)
            .map_err(|_| absent(path))?;
        let mut content = Vec::new();
        let failed = |error| Refusal::disk(&name, &error);
        file.seek(SeekFrom::Start(offset)).map_err(failed)?;
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        file.take(length)
            .read_to_end(&mut content)
            .map_err(failed)?;
        Ok(content)
    }

    pub(super) fn rename(&self, from: &str, to: &str) -> Result<(), Refusal> {
        let (source, target) = (self.locate(from)?, self.locate(to)?);
        if !source.exists() {
            return Err(absent(from));
        }
        if target.exists() {
            return Err(exists(to));
        }
        let failed = |error| Refusal::disk(&target, &error);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        fs::rename(&source, &target).map_err(failed)
    }

    /// Deletes a file or folder; a missing one is fine.
    pub(super) fn delete(&self, path: &str, recursive: bool) -> Result<(), Refusal> {
        let target = self.locate(path)?;
        if clean(path)? == "/" {
            return Err(Refusal::bad("BAD_REQUEST", "The root cannot be deleted."));
        }
        let deleted = match fs::symlink_metadata(&target) {
            Err(_) => return Ok(()),
            Ok(found) if !found.is_dir() => fs::remove_file(&target),
            Ok(_) if recursive => fs::remove_dir_all(&target),
            Ok(_) => fs::remove_dir(&target),
        };
        deleted.map_err(|error| match error.kind() {
            io::ErrorKind::DirectoryNotEmpty => {
                Refusal::bad("IO_ERROR", format!("Directory is not empty. {path}"))
            }
            _ => Refusal::disk(&target, &error),
        })
    }

    fn uploads(&self) -> MutexGuard<'_, HashMap<u64, File>> {
        self.uploads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn clean(path: &str) -> Result<String, Refusal> {
    let path = path.strip_prefix("dbfs:").unwrap_or(path);
    let is_odd = |name: &str| name == ".." || name.chars().any(char::is_control);
    if !path.starts_with('/') || path.split('/').any(is_odd) {
        return Err(Refusal::invalid(format!("Path must be absolute: {path}")));
    }
    let names: Vec<&str> = path
        .split('/')
        .filter(|name| !name.is_empty() && *name != ".")
        .collect();
    Ok(format!("/{}", names.join("/")))
}

fn info(path: &str, found: &fs::Metadata) -> Value {
    let size = if found.is_dir() { 0 } else { found.len() };
    let modified = found.modified().map(millis).unwrap_or_default();
    json!({"path": path, "is_dir": found.is_dir(), "file_size": size, "modification_time": modified})
}

fn absent(path: &str) -> Refusal {
    Refusal::missing(format!("No file or directory exists on path {path}."))
}

fn exists(path: &str) -> Refusal {
    Refusal::exists(format!(
        "A file or directory already exists at path {path}."
    ))
}

fn no_handle(handle: u64) -> Refusal {
    Refusal::missing(format!("No open stream exists with handle {handle}."))
}
