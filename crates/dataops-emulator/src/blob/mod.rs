//! The Blob service (`/{account}/{container}/{blob}`): containers and block blobs.

mod batch;
mod beyond;
mod blobs;
mod blocks;
mod condition;
mod container;
mod containers;
mod copy;
pub(crate) mod disk;
pub(crate) mod failure;
mod folders;
mod lease;
mod list;
mod name;
mod range;
mod request;
mod staging;
mod tags;
mod upload;
mod xml;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State as Extract};
use axum::http::{HeaderValue, Method};
use axum::response::{IntoResponse, Response};

use self::beyond::lacking;
use self::request::Call;
use crate::problem::Problem;
use crate::state::State;

pub(crate) use self::copy::{copy_blob, delete_blob, merge_blobs};

/// The whole service.
pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new().fallback(handle).with_state(state)
}

type Answer = Result<Response, Problem>;

const VERSION: &str = "2025-05-05";

async fn handle(Extract(state): Extract<Arc<State>>, request: Request) -> Response {
    answer(&state, request).await
}

async fn answer(state: &Arc<State>, request: Request) -> Response {
    let version = request.headers().get("x-ms-version").cloned();
    let answer = match Call::read(request) {
        Ok((call, body)) => route(state, &call, body).await,
        Err(failure) => Err(failure.into()),
    };
    let mut response = answer.into_response();
    let version = version.unwrap_or(HeaderValue::from_static(VERSION));
    response.headers_mut().insert("x-ms-version", version);
    response
}

async fn route(state: &Arc<State>, call: &Call, body: Body) -> Answer {
    beyond::refuse(call)?;
    let (restype, comp) = (call.query("restype"), call.query("comp"));
    if call.container.is_empty() {
        return match (&call.method, restype, comp) {
            (&Method::GET, None, Some("list")) => containers::list(state, call),
            (&Method::GET | &Method::HEAD, Some("account"), Some("properties")) => {
                Ok(containers::account())
            }
            (&Method::POST, None, Some("batch")) => batch::run(state, call, body).await,
            _ => Err(lacking(call)),
        };
    }
    if call.blob.is_empty() {
        return match (restype, comp) {
            (Some("container"), None) => containers::one(state, call),
            (Some("container"), Some("list")) if call.method == Method::GET => {
                list::blobs(state, call)
            }
            (Some("container"), Some("metadata")) => containers::metadata(state, call),
            (Some("container"), Some("lease")) if call.method == Method::PUT => {
                lease::container(state, call)
            }
            (Some("container"), Some("batch")) if call.method == Method::POST => {
                batch::run(state, call, body).await
            }
            _ => Err(lacking(call)),
        };
    }
    match (&call.method, comp) {
        (&Method::GET | &Method::HEAD, None) => blobs::get(state, call).await,
        (&Method::HEAD, Some("metadata")) => blobs::get(state, call).await,
        (&Method::PUT, None) if call.header("x-ms-copy-source").is_some() => {
            copy::from_url(state, call).await
        }
        (&Method::PUT, None) => blobs::put_blob(state, call, body).await,
        (&Method::PUT, Some("block")) if call.header("x-ms-copy-source").is_none() => {
            blocks::put(state, call, body).await
        }
        (&Method::PUT, Some("blocklist")) => blocks::commit(state, call, body).await,
        (&Method::GET, Some("blocklist")) => blocks::list(state, call),
        (&Method::PUT, Some("metadata")) => blobs::set_metadata(state, call),
        (&Method::PUT, Some("properties")) => blobs::set_properties(state, call),
        (&Method::PUT, Some("lease")) => lease::blob(state, call),
        (&Method::PUT, Some("tags")) => tags::set(state, call, body).await,
        (&Method::GET, Some("tags")) => tags::get(state, call),
        (&Method::PUT, Some("tier")) => tags::set_tier(state, call),
        (&Method::PUT, Some("copy")) => Err(failure::Failure::NoPendingCopyOperation.into()),
        (&Method::DELETE, None) => blobs::delete(state, call),
        _ => Err(lacking(call)),
    }
}
