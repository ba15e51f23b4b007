//! Blobs that are read and written as a whole, under conditions.

use azure_core::Bytes;
use azure_core::error::ErrorKind;
use azure_core::http::{Body, Etag};
use azure_storage_blob::models::{BlobClientDeleteOptions, BlobClientUploadOptions};
use futures::TryStreamExt;

use super::Storage;
use super::storage_error::{StorageError, failure, status};

/// When a blob is written or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlobCondition<'c> {
    /// Whatever is there.
    None,
    /// If there is none.
    Absent,
    /// If it has this entity tag.
    Etag(&'c str),
}

/// The most bytes of a document.
const MOST: usize = 16 << 20;

impl Storage {
    /// A blob's content and entity tag.
    pub(crate) async fn read(
        &self,
        container: &str,
        blob: &str,
    ) -> Result<(Vec<u8>, String), StorageError> {
        let fail = |error| failure(container, Some(blob), error);
        let client = self.service.blob_client(container, blob);
        let mut download = client.download(None).await.map_err(fail)?;
        let etag = download.properties.etag.take();
        let mut bytes = Vec::new();
        while let Some(chunk) = download.body.try_next().await.map_err(fail)? {
            if bytes.len() + chunk.len() > MOST {
                let message = "the blob is too large for a document";
                return Err(fail(azure_core::Error::with_message(
                    ErrorKind::DataConversion,
                    message,
                )));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok((bytes, etag.map(String::from).unwrap_or_default()))
    }

    /// Writes a blob as a whole, and tells its new entity tag.
    pub(crate) async fn write(
        &self,
        container: &str,
        blob: &str,
        bytes: Vec<u8>,
        condition: BlobCondition<'_>,
    ) -> Result<String, StorageError> {
        let (if_match, if_none_match) = match condition {
            BlobCondition::None => (None, None),
            BlobCondition::Absent => (None, Some(Etag::from("*"))),
            BlobCondition::Etag(etag) => (Some(Etag::from(etag)), None),
        };
        let options = BlobClientUploadOptions {
            if_match,
            if_none_match,
            ..BlobClientUploadOptions::default()
        };
        let body: Body = Bytes::from(bytes).into();
        let client = self.service.blob_client(container, blob);
        let written = client.upload(body.into(), Some(options)).await;
        let written = written.map_err(|error| conditional(container, blob, error))?;
        Ok(written.etag.map(String::from).unwrap_or_default())
    }

    /// Removes a blob.
    pub(crate) async fn remove(
        &self,
        container: &str,
        blob: &str,
        condition: BlobCondition<'_>,
    ) -> Result<(), StorageError> {
        let options = BlobClientDeleteOptions {
            if_match: match condition {
                BlobCondition::Etag(etag) => Some(Etag::from(etag)),
                BlobCondition::None | BlobCondition::Absent => None,
            },
            ..BlobClientDeleteOptions::default()
        };
        let client = self.service.blob_client(container, blob);
        let removed = client.delete(Some(options)).await;
        removed
            .map(drop)
            .map_err(|error| conditional(container, blob, error))
    }
}

/// A refusal of a conditional call: 412, and 409 for a blob that exists already.
fn conditional(container: &str, blob: &str, error: azure_core::Error) -> StorageError {
    let exists = error.to_string().contains("BlobAlreadyExists");
    match status(&error) {
        Some(412) => {}
        Some(409) if exists => {}
        _ => return failure(container, Some(blob), error),
    }
    StorageError::Condition {
        container: container.to_owned(),
        blob: blob.to_owned(),
    }
}
