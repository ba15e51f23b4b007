//! A request to the Blob service, taken apart.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;

use super::failure::Failure;

/// A request to the Blob service.
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) container: String,
    pub(super) blob: String,
    pub(super) headers: HeaderMap,
    pub(super) path: String,
    query: Vec<(String, String)>,
}

impl Call {
    /// Takes the request apart; the body is left for whoever wants it.
    pub(super) fn read(request: Request) -> Result<(Self, Body), Failure> {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        let decode = |text: &str| {
            let decoded = percent_decode_str(text).decode_utf8();
            decoded
                .map(std::borrow::Cow::into_owned)
                .map_err(|_| Failure::InvalidResourceName(text.to_owned(), "it is not UTF-8"))
        };
        let mut segments = path.trim_start_matches('/').splitn(3, '/').skip(1);
        let container = decode(segments.next().unwrap_or_default())?;
        let blob = decode(segments.next().unwrap_or_default())?;
        let query = parts.uri.query().unwrap_or_default();
        let query = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let call = Self {
            method: parts.method,
            container,
            blob,
            headers: parts.headers,
            path,
            query,
        };
        Ok((call, body))
    }

    /// A query parameter; an empty one counts as absent.
    pub(super) fn query(&self, wanted: &str) -> Option<&str> {
        let mut pairs = self.query.iter();
        let found = pairs.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// A header as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The metadata that the request sets.
    pub(super) fn metadata(&self) -> Result<BTreeMap<String, String>, Failure> {
        let given = self.headers.iter().filter_map(|(name, value)| {
            let name = name.as_str().strip_prefix("x-ms-meta-")?;
            Some((name, value))
        });
        let pairs = given.map(|(name, value)| {
            if !is_identifier(name) {
                let told = format!(
                    "a name begins with a letter or an underscore and has letters, digits and underscores, and `{name}` does not"
                );
                return Err(Failure::InvalidMetadata(told));
            }
            let value = value.to_str().map_err(|_| {
                Failure::InvalidMetadata(format!("the value of `{name}` is not ASCII"))
            })?;
            Ok((name.to_owned(), value.to_owned()))
        });
        pairs.collect()
    }

    /// The standard headers that the request gives a blob; `plain` where the request's own ones count too (Put Blob).
    pub(super) fn content_headers(&self, plain: bool) -> BTreeMap<String, String> {
        let pairs = KEPT.iter().filter_map(|name| {
            let given = self.header(&format!("x-ms-blob-{name}"));
            let own = self.header(name).filter(|_| plain);
            let value = given.or(own).filter(|value| !value.is_empty())?;
            Some(((*name).to_owned(), value.to_owned()))
        });
        pairs.collect()
    }
}

/// Whether C# would take it as a name, which the service insists on.
fn is_identifier(name: &str) -> bool {
    let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.chars().all(word)
}

/// The standard headers that a blob keeps.
const KEPT: [&str; 6] = [
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-md5",
    "content-type",
];
