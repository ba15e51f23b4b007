//! The scripted service and what it was sent.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use azure_core::http::{ClientOptions, Transport};
use rest_core::{Loopback, RestClientOptions, Retry};
use serde_json::Value;
use wiremock::matchers::{
    any, body_json, header, method, path, query_param, query_param_is_missing,
};
use wiremock::{Mock, MockBuilder, MockServer, Request, ResponseTemplate};

use crate::reply::{InTurn, Reply};

/// A service on a loopback port that answers what a test has scripted.
#[derive(Debug)]
pub struct Service {
    server: MockServer,
}

impl Service {
    /// Starts a service that answers 501 to everything.
    pub async fn start() -> Self {
        let server = MockServer::start().await;
        let unexpected = |request: &Request| {
            let asked = format!(
                "no reply is scripted for {} {}",
                request.method, request.url
            );
            let body = serde_json::json!({ "error": { "code": "NotScripted", "message": asked } });
            ResponseTemplate::new(501).set_body_json(body)
        };
        Mock::given(any())
            .respond_with(unexpected)
            .with_priority(255)
            .mount(&server)
            .await;
        Self { server }
    }

    /// Starts the script of one request.
    pub fn on(&self, verb: &str, at: &str) -> Script<'_> {
        Script {
            service: self,
            mock: Mock::given(method(verb)).and(path(at)),
            times: None,
        }
    }

    /// Makes the next `times` requests with `verb`, whatever their path, fail with `reply`.
    pub async fn fault(&self, verb: &str, times: u64, reply: Reply) {
        let mock = Mock::given(method(verb)).respond_with(InTurn::new(vec![reply]));
        mock.with_priority(1)
            .up_to_n_times(times)
            .mount(&self.server)
            .await;
    }

    /// The service's address, `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn uri(&self) -> String {
        self.server.uri()
    }

    /// A transport that sends everything here.
    #[must_use]
    pub fn transport(&self) -> Transport {
        let to = self.server.uri().parse().unwrap();
        Transport::new(Arc::new(Loopback::direct(to).unwrap()))
    }

    /// Client options with this service's transport.
    #[must_use]
    pub fn client_options(&self) -> ClientOptions {
        ClientOptions {
            transport: Some(self.transport()),
            ..ClientOptions::default()
        }
    }

    /// Options with this service's transport, and retries without pauses.
    #[must_use]
    pub fn options(&self) -> RestClientOptions {
        RestClientOptions {
            retry: Self::retry(),
            client_options: self.client_options(),
            ..RestClientOptions::default()
        }
    }

    /// Four attempts without a pause.
    #[must_use]
    pub fn retry() -> Retry {
        Retry {
            max_attempts: 4,
            base_delay: Duration::ZERO,
            max_delay: Duration::ZERO,
            ..Retry::default()
        }
    }

    /// Everything that was received: `METHOD path?query` and the body, a request after the other.
    pub async fn log(&self) -> String {
        let mut log = String::new();
        for request in self.requests().await {
            let query = request
                .url
                .query()
                .map(|query| format!("?{query}"))
                .unwrap_or_default();
            writeln!(log, "{} {}{query}", request.method, request.url.path()).unwrap();
            if let Ok(body) = serde_json::from_slice::<Value>(&request.body) {
                writeln!(log, "  {body}").unwrap();
            } else if !request.body.is_empty() {
                writeln!(log, "  {}", String::from_utf8_lossy(&request.body)).unwrap();
            }
        }
        log
    }

    /// The same without the API version, which each request must name once, and with the token each must bear looked at.
    ///
    /// # Panics
    ///
    /// When a request has another version or token.
    pub async fn log_of(&self, version: &str, token: &str) -> String {
        let version = format!("api-version={version}");
        let bearer = format!("Bearer {token}");
        for request in self.requests().await {
            let query = request.url.query().unwrap_or_default();
            assert_eq!(query.matches(&version).count(), 1, "{}", request.url);
            let authorization = request.headers.get("authorization").unwrap();
            assert_eq!(authorization, &bearer);
        }
        let log = self.log().await;
        log.replace(&format!("?{version}&"), "?")
            .replace(&format!("?{version}"), "")
    }

    /// Everything that was received, in order.
    pub async fn requests(&self) -> Vec<Request> {
        self.server.received_requests().await.unwrap_or_default()
    }
}

/// What one request looks like and what it is answered.
#[must_use = "a script is mounted by `reply` or `replies`"]
pub struct Script<'s> {
    service: &'s Service,
    mock: MockBuilder,
    times: Option<u64>,
}

impl Script<'_> {
    /// Requires a query parameter.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.mock = self.mock.and(query_param(name, value));
        self
    }

    /// Requires that a query parameter is absent.
    pub fn without_query(mut self, name: &str) -> Self {
        self.mock = self.mock.and(query_param_is_missing(name));
        self
    }

    /// Requires a header.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.mock = self.mock.and(header(name, value));
        self
    }

    /// Requires a JSON body.
    pub fn body(mut self, body: &Value) -> Self {
        self.mock = self.mock.and(body_json(body));
        self
    }

    /// Requires that the request arrives just this often; checked when the service is dropped.
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Answers each time the same.
    pub async fn reply(self, reply: Reply) {
        self.replies([reply]).await;
    }

    /// Answers in turn; the last reply is repeated.
    pub async fn replies(self, replies: impl IntoIterator<Item = Reply>) {
        let mock = self
            .mock
            .respond_with(InTurn::new(replies.into_iter().collect()));
        let mock = match self.times {
            Some(times) => mock.expect(times),
            None => mock,
        };
        mock.mount(&self.service.server).await;
    }
}
