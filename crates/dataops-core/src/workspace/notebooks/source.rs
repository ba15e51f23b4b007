//! The files of a solution that go to the workspace.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use databricks_client::ImportFormat;
use databricks_notebook::{Format, Language, Notebook};
use dataops_ledger::NotebooksLeft;
use dataops_plan::{Digest, LARGEST_IMPORT, LocalObject, ObjectKind, Obstacle, as_stored};
use dataops_solution::Solution;
use dataops_solution::environment::Environment;
use dataops_solution::settings::{NotebookSettings, TakenFor};

use super::place::{target, target_of};
use crate::workspace::WorkspaceError;

/// The most files that one solution brings.
const MOST_FILES: usize = 10_000;

/// The deepest folder.
const DEEPEST: usize = 32;

/// The longest name that a file system or a workspace takes.
const LONGEST_NAME: usize = 255;

/// The notebooks and files of a solution.
#[derive(Clone, Debug)]
pub struct NotebookSource {
    /// The solution's name, under which the workspace remembers what it brought.
    pub(super) solution: String,
    /// The folder in the workspace, without `/Workspace` and without a slash at its end.
    pub(super) target: String,
    pub(super) remove_stale: bool,
    /// Whether nothing of the solution is to be left, what it remembers neither.
    pub(super) leaves: bool,
    files: Vec<File>,
}

/// A file and what it becomes.
#[derive(Clone, Debug)]
struct File {
    object: LocalObject,
    format: ImportFormat,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    OnDisk(PathBuf),
    InMemory(Arc<[u8]>),
}

impl NotebookSource {
    /// The files of a solution that lies in a folder, for an environment; none where it has no notebooks. What begins with a dot,
    /// `__pycache__`, `node_modules` and links stay out.
    ///
    /// # Errors
    ///
    /// When the folder or a file cannot be read.
    pub fn of_folder(
        solution: &Solution,
        environment: &Environment,
    ) -> Result<Option<Self>, WorkspaceError> {
        let Some(settings) = &solution.settings.notebooks else {
            return Ok(None);
        };
        let root = solution.path(&settings.root);
        if !root.is_dir() {
            return Err(WorkspaceError::NoFolder(root));
        }
        let mut source = Self::empty(&solution.settings.name, settings, environment)?;
        for (path, file) in walk(&root)? {
            let unreadable = |source| WorkspaceError::File {
                path: file.clone(),
                source,
            };
            if settings.taken_for(&path) == TakenFor::Nothing {
                continue;
            }
            if file.is_symlink() {
                return Err(WorkspaceError::Malformed {
                    path: file,
                    reason: "it is a link, and links are not deployed; put the file in its place, or leave it out by `notebooks.exclude`"
                        .to_owned(),
                });
            }
            let bytes = fs::read(&file).map_err(unreadable)?;
            source.add(settings, &path, &bytes, Content::OnDisk(file));
        }
        Ok(Some(source))
    }

    /// The files of a solution whose contents are at hand, such as those of a bundle; their paths are those below the folder of the
    /// notebooks.
    ///
    /// # Errors
    ///
    /// When the settings name no folder of a workspace.
    pub fn of_files(
        solution: &str,
        settings: &NotebookSettings,
        environment: &Environment,
        files: impl IntoIterator<Item = (String, Vec<u8>)>,
    ) -> Result<Self, WorkspaceError> {
        let mut source = Self::empty(solution, settings, environment)?;
        for (path, bytes) in files {
            if settings.taken_for(&path) != TakenFor::Nothing {
                let content = Content::InMemory(bytes.into());
                let bytes = content.clone();
                if let Content::InMemory(bytes) = bytes {
                    source.add(settings, &path, &bytes, content);
                }
            }
        }
        Ok(source)
    }

