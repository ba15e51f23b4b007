//! Files that are being written, and containers that are being deleted: never among the blobs.

use std::fs::{self, File};
use std::io::{self, Seek as _, SeekFrom};
use std::path::Path;

use tempfile::TempPath;

/// How a file of the staging folder is called whose content is still being written.
const DRAFT: &str = "draft-";
/// How a container is called there that is being deleted.
pub(super) const DELETED: &str = "deleted-";

/// A new file in the staging folder.
pub(super) fn draft(staging: &Path) -> io::Result<(File, TempPath)> {
    let draft = tempfile::Builder::new()
        .prefix(DRAFT)
        .tempfile_in(staging)?;
    Ok(draft.into_parts())
}

/// Adds a file, or `(offset, bytes)` of it, to another.
pub(super) fn append(to: &mut File, from: &Path, part: Option<(u64, u64)>) -> io::Result<u64> {
    let mut from = File::open(from)?;
    match part {
        None => io::copy(&mut from, to),
        Some((offset, bytes)) => {
            from.seek(SeekFrom::Start(offset))?;
            io::copy(&mut io::Read::take(from, bytes), to)
        }
    }
}

/// Removes what an emulator that was killed had begun to write, or to delete.
pub(super) fn sweep(staging: &Path) -> io::Result<()> {
    for entry in fs::read_dir(staging)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(DELETED) {
            fs::remove_dir_all(entry.path())?;
        } else if name.starts_with(DRAFT) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
