//! Answers that a test orders: the service throttles, breaks, or does the work and loses the answer.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State as Extract};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::serve::Cut;
use crate::state::State;

/// An ordered answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Fault {
    /// `METHOD /path`, each with `*` for any text; the path's case does not matter. A pattern with `?` sees the query too.
    pattern: Pattern,
    /// What is answered; without it, and without `reset`, the request is only delayed.
    #[serde(
        default,
        deserialize_with = "status",
        skip_serializing_if = "Option::is_none"
    )]
    status: Option<u16>,
    /// Whether the connection is cut instead of an answer.
    #[serde(default)]
    reset: bool,
    /// How many milliseconds pass before that: after the work, when `after_handler` says so.
    #[serde(default)]
    delay_ms: u64,
    /// Text is sent as it is, anything else as JSON.
    #[serde(default)]
    body: Option<Value>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// How many requests that match are answered as usual first.
    #[serde(default)]
    offset: u64,
    /// How many are answered with this; 0 for all that follow.
    #[serde(default = "once")]
    times: u64,
    /// Whether the work is done before its answer is replaced.
    #[serde(default)]
    after_handler: bool,
    /// How many requests have matched so far.
    #[serde(default, skip_deserializing)]
    seen: u64,
}

fn once() -> u64 {
    1
}

fn status<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u16>, D::Error> {
    let status = u16::deserialize(deserializer)?;
    match StatusCode::from_u16(status) {
        Ok(valid) if valid.as_u16() >= 200 => Ok(Some(status)),
        _ => Err(serde::de::Error::custom("a status is 200 to 999")),
    }
}

/// `METHOD /path`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Pattern {
    method: String,
    path: String,
}

impl TryFrom<String> for Pattern {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.trim().split_once(char::is_whitespace) {
            Some((method, path)) if path.trim().starts_with(['/', '*']) => Ok(Self {
                method: method.to_uppercase(),
                path: path.trim().to_lowercase(),
            }),
            _ => Err("a pattern is `METHOD /path`, each with `*` for any text"),
        }
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        format!("{} {}", pattern.method, pattern.path)
    }
}

impl Pattern {
    fn matches(&self, method: &Method, path: &str, query: Option<&str>) -> bool {
        let mut seen = path.to_lowercase();
        if let (true, Some(query)) = (self.path.contains('?'), query) {
            seen.push('?');
            seen.push_str(&query.to_lowercase());
        }
        like(&self.method, method.as_str()) && like(&self.path, &seen)
    }
}

/// Whether `text` has the form of `pattern`, where `*` is any text.
fn like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let parts: Vec<_> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// All ordered answers.
#[derive(Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    fn faults(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds some.
    pub(crate) fn add(&self, new: Vec<Fault>) {
        self.faults().extend(new);
    }

    /// All of them.
    pub(crate) fn list(&self) -> Vec<Fault> {
        self.faults().clone()
    }

    /// Forgets them.
    pub(crate) fn clear(&self) {
        self.faults().clear();
    }

    /// The one for a request. Each that matches counts it, the first that is due answers it.
    fn due(&self, method: &Method, path: &str, query: Option<&str>) -> Option<Fault> {
        let mut faults = self.faults();
        let matching = faults
            .iter_mut()
            .filter(|fault| fault.pattern.matches(method, path, query));
        for fault in matching {
            fault.seen += 1;
            let ended = fault.times > 0 && fault.seen > fault.offset.saturating_add(fault.times);
            if fault.seen > fault.offset && !ended {
                return Some(fault.clone());
            }
        }
        None
    }
}

impl Faults {
    /// What was ordered for a step that the emulator takes by itself in the course of a deployment: a status and a body, after the delay.
    /// A connection that is cut looks to it like a provider that does not answer.
    pub(crate) async fn of_step(&self, method: &Method, path: &str) -> Option<(StatusCode, Value)> {
        let fault = self.due(method, path, None)?;
        tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
        let status = match (fault.status, fault.reset) {
            (Some(status), _) => StatusCode::from_u16(status).unwrap_or_default(),
            (None, true) => StatusCode::BAD_GATEWAY,
            (None, false) => return None,
        };
        Some((status, fault.body.unwrap_or_default()))
    }
}

/// The longest delay, in milliseconds.
const LONGEST: u64 = 3_600_000;

