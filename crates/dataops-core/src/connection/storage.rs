//! Blob storage, as far as a solution needs it.

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use azure_core::credentials::TokenCredential;
use azure_core::error::ErrorKind;
use azure_core::http::{Body, ClientOptions, Etag};
use azure_core::time::OffsetDateTime;
use azure_core::{Bytes, Error, Result as AzureResult};
use azure_storage_blob::models::{
    BlobClientDownloadOptions, BlobClientGetPropertiesResultHeaders,
    BlobContainerClientListBlobsOptions,
};
use azure_storage_blob::stream::tokio::FileStream;
use azure_storage_blob::{BlobServiceClient, BlobServiceClientOptions};
use futures::{Stream, TryStreamExt};
use url::Url;

use super::storage_error::{StorageError, failure, status};

/// How long a silent account is listened to where nobody says.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// The most pages of a list: so many blobs are no data set that anybody reads.
const MOST_PAGES: usize = 20_000;

/// The containers of a storage account.
#[derive(Clone)]
pub struct Storage {
    pub(super) service: Arc<BlobServiceClient>,
    patience: Duration,
}

/// A blob in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlobEntry {
    /// The name, from the container's root.
    pub name: String,
    /// The size.
    pub bytes: u64,
    /// What changes with its content.
    pub etag: Option<Etag>,
    /// When it was last written.
    pub modified: Option<OffsetDateTime>,
}

impl Storage {
    pub(crate) fn new(
        url: &str,
        credential: Option<Arc<dyn TokenCredential>>,
        client_options: ClientOptions,
    ) -> AzureResult<Self> {
        let url: Url = url
            .parse()
            .map_err(|error| Error::new(azure_core::error::ErrorKind::Other, error))?;
        let options = BlobServiceClientOptions {
            client_options,
            ..BlobServiceClientOptions::default()
        };
        Ok(Self {
            service: Arc::new(BlobServiceClient::new(url, credential, Some(options))?),
            patience: PATIENCE,
        })
    }

    /// The same, listened to for another time when it is silent.
    #[must_use]
    pub(crate) fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// How long a silent account is listened to.
    pub(crate) fn patience(&self) -> Duration {
        self.patience
    }

