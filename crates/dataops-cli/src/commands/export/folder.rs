//! The files of an export, in a folder that may hold others.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use adf_arm::Export;
use tempfile::TempDir;

use crate::failure::Failure;

/// A file that is not part of every export.
pub(super) struct Additional {
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
}

/// What has been written.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// The files and their sizes.
    pub(super) files: Vec<(String, usize)>,
    /// Parts of an earlier export that are none any more.
    pub(super) removed: Vec<String>,
}

/// Writes everything into a folder of its own, then puts it in place file by file: what is interrupted leaves whole files.
pub(super) fn write(
    out: &Path,
    made: &Export<'_>,
    additional: &[Additional],
) -> Result<Written, Failure> {
    let failure = |error: io::Error| {
        Failure::usage(format!("{}: {error}", out.display()))
            .hint("the folder to write into must be one, or be possible to make")
    };
    fs::create_dir_all(out).map_err(failure)?;
    let staged = tempfile::Builder::new()
        .prefix(".export-")
        .tempdir_in(out)
        .map_err(failure)?;
    let mut written = stage(&staged, made, additional).map_err(failure)?;
    for (path, _) in &written.files {
        let target = out.join(path);
        let folder = target.parent().unwrap_or(out);
        fs::create_dir_all(folder)
            .and_then(|()| fs::rename(staged.path().join(path), &target))
            .map_err(|error| Failure::usage(format!("{}: {error}", target.display())))?;
    }
    written.removed = remove_parts(out, &written.files).map_err(failure)?;
    Ok(written)
}

/// Renders and writes the files, as many at a time as there are processors.
fn stage(staged: &TempDir, made: &Export<'_>, additional: &[Additional]) -> io::Result<Written> {
    let files = made.files();
    let sizes = Mutex::new(vec![0; files.len()]);
    let next = AtomicUsize::new(0);
    let work = || -> io::Result<()> {
        while let Some((at, file)) = take(&next, &files) {
            let bytes = file.bytes();
            put(staged.path(), &file.path, &bytes)?;
            sizes
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner)[at] = bytes.len();
        }
        Ok(())
    };
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(8);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let own = work();
        let others = workers.into_iter().map(|worker| {
            worker
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        others.fold(own, Result::and)
    })?;
    let sizes = sizes
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut written: Vec<_> = files
        .iter()
        .map(|file| file.path.clone())
        .zip(sizes)
        .collect();
    for file in additional {
        put(staged.path(), &file.path, &file.bytes)?;
        written.push((file.path.clone(), file.bytes.len()));
    }
    Ok(Written {
        files: written,
        removed: Vec::new(),
    })
}

fn take<'f, T>(next: &AtomicUsize, files: &'f [T]) -> Option<(usize, &'f T)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    Some((at, files.get(at)?))
}

fn put(folder: &Path, path: &str, bytes: &[u8]) -> io::Result<()> {
    let target = folder.join(path);
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(target, bytes)
}

/// Removes the parts of an earlier, larger export.
fn remove_parts(out: &Path, written: &[(String, usize)]) -> io::Result<Vec<String>> {
    let mut removed = Vec::new();
    for entry in fs::read_dir(out.join("linkedTemplates"))? {
        let name = entry?.file_name();
        let Some(name) = name.to_str().filter(|name| is_part(name)) else {
            continue;
        };
        let path = format!("linkedTemplates/{name}");
        if !written.iter().any(|(other, _)| *other == path) {
            fs::remove_file(out.join(&path))?;
            removed.push(path);
        }
    }
    removed.sort();
    Ok(removed)
}

fn is_part(name: &str) -> bool {
    let number = name
        .strip_prefix("ArmTemplate_")
        .and_then(|rest| rest.strip_suffix(".json"));
    number.is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}
