//! Who may talk to the emulator. It runs code, so every request is checked before anything else looks at it: it comes from
//! a program on this machine (not from a web page that a browser shows), and it knows the token or the account key.

use std::sync::Arc;

use axum::extract::{Request, State as Extract};
use axum::http::header::{AUTHORIZATION, COOKIE, HOST, HeaderMap, ORIGIN};
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};
use url::Url;

use crate::host::SignedPath;
use crate::http_date;
use crate::problem::Problem;
use crate::sas::Signature;
use crate::service::Service;
use crate::shared_key::Signed;
use crate::state::State;

/// The cookie that lets a browser see the page.
pub(crate) const COOKIE_NAME: &str = "dataops_emulator";

/// Refuses whatever is not allowed.
pub(crate) async fn guard(
    Extract(state): Extract<Arc<State>>,
    request: Request,
    next: Next,
) -> Response {
    let service = Service::of(request.uri().path(), &state.account);
    match local(&request, service).and_then(|()| allowed(&state, &request, service)) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

fn local(request: &Request, service: Service) -> Result<(), Problem> {
    let authority = authority(request)
        .ok_or_else(|| Problem::forbidden(service, "the request names no host"))?;
    if !is_local(authority.host()) {
        let message = format!(
            "the emulator answers to 127.0.0.1 and localhost, not to `{}`",
            authority.host()
        );
        return Err(Problem::forbidden(service, message));
    }
    let headers = request.headers();
    let from_elsewhere = headers
        .get_all(ORIGIN)
        .iter()
        .any(|origin| !same_origin(origin.as_bytes(), &authority))
        || headers
            .get("sec-fetch-site")
            .is_some_and(|site| site == "cross-site" || site == "same-site");
    if from_elsewhere {
        return Err(Problem::forbidden(
            service,
            "the request comes from a web page of another origin",
        ));
    }
    Ok(())
}

/// The host and port that the request was sent to.
pub(crate) fn authority(request: &Request) -> Option<Authority> {
    match request.headers().get(HOST) {
        Some(host) => host.to_str().ok()?.parse().ok(),
        None => request.uri().authority().cloned(),
    }
}

fn is_local(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn same_origin(origin: &[u8], authority: &Authority) -> bool {
    let origin = std::str::from_utf8(origin).unwrap_or_default();
    let Ok(origin) = Url::parse(origin) else {
        return false;
    };
    origin.host_str() == Some(authority.host())
        && origin.port_or_known_default() == authority.port_u16().or(Some(80))
}

fn is_discovery(request: &Request) -> bool {
    let first = request.uri().path().split('/').nth(1).unwrap_or_default();
    request.method() == axum::http::Method::GET && first.eq_ignore_ascii_case("discovery")
}

fn allowed(state: &State, request: &Request, service: Service) -> Result<(), Problem> {
    let headers = request.headers();
    let given = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let (scheme, rest) = given
        .and_then(|value| value.split_once(' '))
        .unwrap_or_default();
    let rest = rest.trim();
    match (service, scheme.to_ascii_lowercase().as_str()) {
        // The token endpoint checks the client's secret itself.
        (Service::Tokens, _) => Ok(()),
        // Asked before a client knows how to sign in; it tells nothing else.
        _ if request.uri().path() == "/.well-known/databricks-config" => Ok(()),
        // The service map of a machine learning workspace is asked for without a token, too.
        (Service::AzureMl, _) if is_discovery(request) => Ok(()),
        (Service::Databricks, "bearer") if state.databricks.accepts_token(rest) => Ok(()),
        (_, "bearer") if state.is_token(rest) => Ok(()),
        (Service::Databricks | Service::Control, "basic") if basic(state, rest) => Ok(()),
        (Service::Blob, "sharedkey") => signed(state, request, rest),
        (Service::Blob, "") => signed_in_query(state, request),
        (Service::Control, "") if shows_page(state, request, headers) => Ok(()),
        (_, "") => Err(without_credentials(service)),
        _ => Err(Problem::unknown_token(service)),
    }
}

fn basic(state: &State, encoded: &str) -> bool {
    let decoded = STANDARD.decode(encoded).unwrap_or_default();
    let text = String::from_utf8(decoded).unwrap_or_default();
    text.split_once(':')
        .is_some_and(|(_, password)| state.is_token(password))
}

/// A browser cannot send a bearer token; `/?token=…` gives it a cookie for the page, and for the page only.
fn shows_page(state: &State, request: &Request, headers: &HeaderMap) -> bool {
    let query = request.uri().query().unwrap_or_default();
    // A token that is pasted as it was printed has its plus signs read as spaces.
    let in_query = url::form_urlencoded::parse(query.as_bytes())
        .any(|(name, value)| name == "token" && state.is_token(&value.replace(' ', "+")));
    let in_cookie = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .any(|(name, value)| name == COOKIE_NAME && same(value, &state.cookie()));
    request.method() == axum::http::Method::GET
        && request.uri().path() == "/"
        && (in_query || in_cookie)
}

fn without_credentials(service: Service) -> Problem {
    let reason = "no credentials; send the token that the emulator printed when it was ready";
    Problem::unauthenticated(service, reason)
}

fn signed_in_query(state: &State, request: &Request) -> Result<(), Problem> {
    let Some(signature) = Signature::of(request.method(), request.uri(), &state.account) else {
        return Err(without_credentials(Service::Blob));
    };
    let checked = signature.check(&state.account_key_bytes(), OffsetDateTime::now_utc());
    checked.map_err(|(code, reason)| {
        let status = axum::http::StatusCode::FORBIDDEN;
        Problem::new(Service::Blob, status, code, reason)
    })
}

fn signed(state: &State, request: &Request, credential: &str) -> Result<(), Problem> {
    let refused = |reason: &str| {
        Problem::new(
            Service::Blob,
            axum::http::StatusCode::FORBIDDEN,
            "AuthenticationFailed",
            reason,
        )
    };
    let Some((account, signature)) = credential.split_once(':') else {
        return Err(refused("the form is `SharedKey account:signature`"));
    };
    let date = ["x-ms-date", "date"]
        .iter()
        .find_map(|name| request.headers().get(*name)?.to_str().ok())
        .and_then(http_date::parse)
        .ok_or_else(|| refused("a signed request has the header x-ms-date or Date"))?;
    if (OffsetDateTime::now_utc() - date).abs() > Duration::minutes(15) {
        return Err(refused("the request's date is more than 15 minutes off"));
    }
    let signed = Signed {
        method: request.method(),
        uri: request.uri(),
        path: request
            .extensions()
            .get::<SignedPath>()
            .map_or_else(|| request.uri().path(), |signed| signed.0.as_str()),
        headers: request.headers(),
    };
    if account.eq_ignore_ascii_case(&state.account)
        && signed.holds(account, &state.account_key_bytes(), signature)
    {
        Ok(())
    } else {
        Err(refused(
            "the signature is not the one that the account's key makes",
        ))
    }
}

/// Compares without telling by the time it takes where two texts differ.
pub(crate) fn same(left: &str, right: &str) -> bool {
    let (left, right) = (Sha256::digest(left), Sha256::digest(right));
    left.iter()
        .zip(right.iter())
        .fold(0, |differs, (left, right)| differs | (left ^ right))
        == 0
}
