//! Operations that Azure Resource Manager goes on with after its answer.

use azure_core::error::ErrorKind;
use azure_core::http::headers::{HeaderName, Headers};
use azure_core::http::{Response, Url};
use azure_core::time::OffsetDateTime;
use azure_core::{Error, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::retry::retry_after;
use crate::{OperationError, Polled, RestClient, Wait, origin, poll};

const ASYNC_OPERATION: HeaderName = HeaderName::from_static("azure-asyncoperation");
const LOCATION: HeaderName = HeaderName::from_static("location");

/// The body behind `Azure-AsyncOperation`.
#[derive(Debug, Deserialize)]
struct Status {
    status: String,
}

impl RestClient {
    /// Waits until the operation behind `answer` has ended: any answer with `Azure-AsyncOperation`, which also stands beside
    /// the 200 or 201 of a PUT, or a 202 with `Location`; anything else has ended already.
    ///
    /// # Errors
    ///
    /// [`OperationError`] inside the error when the operation failed or was cancelled; when the limit is reached, and those of each question.
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
                    later(answer.headers())
                } else {
                    Polled::Done(())
                })
            })
            .await;
        }
        Ok(())
    }

    /// Waits for the result that an operation leaves behind its `Location`: of an answer of 202, the body that is there in the end; of
    /// any other, its own body.
    ///
    /// # Errors
    ///
    /// When the operation failed, when the limit is reached, when the result is not a `T`, and those of each question.
    pub async fn result<T: DeserializeOwned>(
        &self,
        what: &str,
        answer: Response<()>,
        wait: Wait,
    ) -> Result<T> {
        if u16::from(answer.status()) != 202 {
            return read(what, &answer);
        }
        let Some(link) = answer.headers().get_optional_str(&LOCATION) else {
            let message = format!("{what} goes on, and the service does not say where");
            return Err(Error::with_message(ErrorKind::DataConversion, message));
        };
        let url = self.link(link)?;
        let ended = poll(what, wait, || async {
            let answer = self.get(url.clone()).send_empty().await?;
            Ok(match u16::from(answer.status()) {
                202 => later(answer.headers()),
                _ => Polled::Done(answer),
            })
        });
        read(what, &ended.await?)
    }

    /// The URL of a link that the service sent, which must stay with the endpoint.
    ///
    /// # Errors
    ///
    /// When it leads elsewhere, or nowhere.
    pub fn link(&self, link: &str) -> Result<Url> {
        origin::follow(self.base(), link)
    }

    async fn operation_status(&self, what: &str, url: Url) -> Result<Polled<()>> {
        let answer = self.get(url).send::<Status>().await?;
        let (headers, body) = (answer.headers().clone(), answer.body().clone());
        let operation = answer.into_model()?;
        match operation.status.to_ascii_lowercase().as_str() {
            "succeeded" => Ok(Polled::Done(())),
            "failed" | "canceled" | "cancelled" => {
                let error = OperationError::read(what, &operation.status, &body, &headers);
                Err(Error::new(ErrorKind::Other, error))
            }
            _ => Ok(later(&headers)),
        }
    }
}

fn later<T>(headers: &Headers) -> Polled<T> {
    Polled::Pending(retry_after(headers, OffsetDateTime::now_utc()))
}

fn read<T: DeserializeOwned>(what: &str, answer: &Response<()>) -> Result<T> {
    serde_json::from_slice(answer.body()).map_err(|error| {
        let message = format!("the result of {what} cannot be read");
        Error::with_error(ErrorKind::DataConversion, error, message)
    })
}
