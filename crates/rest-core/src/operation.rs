//! Operations that Azure Resource Manager goes on with after its answer.

use azure_core::error::ErrorKind;
use azure_core::http::Response;
use azure_core::http::headers::{HeaderName, Headers};
use azure_core::time::OffsetDateTime;
use azure_core::{Error, Result};
use serde::Deserialize;

use crate::error::clean;
use crate::retry::retry_after;
use crate::{Polled, RestClient, Wait, origin, poll};

const ASYNC_OPERATION: HeaderName = HeaderName::from_static("azure-asyncoperation");
const LOCATION: HeaderName = HeaderName::from_static("location");

/// The body behind `Azure-AsyncOperation`.
#[derive(Debug, Deserialize)]
struct Status {
    status: String,
    error: Option<serde_json::Value>,
}

impl RestClient {
    /// Waits until the operation behind `answer` has ended: any answer with `Azure-AsyncOperation`, which also stands beside
    /// the 200 or 201 of a PUT, or a 202 with `Location`; anything else has ended already.
    ///
    /// # Errors
    ///
    /// When the operation failed or was cancelled, when the limit is reached, and those of each question.
    pub async fn settle(&self, what: &str, answer: &Response<()>, wait: Wait) -> Result<()> {
        if let Some(link) = answer.headers().get_optional_str(&ASYNC_OPERATION) {
            let url = origin::follow(self.base(), link)?;
            return poll(what, wait, || async {
                self.operation_status(what, url.clone()).await
            })
            .await;
        }
        if u16::from(answer.status()) != 202 {
            return Ok(());
        }
        if let Some(link) = answer.headers().get_optional_str(&LOCATION) {
            let url = origin::follow(self.base(), link)?;
            return poll(what, wait, || async {
                let answer = self.get(url.clone()).send_empty().await?;
                Ok(if u16::from(answer.status()) == 202 {
                    pending(answer.headers())
                } else {
                    Polled::Done(())
                })
            })
            .await;
        }
        Ok(())
    }

    async fn operation_status(&self, what: &str, url: azure_core::http::Url) -> Result<Polled<()>> {
        let answer = self.get(url).send::<Status>().await?;
        let headers = answer.headers().clone();
        let operation = answer.into_model()?;
        match operation.status.to_ascii_lowercase().as_str() {
            "succeeded" => Ok(Polled::Done(())),
            "failed" | "canceled" | "cancelled" => {
                let reason = operation
                    .error
                    .map(|error| format!(": {}", clean(&error.to_string())))
                    .unwrap_or_default();
                let status = clean(&operation.status);
                Err(Error::with_message(
                    ErrorKind::Other,
                    format!("{what} ended as {status}{reason}"),
                ))
            }
            _ => Ok(pending(&headers)),
        }
    }
}

fn pending(headers: &Headers) -> Polled<()> {
    Polled::Pending(retry_after(headers, OffsetDateTime::now_utc()))
}
