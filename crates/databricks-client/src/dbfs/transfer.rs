//! Files of any size, block by block.

use azure_core::Result;
use azure_core::error::{Error, ErrorKind};
use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::{Dbfs, DbfsHandle, MAX_BLOCK_BYTES};
use crate::DatabricksError;

impl Dbfs<'_> {
    /// Writes a file of any size from `content`, block by block; gives its size in bytes.
    ///
    /// After an error the unfinished file is deleted, as far as the service can still be reached.
    ///
    /// # Errors
    ///
    /// Those of `content`, as [`ErrorKind::Io`], and of [`Dbfs::create`], [`Dbfs::add_block`] and [`Dbfs::close`].
    pub async fn upload(
        &self,
        path: &str,
        content: impl AsyncRead + Unpin + Send,
        overwrite: bool,
    ) -> Result<u64> {
        let handle = self.create(path, overwrite, None).await?.into_model()?;
        let written = self.write(handle, content).await;
        match written {
            Ok(bytes) => {
                self.close(handle, None).await?;
                Ok(bytes)
            }
            Err(error) => {
                if self.close(handle, None).await.is_ok() {
                    let _unfinished = self.delete(path, false, None).await;
                }
                Err(error)
            }
        }
    }

    async fn write(
        &self,
        handle: DbfsHandle,
        mut content: impl AsyncRead + Unpin + Send,
    ) -> Result<u64> {
        let mut bytes = 0;
        let mut block = Vec::with_capacity(MAX_BLOCK_BYTES);
        loop {
            block.clear();
            (&mut content)
                .take(MAX_BLOCK_BYTES as u64)
                .read_to_end(&mut block)
                .await
                .map_err(broken)?;
            if block.is_empty() {
                return Ok(bytes);
            }
            self.add_block(handle, &block, None).await?;
            bytes += block.len() as u64;
        }
    }

    /// Reads a whole file into `target`, block by block; gives its size in bytes.
    ///
    /// # Errors
    ///
    /// Those of `target`, as [`ErrorKind::Io`], and of [`Dbfs::read`].
    pub async fn download(
        &self,
        path: &str,
        mut target: impl AsyncWrite + Unpin + Send,
    ) -> Result<u64> {
        let mut offset = 0;
        loop {
            let block = self
                .read(path, offset, MAX_BLOCK_BYTES as u64, None)
                .await?
                .into_model()?;
            if block.bytes_read != block.data.len() as u64 {
                let what = format!(
                    "reading `{path}`: the service announced {} bytes and sent {}",
                    block.bytes_read,
                    block.data.len()
                );
                return Err(DatabricksError::Nonsense { what }.into_error());
            }
            if block.data.is_empty() {
                target.flush().await.map_err(broken)?;
                return Ok(offset);
            }
            target.write_all(&block.data).await.map_err(broken)?;
            offset += block.bytes_read;
        }
    }
}

fn broken(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Io, error)
}
