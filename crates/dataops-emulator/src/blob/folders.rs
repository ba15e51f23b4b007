//! What stands in a blob's way because containers are folders and blobs are files.

use std::fs;
use std::io;
use std::path::Path;

use super::failure::Failure;

/// Removes a folder that holds nothing but folders.
pub(super) fn remove_empty(folder: &Path) {
    if fs::symlink_metadata(folder).is_ok_and(|metadata| metadata.is_dir()) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            remove_empty(&entry.path());
        }
        let _ = fs::remove_dir(folder);
    }
}

/// The refusal that an error of the file system stands for, if it is about names.
pub(super) fn in_the_way(error: &io::Error, blob: &str) -> Option<Failure> {
    let reason = match error.kind() {
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "the emulator keeps blobs as files, and a blob has the name of one of its folders"
        }
        io::ErrorKind::IsADirectory | io::ErrorKind::DirectoryNotEmpty => {
            "the emulator keeps blobs as files, and there is a folder of this name"
        }
        io::ErrorKind::InvalidFilename => "this system allows no file of this name",
        _ => return None,
    };
    Some(Failure::InvalidResourceName(blob.to_owned(), reason))
}