    /// What a deployment has left, for comparing it with what is there now. It has no contents that could be brought.
    ///
    /// # Errors
    ///
    /// When what was left names no folder of a workspace.
    pub fn as_left(left: &NotebooksLeft) -> Result<Self, WorkspaceError> {
        let files = left.objects.iter().map(|(path, object)| File {
            object: LocalObject {
                source: object.source.clone(),
                path: path.clone(),
                kind: object.kind.clone(),
                content: object.content.clone(),
                obstacle: None,
            },
            format: match object.source.ends_with(".ipynb") && object.kind != ObjectKind::File {
                true => ImportFormat::Jupyter,
                false => ImportFormat::Raw,
            },
            content: Content::InMemory(Arc::default()),
        });
        Ok(Self {
            solution: left.solution.clone(),
            target: target(&left.target)?,
            remove_stale: false,
            leaves: false,
            files: files.collect(),
        })
    }

    /// A solution that leaves the workspace: all that its deployments have brought goes, and what they remember of it.
    ///
    /// # Errors
    ///
    /// When the settings name no folder of a workspace.
    pub fn leaving(
        solution: &str,
        settings: &NotebookSettings,
        environment: &Environment,
    ) -> Result<Self, WorkspaceError> {
        Ok(Self {
            leaves: true,
            remove_stale: true,
            ..Self::empty(solution, settings, environment)?
        })
    }

    /// The same, which deletes what the source does not have any more, or does not.
    #[must_use]
    pub fn removing_stale(mut self, remove_stale: bool) -> Self {
        self.remove_stale = remove_stale;
        self
    }

    /// The paths in the workspace.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.object.path.as_str())
    }

    fn empty(
        solution: &str,
        settings: &NotebookSettings,
        environment: &Environment,
    ) -> Result<Self, WorkspaceError> {
        Ok(Self {
            solution: solution.to_owned(),
            target: target_of(settings, environment)?,
            remove_stale: settings.remove_stale,
            leaves: false,
            files: Vec::new(),
        })
    }

    fn add(&mut self, settings: &NotebookSettings, path: &str, bytes: &[u8], content: Content) {
        let text = String::from_utf8_lossy(bytes);
        let format = match settings.taken_for(path) {
            TakenFor::Notebook => Format::by_extension(path),
            TakenFor::WhatItSays => Format::of(path, &text),
            TakenFor::File | TakenFor::Nothing => Format::File,
        };
        let (kind, digest, refused) = match format {
            Format::Source(language) => {
                let stored = as_stored(language, bytes);
                (notebook(language), Digest::of_bytes(&stored), None)
            }
            Format::Jupyter => {
                let read = Notebook::read(path, &text);
                let language = read.as_ref().map_or(Language::Python, |read| read.language);
                let refused = read.err().map(|error| Obstacle::NotJupyter(error.message));
                (notebook(language), Digest::of_bytes(bytes), refused)
            }
            Format::File => (ObjectKind::File, Digest::of_bytes(bytes), None),
        };
        let size = bytes.len() as u64;
        let large = (size > LARGEST_IMPORT).then_some(Obstacle::TooLarge(size));
        let root = settings.root.to_string_lossy();
        let object = LocalObject {
            source: format!("{}/{path}", root.trim_end_matches('/')),
            path: format!("{}/{}", self.target, format.target(path)),
            kind,
            content: digest,
            obstacle: large.or_else(|| odd_name(path)).or(refused),
        };
        let format = import_format(format);
        self.files.push(File {
            object,
            format,
            content,
        });
    }

    /// What ought to be in the workspace.
    pub(super) fn objects(&self) -> Vec<LocalObject> {
        self.files.iter().map(|file| file.object.clone()).collect()
    }

    /// What ought to be there, by path.
    pub(super) fn by_path(&self) -> BTreeMap<&str, &LocalObject> {
        let objects = self.files.iter().map(|file| &file.object);
        objects
            .map(|object| (object.path.as_str(), object))
            .collect()
    }

    /// The content of the object at `path`, as an import takes it.
    pub(super) fn content(&self, path: &str) -> Result<(ImportFormat, Arc<[u8]>), WorkspaceError> {
        let file = self.files.iter().find(|file| file.object.path == path);
        let Some(file) = file else {
            return Err(WorkspaceError::Moved(vec![path.to_owned()]));
        };
        let content = match &file.content {
            Content::InMemory(bytes) => Arc::clone(bytes),
            Content::OnDisk(path) => {
                let unreadable = |source| WorkspaceError::File {
                    path: path.clone(),
                    source,
                };
                let bytes: Arc<[u8]> = fs::read(path).map_err(unreadable)?.into();
                if digest(&file.format, &bytes) != file.object.content {
                    return Err(WorkspaceError::FileChanged(path.clone()));
                }
                bytes
            }
        };
        Ok((file.format.clone(), content))
    }

    /// Whether the object at `path` is a Jupyter document, which a workspace does not give back as it came.
    pub(super) fn is_jupyter(&self, path: &str) -> bool {
        let mut files = self.files.iter();
        files.any(|file| file.object.path == path && file.format == ImportFormat::Jupyter)
    }
}