    /// Creates a container unless it exists.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn ensure_container(&self, container: &str) -> Result<(), StorageError> {
        match self
            .service
            .blob_container_client(container)
            .create(None)
            .await
        {
            Ok(_) => Ok(()),
            Err(error) if status(&error) == Some(409) => Ok(()),
            Err(error) => Err(failure(container, None, error)),
        }
    }

    /// Uploads a file as a blob, in blocks, without reading it into memory; an existing blob is overwritten.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or the service refuses.
    pub async fn upload(
        &self,
        file: &Path,
        container: &str,
        blob: &str,
    ) -> Result<(), StorageError> {
        let unreadable = |source| StorageError::File {
            path: file.to_owned(),
            source,
        };
        let opened = tokio::fs::File::open(file).await.map_err(unreadable)?;
        let fail = |error| failure(container, Some(blob), error);
        let body: Body = FileStream::builder(opened)
            .build()
            .await
            .map_err(fail)?
            .into();
        let client = self.service.blob_client(container, blob);
        client.upload(body.into(), None).await.map_err(fail)?;
        Ok(())
    }

    /// The blobs below a prefix, ordered by name.
    ///
    /// # Errors
    ///
    /// When the container does not exist or the service refuses.
    pub async fn list(
        &self,
        container: &str,
        prefix: &str,
    ) -> Result<Vec<BlobEntry>, StorageError> {
        let fail = |error| failure(container, None, error);
        let options = BlobContainerClientListBlobsOptions {
            prefix: Some(prefix.to_owned()),
            ..BlobContainerClientListBlobsOptions::default()
        };
        let pager = self
            .service
            .blob_container_client(container)
            .list_blobs(Some(options))
            .map_err(fail)?;
        let mut pages = pager.into_pages();
        let (mut items, mut seen) = (Vec::new(), HashSet::new());
        while let Some(page) = pages.try_next().await.map_err(fail)? {
            let page = page.into_model().map_err(fail)?;
            items.extend(page.blob_items);
            let Some(marker) = page.next_marker.filter(|marker| !marker.is_empty()) else {
                break;
            };
            if !seen.insert(marker) || seen.len() > MOST_PAGES {
                return Err(fail(endless(seen.len() + 1)));
            }
        }
        let entry = |item: azure_storage_blob::models::BlobItem| {
            let properties = item.properties.unwrap_or_default();
            Some(BlobEntry {
                name: item.name?,
                bytes: properties.content_length.unwrap_or_default(),
                etag: properties.etag.map(|tag| quoted(tag.as_ref())),
                modified: properties.last_modified,
            })
        };
        Ok(items.into_iter().filter_map(entry).collect())
    }

    /// A blob as it stands in a list; `None` where there is none.
    ///
    /// # Errors
    ///
    /// When the container does not exist or the service refuses.
    pub async fn find(
        &self,
        container: &str,
        blob: &str,
    ) -> Result<Option<BlobEntry>, StorageError> {
        let client = self.service.blob_client(container, blob);
        let found = match client.get_properties(None).await {
            Ok(found) => found,
            // An answer to HEAD has no body that says what is missing.
            Err(error) if status(&error) == Some(404) => return Ok(None),
            Err(error) => return Err(failure(container, Some(blob), error)),
        };
        let fail = |error| failure(container, Some(blob), error);
        Ok(Some(BlobEntry {
            name: blob.to_owned(),
            bytes: found.content_length().map_err(fail)?.unwrap_or_default(),
            etag: found.etag().map_err(fail)?,
            modified: found.last_modified().map_err(fail)?,
        }))
    }

    /// Bytes of a blob, of the version that was listed.
    ///
    /// # Errors
    ///
    /// When the blob does not exist or was written anew, or the service refuses.
    pub async fn read_range(
        &self,
        container: &str,
        entry: &BlobEntry,
        range: Range<u64>,
    ) -> Result<Bytes, StorageError> {
        let blob = entry.name.as_str();
        let wanted = range.end.saturating_sub(range.start);
        let fail = |error| match status(&error) {
            Some(412) => StorageError::Condition {
                container: container.to_owned(),
                blob: blob.to_owned(),
            },
            _ => failure(container, Some(blob), error),
        };
        let options = BlobClientDownloadOptions {
            range: Some(range.into()),
            if_match: entry.etag.clone(),
            ..BlobClientDownloadOptions::default()
        };
        let client = self.service.blob_client(container, blob);
        let download = client.download(Some(options)).await.map_err(fail)?;
        let chunks: Vec<Bytes> = download.body.try_collect().await.map_err(fail)?;
        let bytes: Bytes = match chunks.as_slice() {
            [whole] => whole.clone(),
            chunks => chunks.concat().into(),
        };
        let read = bytes.len() as u64;
        if read != wanted {
            let message = format!("{read} bytes came of the {wanted} that were asked for");
            return Err(fail(Error::with_message(
                ErrorKind::DataConversion,
                message,
            )));
        }
        Ok(bytes)
    }

    /// A blob's content.
    ///
    /// # Errors
    ///
    /// When the blob does not exist or the service refuses; so may each chunk.
    pub async fn open(
        &self,
        container: &str,
        blob: &str,
    ) -> Result<impl Stream<Item = AzureResult<Bytes>> + Send + Unpin + use<>, StorageError> {
        let client = self.service.blob_client(container, blob);
        let download = client
            .download(None)
            .await
            .map_err(|error| failure(container, Some(blob), error))?;
        Ok(download.body)
    }
}

impl std::fmt::Debug for Storage {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Storage")
            .field("url", &self.service.url().as_str())
            .finish()
    }
}

fn endless(pages: usize) -> Error {
    let message =
        format!("the list of blobs has no end: after {pages} pages it begins again, or goes on");
    Error::with_message(ErrorKind::DataConversion, message)
}

/// An entity tag as conditions take it: lists have it without quotes, headers with them.
fn quoted(tag: &str) -> Etag {
    match tag.starts_with('"') || tag.starts_with("W/") {
        true => tag.to_owned().into(),
        false => format!("\"{tag}\"").into(),
    }
}
