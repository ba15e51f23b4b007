//! Files in Unity Catalog volumes (REST: Files 2.0).

use azure_core::Result;
use azure_core::http::headers::{CONTENT_LENGTH, CONTENT_TYPE, Headers, LAST_MODIFIED};
use azure_core::http::pager::PagerOptions;
use azure_core::http::request::Body;
use azure_core::http::response::AsyncResponseBody;
use azure_core::http::{ClientMethodOptions, Pager, Response, Url};
use serde::Deserialize;

use crate::page::token_page;
use crate::{DatabricksError, WorkspaceClient};

/// Files in volumes. Paths are absolute, such as `/Volumes/catalog/schema/volume/claims.csv`.
#[derive(Clone, Copy, Debug)]
pub struct Files<'c> {
    pub(crate) client: &'c WorkspaceClient,
}

/// Options for [`Files::upload`].
#[derive(Clone, Debug, Default)]
pub struct FileUploadOptions<'a> {
    /// Replaces an existing file. Only then is the upload repeated after a lost answer.
    pub overwrite: bool,
    /// The method's context.
    pub method_options: ClientMethodOptions<'a>,
}

/// Options for [`Files::download`].
#[derive(Clone, Debug, Default)]
pub struct FileDownloadOptions<'a> {
    /// Only the bytes from this one on.
    pub offset: Option<u64>,
    /// Only so many bytes.
    pub length: Option<u64>,
    /// The method's context.
    pub method_options: ClientMethodOptions<'a>,
}

/// What the service says about a file beside its content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileMetadata {
    /// Its size in bytes; of a part, the size of that part.
    pub content_length: Option<u64>,
    /// Its media type.
    pub content_type: Option<String>,
    /// When it was modified, as an HTTP date.
    pub last_modified: Option<String>,
}

/// A file on its way here.
#[derive(Debug)]
#[non_exhaustive]
pub struct Download {
    /// What the service says about it.
    pub metadata: FileMetadata,
    /// Its content, a stream of bytes without a limit on its size.
    pub body: AsyncResponseBody,
}

/// A file or folder in a folder.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct DirectoryEntry {
    /// Its absolute path.
    pub path: String,
    /// The last part of its path.
    pub name: Option<String>,
    /// Whether it is a folder.
    #[serde(default)]
    pub is_directory: bool,
    /// The size of a file in bytes.
    pub file_size: Option<u64>,
    /// When a file was modified, in milliseconds since the epoch.
    pub last_modified: Option<i64>,
}

token_page!(
    /// A page of what is in a folder.
    DirectoryList,
    /// The files and folders.
    contents: DirectoryEntry
);

impl FileMetadata {
    fn of(headers: &Headers) -> Self {
        Self {
            content_length: headers
                .get_optional_str(&CONTENT_LENGTH)
                .and_then(|text| text.parse().ok()),
            content_type: headers.get_optional_str(&CONTENT_TYPE).map(str::to_owned),
            last_modified: headers.get_optional_str(&LAST_MODIFIED).map(str::to_owned),
        }
    }

    /// Whether a web page came for something that is none.
    fn is_page_for(&self, path: &str) -> bool {
        let page = self
            .content_type
            .as_deref()
            .is_some_and(|kind| kind.starts_with("text/html"));
        let name = path.to_ascii_lowercase();
        page && !name.ends_with(".html") && !name.ends_with(".htm")
    }
}

