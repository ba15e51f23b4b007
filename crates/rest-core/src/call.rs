//! One request, from its URL to a checked answer.

use std::time::{Duration, Instant};

use azure_core::error::ErrorKind;
use azure_core::http::headers::{
    ACCEPT, CLIENT_REQUEST_ID, CONTENT_TYPE, HeaderName, HeaderValue, Headers,
};
use azure_core::http::request::Body;
use azure_core::http::response::AsyncResponseBody;
use azure_core::http::{
    Context, Method, PipelineStreamOptions, RawResponse, Request, Response, StatusCode, Url,
};
use azure_core::sleep::sleep;
use azure_core::time::OffsetDateTime;
use azure_core::{Bytes, Error, Result};
use futures::future::{Either, select};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Asked, BodyError, ServiceError};
use crate::retry::{Safety, retry_after};
use crate::{RestClient, body};

/// A request that is being put together; [`Call::send`] and its sisters perform it.
#[must_use = "a call does nothing until it is sent"]
#[derive(Debug)]
pub struct Call<'c> {
    client: &'c RestClient,
    request: Result<Request>,
    context: Option<&'c Context<'c>>,
    safety: Safety,
}

impl<'c> Call<'c> {
    pub(crate) fn new(client: &'c RestClient, method: Method, url: Url) -> Self {
        let mut request = Request::new(url, method);
        request.insert_header(ACCEPT, "application/json");
        request.insert_header(CLIENT_REQUEST_ID, uuid::Uuid::new_v4().to_string());
        Self {
            client,
            request: Ok(request),
            context: None,
            safety: Safety::of(method),
        }
    }

    /// Uses a caller's context.
    pub fn context(mut self, context: &'c Context<'c>) -> Self {
        self.context = Some(context);
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: impl Into<HeaderName>, value: impl Into<HeaderValue>) -> Self {
        if let Ok(request) = &mut self.request {
            request.insert_header(name, value);
        }
        self
    }

    /// Adds a header when there is a value for it.
    pub fn optional_header(self, name: impl Into<HeaderName>, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.header(name, value.to_owned()),
            None => self,
        }
    }

    /// Adds a query parameter when there is a value for it.
    pub fn query<V: ToString>(mut self, name: &str, value: Option<V>) -> Self {
        if let (Ok(request), Some(value)) = (&mut self.request, value) {
            request
                .url_mut()
                .query_pairs_mut()
                .append_pair(name, &value.to_string());
        }
        self
    }

    /// Sends `body` as JSON.
    pub fn json<B: Serialize + ?Sized>(mut self, body: &B) -> Self {
        self.request = self.request.and_then(|mut request| {
            request.insert_header(CONTENT_TYPE, "application/json");
            request.set_json(body)?;
            Ok(request)
        });
        self
    }

    /// Sends bytes or a stream of a media type.
    pub fn body(mut self, media_type: &'static str, body: impl Into<Body>) -> Self {
        if let Ok(request) = &mut self.request {
            request.insert_header(CONTENT_TYPE, media_type);
            request.set_body(body);
        }
        self
    }

    /// Says that sending this POST twice does no more than sending it once, because it only reads or carries an
    /// idempotency token.
    pub fn repeatable(mut self) -> Self {
        self.safety = Safety::Repeatable;
        self
    }

    /// Says that sending this request twice may do more than sending it once, although its method promises otherwise: a PUT
    /// that must not meet an existing thing.
    pub fn once(mut self) -> Self {
        self.safety = Safety::StartsWork;
        self
    }

    /// Sends the request and checks that the answer is a `T`.
    ///
    /// # Errors
    ///
    /// [`ServiceError`] inside an [`ErrorKind::HttpResponse`] when the service refused, answered with a redirect or with a
    /// sign-in page; [`BodyError`] inside an [`ErrorKind::DataConversion`] when the body is not a `T`; otherwise what kept
    /// the request from being answered.
    pub async fn send<T: DeserializeOwned>(self) -> Result<Response<T>> {
        let (asked, answer) = self.perform().await?;
        crate::error::check_json::<T>(&asked, &answer)?;
        Ok(answer.into_raw().into())
    }

    /// Sends the request; the answer's body does not matter.
    ///
    /// # Errors
    ///
    /// As [`Call::send`], without those of the body. A web page is still refused: it is not this service's answer.
    pub async fn send_empty(self) -> Result<Response<()>> {
        let (asked, answer) = self.perform().await?;
        crate::error::check_not_a_page(&asked, &answer)?;
        Ok(answer.into_raw().into())
    }

    /// Sends the request and gives the body as it came.
    ///
    /// # Errors
    ///
    /// As [`Call::send`], without those of the body.
    pub async fn send_bytes(self) -> Result<Bytes> {
        self.perform().await.map(|(_, answer)| answer.body)
    }

    /// Sends the request and gives the body as a stream, without a limit on its size.
    ///
    /// # Errors
    ///
    /// As [`Call::send`], without those of the body.
    pub async fn send_stream(self) -> Result<(Headers, AsyncResponseBody)> {
        let (client, mut request, safety) = (self.client, self.request?, self.safety);
        let context = self.context.map_or_else(Context::new, Context::to_borrowed);
        let mut attempts = Attempts::new(client, safety);
        loop {
            let sent = stream(client, &context, &mut request, &mut attempts).await;
            let (status, headers, body) = match sent {
                Ok(parts) => parts,
                Err(error) => {
                    attempts.pause_after_error(&request, error).await?;
                    continue;
                }
            };
            if status.is_success() {
                return Ok((headers, body));
            }
            let body = body::collect(body, client.max_body_bytes)
                .await
                .unwrap_or_default();
            attempts
                .pause_after_refusal(
                    &request,
                    Answer {
                        status,
                        headers,
                        body,
                    },
                )
                .await?;
        }
    }

    async fn perform(self) -> Result<(Asked, Answer)> {
        let (client, mut request, safety) = (self.client, self.request?, self.safety);
        let context = self.context.map_or_else(Context::new, Context::to_borrowed);
        let mut attempts = Attempts::new(client, safety);
        loop {
            match whole(client, &context, &mut request, &mut attempts).await {
                Ok(answer) if answer.status.is_success() => {
                    return Ok((Asked::of(&request), answer));
                }
                Ok(answer) => attempts.pause_after_refusal(&request, answer).await?,
                Err(error) => attempts.pause_after_error(&request, error).await?,
            }
        }
    }
}

