//! `dbfs/*`.

use axum::extract::State;
use axum::routing::{any, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::Workspace;
use super::dbfs::BLOCK;
use super::fields::{Answer, Fields, empty};
use super::refusal::Refusal;
use super::workspace_api::decode;

pub(super) fn router() -> Router<Workspace> {
    let at = |name: &str| format!("/api/2.0/dbfs/{name}");
    Router::new()
        .route(&at("put"), post(put))
        .route(&at("create"), post(create))
        .route(&at("add-block"), post(add_block))
        .route(&at("close"), post(close))
        .route(&at("read"), any(read))
        .route(&at("list"), any(list))
        .route(&at("get-status"), any(status))
        .route(&at("mkdirs"), post(mkdirs))
        .route(&at("move"), post(rename))
        .route(&at("delete"), post(delete))
}

async fn put(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let (path, overwrite) = (fields.required("path")?, fields.flag("overwrite")?);
    let content = match (fields.upload(), fields.text("contents")?) {
        (Some(bytes), _) => bytes.to_vec(),
        (None, text) => within_block(decode(&text.unwrap_or_default())?)?,
    };
    workspace.dbfs().put(&path, &content, overwrite)?;
    empty()
}

fn within_block(content: Vec<u8>) -> Result<Vec<u8>, Refusal> {
    match content.len() <= BLOCK {
        true => Ok(content),
        false => Err(Refusal::bad(
            "MAX_BLOCK_SIZE_EXCEEDED",
            format!(
                "a block has at most {BLOCK} bytes; this one has {}",
                content.len()
            ),
        )),
    }
}

async fn create(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let handle = workspace.next_id()?;
    let overwrite = fields.flag("overwrite")?;
    workspace
        .dbfs()
        .begin(handle, &fields.required("path")?, overwrite)?;
    Ok(Json(json!({"handle": handle})))
}

async fn add_block(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let block = within_block(decode(&fields.required("data")?)?)?;
    workspace.dbfs().add(fields.id("handle")?, &block)?;
    empty()
}

async fn close(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    workspace.dbfs().end(fields.id("handle")?)?;
    empty()
}

async fn read(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let negative = || Refusal::invalid("offset and length must not be negative");
    let offset = fields.number("offset")?.unwrap_or(0);
    let offset = u64::try_from(offset).map_err(|_| negative())?;
    let length = fields.number("length")?.unwrap_or(BLOCK as i64 / 2);
    let length = usize::try_from(length).map_err(|_| negative())?;
    if length > BLOCK {
        return Err(Refusal::bad(
            "MAX_READ_SIZE_EXCEEDED",
            format!("a read has at most {BLOCK} bytes"),
        ));
    }
    let content = workspace
        .dbfs()
        .read(&fields.required("path")?, offset, length)?;
    Ok(Json(match content.is_empty() {
        true => json!({"bytes_read": 0}),
        false => json!({"bytes_read": content.len(), "data": STANDARD.encode(content)}),
    }))
}

async fn list(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let files = workspace.dbfs().list(&fields.required("path")?)?;
    Ok(Json(match files.is_empty() {
        true => json!({}),
        false => json!({"files": files}),
    }))
}

async fn status(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let status = workspace.dbfs().status(&fields.required("path")?)?;
    Ok(Json(status))
}

async fn mkdirs(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    workspace.dbfs().make_folder(&fields.required("path")?)?;
    empty()
}

async fn rename(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let from = fields.required("source_path")?;
    workspace
        .dbfs()
        .rename(&from, &fields.required("destination_path")?)?;
    empty()
}

async fn delete(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let recursive = fields.flag("recursive")?;
    workspace
        .dbfs()
        .delete(&fields.required("path")?, recursive)?;
    empty()
}
