//! Single blobs (`Put Blob`, `Get Blob`, `Get Blob Properties`, `Set Blob Metadata`, `Delete Blob`).

use std::io::SeekFrom;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::IntoResponse;
use time::OffsetDateTime;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use super::condition::{self, Reading};
use super::copy::delete_blob_if;
use super::disk::{Blob, Copied, Properties, new_etag};
use super::failure::Failure;
use super::request::Call;
use super::upload::receive;
use super::{Answer, beyond, range, tags};
use crate::events::{self, BlobEvent};
use crate::http_date;
use crate::problem::Problem;
use crate::state::State;

/// The headers that a shared access signature may override.
const OVERRIDDEN: [(&str, &str); 5] = [
    ("rscc", "cache-control"),
    ("rscd", "content-disposition"),
    ("rsce", "content-encoding"),
    ("rscl", "content-language"),
    ("rsct", "content-type"),
];

const TYPE: &str = "x-ms-blob-type";

/// `Get Blob` and `Get Blob Properties`.
pub(super) async fn get(state: &State, call: &Call) -> Answer {
    let (blob, file) = state.blob.open_blob(&call.container, &call.blob)?;
    let mut headers = described(state, call, &blob);
    if condition::of_read(&state.blob, call, &blob)? == Reading::NotModified {
        return Ok((StatusCode::NOT_MODIFIED, written(&blob)).into_response());
    }
    if call.method == Method::HEAD {
        headers.insert("content-length", blob.bytes.into());
        return Ok((StatusCode::OK, headers, Body::empty()).into_response());
    }
    if blob.properties.tier.as_deref() == Some("Archive") {
        return Err(Failure::BlobArchived.into());
    }
    let part = range::wanted(call, blob.bytes)?;
    let mut file = tokio::fs::File::from_std(file);
    let (status, bytes) = match part {
        None => (StatusCode::OK, blob.bytes),
        Some(part) => {
            file.seek(SeekFrom::Start(part.from))
                .await
                .map_err(Failure::Io)?;
            let last = part.from + part.bytes - 1;
            let text = format!("bytes {}-{last}/{}", part.from, blob.bytes);
            put(&mut headers, "content-range", &text);
            if let Some(whole) = headers.remove("content-md5") {
                headers.insert("x-ms-blob-content-md5", whole);
            }
            (StatusCode::PARTIAL_CONTENT, part.bytes)
        }
    };
    headers.insert("content-length", bytes.into());
    for (wanted, name) in OVERRIDDEN {
        if let Some(value) = call.query(wanted) {
            put(&mut headers, name, value);
        }
    }
    let stream = ReaderStream::with_capacity(file.take(bytes), 64 << 10);
    Ok((status, headers, Body::from_stream(stream)).into_response())
}

fn put(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
        headers.insert(name, value);
    }
}

/// The headers of an answer to a write.
pub(super) fn written(blob: &Blob) -> HeaderMap {
    let mut headers = HeaderMap::new();
    put(&mut headers, "etag", &format!("\"{}\"", blob.etag));
    put(
        &mut headers,
        "last-modified",
        &http_date::format(blob.modified),
    );
    put(&mut headers, "x-ms-request-server-encrypted", "true");
    headers
}