/// The SHA-256 of content as the workspace keeps it.
fn digest(format: &ImportFormat, bytes: &[u8]) -> Digest {
    use databricks_client::Language as Remote;
    let language = match format {
        ImportFormat::Source(Remote::Python) => Language::Python,
        ImportFormat::Source(Remote::R) => Language::R,
        ImportFormat::Source(Remote::Scala) => Language::Scala,
        ImportFormat::Source(Remote::Sql) => Language::Sql,
        _ => return Digest::of_bytes(bytes),
    };
    Digest::of_bytes(&as_stored(language, bytes))
}

fn import_format(format: Format) -> ImportFormat {
    use databricks_client::Language as Remote;
    match format {
        Format::File => ImportFormat::Raw,
        Format::Jupyter => ImportFormat::Jupyter,
        Format::Source(language) => ImportFormat::Source(match language {
            Language::Python => Remote::Python,
            Language::R => Remote::R,
            Language::Scala => Remote::Scala,
            Language::Sql => Remote::Sql,
        }),
    }
}

fn notebook(language: Language) -> ObjectKind {
    let name = match language {
        Language::Python => "PYTHON",
        Language::R => "R",
        Language::Scala => "SCALA",
        Language::Sql => "SQL",
    };
    ObjectKind::Notebook(name.to_owned())
}

fn odd_name(path: &str) -> Option<Obstacle> {
    let mut names = path.split('/');
    let reason = names.find_map(|name| match name {
        _ if name.len() > LONGEST_NAME => Some("it has more than 255 bytes"),
        _ if name.chars().any(char::is_control) => Some("it has a control character"),
        _ if name.contains('\\') => Some("it has a backslash"),
        _ => None,
    });
    reason.map(|reason| Obstacle::Name(reason.to_owned()))
}

/// The files and links below a folder in the order of their paths, which have `/` whatever the system has. What begins with a dot is
/// passed by.
fn walk(root: &Path) -> Result<BTreeMap<String, PathBuf>, WorkspaceError> {
    let mut files = BTreeMap::new();
    let mut open = vec![(root.to_owned(), String::new(), 0)];
    while let Some((folder, below, depth)) = open.pop() {
        let unreadable = |source| WorkspaceError::File {
            path: folder.clone(),
            source,
        };
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type().map_err(unreadable)?;
            let stays_out = matches!(name.as_str(), "__pycache__" | "node_modules");
            if name.starts_with('.') || stays_out {
                continue;
            }
            let path = format!("{below}{name}");
            if !kind.is_dir() {
                files.insert(path, entry.path());
            } else if depth < DEEPEST {
                open.push((entry.path(), format!("{path}/"), depth + 1));
            } else {
                return Err(WorkspaceError::Malformed {
                    path: entry.path(),
                    reason: format!("folders are deployed to a depth of {DEEPEST}"),
                });
            }
            if files.len() + open.len() > MOST_FILES {
                return Err(WorkspaceError::TooMany {
                    place: root.display().to_string(),
                    limit: MOST_FILES,
                });
            }
        }
    }
    Ok(files)
}
