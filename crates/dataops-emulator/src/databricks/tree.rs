//! The workspace tree. Folders and files are folders and files on disk, so that Python finds packages beside a notebook;
//! notebooks have no file name there (their ending is gone), so their texts are kept elsewhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use uuid::Uuid;

use super::clock::now;
use super::format::{Imported, Language};
use super::object::{Notebook, Object, describe};
use super::path::WorkspacePath;
use super::refusal::Refusal;
use crate::notebook::NotebookFile;
use crate::private_file;
use crate::store::{StoreError, Table};

/// The largest notebook or file.
pub(super) const LARGEST: usize = 10_485_760;

pub(super) struct Tree {
    root: PathBuf,
    texts: PathBuf,
    notebooks: Table<Notebook>,
    changing: Mutex<()>,
}

impl Tree {
    pub(super) fn open(dir: &Path, user: &str) -> Result<Self, StoreError> {
        let tree = Self {
            root: dir.join("files"),
            texts: dir.join("notebook-texts"),
            notebooks: Table::open(dir.join("notebooks"))?,
            changing: Mutex::new(()),
        };
        for folder in [
            tree.root.join("Shared"),
            tree.root.join("Repos"),
            tree.root.join("Users").join(user),
            tree.texts.clone(),
        ] {
            let failed = |source| StoreError::Io {
                path: folder.clone(),
                source,
            };
            private_file::create_folder(&folder).map_err(failed)?;
        }
        Ok(tree)
    }

    /// The folder that is `/Workspace`.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// All notebooks, as a run needs them.
    pub(super) fn notebook_files(&self) -> BTreeMap<String, NotebookFile> {
        let file = |row: &Notebook| NotebookFile {
            file: self.texts.join(&row.file),
            language: Some(row.language.as_str().to_owned()),
        };
        let rows = self.notebooks.list().into_iter();
        rows.map(|(path, row)| (path, file(&row))).collect()
    }

    pub(super) fn find(&self, path: &WorkspacePath) -> Result<Object, Refusal> {
        if let Some(row) = self.notebooks.get(path.as_str()) {
            return Ok(Object::Notebook(row));
        }
        match fs::metadata(path.under(&self.root)) {
            Ok(found) if found.is_dir() => Ok(Object::Folder),
            Ok(found) => Ok(Object::File(found)),
            Err(_) => Err(Refusal::missing(format!("Path ({path}) doesn't exist."))),
        }
    }