impl Files<'_> {
    /// Writes a file from bytes or a stream, up to 5 GiB: `PUT /api/2.0/fs/files{path}`.
    ///
    /// # Errors
    ///
    /// [`crate::ApiErrorKind::Conflict`] when the file exists and `overwrite` is not set; [`DatabricksError::Path`] before
    /// anything is sent.
    pub async fn upload(
        &self,
        path: &str,
        content: impl Into<Body>,
        options: Option<FileUploadOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        let call = self
            .client
            .rest()
            .put(self.url("files", path)?)
            .query("overwrite", Some(options.overwrite))
            .body("application/octet-stream", content)
            .context(&options.method_options.context);
        let call = if options.overwrite { call } else { call.once() };
        call.send_empty().await
    }

    /// Reads a file as a stream: `GET /api/2.0/fs/files{path}`.
    ///
    /// # Errors
    ///
    /// [`DatabricksError::PageInPlaceOfFile`] when a sign-in page came in its place, and those of the service.
    pub async fn download(
        &self,
        path: &str,
        options: Option<FileDownloadOptions<'_>>,
    ) -> Result<Download> {
        let options = options.unwrap_or_default();
        let range = range(options.offset, options.length);
        let call = self
            .client
            .rest()
            .get(self.url("files", path)?)
            .header("accept", "*/*")
            .optional_header("range", range.as_deref())
            .context(&options.method_options.context);
        let (headers, body) = call.send_stream().await?;
        let metadata = FileMetadata::of(&headers);
        if metadata.is_page_for(path) {
            return Err(DatabricksError::PageInPlaceOfFile {
                path: path.to_owned(),
            }
            .into_error());
        }
        Ok(Download { metadata, body })
    }

    /// What the service says about a file: `HEAD /api/2.0/fs/files{path}`.
    ///
    /// # Errors
    ///
    /// As [`Files::download`].
    pub async fn metadata(
        &self,
        path: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<FileMetadata> {
        let options = options.unwrap_or_default();
        let call = self
            .client
            .rest()
            .head(self.url("files", path)?)
            .header("accept", "*/*")
            .context(&options.context);
        let (headers, _) = call.send_stream().await?;
        let metadata = FileMetadata::of(&headers);
        if metadata.is_page_for(path) {
            return Err(DatabricksError::PageInPlaceOfFile {
                path: path.to_owned(),
            }
            .into_error());
        }
        Ok(metadata)
    }

    /// Deletes a file: `DELETE /api/2.0/fs/files{path}`.
    pub async fn delete(
        &self,
        path: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .rest()
            .delete(self.url("files", path)?)
            .context(&options.context)
            .send_empty()
            .await
    }

    /// Lists a folder: `GET /api/2.0/fs/directories{path}`.
    ///
    /// # Errors
    ///
    /// [`DatabricksError::Path`]; the pager yields those of the service.
    pub fn list(
        &self,
        path: &str,
        options: Option<PagerOptions<'static>>,
    ) -> Result<Pager<DirectoryList>> {
        Ok(self
            .client
            .rest()
            .list(self.url("directories", path)?, options))
    }

    /// Makes a folder and its parents: `PUT /api/2.0/fs/directories{path}`. An existing folder is fine.
    pub async fn create_directory(
        &self,
        path: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .rest()
            .put(self.url("directories", path)?)
            .context(&options.context)
            .send_empty()
            .await
    }

    /// Whether a folder exists: `HEAD /api/2.0/fs/directories{path}` succeeds.
    ///
    /// # Errors
    ///
    /// [`crate::ApiErrorKind::NotFound`] when it does not, and the other ones of the service.
    pub async fn directory_metadata(
        &self,
        path: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .rest()
            .head(self.url("directories", path)?)
            .context(&options.context)
            .send_empty()
            .await
    }

    /// Deletes an empty folder: `DELETE /api/2.0/fs/directories{path}`.
    pub async fn delete_directory(
        &self,
        path: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .rest()
            .delete(self.url("directories", path)?)
            .context(&options.context)
            .send_empty()
            .await
    }

    /// The URL of a path; its segments are encoded, and none may change what the others mean.
    fn url(&self, kind: &'static str, path: &str) -> Result<Url> {
        let refuse = |reason| {
            DatabricksError::Path {
                path: path.to_owned(),
                reason,
            }
            .into_error()
        };
        let inner = path
            .strip_prefix('/')
            .ok_or_else(|| refuse("it must start with `/`"))?;
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        if inner
            .split('/')
            .any(|segment| matches!(segment, "" | "." | ".."))
        {
            return Err(refuse("it must not be empty or hold `//`, `.` or `..`"));
        }
        self.client.at_names(
            if kind == "files" {
                "2.0/fs/files"
            } else {
                "2.0/fs/directories"
            },
            inner.split('/'),
        )
    }
}

/// A `Range` header.
fn range(offset: Option<u64>, length: Option<u64>) -> Option<String> {
    match (offset, length) {
        (None, None) => None,
        (offset, None) => Some(format!("bytes={}-", offset.unwrap_or_default())),
        (offset, Some(length)) => {
            let first = offset.unwrap_or_default();
            Some(format!(
                "bytes={first}-{}",
                first.saturating_add(length).saturating_sub(1)
            ))
        }
    }
}