/// An answer with its whole body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Headers,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn into_raw(self) -> RawResponse {
        RawResponse::from_bytes(self.status, self.headers, self.body)
    }
}

async fn stream(
    client: &RestClient,
    context: &Context<'_>,
    request: &mut Request,
    attempts: &mut Attempts<'_>,
) -> Result<(StatusCode, Headers, AsyncResponseBody)> {
    request.body_mut().reset().await?;
    let unchecked = PipelineStreamOptions {
        skip_checks: true,
        ..PipelineStreamOptions::default()
    };
    let admission = client.admit(request.method()).await;
    attempts.begin();
    let answer = client.pipeline().stream(context, request, Some(unchecked));
    let silence = sleep(
        client
            .patience
            .try_into()
            .unwrap_or(azure_core::time::Duration::MAX),
    );
    let answer = match select(Box::pin(answer), Box::pin(silence)).await {
        Either::Left((answer, _)) => answer?,
        Either::Right(_) => return Err(silent(client.patience)),
    };
    let (status, headers, body) = answer.deconstruct();
    if let Some(admission) = admission {
        admission.answered(status, &headers);
    }
    Ok((status, headers, body))
}

fn silent(patience: Duration) -> Error {
    let message = format!("no answer within {patience:?}");
    Error::with_message(ErrorKind::Io, message)
}

async fn whole(
    client: &RestClient,
    context: &Context<'_>,
    request: &mut Request,
    attempts: &mut Attempts<'_>,
) -> Result<Answer> {
    let (status, headers, body) = stream(client, context, request, attempts).await?;
    let body = body::collect(body, client.max_body_bytes).await?;
    Ok(Answer {
        status,
        headers,
        body,
    })
}

/// Counts attempts and decides whether another one follows.
struct Attempts<'c> {
    client: &'c RestClient,
    safety: Safety,
    /// When the first one began; the time before it, in which the client's pace kept it, does not count.
    started: Option<Instant>,
    made: u32,
}

impl<'c> Attempts<'c> {
    fn new(client: &'c RestClient, safety: Safety) -> Self {
        Self {
            client,
            safety,
            started: None,
            made: 0,
        }
    }

    fn begin(&mut self) {
        self.started.get_or_insert_with(Instant::now);
    }

    async fn pause_after_refusal(&mut self, request: &Request, answer: Answer) -> Result<()> {
        self.made += 1;
        let wanted = retry_after(&answer.headers, OffsetDateTime::now_utc());
        let error = ServiceError::read(&Asked::of(request), &answer, self.made, wanted);
        let verdict = (self.client.judge)(&error);
        if self.safety.after_refusal(answer.status, verdict) && self.pause(wanted).await {
            return Ok(());
        }
        Err(error.into_error(answer))
    }

    async fn pause_after_error(&mut self, request: &Request, error: Error) -> Result<()> {
        self.made += 1;
        if self.safety.after_error(&error) && self.pause(None).await {
            return Ok(());
        }
        let kind = error.kind().clone();
        Err(match kind {
            ErrorKind::Connection | ErrorKind::Io => {
                error.with_context(unanswered(request, self.made))
            }
            _ => error.with_context(format!("{} failed", Asked::of(request))),
        })
    }

    /// Waits before another attempt; false when there is none.
    async fn pause(&self, wanted: Option<Duration>) -> bool {
        let retry = &self.client.retry;
        let pause = wanted.unwrap_or_else(|| retry.pause(self.made));
        let elapsed = self.started.map(|started| started.elapsed());
        let elapsed = elapsed.unwrap_or_default();
        if self.made >= retry.max_attempts || elapsed.saturating_add(pause) > retry.max_elapsed {
            return false;
        }
        if !pause.is_zero() {
            sleep(pause.try_into().unwrap_or(azure_core::time::Duration::MAX)).await;
        }
        true
    }
}

fn unanswered(request: &Request, attempts: u32) -> String {
    let asked = Asked::of(request);
    let host = request.url().host_str().unwrap_or_default();
    match attempts {
        1 => format!("{asked} on {host} was not answered"),
        _ => format!("{asked} on {host} was not answered in {attempts} attempts"),
    }
}

impl BodyError {
    pub(crate) fn into_error(self) -> Error {
        Error::new(ErrorKind::DataConversion, self)
    }
}
