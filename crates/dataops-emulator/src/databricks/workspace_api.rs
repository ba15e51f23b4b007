//! `workspace/*` and `workspace-files/*`.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Workspace;
use super::fields::{Answer, Fields, empty, read};
use super::format::{self, Language};
use super::object::{Object, describe};
use super::path::WorkspacePath;
use super::refusal::Refusal;

pub(super) fn router() -> Router<Workspace> {
    let at = |name: &str| format!("/api/2.0/workspace/{name}");
    Router::new()
        .route(&at("import"), post(import))
        .route(&at("export"), get(export).post(export))
        .route(&at("list"), get(list).post(list))
        .route(&at("get-status"), get(status).post(status))
        .route(&at("mkdirs"), post(mkdirs))
        .route(&at("delete"), post(delete))
        .route(
            "/api/2.0/workspace-files/import-file/{*path}",
            post(import_file),
        )
        .route("/api/2.0/workspace-files/{*path}", get(read_file))
}

fn path_of(fields: &Fields) -> Result<WorkspacePath, Refusal> {
    WorkspacePath::parse(&fields.required("path")?)
}

async fn import(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let path = path_of(&fields)?;
    let content = match (fields.upload(), fields.text("content")?) {
        (Some(bytes), _) => bytes.to_vec(),
        (None, Some(text)) => decode(&text)?,
        (None, None) => return Err(Refusal::invalid("Missing required field: content")),
    };
    let format = fields.text("format")?;
    let language = fields.text("language")?.filter(|text| !text.is_empty());
    let language = language.map(|text| Language::parse(&text)).transpose()?;
    let format = format.as_deref().unwrap_or("SOURCE");
    let imported = format::decide(path, format, language, &content)?;
    let info = workspace
        .tree()
        .put(&imported, &content, fields.flag("overwrite")?)?;
    Ok(Json(json!({"object_id": info["object_id"]})))
}

/// Base64, with the line breaks that some encoders put into it.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, Refusal> {
    let text: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    STANDARD
        .decode(text)
        .map_err(|error| Refusal::malformed(format!("the content is not Base64: {error}")))
}

async fn export(State(workspace): State<Workspace>, fields: Fields) -> Result<Response, Refusal> {
    let path = path_of(&fields)?;
    let format = fields.text("format")?;
    let format = format.as_deref().unwrap_or("SOURCE");
    let (content, file_type) = exported(&workspace, &path, format)?;
    if fields.flag("direct_download")? {
        return Ok(([(CONTENT_TYPE, "application/octet-stream")], content).into_response());
    }
    let answer = json!({"content": STANDARD.encode(content), "file_type": file_type});
    Ok(Json(answer).into_response())
}

fn exported(
    workspace: &Workspace,
    path: &WorkspacePath,
    format: &str,
) -> Result<(Vec<u8>, String), Refusal> {
    let (object, content) = workspace.tree().read(path)?;
    match (object, format) {
        (Object::Notebook(row), "SOURCE" | "AUTO") => {
            let text = format::as_source(&content, row.language, row.jupyter);
            Ok((text, row.language.ending().to_owned()))
        }
        (Object::Notebook(row), "JUPYTER") => {
            let text = format::as_jupyter(&content, row.language, row.jupyter, path.name());
            Ok((text, "ipynb".to_owned()))
        }
        (Object::File(_), "SOURCE" | "AUTO" | "RAW") => Ok((content, path.ending())),
        (_, "DBC" | "HTML" | "R_MARKDOWN" | "JUPYTER" | "RAW") => Err(Refusal::not_emulated(
            &format!("exports of format {format}"),
        )),
        _ => Err(Refusal::invalid(format!("Unknown format: {format}"))),
    }
}

async fn list(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let mut objects = workspace.tree().list(&path_of(&fields)?)?;
    if let Some(since) = fields.number("notebooks_modified_after")? {
        objects.retain(|object| {
            object["object_type"] != "NOTEBOOK"
                || object["modified_at"].as_i64().is_some_and(|at| at >= since)
        });
    }
    Ok(Json(match objects.is_empty() {
        true => json!({}),
        false => json!({"objects": objects}),
    }))
}

async fn status(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let path = path_of(&fields)?;
    let object = workspace.tree().find(&path)?;
    let mut info = describe(&path, &object);
    if let (Object::Notebook(row), true) = (&object, fields.flag("return_export_info")?) {
        info["repos_export_format"] = Value::from(if row.jupyter { "JUPYTER" } else { "SOURCE" });
    }
    Ok(Json(info))
}

async fn mkdirs(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    workspace.tree().make_folder(&path_of(&fields)?)?;
    empty()
}

async fn delete(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let recursive = fields.flag("recursive")?;
    workspace.tree().delete(&path_of(&fields)?, recursive)?;
    empty()
}

async fn import_file(
    State(workspace): State<Workspace>,
    Path(path): Path<String>,
    request: Request,
) -> Answer {
    let overwrite = request.uri().query().is_some_and(|query| {
        url::form_urlencoded::parse(query.as_bytes())
            .any(|(name, value)| name == "overwrite" && value.eq_ignore_ascii_case("true"))
    });
    let path = rooted(&path)?;
    let content = read(request.into_body()).await?;
    let imported = format::decide(path, "AUTO", None, &content)?;
    workspace
        .tree()
        .put(&imported, &content, overwrite)
        .map_err(|refusal| match refusal.code() {
            "RESOURCE_ALREADY_EXISTS" => refusal.status_of(StatusCode::CONFLICT),
            _ => refusal,
        })?;
    empty()
}

async fn read_file(
    State(workspace): State<Workspace>,
    Path(path): Path<String>,
) -> Result<Response, Refusal> {
    let (content, _) = exported(&workspace, &rooted(&path)?, "AUTO")?;
    let kind = [(CONTENT_TYPE, "application/octet-stream")];
    Ok((kind, Body::from(content)).into_response())
}

fn rooted(path: &str) -> Result<WorkspacePath, Refusal> {
    WorkspacePath::parse(&format!("/{}", path.trim_start_matches('/')))
}
