//! The Databricks file system (REST: DBFS 2.0). Databricks advises volumes in its place, see [`crate::Files`].

mod transfer;

use azure_core::Result;
use azure_core::http::{ClientMethodOptions, Response};
use azure_core::sleep::sleep;
use azure_core::time::Duration;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::wire;
use crate::{ApiError, DatabricksError, WorkspaceClient};

/// The most bytes of one block, of one read and of a [`Dbfs::put`]: 1 MiB, before base64.
pub(crate) const MAX_BLOCK_BYTES: usize = 1 << 20;

/// How often a deletion that the service did in part is taken up again. Each time takes the service most of a minute.
const MOST_DELETIONS: u32 = 1_000;

/// The longest pause between two of them, whatever the service asks for.
const LONGEST_PAUSE: Duration = Duration::MINUTE;

/// The Databricks file system: its root, and mounts below `/mnt`. Paths have no scheme, such as `/mnt/input/claims.csv`.
#[derive(Clone, Copy, Debug)]
pub struct Dbfs<'c> {
    pub(crate) client: &'c WorkspaceClient,
}

/// A file or folder.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct DbfsEntry {
    /// Its path.
    pub path: String,
    /// Whether it is a folder.
    #[serde(default)]
    pub is_dir: bool,
    /// Its size in bytes.
    #[serde(default)]
    pub file_size: u64,
    /// When it was modified, in milliseconds since the epoch.
    pub modification_time: Option<i64>,
}

/// What is in a folder.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct DbfsEntries {
    /// The files and folders; none in an empty folder.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub files: Vec<DbfsEntry>,
}

/// A part of a file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct DbfsBlock {
    /// How many bytes were read; 0 beyond the end.
    pub bytes_read: u64,
    /// The bytes, decoded.
    #[serde(deserialize_with = "wire::bytes_from_base64")]
    pub data: Vec<u8>,
}

/// A file that is being written; the service forgets it after ten idle minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DbfsHandle {
    /// Its number.
    pub handle: i64,
}

#[derive(Serialize)]
struct Put<'a> {
    path: &'a str,
    overwrite: bool,
    #[serde(serialize_with = "wire::bytes_to_base64")]
    contents: &'a [u8],
}

#[derive(Serialize)]
struct Block<'a> {
    handle: i64,
    #[serde(serialize_with = "wire::bytes_to_base64")]
    data: &'a [u8],
}

fn check_size(operation: &'static str, path: &str, bytes: usize) -> Result<()> {
    if bytes <= MAX_BLOCK_BYTES {
        return Ok(());
    }
    let (path, bytes, limit) = (path.to_owned(), bytes as u64, MAX_BLOCK_BYTES as u64);
    Err(DatabricksError::TooLarge {
        operation,
        path,
        bytes,
        limit,
    }
    .into_error())
}

/// The pause before a deletion is taken up again.
fn pause_of(asked: Option<std::time::Duration>) -> Duration {
    let asked = asked.map_or(Ok(Duration::SECOND), Duration::try_from);
    asked.unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE)
}

