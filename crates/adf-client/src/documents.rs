//! Resources as whole documents, by whatever kind: what a deployment reads and writes.

use adf_model::{FactoryError, Kind, ResourceId};
use azure_core::error::ErrorKind;
use azure_core::http::Response;
use azure_core::http::headers::{HeaderName, IF_MATCH};
use azure_core::{Error, Result};
use rest_core::{ServiceErrorExt, Wait};
use serde_json::{Map, Value};

use crate::Remote;
use crate::adapter::is_gone;

/// A document that was written.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Written {
    /// What the service answered.
    pub document: Value,
    /// The service's id of the request.
    pub request_id: Option<String>,
}

/// What the service calls a resource that it is still at work on.
const GOING: [&str; 6] = [
    "accepted",
    "creating",
    "initializing",
    "pending",
    "provisioning",
    "updating",
];

/// The service's id of a request.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-request-id");

impl Remote {
    /// Reads a document (`GET {collection}/{name}`); nothing where there is none.
    ///
    /// # Errors
    ///
    /// When the service refuses, or the factory itself does not exist.
    pub async fn document(&self, id: &ResourceId) -> Result<Option<Value>> {
        let call = self.rest().get(self.url(id).map_err(other)?);
        match call.send::<Map<String, Value>>().await {
            Ok(answer) => answer.into_model().map(|map| Some(Value::Object(map))),
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes a document as a whole (`PUT {collection}/{name}`), over the version `etag` alone where one is given and the kind
    /// has versions (`If-Match`), and waits until the service has finished what it began with it.
    ///
    /// # Errors
    ///
    /// When the service refuses, with status 412 when another version is there, and [`TimedOut`](crate::TimedOut) at the limit.
    pub async fn put_document(
        &self,
        id: &ResourceId,
        document: &Value,
        etag: Option<&str>,
        wait: Wait,
    ) -> Result<Written> {
        let call = self.rest().put(self.url(id).map_err(other)?);
        let etag = etag.filter(|_| id.kind.has_etag());
        let call = call.optional_header(IF_MATCH, etag).json(document);
        let answer = call.send::<Map<String, Value>>().await?;
        let request_id = answer.headers().get_optional_str(&REQUEST_ID);
        let request_id = request_id.map(str::to_owned);
        let settled: Response<()> = Response::from(azure_core::http::RawResponse::from_bytes(
            answer.status(),
            answer.headers().clone(),
            azure_core::Bytes::new(),
        ));
        let mut document = Value::Object(answer.into_model()?);
        let what = format!("writing the {id}");
        self.rest().settle(&what, &settled, wait).await?;
        if is_going(&document) {
            document = self.finished(id, &what, wait).await?;
        }
        Ok(Written {
            document,
            request_id,
        })
    }

    async fn finished(&self, id: &ResourceId, what: &str, wait: Wait) -> Result<Value> {
        rest_core::poll(what, wait, || async {
            let now = self.document(id).await?;
            let now = now.ok_or_else(|| {
                let gone = format!("{what}: it is gone");
                Error::with_message(ErrorKind::Other, gone)
            })?;
            Ok(match is_going(&now) {
                true => rest_core::Polled::Pending(None),
                false => rest_core::Polled::Done(now),
            })
        })
        .await
    }

    /// Deletes a document (`DELETE {collection}/{name}`); one that is not there counts as deleted.
    ///
    /// # Errors
    ///
    /// When the service refuses, or has no deletion of the kind.
    pub async fn delete_document(&self, id: &ResourceId) -> Result<()> {
        if !id.kind.can_be_deleted() || id.kind == Kind::Factory {
            let message = format!("a {} is not deleted this way", id.kind);
            return Err(Error::with_message(ErrorKind::Other, message));
        }
        match self
            .rest()
            .delete(self.url(id).map_err(other)?)
            .send_empty()
            .await
        {
            Ok(_) => Ok(()),
            Err(error) if is_gone(&error) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn is_going(document: &Value) -> bool {
    let state = document.pointer("/properties/provisioningState");
    let state = state.and_then(Value::as_str).unwrap_or_default();
    GOING.contains(&state.to_ascii_lowercase().as_str())
}

fn other(error: FactoryError) -> Error {
    Error::new(ErrorKind::Other, error)
}

/// Whether an error says that another version is there than the one that was to be replaced, or none.
#[must_use]
pub fn is_other_version(error: &Error) -> bool {
    let said = error.service_error();
    said.is_some_and(|said| u16::from(said.status) == 412)
}
