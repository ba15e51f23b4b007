//! Reads a folder of a disk within bounds, whatever lies there.

use std::fs::{self, DirEntry, FileType};
use std::io;
use std::path::Path;

use adf_model::Kind;

use crate::contents::{self, Found};
use crate::layout::{is_configuration, is_json};
use crate::{Files, Limits, Problem, ProblemKind};

/// The largest file that is looked into where Data Factory has none.
pub(crate) const LARGEST_ELSEWHERE: u64 = 1 << 20;
/// Entries that are passed by count too, so that a walk ends.
const ENTRIES_PER_FILE: usize = 20;

/// What of a file is of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interest {
    /// What is in it.
    Content,
    /// That it is there.
    Presence,
    /// Nothing.
    None,
}

impl Interest {
    /// The interest in the file at a path.
    pub(crate) fn of(path: &str) -> Self {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        match folder.split('/').any(is_passed_by) {
            true => Self::None,
            false => Self::of_name(name, in_kind(folder)),
        }
    }

    fn of_name(name: &str, in_kind: bool) -> Self {
        match () {
            () if is_json(name) => Self::Content,
            () if in_kind && !name.starts_with('.') => Self::Presence,
            () => Self::None,
        }
    }
}

fn in_kind(folder: &str) -> bool {
    folder
        .split('/')
        .any(|part| Kind::of_folder(part).is_some())
}

/// Whether a file stands where Data Factory has its own.
pub(crate) fn is_documents(path: &str) -> bool {
    path.rsplit_once('/')
        .is_none_or(|(folder, _)| in_kind(folder))
}

/// Whether a folder is of no interest whatever is in it.
fn is_passed_by(folder: &str) -> bool {
    folder.starts_with('.') || folder == "node_modules"
}

pub(crate) fn read(root: &Path, limits: &Limits) -> io::Result<Files> {
    let mut walk = Walk {
        limits,
        entries: 0,
        is_full: false,
        found: Vec::new(),
        files: Files::default(),
    };
    let top = Folder {
        path: root,
        prefix: "",
        depth: 0,
        in_kind: false,
    };
    walk.folder(&top)?;
    let mut files = walk.files;
    contents::read(root, walk.found, limits, &mut files);
    files.strangers.sort();
    Ok(files)
}

struct Walk<'l> {
    limits: &'l Limits,
    entries: usize,
    is_full: bool,
    /// What is to be read.
    found: Vec<Found>,
    files: Files,
}

/// A folder on the way.
struct Folder<'f> {
    path: &'f Path,
    /// Its path below the root, with `/` at its end.
    prefix: &'f str,
    depth: usize,
    /// Whether it is a kind's, or inside of one.
    in_kind: bool,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Folder<'_>) -> io::Result<()> {
        for entry in fs::read_dir(folder.path)? {
            self.entries += 1;
            if self.is_full {
                break;
            }
            match entry.and_then(|entry| Ok((entry.file_type()?, entry))) {
                Ok((kind, entry)) => self.entry(folder, kind, &entry),
                Err(error) => self.unreadable(folder.prefix.trim_end_matches('/'), &error),
            }
        }
        Ok(())
    }

    fn entry(&mut self, folder: &Folder<'_>, kind: FileType, entry: &DirEntry) {
        let name = entry.file_name();
        let path = format!("{}{}", folder.prefix, name.to_string_lossy());
        let Some(name) = name.to_str() else {
            if folder.in_kind {
                let message = "the file's name is not UTF-8";
                self.problem(ProblemKind::Encoding, &path, message, "rename it");
            }
            return;
        };
        let most = self.limits.files;
        if self.found.len() >= most || self.entries > most.saturating_mul(ENTRIES_PER_FILE) {
            self.is_full = true;
            self.files.problems.push(self.limits.too_many_files(&path));
        } else if kind.is_dir() {
            self.sub_folder(folder, name, &path, &entry.path());
        } else if kind.is_file() {
            match Interest::of_name(name, folder.in_kind) {
                Interest::Content => self.found.push(Found {
                    path,
                    is_documents: folder.in_kind || folder.depth == 0,
                }),
                Interest::Presence => self.files.strangers.push(path),
                Interest::None => {}
            }
        } else if folder.in_kind || Kind::of_folder(name).is_some() || is_configuration(name) {
            self.no_file(kind, &path, &entry.path());
        }
    }

    fn sub_folder(&mut self, folder: &Folder<'_>, name: &str, path: &str, at: &Path) {
        if is_passed_by(name) {
            return;
        }
        if folder.depth == self.limits.folders {
            self.files.problems.push(self.limits.too_deep(path));
            return;
        }
        let inside = Folder {
            path: at,
            prefix: &format!("{path}/"),
            depth: folder.depth + 1,
            in_kind: folder.in_kind || Kind::of_folder(name).is_some(),
        };
        if let Err(error) = self.folder(&inside) {
            self.unreadable(path, &error);
        }
    }

    fn no_file(&mut self, kind: FileType, path: &str, at: &Path) {
        if !kind.is_symlink() {
            let message = "this is a pipe, a socket or a device, and not a file";
            return self.problem(ProblemKind::Unreadable, path, message, "delete it");
        }
        let target = fs::read_link(at).unwrap_or_default();
        let message = format!(
            "this is a link to `{}`, which is not followed",
            crate::json::short(&target.to_string_lossy())
        );
        let hint =
            "put the file itself here; Data Factory reads what git has, and that is the link";
        self.problem(ProblemKind::Link, path, &message, hint);
    }

    fn unreadable(&mut self, path: &str, error: &io::Error) {
        self.files.problems.push(contents::unreadable(path, error));
    }

    fn problem(&mut self, kind: ProblemKind, path: &str, message: &str, hint: &str) {
        let problem = Problem::new(kind, path, message).hint(hint);
        self.files.problems.push(problem);
    }
}
