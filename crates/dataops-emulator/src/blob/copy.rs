//! Copies within the account (`Copy Blob`), which end at once, and what the rest of the emulator does to blobs.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::IntoResponse;
use percent_encoding::percent_decode_str;
use time::OffsetDateTime;
use url::Url;
use uuid::Uuid;

use super::Answer;
use super::blobs::{created, is_block_blob, written};
use super::condition;
use super::disk::{Blob, Copied, Properties};
use super::failure::Failure;
use super::request::Call;
use super::staging::append;
use super::tags;
use crate::events::{self, BlobEvent};
use crate::state::State;

/// `Copy Blob` and `Put Blob From URL`.
pub(super) async fn from_url(state: &Arc<State>, call: &Call) -> Answer {
    let whole = is_block_blob(call)?;
    let source = call.header("x-ms-copy-source").unwrap_or_default();
    let (container, name) = within(state, source)?;
    let missing = |failure| match failure {
        Failure::BlobNotFound(_) | Failure::ContainerNotFound(_) => {
            Failure::CannotVerifyCopySource(format!("`{container}/{name}` does not exist"))
        }
        other => other,
    };
    state.blob.file(&call.container, &call.blob)?;
    let (from, draft) = state.blob.duplicate(&container, &name).map_err(missing)?;
    condition::of_source(&state.blob, call, &format!("{container}/{name}"), &from)?;
    if from.properties.tier.as_deref() == Some("Archive") {
        return Err(Failure::BlobArchived.into());
    }
    let mut properties = taken_over(call, from.properties, whole)?;
    let copied = Copied {
        id: Uuid::new_v4().to_string(),
        source: source.split('?').next().unwrap_or_default().to_owned(),
        at: OffsetDateTime::now_utc().unix_timestamp(),
    };
    let id = copied.id.clone();
    properties.copied = Some(copied);
    let blob = {
        let _writing = state.blob.exclusive();
        let current = state.blob.blob(&call.container, &call.blob).ok();
        condition::of_write(&state.blob, call, current.as_ref())?;
        state
            .blob
            .commit(&call.container, &call.blob, draft, properties)?
    };
    created(state, &call.container, &call.blob, &blob);
    let copied = [
        ("x-ms-copy-id", id),
        ("x-ms-copy-status", "success".to_owned()),
    ];
    let status = match whole {
        true => StatusCode::CREATED,
        false => StatusCode::ACCEPTED,
    };
    Ok((status, copied, written(&blob)).into_response())
}

/// What a copy takes over from its source, and what the request says instead; `whole` for `Put Blob From URL`.
fn taken_over(call: &Call, from: Properties, whole: bool) -> Result<Properties, Failure> {
    let mut properties = from;
    if whole {
        if call.header("x-ms-copy-source-blob-properties") == Some("false") {
            properties.headers.clear();
        }
        properties.headers.extend(call.content_headers(false));
    }
    match call.header("x-ms-copy-source-tag-option") {
        Some("COPY") => {}
        None | Some("REPLACE") => properties.tags = tags::of_header(call)?,
        Some(_) => return Err(Failure::InvalidHeaderValue("x-ms-copy-source-tag-option")),
    }
    properties.tier = tags::tier(call)?.map(str::to_owned);
    let metadata = call.metadata()?;
    if !metadata.is_empty() {
        properties.metadata = metadata;
    }
    Ok(properties)
}

/// The container and blob that an address of this account names.
fn within(state: &State, source: &str) -> Result<(String, String), Failure> {
    let elsewhere = || {
        Failure::CannotVerifyCopySource(format!(
            "only blobs of the account `{}` can be copied",
            state.account
        ))
    };
    let url = Url::parse(source).map_err(|_| Failure::InvalidHeaderValue("x-ms-copy-source"))?;
    let host = url.host_str().unwrap_or_default();
    let path = percent_decode_str(url.path())
        .decode_utf8()
        .map_err(|_| Failure::InvalidHeaderValue("x-ms-copy-source"))?;
    let path = path.trim_start_matches('/');
    let path = match host.split_once('.') {
        Some((account, "blob.core.windows.net")) if account == state.account => path,
        _ => path
            .strip_prefix(&format!("{}/", state.account))
            .filter(|_| host == "localhost" || host == "127.0.0.1" || host == "[::1]")
            .ok_or_else(elsewhere)?,
    };
    let (container, name) = path.split_once('/').ok_or_else(elsewhere)?;
    Ok((container.to_owned(), name.to_owned()))
}

/// Copies a blob and tells the triggers.
pub(crate) fn copy_blob(
    state: &Arc<State>,
    from: (&str, &str),
    to: (&str, &str),
) -> Result<Blob, Failure> {
    state.blob.file(to.0, to.1)?;
    let (source, draft) = state.blob.duplicate(from.0, from.1)?;
    let properties = Properties {
        blocks: Vec::new(),
        copied: None,
        tags: BTreeMap::new(),
        tier: None,
        ..source.properties
    };
    let blob = {
        let _writing = state.blob.exclusive();
        state.blob.guard(&format!("{}/{}", to.0, to.1), None)?;
        state.blob.commit(to.0, to.1, draft, properties)?
    };
    created(state, to.0, to.1, &blob);
    Ok(blob)
}

/// Deletes a blob and tells the triggers.
pub(crate) fn delete_blob(state: &Arc<State>, container: &str, name: &str) -> Result<(), Failure> {
    let key = format!("{container}/{name}");
    delete_blob_if(state, (container, name), |_| state.blob.guard(&key, None))
}

/// Deletes a blob that is as the caller expects it.
pub(super) fn delete_blob_if(
    state: &Arc<State>,
    (container, name): (&str, &str),
    allowed: impl FnOnce(&Blob) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let bytes = {
        let _writing = state.blob.exclusive();
        let current = state.blob.blob(container, name)?;
        allowed(&current)?;
        state.blob.remove(container, name)?;
        current.bytes
    };
    let event = BlobEvent {
        kind: events::DELETED,
        container: container.to_owned(),
        blob: name.to_owned(),
        bytes,
    };
    events::raise(state, &event);
    Ok(())
}

/// Joins blobs into one and tells the triggers.
pub(crate) fn merge_blobs(
    state: &Arc<State>,
    (container, sources): (&str, &[&str]),
    to: (&str, &str),
) -> Result<Blob, Failure> {
    state.blob.file(to.0, to.1)?;
    let (mut file, draft) = state.blob.draft()?;
    for name in sources {
        append(&mut file, &state.blob.blob(container, name)?.path, None)?;
    }
    let blob = {
        let _writing = state.blob.exclusive();
        state.blob.guard(&format!("{}/{}", to.0, to.1), None)?;
        state
            .blob
            .commit(to.0, to.1, draft, Properties::default())?
    };
    created(state, to.0, to.1, &blob);
    Ok(blob)
}