fn described(state: &State, call: &Call, blob: &Blob) -> HeaderMap {
    let mut headers = written(blob);
    headers.remove("x-ms-request-server-encrypted");
    put(&mut headers, "content-type", "application/octet-stream");
    for (name, value) in &blob.properties.headers {
        put(&mut headers, name, value);
    }
    for (name, value) in &blob.properties.metadata {
        put(&mut headers, &format!("x-ms-meta-{name}"), value);
    }
    for (name, value) in [
        ("accept-ranges", "bytes"),
        ("x-ms-blob-type", "BlockBlob"),
        ("x-ms-server-encrypted", "true"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let lease = state
        .blob
        .lease(&format!("{}/{}", call.container, call.blob));
    put(&mut headers, "x-ms-lease-status", lease.status());
    put(&mut headers, "x-ms-lease-state", lease.word());
    let tier = blob.properties.tier.as_deref();
    put(&mut headers, "x-ms-access-tier", tier.unwrap_or("Hot"));
    if tier.is_none() {
        put(&mut headers, "x-ms-access-tier-inferred", "true");
    }
    if !blob.properties.tags.is_empty() {
        headers.insert("x-ms-tag-count", blob.properties.tags.len().into());
    }
    let created = http_date::format(blob.created);
    put(&mut headers, "x-ms-creation-time", &created);
    if let Some(copied) = &blob.properties.copied {
        describe_copy(&mut headers, copied, blob.bytes);
    }
    headers
}

fn describe_copy(headers: &mut HeaderMap, copied: &Copied, bytes: u64) {
    put(headers, "x-ms-copy-id", &copied.id);
    put(headers, "x-ms-copy-source", &copied.source);
    put(headers, "x-ms-copy-status", "success");
    put(headers, "x-ms-copy-progress", &format!("{bytes}/{bytes}"));
    if let Ok(at) = OffsetDateTime::from_unix_timestamp(copied.at) {
        put(headers, "x-ms-copy-completion-time", &http_date::format(at));
    }
}

/// Whether the request says that it writes a block blob; there are no others.
pub(super) fn is_block_blob(call: &Call) -> Result<bool, Problem> {
    match call.header(TYPE) {
        None => Ok(false),
        Some("BlockBlob") => Ok(true),
        Some(_) => Err(beyond::lacking_header(call, TYPE)),
    }
}

/// `Put Blob`.
pub(super) async fn put_blob(state: &Arc<State>, call: &Call, body: Body) -> Answer {
    if !is_block_blob(call)? {
        return Err(Failure::MissingRequiredHeader(TYPE).into());
    }
    state.blob.file(&call.container, &call.blob)?;
    let received = receive(&state.blob, call, body).await?;
    let mut properties = Properties {
        headers: call.content_headers(true),
        metadata: call.metadata()?,
        tags: tags::of_header(call)?,
        tier: tags::tier(call)?.map(str::to_owned),
        ..Properties::default()
    };
    let headers = &mut properties.headers;
    headers
        .entry("content-md5".to_owned())
        .or_insert_with(|| received.md5.clone());
    let blob = {
        let _writing = state.blob.exclusive();
        let current = state.blob.blob(&call.container, &call.blob).ok();
        condition::of_write(&state.blob, call, current.as_ref())?;
        state
            .blob
            .commit(&call.container, &call.blob, received.draft, properties)?
    };
    created(state, &call.container, &call.blob, &blob);
    let mut headers = written(&blob);
    put(&mut headers, "content-md5", &received.md5);
    Ok((StatusCode::CREATED, headers).into_response())
}

/// Tells the triggers that a blob is complete.
pub(super) fn created(state: &Arc<State>, container: &str, name: &str, blob: &Blob) {
    let event = BlobEvent {
        kind: events::CREATED,
        container: container.to_owned(),
        blob: name.to_owned(),
        bytes: blob.bytes,
    };
    events::raise(state, &event);
}

/// `Set Blob Metadata`.
pub(super) fn set_metadata(state: &State, call: &Call) -> Answer {
    let metadata = call.metadata()?;
    change(state, call, |properties| properties.metadata = metadata)
}

/// `Set Blob Properties`: headers that are not given are cleared.
pub(super) fn set_properties(state: &State, call: &Call) -> Answer {
    change(state, call, |properties| {
        properties.headers = call.content_headers(false);
    })
}

fn change(state: &State, call: &Call, change: impl FnOnce(&mut Properties)) -> Answer {
    let blob = replace(state, call, change, |_| new_etag())?;
    Ok((StatusCode::OK, written(&blob)).into_response())
}

/// Changes what is no part of a blob's version: its entity tag stays.
pub(super) fn annotate(
    state: &State,
    call: &Call,
    change: impl FnOnce(&mut Properties),
) -> Result<Blob, Failure> {
    replace(state, call, change, |current| current.etag.clone())
}

fn replace(
    state: &State,
    call: &Call,
    change: impl FnOnce(&mut Properties),
    etag: impl FnOnce(&Blob) -> String,
) -> Result<Blob, Failure> {
    let _writing = state.blob.exclusive();
    let current = state.blob.blob(&call.container, &call.blob)?;
    condition::of_write(&state.blob, call, Some(&current))?;
    let (created, etag) = (Some(current.created.unix_timestamp()), etag(&current));
    let mut properties = current.properties;
    change(&mut properties);
    state
        .blob
        .keep(&call.container, &call.blob, properties, created, etag)
}

/// `Delete Blob`.
pub(super) fn delete(state: &Arc<State>, call: &Call) -> Answer {
    const SNAPSHOTS: &str = "x-ms-delete-snapshots";
    match call.header(SNAPSHOTS) {
        // There are none to be deleted with the blob.
        None | Some("include") => {}
        Some("only") => return Err(beyond::lacking_header(call, SNAPSHOTS)),
        Some(_) => return Err(Failure::InvalidHeaderValue(SNAPSHOTS).into()),
    }
    let allowed = |current: &Blob| condition::of_write(&state.blob, call, Some(current));
    delete_blob_if(state, (&call.container, &call.blob), allowed)?;
    Ok(StatusCode::ACCEPTED.into_response())
}
