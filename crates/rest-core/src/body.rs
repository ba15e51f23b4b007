//! Reads an answer's body, whole or not at all.

use azure_core::error::ErrorKind;
use azure_core::http::response::AsyncResponseBody;
use azure_core::{Bytes, Error, Result};
use futures::TryStreamExt;

/// Collects `body`; more than `limit` bytes is an error.
pub(crate) async fn collect(mut body: AsyncResponseBody, limit: usize) -> Result<Bytes> {
    let mut whole = Vec::new();
    while let Some(chunk) = body.try_next().await? {
        if whole.len() + chunk.len() > limit {
            let message = format!("the answer is larger than {limit} bytes");
            return Err(Error::with_message(ErrorKind::DataConversion, message));
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.into())
}