    /// The objects of a folder in the order of their names; any other object alone.
    pub(super) fn list(&self, path: &WorkspacePath) -> Result<Vec<Value>, Refusal> {
        let object = self.find(path)?;
        if !object.is_folder() {
            return Ok(vec![describe(path, &object)]);
        }
        let folder = path.under(&self.root);
        let failed = |error| Refusal::disk(&folder, &error);
        let mut found = BTreeMap::new();
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            let path = path.join(&name.to_string_lossy());
            if !name.to_string_lossy().ends_with(private_file::PART)
                && let Ok(object) = self.find(&path)
            {
                found.insert(path.as_str().to_owned(), describe(&path, &object));
            }
        }
        let below = path.below();
        for (key, row) in self.notebooks.list_below(&below) {
            if !key[below.len()..].contains('/') {
                let path = WorkspacePath::parse(&key)?;
                found.insert(key, describe(&path, &Object::Notebook(row)));
            }
        }
        Ok(found.into_values().collect())
    }

    pub(super) fn read(&self, path: &WorkspacePath) -> Result<(Object, Vec<u8>), Refusal> {
        let object = self.find(path)?;
        let file = match &object {
            Object::Notebook(row) => self.texts.join(&row.file),
            _ => path.under(&self.root),
        };
        if object.is_folder() {
            return Err(Refusal::not_emulated(
                "exports of folders, which are archives",
            ));
        }
        let content = fs::read(&file).map_err(|error| Refusal::disk(&file, &error))?;
        if content.len() > LARGEST {
            return Err(oversize(content.len()));
        }
        Ok((object, content))
    }

    pub(super) fn make_folder(&self, path: &WorkspacePath) -> Result<(), Refusal> {
        let _guard = self.changing();
        let mut above = path.clone();
        while !above.is_root() {
            if self.find(&above).is_ok_and(|object| !object.is_folder()) {
                return Err(Refusal::exists(format!(
                    "Path ({above}) already exists and is not a folder."
                )));
            }
            above = above.parent();
        }
        let folder = path.under(&self.root);
        private_file::create_folder(&folder).map_err(|error| Refusal::disk(&folder, &error))
    }

    pub(super) fn put(
        &self,
        imported: &Imported,
        content: &[u8],
        overwrite: bool,
    ) -> Result<Value, Refusal> {
        if content.len() > LARGEST {
            return Err(oversize(content.len()));
        }
        let _guard = self.changing();
        let path = match imported {
            Imported::Notebook { path, .. } | Imported::File(path) => path,
        };
        self.check_place(path, matches!(imported, Imported::File(_)), overwrite)?;
        match imported {
            Imported::Notebook {
                path,
                language,
                jupyter,
            } => self.put_notebook(path, *language, *jupyter, content)?,
            Imported::File(path) => {
                let file = path.under(&self.root);
                private_file::replace(&file, content)
                    .map_err(|error| Refusal::disk(&file, &error))?;
            }
        }
        Ok(describe(path, &self.find(path)?))
    }

    fn check_place(
        &self,
        path: &WorkspacePath,
        is_file: bool,
        overwrite: bool,
    ) -> Result<(), Refusal> {
        let parent = path.parent();
        if path.is_root() || !self.find(&parent).is_ok_and(|object| object.is_folder()) {
            let message = format!("The parent folder ({parent}) does not exist.");
            return Err(Refusal::missing(message));
        }
        let Ok(object) = self.find(path) else {
            return Ok(());
        };
        if !overwrite {
            return Err(Refusal::exists(format!("Path ({path}) already exists.")));
        }
        let same = match object {
            Object::Folder => false,
            Object::File(_) => is_file,
            Object::Notebook(_) => !is_file,
        };
        match same {
            true => Ok(()),
            false => Err(Refusal::bad(
                "BAD_REQUEST",
                format!("{path} is of another type than what is imported; delete it first."),
            )
            .because("WORKSPACE_OBJECT_TYPE_MISMATCH")),
        }
    }

    fn put_notebook(
        &self,
        path: &WorkspacePath,
        language: Language,
        jupyter: bool,
        content: &[u8],
    ) -> Result<(), Refusal> {
        let before = self.notebooks.get(path.as_str());
        let ending = if jupyter { "ipynb" } else { language.ending() };
        let kept = before
            .as_ref()
            .map(|row| row.file.clone())
            .filter(|file| file.ends_with(&format!(".{ending}")));
        let file = kept.unwrap_or_else(|| format!("{}.{ending}", Uuid::new_v4().simple()));
        let target = self.texts.join(&file);
        private_file::replace(&target, content).map_err(|error| Refusal::disk(&target, &error))?;
        let modified_at = now();
        let row = Notebook {
            language,
            jupyter,
            file: file.clone(),
            created_at: before.as_ref().map_or(modified_at, |row| row.created_at),
            modified_at,
        };
        self.notebooks.put(path.as_str(), row)?;
        if let Some(old) = before.filter(|row| row.file != file) {
            // A leftover text harms nobody.
            let _ = fs::remove_file(self.texts.join(old.file));
        }
        Ok(())
    }

    pub(super) fn delete(&self, path: &WorkspacePath, recursive: bool) -> Result<(), Refusal> {
        let _guard = self.changing();
        let object = self.find(path)?;
        let depth = path.as_str().split('/').filter(|name| !name.is_empty());
        if path.is_root() || (depth.count() == 1 && is_default(path.name())) {
            return Err(Refusal::bad(
                "BAD_REQUEST",
                format!("Folder {path} is protected and cannot be deleted."),
            ));
        }
        let target = path.under(&self.root);
        let failed = |error| Refusal::disk(&target, &error);
        match object {
            Object::Notebook(_) => self.forget(path.as_str()),
            Object::File(_) => fs::remove_file(&target).map_err(failed),
            Object::Folder => {
                if !recursive && !self.list(path)?.is_empty() {
                    return Err(Refusal::bad(
                        "DIRECTORY_NOT_EMPTY",
                        format!("Folder ({path}) is not empty"),
                    ));
                }
                for (key, _) in self.notebooks.list_below(&path.below()) {
                    self.forget(&key)?;
                }
                fs::remove_dir_all(&target).map_err(failed)
            }
        }
    }

    fn forget(&self, key: &str) -> Result<(), Refusal> {
        if let Some(row) = self.notebooks.remove(key)? {
            let _ = fs::remove_file(self.texts.join(row.file));
        }
        Ok(())
    }

    fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_default(name: &str) -> bool {
    matches!(name, "Shared" | "Users" | "Repos")
}

fn oversize(size: usize) -> Refusal {
    let message =
        format!("File size imported is ({size} bytes), exceeded max size ({LARGEST} bytes)");
    Refusal::bad("MAX_NOTEBOOK_SIZE_EXCEEDED", message)
}
