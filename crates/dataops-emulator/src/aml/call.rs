//! Requests, taken apart.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;

use super::document::Document;
use super::refusal::Refusal;
use crate::host;

const LARGEST: usize = 16 << 20;
const PROVIDER: &str = "microsoft.machinelearningservices";

/// A request, taken apart.
pub(super) struct Call {
    pub(super) method: Method,
    path: String,
    /// What follows the workspace.
    pub(super) segments: Vec<String>,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    /// Where the caller believes this to be.
    pub(super) origin: String,
    pub(super) body: Bytes,
}

impl Call {
    pub(super) async fn read(request: Request, path: String) -> Result<Self, Refusal> {
        let origin = host::origin(&request);
        let (parts, body) = request.into_parts();
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self {
            segments: segments(&path)?,
            path,
            query: url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            headers: parts.headers,
            origin,
            body: read(body).await?,
            method: parts.method,
        })
    }

    pub(super) fn query(&self, name: &str) -> Option<&str> {
        let mut found = self.query.iter();
        found
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The version that a call of Azure Resource Manager has to name.
    pub(super) fn api_version(&self) -> Result<&str, Refusal> {
        self.query("api-version")
            .ok_or_else(Refusal::no_api_version)
    }

    /// The address of this call.
    pub(super) fn address(&self) -> String {
        format!("{}{}", self.origin, self.path)
    }

    /// The same call with another `$skip`, as a link that the caller can follow.
    pub(super) fn next_link(&self, skip: usize) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.query {
            if !name.eq_ignore_ascii_case("$skip") {
                query.append_pair(name, value);
            }
        }
        query.append_pair("$skip", &skip.to_string());
        format!("{}?{}", self.address(), query.finish())
    }

    pub(super) fn is_set(&self, name: &str) -> bool {
        self.query(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    pub(super) fn top(&self, name: &str) -> Option<usize> {
        self.query(name)?.parse().ok()
    }

    pub(super) fn document(&self) -> Result<Document, Refusal> {
        Document::parse(&self.body)
    }

    pub(super) fn lacking(&self) -> Refusal {
        Refusal::not_emulated(&format!("{} {}", self.method, self.path))
    }
}

async fn read(body: Body) -> Result<Bytes, Refusal> {
    axum::body::to_bytes(body, LARGEST)
        .await
        .map_err(|_| Refusal::bad(format!("the body is larger than {LARGEST} bytes")))
}

fn segments(path: &str) -> Result<Vec<String>, Refusal> {
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| {
            let decoded = percent_decode_str(segment).decode_utf8();
            decoded
                .map(std::borrow::Cow::into_owned)
                .map_err(|_| Refusal::bad("the path is not UTF-8"))
        })
        .collect()
}

/// Takes `{service}/v1.0` and the workspace off the path; gives the workspace's resource id.
pub(super) fn below_workspace(mut call: Call) -> Result<(String, Call), Refusal> {
    let from = call
        .segments
        .iter()
        .position(|segment| segment.eq_ignore_ascii_case("subscriptions"))
        .ok_or_else(|| call.lacking())?;
    let scope = call.segments.get(from..from + 8).unwrap_or_default();
    let words = ["subscriptions", "resourcegroups", "providers", "workspaces"];
    let fits = scope.len() == 8
        && scope[5].eq_ignore_ascii_case(PROVIDER)
        && words
            .iter()
            .zip([0, 2, 4, 6])
            .all(|(word, at)| scope[at].eq_ignore_ascii_case(word));
    if !fits {
        return Err(call.lacking());
    }
    let id = format!("/{}", scope.join("/"));
    call.segments.drain(..from + 8);
    Ok((id, call))
}

/// The words of a path: literal ones in lower case, names as they are.
pub(super) fn words(segments: &[String]) -> (Vec<String>, Vec<&str>) {
    let lower = segments.iter().map(|segment| segment.to_ascii_lowercase());
    (
        lower.collect(),
        segments.iter().map(String::as_str).collect(),
    )
}
