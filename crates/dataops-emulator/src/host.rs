//! Requests that reach the emulator under a public name.
//!
//! A client whose transport leads here keeps its public endpoints and tells them in `x-forwarded-host`. The Blob service
//! is the one that says in its host what is in the path here: `https://{account}.blob.core.windows.net/{container}` is
//! `/{account}/{container}`.

use axum::extract::Request;
use axum::http::Uri;
use axum::http::uri::{Authority, PathAndQuery};
use axum::middleware::Next;
use axum::response::Response;

use crate::auth;

/// The path that a caller signed, when it is another than the one that is served.
#[derive(Clone, Debug)]
pub(crate) struct SignedPath(pub(crate) String);

/// Moves a storage account from the host's name into the path.
pub(crate) async fn place(mut request: Request, next: Next) -> Response {
    let account = request
        .headers()
        .get("x-forwarded-host")
        .and_then(|host| host.to_str().ok())
        .and_then(|host| host.split(':').next())
        .and_then(|host| host.strip_suffix(".blob.core.windows.net"))
        .filter(|account| {
            !account.is_empty() && account.bytes().all(|it| it.is_ascii_alphanumeric())
        });
    if let Some(uri) = account.and_then(|account| within(request.uri(), account)) {
        let signed = SignedPath(request.uri().path().to_owned());
        request.extensions_mut().insert(signed);
        *request.uri_mut() = uri;
    }
    next.run(request).await
}

fn within(uri: &Uri, account: &str) -> Option<Uri> {
    let query = uri.query().map(|query| format!("?{query}"));
    let path = format!("/{account}{}{}", uri.path(), query.unwrap_or_default());
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path.parse::<PathAndQuery>().ok()?);
    Uri::from_parts(parts).ok()
}

/// Where the caller believes this to be: a client whose transport leads here names the public host, and only then can it
/// follow the links it is given.
pub(crate) fn origin(request: &Request) -> String {
    let header = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    match (header("x-forwarded-proto"), header("x-forwarded-host")) {
        (Some(scheme @ ("http" | "https")), Some(host)) if host.parse::<Authority>().is_ok() => {
            format!("{scheme}://{host}")
        }
        _ => match auth::authority(request) {
            Some(authority) => format!("http://{authority}"),
            None => "http://localhost".to_owned(),
        },
    }
}
