//! How calls of Blob storage are repeated, and when they are given up.
//!
//! azure_core's own repetition follows any `Retry-After`, repeats nothing whose body breaks, and listens for ever to a service that sends
//! a byte now and then.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use azure_core::error::ErrorKind;
use azure_core::http::headers::Headers;
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::response::AsyncResponseBody;
use azure_core::http::{AsyncRawResponse, Context, Request, StatusCode};
use azure_core::time::OffsetDateTime;
use azure_core::{Bytes, Error, Result};
use futures::StreamExt;
use rest_core::{Retry, retry_after};
use tokio::time::{Instant, sleep, timeout};

use super::answer::Asked;

/// What is slower in bytes per second than this, on the whole, is a service that does not answer.
const SLOWEST: u64 = 16 << 10;

/// The policy under which each call is made, bodies included: they are read here, so that one that breaks is asked for again.
#[derive(Clone, Debug)]
pub(super) struct Calls {
    /// When and how often.
    pub(super) retry: Retry,
    /// How long a silent account is listened to.
    pub(super) patience: Duration,
}

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait is declared so, and they must be alike"
)]
#[async_trait]
impl Policy for Calls {
    async fn send(
        &self,
        context: &Context,
        request: &mut Request,
        next: &[Arc<dyn Policy>],
    ) -> PolicyResult {
        let started = Instant::now();
        let mut made = 0;
        loop {
            if made > 0 {
                request.body_mut().reset().await?;
            }
            made += 1;
            let answer = self.once(context, request, next).await;
            let asked = match &answer {
                Ok(answer) if passes(answer.status()) => {
                    retry_after(answer.headers(), OffsetDateTime::now_utc())
                }
                Err(error) if matches!(error.kind(), ErrorKind::Io | ErrorKind::Connection) => None,
                _ => return answer,
            };
            let pause = asked.unwrap_or_else(|| self.retry.pause(made));
            if made >= self.retry.max_attempts {
                return answer.map_err(|error| after(error, made));
            }
            if started.elapsed().saturating_add(pause) > self.retry.max_elapsed {
                return match (answer, asked) {
                    (Ok(answer), Some(asked)) => Err(self.too_long(&answer, asked)),
                    (answer, _) => answer.map_err(|error| after(error, made)),
                };
            }
            sleep(pause).await;
        }
    }
}

impl Calls {
    /// Makes a call, and reads its answer to the end.
    async fn once(
        &self,
        context: &Context<'_>,
        request: &mut Request,
        next: &[Arc<dyn Policy>],
    ) -> PolicyResult {
        let asked = Asked::of(request);
        let sent = request.body().len().unwrap_or_default();
        let limit = self.patience.saturating_add(time_of(sent));
        let Some((policy, rest)) = next.split_first() else {
            let message = "there is nothing that sends requests";
            return Err(Error::with_message(ErrorKind::Other, message));
        };
        let answer = timeout(limit, policy.send(context, request, rest)).await;
        let (status, headers, body) = answer.map_err(|_| silent(limit))??.deconstruct();
        let length = asked.length(status, &headers)?;
        let body = self.read(body, *length.end()).await?;
        if (body.len() as u64) < *length.start() {
            let message = format!(
                "the answer ends after {} of {} bytes",
                body.len(),
                length.start()
            );
            return Err(Error::with_message(ErrorKind::Io, message));
        }
        Ok(AsyncRawResponse::from_bytes(status, headers, body))
    }

    /// A body of no more bytes than that, none of which may be waited for longer than the slowest connection takes.
    async fn read(&self, mut body: AsyncResponseBody, most: u64) -> Result<Bytes> {
        let begun = Instant::now();
        let mut chunks: Vec<Bytes> = Vec::new();
        let mut length = 0;
        loop {
            let limit = self.patience.saturating_add(time_of(length));
            let chunk = timeout(limit.saturating_sub(begun.elapsed()), body.next());
            let Some(chunk) = chunk.await.map_err(|_| slow(length))? else {
                break;
            };
            let chunk = chunk.map_err(broken)?;
            length += chunk.len() as u64;
            if length > most {
                let message =
                    format!("the answer has more than the {most} bytes that it should have");
                return Err(Error::with_message(ErrorKind::DataConversion, message));
            }
            chunks.push(chunk);
        }
        Ok(match chunks.as_slice() {
            [whole] => whole.clone(),
            chunks => chunks.concat().into(),
        })
    }

    fn too_long(&self, answer: &AsyncRawResponse, asked: Duration) -> Error {
        let status = answer.status();
        let kind = ErrorKind::HttpResponse {
            status,
            error_code: code(answer.headers()),
            raw_response: None,
        };
        let message = format!(
            "the Blob service answered {}, and asks to wait {} s, longer than the {} s that it is waited for",
            u16::from(status),
            asked.as_secs(),
            self.retry.max_elapsed.as_secs(),
        );
        Error::with_message(kind, message)
    }
}

/// Whether an answer may be another one later.
fn passes(status: StatusCode) -> bool {
    matches!(u16::from(status), 408 | 429 | 500 | 502 | 503 | 504)
}

fn time_of(bytes: u64) -> Duration {
    Duration::from_secs(bytes / SLOWEST)
}

fn code(headers: &Headers) -> Option<String> {
    let code = headers.get_optional_str(&"x-ms-error-code".into());
    code.map(str::to_owned)
}

fn silent(limit: Duration) -> Error {
    let message = format!("no answer within {} s", limit.as_secs());
    Error::with_message(ErrorKind::Io, message)
}

fn slow(length: u64) -> Error {
    let message = format!("the answer stands still, or is too slow, after {length} bytes");
    Error::with_message(ErrorKind::Io, message)
}

/// An answer that ends before its end, however the transport calls it.
fn broken(error: Error) -> Error {
    Error::new(ErrorKind::Io, error)
}

fn after(error: Error, made: u32) -> Error {
    match made {
        1 => error,
        _ => {
            let message = format!("the Blob service did not answer in {made} attempts");
            error.with_context(message)
        }
    }
}

#[cfg(test)]
mod tests;