impl Fault {
    /// Refuses what does nothing, or two things at once.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        if self.status.is_some() && self.reset {
            return Err("a fault has a `status` or a `reset`, not both");
        }
        if self.status.is_none() && !self.reset && self.delay_ms == 0 {
            return Err("a fault has a `status`, a `reset` or a `delayMs`");
        }
        if self.delay_ms > LONGEST {
            return Err("`delayMs` is at most an hour");
        }
        Ok(())
    }

    /// What the caller gets in the place of an answer, if anything.
    async fn instead(&self, cut: Option<Cut>) -> Option<Response> {
        match self.status {
            Some(status) => Some(self.answer(status)),
            None if self.reset => Some(reset(cut).await),
            None => None,
        }
    }

    fn answer(&self, status: u16) -> Response {
        let (text, kind) = match &self.body {
            None => (String::new(), None),
            Some(Value::String(text)) => (text.clone(), Some("text/plain; charset=utf-8")),
            Some(json) => (json.to_string(), Some("application/json; charset=utf-8")),
        };
        let mut headers = HeaderMap::new();
        if let Some(kind) = kind {
            headers.insert("content-type", HeaderValue::from_static(kind));
        }
        for (name, value) in &self.headers {
            let name = name.parse::<HeaderName>();
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
                headers.insert(name, value);
            }
        }
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
        *response.headers_mut() = headers;
        response
    }
}

/// Gives the ordered answer where there is one.
pub(crate) async fn inject(
    Extract(state): Extract<Arc<State>>,
    request: Request,
    next: Next,
) -> Response {
    let uri = request.uri();
    // The controls stay in hand whatever was ordered.
    let due = match uri.path().starts_with("/_emulator") {
        true => None,
        false => state.faults.due(request.method(), uri.path(), uri.query()),
    };
    let Some(fault) = due else {
        return next.run(request).await;
    };
    let cut = request.extensions().get::<Cut>().cloned();
    let pause = Duration::from_millis(fault.delay_ms);
    if fault.after_handler {
        let done = next.run(request).await;
        tokio::time::sleep(pause).await;
        return fault.instead(cut).await.unwrap_or(done);
    }
    tokio::time::sleep(pause).await;
    match fault.instead(cut).await {
        Some(answer) => answer,
        None => next.run(request).await,
    }
}

/// Cuts the connection. Without a socket there is none, and the answer breaks off instead.
async fn reset(cut: Option<Cut>) -> Response {
    if let Some(cut) = cut {
        cut.now();
        return std::future::pending().await;
    }
    let broken = io::Error::from(io::ErrorKind::ConnectionReset);
    Response::new(Body::from_stream(futures::stream::iter([
        Err::<Vec<u8>, _>(broken),
    ])))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn patterns_match_methods_and_paths() {
        for (pattern, method, path, query) in [
            ("GET /a/*", "GET", "/A/b/c", None),
            ("* /a", "PUT", "/a", None),
            ("* *", "PUT", "/a", None),
            ("PUT */pipelines/*", "PUT", "/x/Pipelines/p", None),
            (
                "GET /a?*comp=list*",
                "GET",
                "/a",
                Some("restype=container&comp=list"),
            ),
        ] {
            let pattern = Pattern::try_from(pattern.to_owned()).unwrap();
            let method = method.parse().unwrap();
            assert!(pattern.matches(&method, path, query), "{pattern:?} {path}");
        }
        for (pattern, method, path) in [
            ("GET /a", "PUT", "/a"),
            ("GET /a", "GET", "/a/b"),
            ("GET /a*b", "GET", "/a/c"),
            ("GET /a*aa", "GET", "/aa"),
        ] {
            let pattern = Pattern::try_from(pattern.to_owned()).unwrap();
            let method = method.parse().unwrap();
            assert!(!pattern.matches(&method, path, None), "{pattern:?} {path}");
        }
        assert!(Pattern::try_from("/a".to_owned()).is_err());
    }

    #[test]
    fn a_fault_comes_after_its_offset_as_often_as_it_says() {
        let faults = Faults::default();
        let fault = json!({"pattern": "GET /a", "status": 429, "offset": 1, "times": 2});
        faults.add(vec![serde_json::from_value(fault).unwrap()]);

        let due = |path| faults.due(&Method::GET, path, None).is_some();
        let answers = [due("/a"), due("/b"), due("/a"), due("/a"), due("/a")];

        assert_eq!(answers, [false, false, true, true, false]);
    }
}
