//! A file of a storage as the `parquet` crate reads it.

use std::io::{self, BufReader, Read};
use std::sync::Arc;

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

use crate::files::{ReadAt, read_exact_at};

/// So much is read at a time where the length is not known beforehand: headers of pages, and small pages with them.
const STEP: usize = 16 << 10;

/// A file.
#[derive(Clone)]
pub(super) struct Chunks {
    pub(super) file: Arc<dyn ReadAt>,
    pub(super) size: u64,
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.size
    }
}

impl ChunkReader for Chunks {
    type T = BufReader<From>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        let from = From {
            file: self.file.clone(),
            at: start,
            end: self.size,
        };
        Ok(BufReader::with_capacity(STEP, from))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let within = start
            .checked_add(length as u64)
            .is_some_and(|end| end <= self.size);
        if !within {
            return Err(ParquetError::EOF(
                "its footer points beyond its end".to_owned(),
            ));
        }
        let mut bytes = vec![0; length];
        read_exact_at(self.file.as_ref(), start, &mut bytes)?;
        Ok(bytes.into())
    }
}

/// The file from some place on.
pub(super) struct From {
    file: Arc<dyn ReadAt>,
    at: u64,
    end: u64,
}

impl Read for From {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let length = left.min(buffer.len());
        let read = self.file.read_at(self.at, &mut buffer[..length])?;
        self.at += read as u64;
        Ok(read)
    }
}
