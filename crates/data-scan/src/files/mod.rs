//! Where files are: a trait for storages, local folders, and the locations of contracts, which may be a file, a folder or
//! a pattern.

mod glob;
mod hive;
mod listing;
mod local;
mod magic;

use std::io;

pub use local::Local;
pub(crate) use magic::{no_parquet, no_text};

pub(crate) use hive::decoded;
pub(crate) use listing::{DataFile, Listing, list};

/// Where files are. Paths have `/` between their parts.
pub trait Storage: Send + Sync {
    /// All files below a folder, at any depth; none where it does not exist.
    ///
    /// # Errors
    ///
    /// When the storage refuses or cannot be reached.
    fn list(&self, folder: &str) -> io::Result<Vec<Entry>>;

    /// The file at a path; `None` where there is none, or a folder.
    ///
    /// # Errors
    ///
    /// When the storage refuses or cannot be reached.
    fn head(&self, path: &str) -> io::Result<Option<Entry>>;

    /// Opens a file for reading anywhere in it, from several threads.
    ///
    /// # Errors
    ///
    /// When the storage refuses or cannot be reached, or the file is gone.
    fn open(&self, entry: &Entry) -> io::Result<Box<dyn ReadAt>>;
}

/// A file that is read anywhere in it.
pub trait ReadAt: Send + Sync {
    /// Reads bytes from a place on, up to the buffer's length; 0 at the end only.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
}

/// A file of a storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its path.
    pub path: String,
    /// Its length in bytes.
    pub size: u64,
    /// When it was last written, in microseconds since 1970-01-01 in UTC.
    pub modified: Option<i64>,
    /// What changes whenever its content does, such as an entity tag.
    pub tag: Option<String>,
}

/// Reads all of a range.
pub(crate) fn read_exact_at(
    file: &dyn ReadAt,
    mut offset: u64,
    mut buffer: &mut [u8],
) -> io::Result<()> {
    while !buffer.is_empty() {
        match file.read_at(offset, buffer)? {
            0 => {
                return Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "the file is shorter than it was",
                ));
            }
            read => {
                buffer = &mut buffer[read..];
                offset += read as u64;
            }
        }
    }
    Ok(())
}
