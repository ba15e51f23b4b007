//! Blob storage, as far as a solution needs it.

use std::ops::Range;
use std::path::{Path, PathBuf};
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

/// How long a silent account is listened to where nobody says.
const PATIENCE: Duration = Duration::from_secs(60);

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

/// A container or blob could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// The container does not exist.
    #[error("container `{container}` does not exist in the storage account")]
    NoContainer {
        /// The container.
        container: String,
    },
    /// The blob does not exist.
    #[error("blob `{blob}` does not exist in container `{container}`")]
    NoBlob {
        /// The container.
        container: String,
        /// The blob.
        blob: String,
    },
    /// Another blob is there than the caller has seen, or none.
    #[error("blob `{blob}` in container `{container}` was written by somebody else meanwhile")]
    Condition {
        /// The container.
        container: String,
        /// The blob.
        blob: String,
    },
    /// A file on this machine cannot be read.
    #[error("{}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The service refused, or did not answer.
    #[error("container `{container}`{}", blob.as_ref().map(|blob| format!(", blob `{blob}`")).unwrap_or_default())]
    Service {
        /// The container.
        container: String,
        /// The blob.
        blob: Option<String>,
        /// Why.
        #[source]
        source: Error,
    },
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
        let items: Vec<_> = pager.try_collect().await.map_err(fail)?;
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
        Ok(match chunks.as_slice() {
            [whole] => whole.clone(),
            chunks => chunks.concat().into(),
        })
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

/// An entity tag as conditions take it: lists have it without quotes, headers with them.
fn quoted(tag: &str) -> Etag {
    match tag.starts_with('"') || tag.starts_with("W/") {
        true => tag.to_owned().into(),
        false => format!("\"{tag}\"").into(),
    }
}

pub(super) fn status(error: &Error) -> Option<u16> {
    error.http_status().map(u16::from)
}

pub(super) fn failure(container: &str, blob: Option<&str>, source: Error) -> StorageError {
    let container = container.to_owned();
    if status(&source) == Some(404) {
        let text = source.to_string();
        return match blob {
            Some(blob) if !text.contains("ContainerNotFound") => StorageError::NoBlob {
                container,
                blob: blob.to_owned(),
            },
            _ => StorageError::NoContainer { container },
        };
    }
    StorageError::Service {
        container,
        blob: blob.map(str::to_owned),
        source: readable(source),
    }
}

/// The refusal in one line; its body is XML.
fn readable(source: Error) -> Error {
    let kind = source.kind().clone();
    if !matches!(kind, ErrorKind::HttpResponse { .. }) {
        return source;
    }
    match azure_storage_blob::StorageError::try_from(source) {
        Ok(refusal) => {
            let code = refusal
                .error_code
                .map(|code| format!(" {}", code.as_ref()))
                .unwrap_or_default();
            let said = refusal.message.unwrap_or_default();
            let said = said.lines().next().unwrap_or_default();
            let id = refusal
                .request_id
                .map(|id| format!(" (request id {id})"))
                .unwrap_or_default();
            let status = u16::from(refusal.status_code);
            Error::with_message(
                kind,
                format!("the Blob service answered {status}{code}: {said}{id}"),
            )
        }
        Err(other) => other,
    }
}