impl Dbfs<'_> {
    /// Writes a small file, up to 1 MiB: `POST /api/2.0/dbfs/put`. Larger ones are for [`Dbfs::upload`].
    ///
    /// # Errors
    ///
    /// [`DatabricksError::TooLarge`] before anything is sent, and those of the service.
    pub async fn put(
        &self,
        path: &str,
        contents: &[u8],
        overwrite: bool,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        check_size("a put", path, contents.len())?;
        let options = options.unwrap_or_default();
        let call = self
            .client
            .post(
                "2.0/dbfs/put",
                &Put {
                    path,
                    overwrite,
                    contents,
                },
            )
            .context(&options.context);
        let call = if overwrite { call.repeatable() } else { call };
        call.send_empty().await
    }

    /// Begins a file, with its parent folders: `POST /api/2.0/dbfs/create`.
    pub async fn create(
        &self,
        path: &str,
        overwrite: bool,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<DbfsHandle>> {
        let options = options.unwrap_or_default();
        self.client
            .post(
                "2.0/dbfs/create",
                &json!({ "path": path, "overwrite": overwrite }),
            )
            .context(&options.context)
            .send()
            .await
    }

    /// Appends up to 1 MiB to a file that was begun: `POST /api/2.0/dbfs/add-block`. Not repeated when the answer is lost:
    /// the block may be there.
    ///
    /// # Errors
    ///
    /// [`DatabricksError::TooLarge`] before anything is sent, and those of the service.
    pub async fn add_block(
        &self,
        handle: DbfsHandle,
        data: &[u8],
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        check_size("a block", "the block", data.len())?;
        let options = options.unwrap_or_default();
        let block = Block {
            handle: handle.handle,
            data,
        };
        self.client
            .post("2.0/dbfs/add-block", &block)
            .context(&options.context)
            .send_empty()
            .await
    }

    /// Ends a file that was begun: `POST /api/2.0/dbfs/close`.
    pub async fn close(
        &self,
        handle: DbfsHandle,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .post("2.0/dbfs/close", &json!({ "handle": handle.handle }))
            .context(&options.context)
            .send_empty()
            .await
    }

    /// Reads up to `length` bytes, at most 1 MiB, from `offset`: `GET /api/2.0/dbfs/read`.
    pub async fn read(
        &self,
        path: &str,
        offset: u64,
        length: u64,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<DbfsBlock>> {
        let options = options.unwrap_or_default();
        self.client
            .get("2.0/dbfs/read")
            .query("path", Some(path))
            .query("offset", Some(offset))
            .query("length", Some(length))
            .context(&options.context)
            .send()
            .await
    }

    /// What is in the folder `path`; a file lists itself: `GET /api/2.0/dbfs/list`.
    pub async fn list(
        &self,
        path: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<DbfsEntries>> {
        let options = options.unwrap_or_default();
        self.client
            .get("2.0/dbfs/list")
            .query("path", Some(path))
            .context(&options.context)
            .send()
            .await
    }

    /// What is at `path`: `GET /api/2.0/dbfs/get-status`.
    pub async fn get_status(
        &self,
        path: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<DbfsEntry>> {
        let options = options.unwrap_or_default();
        self.client
            .get("2.0/dbfs/get-status")
            .query("path", Some(path))
            .context(&options.context)
            .send()
            .await
    }

    /// Makes the folder `path` and its parents: `POST /api/2.0/dbfs/mkdirs`. An existing folder is fine.
    pub async fn mkdirs(
        &self,
        path: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .post("2.0/dbfs/mkdirs", &json!({ "path": path }))
            .context(&options.context)
            .repeatable()
            .send_empty()
            .await
    }

    /// Moves a file or folder; nothing may be at the destination: `POST /api/2.0/dbfs/move`.
    pub async fn rename(
        &self,
        source: &str,
        destination: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.client
            .post(
                "2.0/dbfs/move",
                &json!({ "source_path": source, "destination_path": destination }),
            )
            .context(&options.context)
            .send_empty()
            .await
    }

    /// Deletes what is at `path`, with `recursive` also a folder that is not empty: `POST /api/2.0/dbfs/delete`. Nothing there
    /// is fine. The service deletes a large tree in parts (503 `PARTIAL_DELETE`); this goes on until it is gone.
    pub async fn delete(
        &self,
        path: &str,
        recursive: bool,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        let body = json!({ "path": path, "recursive": recursive });
        let mut deletions = 0;
        loop {
            let call = self
                .client
                .post("2.0/dbfs/delete", &body)
                .context(&options.context)
                .repeatable();
            let error = match call.send_empty().await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            deletions += 1;
            let refusal =
                ApiError::of(&error).map(|refusal| (refusal.code.clone(), refusal.retry_after));
            let pause = match refusal {
                Some((Some(code), pause))
                    if code == "PARTIAL_DELETE" && deletions < MOST_DELETIONS =>
                {
                    pause
                }
                _ => return Err(error),
            };
            let pause = pause_of(pause);
            if pause.is_positive() {
                sleep(pause).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pause_between_deletions_is_longer_than_a_minute() {
        let of = |seconds| pause_of(Some(std::time::Duration::from_secs(seconds)));

        assert_eq!(pause_of(None), Duration::SECOND);
        assert_eq!((of(0), of(5)), (Duration::ZERO, Duration::seconds(5)));
        assert_eq!(
            (of(86_400), of(u64::MAX)),
            (Duration::MINUTE, Duration::MINUTE)
        );
    }
}
