//! Several requests in one (`Blob Batch`): deletions, and changes of tiers.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::failure::Failure;
use super::request::Call;
use super::{Answer, answer};
use crate::problem::Problem;
use crate::service::Service;
use crate::state::State;

const LARGEST: usize = 4 << 20;
const MOST: usize = 256;

/// `comp=batch`, of the account or of a container.
pub(super) async fn run(state: &Arc<State>, call: &Call, body: Body) -> Answer {
    let boundary = call.header("content-type").and_then(boundary);
    let boundary = boundary.ok_or(Failure::InvalidHeaderValue("content-type"))?;
    let body = axum::body::to_bytes(body, LARGEST)
        .await
        .map_err(|_| Failure::RequestBodyTooLarge(LARGEST as u64))?;
    let text = std::str::from_utf8(&body)
        .map_err(|_| Failure::InvalidBatch("it is not UTF-8".to_owned()))?;
    let parts = parts(text, &boundary);
    if parts.is_empty() || parts.len() > MOST {
        let told = format!("it has {} parts; 1 to {MOST} are allowed", parts.len());
        return Err(Failure::InvalidBatch(told).into());
    }
    let own = format!("batchresponse_{}", Uuid::new_v4());
    let mut out = String::new();
    for part in parts {
        let request = part.request().map_err(Failure::InvalidBatch)?;
        let within = format!("/{}/{}/", state.account, call.container);
        let elsewhere = !call.container.is_empty() && !request.uri().path().starts_with(&within);
        let response = match permitted(&request) && !elsewhere {
            true => Box::pin(answer(state, request)).await,
            false => {
                let reason = "a batch deletes blobs or sets their tiers, in its own container";
                Problem::new(
                    Service::Blob,
                    StatusCode::BAD_REQUEST,
                    "InvalidInput",
                    reason,
                )
                .into_response()
            }
        };
        out.push_str(&format!("--{own}\r\nContent-Type: application/http\r\n"));
        if let Some(id) = part.id {
            out.push_str(&format!("Content-ID: {id}\r\n"));
        }
        out.push_str("\r\n");
        write(&mut out, response).await;
    }
    out.push_str(&format!("--{own}--\r\n"));
    let kind = HeaderValue::from_str(&format!("multipart/mixed; boundary={own}"));
    let mut response = (StatusCode::ACCEPTED, out).into_response();
    if let Ok(kind) = kind {
        response.headers_mut().insert(CONTENT_TYPE, kind);
    }
    Ok(response)
}

fn boundary(kind: &str) -> Option<String> {
    let (_, rest) = kind.split_once("boundary=")?;
    let boundary = rest.split(';').next()?.trim().trim_matches('"');
    (!boundary.is_empty()).then(|| boundary.to_owned())
}

fn permitted(request: &Request) -> bool {
    let comp = |wanted: &str| {
        let query = request.uri().query().unwrap_or_default();
        url::form_urlencoded::parse(query.as_bytes())
            .any(|(name, value)| name == "comp" && value == wanted)
    };
    match *request.method() {
        Method::DELETE => request.uri().path().trim_matches('/').split('/').count() > 2,
        Method::PUT => comp("tier"),
        _ => false,
    }
}

/// A request within the body.
struct Part<'t> {
    id: Option<&'t str>,
    text: &'t str,
}

fn parts<'t>(text: &'t str, boundary: &str) -> Vec<Part<'t>> {
    let mark = format!("--{boundary}");
    let pieces = text.split(mark.as_str()).skip(1);
    pieces
        .take_while(|piece| !piece.starts_with("--"))
        .filter_map(|piece| {
            let piece = piece.trim_start_matches(['\r', '\n']);
            let (head, text) = split_at_blank(piece)?;
            let id = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.trim()
                    .eq_ignore_ascii_case("content-id")
                    .then(|| value.trim())
            });
            Some(Part { id, text })
        })
        .collect()
}

fn split_at_blank(text: &str) -> Option<(&str, &str)> {
    text.split_once("\r\n\r\n")
        .or_else(|| text.split_once("\n\n"))
}

impl Part<'_> {
    fn request(&self) -> Result<Request, String> {
        let head = split_at_blank(self.text).map_or(self.text, |(head, _)| head);
        let mut lines = head.lines();
        let first = lines.next().unwrap_or_default();
        let mut words = first.split_whitespace();
        let (Some(method), Some(target)) = (words.next(), words.next()) else {
            return Err(format!("`{first}` is no request line"));
        };
        let mut request = Request::builder().method(method).uri(target);
        for line in lines {
            let (name, value) = line
                .split_once(':')
                .ok_or_else(|| format!("`{line}` is no header"))?;
            let name: HeaderName = name
                .trim()
                .parse()
                .map_err(|_| format!("`{name}` is no header's name"))?;
            request = request.header(name, value.trim());
        }
        request
            .body(Body::empty())
            .map_err(|error| format!("`{first}`: {error}"))
    }
}

async fn write(out: &mut String, response: Response) {
    let (head, body) = response.into_parts();
    let reason = head.status.canonical_reason().unwrap_or_default();
    out.push_str(&format!("HTTP/1.1 {} {reason}\r\n", head.status.as_u16()));
    for (name, value) in &head.headers {
        if let Ok(value) = value.to_str() {
            out.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    let body = axum::body::to_bytes(body, LARGEST)
        .await
        .unwrap_or_default();
    if !body.is_empty() {
        out.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    out.push_str("\r\n");
    out.push_str(&String::from_utf8_lossy(&body));
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_requests() {
        let text = "--b_1\r\nContent-Type: application/http\r\nContent-ID: 7\r\n\r\nDELETE /a/c/x%20y?snapshot= HTTP/1.1\r\n\
                    x-ms-date: now\r\n\r\n\r\n--b_1--";

        let parts = parts(
            text,
            &boundary("multipart/mixed; boundary=\"b_1\"").unwrap(),
        );
        let request = parts[0].request().unwrap();

        assert_eq!((parts.len(), parts[0].id), (1, Some("7")));
        assert_eq!(
            (request.method(), request.uri().path()),
            (&Method::DELETE, "/a/c/x%20y")
        );
        assert_eq!(request.headers()["x-ms-date"], "now");
        assert!(permitted(&request));
        assert!(
            Part {
                id: None,
                text: "what"
            }
            .request()
            .is_err()
        );
    }
}
