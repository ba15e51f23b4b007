//! Receiving a body into a file: streamed, counted, checked, never whole in memory.

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::StreamExt as _;
use md5::{Digest, Md5};
use tempfile::TempPath;
use tokio::io::AsyncWriteExt as _;

use super::disk::Disk;
use super::failure::Failure;
use super::request::Call;

/// The most that one request may upload, in bytes (`Put Blob`).
const LARGEST: u64 = 5000 << 20;

/// A received body.
pub(super) struct Received {
    pub(super) draft: TempPath,
    /// Base64, as in `Content-MD5`.
    pub(super) md5: String,
}

/// Writes the body into a draft.
pub(super) async fn receive(disk: &Disk, call: &Call, body: Body) -> Result<Received, Failure> {
    let wanted = match call.header("content-md5") {
        None => None,
        Some(text) => Some(
            STANDARD
                .decode(text)
                .ok()
                .filter(|bytes| bytes.len() == 16)
                .ok_or(Failure::InvalidMd5)?,
        ),
    };
    let announced = call
        .header("content-length")
        .and_then(|text| text.parse::<u64>().ok());
    if announced.is_some_and(|announced| announced > LARGEST) {
        return Err(Failure::RequestBodyTooLarge(LARGEST));
    }
    let (file, draft) = disk.draft()?;
    let mut file = tokio::fs::File::from_std(file);
    let mut digest = Md5::new();
    let mut bytes = 0_u64;
    let mut stream = body.into_data_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| Failure::Incomplete(error.to_string()))?;
        bytes += chunk.len() as u64;
        if bytes > LARGEST {
            return Err(Failure::RequestBodyTooLarge(LARGEST));
        }
        digest.update(&chunk);
        file.write_all(&chunk).await?;
    }
    file.flush().await?;
    if announced.is_some_and(|announced| announced != bytes) {
        return Err(Failure::Incomplete(format!("{bytes} bytes arrived")));
    }
    let md5 = digest.finalize();
    if wanted.is_some_and(|wanted| wanted != md5.as_slice()) {
        return Err(Failure::Md5Mismatch);
    }
    Ok(Received {
        draft,
        md5: STANDARD.encode(md5),
    })
}
