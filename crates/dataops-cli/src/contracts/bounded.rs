//! Files that are read whole: looked at before, since a device has no end and a pipe may never begin.

use std::fs::{File, metadata};
use std::io::{Error, Read, Result};
use std::path::Path;

/// The bytes of a file, if it is one and has no more than `most` of them.
///
/// # Errors
///
/// When it cannot be read, is something else, or is longer.
pub(super) fn bytes(path: &Path, most: usize) -> Result<Vec<u8>> {
    let known = metadata(path)?;
    if !known.is_file() {
        let kind = match known.is_dir() {
            true => "it is a folder",
            false => "it is a device or a pipe, and no file",
        };
        return Err(Error::other(kind));
    }
    let long = |length: u64| {
        let (length, most) = (length >> 20, most >> 20);
        Error::other(format!(
            "it has {length} MiB, and {most} MiB at most are read"
        ))
    };
    if known.len() > most as u64 {
        return Err(long(known.len()));
    }
    let mut bytes = Vec::new();
    let read = File::open(path)?
        .take(most as u64 + 1)
        .read_to_end(&mut bytes)?;
    // It may have grown meanwhile.
    match read > most {
        true => Err(long(read as u64)),
        false => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_a_limit_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.yaml");
        std::fs::write(&path, "name: x").unwrap();

        assert_eq!(bytes(&path, 7).unwrap(), b"name: x");
        assert!(bytes(&path, 6).unwrap_err().to_string().contains("at most"));
        let said = |path: &Path| bytes(path, 7).unwrap_err().to_string();
        assert_eq!(said(folder.path()), "it is a folder");
        assert!(said(&folder.path().join("d.yaml")).contains("No such file"));
    }

    #[cfg(unix)]
    #[test]
    fn what_has_no_end_is_not_begun() {
        let endless = bytes(Path::new("/dev/zero"), 1 << 40).unwrap_err();
        assert_eq!(endless.to_string(), "it is a device or a pipe, and no file");
    }
}
