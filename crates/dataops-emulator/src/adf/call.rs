//! A request below `/subscriptions`, taken apart. ARM ignores case in paths, so literal segments are compared in lower case.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::IntoResponse;
use futures::FutureExt;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::host;
use crate::problem::Problem;
use crate::state::State;

/// The largest body that ARM accepts, in bytes.
const LARGEST: usize = 4 << 20;
const VERSION: &str = "2018-06-01";

/// A request below `/subscriptions`.
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) segments: Vec<String>,
    pub(super) headers: HeaderMap,
    pub(super) origin: String,
    pub(super) body: Bytes,
    uri: Uri,
    query: Vec<(String, String)>,
}

impl Call {
    /// Reads the whole request.
    pub(super) async fn read(request: Request) -> Result<Self, Problem> {
        let origin = host::origin(&request);
        let (parts, body) = request.into_parts();
        let segments = parts.uri.path().split('/').skip(1);
        let segments = segments
            .map(|segment| {
                let text = percent_decode_str(segment).decode_utf8();
                text.map(std::borrow::Cow::into_owned)
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| Problem::bad_request("the path is not UTF-8"))?;
        let query = parts.uri.query().unwrap_or_default();
        let query = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        Ok(Self {
            method: parts.method,
            segments,
            headers: parts.headers,
            origin,
            body: read_body(body).await?,
            uri: parts.uri,
            query,
        })
    }

    /// A call that the emulator makes itself, of a resource by its ARM id.
    pub(super) fn internal(method: Method, id: &str, version: &str, body: &Value) -> Self {
        Self {
            method,
            segments: id.split('/').skip(1).map(str::to_owned).collect(),
            headers: HeaderMap::new(),
            origin: String::new(),
            body: Bytes::from(body.to_string()),
            uri: Uri::default(),
            query: vec![("api-version".to_owned(), version.to_owned())],
        }
    }

    /// What it is answered, as any caller would be.
    pub(super) fn answer(&self, state: &Arc<State>) -> (StatusCode, Value) {
        let response = super::subscription(state, self).into_response();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).now_or_never();
        let bytes = bytes.and_then(Result::ok).unwrap_or_default();
        (
            parts.status,
            serde_json::from_slice(&bytes).unwrap_or_default(),
        )
    }

    /// A query parameter; names are compared without regard to case.
    pub(super) fn query(&self, wanted: &str) -> Option<&str> {
        let mut pairs = self.query.iter();
        let found = pairs.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.as_str())
    }

    /// Whether a query parameter is true.
    pub(super) fn flag(&self, wanted: &str) -> bool {
        self.query(wanted)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// Refuses any other API version than the one that there is.
    pub(super) fn check_version(&self) -> Result<(), Problem> {
        match self.query("api-version") {
            Some(VERSION) => Ok(()),
            Some(other) => Err(Problem::arm(
                StatusCode::BAD_REQUEST,
                "InvalidApiVersionParameter",
                format!(
                    "the api-version `{other}` is invalid; the one that there is is `{VERSION}`"
                ),
            )),
            None => Err(Problem::arm(
                StatusCode::BAD_REQUEST,
                "MissingApiVersionParameter",
                "the api-version query parameter (?api-version=) is required for all requests",
            )),
        }
    }

    /// The body as a JSON object; an empty body is an empty object.
    pub(super) fn object(&self) -> Result<Map<String, Value>, Problem> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Map::new());
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(Value::Null) => Ok(Map::new()),
            Ok(_) => Err(invalid("the body is not a JSON object".to_owned())),
            Err(error) => Err(invalid(format!("the body is not JSON: {error}"))),
        }
    }

    /// The same address with another `$skipToken`, as a link that the caller can follow.
    pub(super) fn next_link(&self, token: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.query {
            if !name.eq_ignore_ascii_case("$skiptoken") {
                query.append_pair(name, value);
            }
        }
        query.append_pair("$skipToken", token);
        format!("{}{}?{}", self.origin, self.uri.path(), query.finish())
    }

    /// A header with an entity tag, without quotes.
    pub(super) fn etag(&self, name: &str) -> Option<String> {
        let value = self.headers.get(name)?.to_str().ok()?;
        let value = value.trim().trim_start_matches("W/");
        Some(value.trim_matches('"').to_owned())
    }
}

/// ARM's answer to a body that cannot be read.
pub(super) fn invalid(message: String) -> Problem {
    Problem::arm(StatusCode::BAD_REQUEST, "InvalidRequestContent", message)
}

async fn read_body(body: Body) -> Result<Bytes, Problem> {
    axum::body::to_bytes(body, LARGEST).await.map_err(|_| {
        let message = format!("the body is larger than {LARGEST} bytes, or it broke off");
        Problem::arm(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestContentTooLarge",
            message,
        )
    })
}
