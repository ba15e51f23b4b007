//! A factory as it is kept in git: a folder for each kind, a file for each resource.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{Factory, FactoryError, Kind, ResourceId};

/// A factory's git folder.
///
/// Resources are `<kind>/<name>.json`; managed private endpoints are
/// `managedVirtualNetwork/<network>/managedPrivateEndpoint/<name>.json`. A resource is called what its `name` says, otherwise
/// what its file is called.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

/// A file that is not a resource.
#[derive(Debug, thiserror::Error)]
#[error("{}", path.display())]
struct FileError {
    path: PathBuf,
    #[source]
    source: ReadError,
}

#[derive(Debug, thiserror::Error)]
enum ReadError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("line {}, column {}: {}", .0.line(), .0.column(), reason(.0))]
    Json(serde_json::Error),
    #[error("a resource is a JSON object")]
    NotAnObject,
}

fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ")
        .map_or(text.clone(), |(reason, _)| reason.to_owned())
}

impl Folder {
    /// The factory below `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The file of a resource.
    #[must_use]
    pub fn path(&self, id: &ResourceId) -> PathBuf {
        let kind = self.kind_folder(id.kind, id.parent.as_deref());
        kind.join(format!("{}.json", id.name))
    }

    fn kind_folder(&self, kind: Kind, parent: Option<&str>) -> PathBuf {
        match parent {
            Some(network) => self
                .root
                .join(Kind::ManagedVirtualNetwork.folder())
                .join(network)
                .join(kind.folder()),
            None => self.root.join(kind.folder()),
        }
    }

    fn read_kind(&self, kind: Kind) -> Result<Vec<Found>, FileError> {
        if kind.folder().is_empty() {
            return Ok(Vec::new());
        }
        let parents = match kind {
            Kind::ManagedPrivateEndpoint => {
                folders(&self.root.join(Kind::ManagedVirtualNetwork.folder()))?
            }
            _ => vec![None],
        };
        let mut found = Vec::new();
        for parent in parents {
            for path in files(&self.kind_folder(kind, parent.as_deref()))? {
                let document = read(&path)?;
                let stem = path
                    .file_stem()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                let name = document
                    .get("name")
                    .and_then(Value::as_str)
                    .map_or(stem, str::to_owned);
                let id = ResourceId {
                    kind,
                    name,
                    parent: parent.clone(),
                };
                found.push(Found { id, path, document });
            }
        }
        found.sort_by(|left, right| left.id.cmp(&right.id));
        Ok(found)
    }

    /// The resource, wherever its file is.
    fn find(&self, id: &ResourceId) -> Result<Option<Found>, FactoryError> {
        let all = self.read_kind(id.kind).map_err(other(id))?;
        Ok(all.into_iter().find(|found| found.id == *id))
    }
}

/// A resource and its file.
struct Found {
    id: ResourceId,
    path: PathBuf,
    document: Value,
}

/// Checks that a resource has a file of its own below the folder.
fn check_place(id: &ResourceId) -> Result<(), FactoryError> {
    let refused = |source| FactoryError::Refused {
        id: id.clone(),
        code: None,
        source,
    };
    if id.kind.folder().is_empty() {
        return Err(refused(format!("git has no {}", id.kind).into()));
    }
    if id.parent.is_some() != (id.kind == Kind::ManagedPrivateEndpoint) {
        let text =
            "a managed private endpoint, and nothing else, is below a managed virtual network";
        return Err(refused(text.into()));
    }
    let network = id
        .parent
        .as_deref()
        .map_or(Ok(()), |name| Kind::ManagedVirtualNetwork.check_name(name));
    network
        .and_then(|()| id.kind.check_name(&id.name))
        .map_err(|error| refused(error.into()))
}

fn at(path: &Path) -> impl Fn(io::Error) -> FileError {
    move |error| FileError {
        path: path.to_owned(),
        source: error.into(),
    }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(at(folder)(error)),
    };
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(at(folder))?;
    paths.sort();
    Ok(paths)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let is_json = |path: &PathBuf| {
        path.extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
    };
    // azure.datafactory.tools leaves copies beside the resources, each made for one environment.
    let is_copy = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('~'))
    };
    Ok(entries(folder)?
        .into_iter()
        .filter(|path| is_json(path) && !is_copy(path))
        .filter(|path| path.is_file())
        .collect())
}

fn folders(folder: &Path) -> Result<Vec<Option<String>>, FileError> {
    let named = |path: PathBuf| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    Ok(entries(folder)?
        .into_iter()
        .filter(|path| path.is_dir())
        .map(named)
        .collect())
}

fn read(path: &Path) -> Result<Value, FileError> {
    let fail = |source| FileError {
        path: path.to_owned(),
        source,
    };
    let bytes = fs::read(path).map_err(|error| fail(error.into()))?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let document: Value =
        serde_json::from_slice(bytes).map_err(|error| fail(ReadError::Json(error)))?;
    if document.is_object() {
        Ok(document)
    } else {
        Err(fail(ReadError::NotAnObject))
    }
}

fn other(id: &ResourceId) -> impl Fn(FileError) -> FactoryError {
    move |error| FactoryError::Other {
        id: id.clone(),
        source: error.into(),
    }
}

impl Factory for Folder {
    async fn list(&self, kind: Kind) -> Result<Vec<(ResourceId, Value)>, FactoryError> {
        let all = self.read_kind(kind);
        let all = all.map_err(other(&ResourceId::new(kind, "*")))?;
        Ok(all
            .into_iter()
            .map(|found| (found.id, found.document))
            .collect())
    }

    async fn get(&self, id: &ResourceId) -> Result<Value, FactoryError> {
        self.find(id)?
            .map(|found| found.document)
            .ok_or_else(|| FactoryError::NotFound {
                id: id.clone(),
                source: None,
            })
    }

    async fn put(&self, id: &ResourceId, document: Value) -> Result<(), FactoryError> {
        check_place(id)?;
        let path = self
            .find(id)?
            .map_or_else(|| self.path(id), |found| found.path);
        let write = || {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            let part = path.with_extension("json.part");
            fs::write(&part, format!("{document:#}\n"))?;
            fs::rename(&part, &path)
        };
        write().map_err(at(&path)).map_err(other(id))
    }

    async fn delete(&self, id: &ResourceId) -> Result<(), FactoryError> {
        let Some(found) = self.find(id)? else {
            return Ok(());
        };
        match fs::remove_file(&found.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(other(id)(at(&found.path)(error)))
            }
            _ => Ok(()),
        }
    }
}
