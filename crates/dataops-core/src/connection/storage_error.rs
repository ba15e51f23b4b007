//! What the account says when it refuses, in one line and without what signs in.

use std::path::PathBuf;

use azure_core::Error;
use azure_core::error::ErrorKind;
use rest_core::clean;

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
    let ErrorKind::HttpResponse {
        status,
        raw_response: Some(_),
        ..
    } = &kind
    else {
        return source;
    };
    let status = *status;
    match azure_storage_blob::StorageError::try_from(source) {
        Ok(refusal) => {
            let code = refusal
                .error_code
                .map(|code| format!(" {}", code.as_ref()))
                .unwrap_or_default();
            let said = refusal.message.unwrap_or_default();
            let said = clean(said.lines().next().unwrap_or_default());
            let id = refusal
                .request_id
                .map(|id| format!(" (request id {id})"))
                .unwrap_or_default();
            let status = u16::from(status);
            Error::with_message(
                kind,
                format!("the Blob service answered {status}{code}: {said}{id}"),
            )
        }
        // What is no XML comes from somebody before the service, such as a proxy.
        Err(_) => {
            let reason = status.canonical_reason();
            let message = format!(
                "{} {reason}, and not from the Blob service",
                u16::from(status)
            );
            Error::with_message(kind, message)
        }
    }
}
