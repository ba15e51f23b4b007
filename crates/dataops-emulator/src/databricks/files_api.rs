//! `fs/files` and `fs/directories`: volumes.

use std::io;
use std::path::PathBuf;

use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{
    ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, LAST_MODIFIED, RANGE,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use futures::StreamExt as _;
use serde_json::{Value, json};
use tokio::fs;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};
use tokio_util::io::ReaderStream;

use super::Workspace;
use super::clock::millis;
use super::fields::{Answer, page};
use super::refusal::Refusal;
use crate::http_date;

type Wanted = Query<std::collections::BTreeMap<String, String>>;

pub(super) fn router() -> Router<Workspace> {
    Router::new()
        .route(
            "/api/2.0/fs/files/{*path}",
            get(download).put(upload).delete(delete),
        )
        .route(
            "/api/2.0/fs/directories/{*path}",
            get(list)
                .put(make_folder)
                .delete(delete_folder)
                .head(folder),
        )
}

fn locate(workspace: &Workspace, path: &str) -> Result<PathBuf, Refusal> {
    let path = path.trim_start_matches('/');
    let below = path.strip_prefix("Volumes/").ok_or_else(|| {
        Refusal::invalid(format!(
            "Invalid path: /{path} does not begin with /Volumes/"
        ))
    })?;
    workspace.volumes().locate(below)
}

fn failed(file: &std::path::Path) -> impl Fn(io::Error) -> Refusal {
    move |error| Refusal::disk(file, &error)
}

async fn upload(
    State(workspace): State<Workspace>,
    Path(path): Path<String>,
    Query(wanted): Wanted,
    request: Request,
) -> Result<StatusCode, Refusal> {
    let file = locate(&workspace, &path)?;
    let overwrite = wanted.get("overwrite").is_none_or(|text| text != "false");
    if file.is_dir() || (file.exists() && !overwrite) {
        return Err(Refusal::conflict(format!(
            "The file /{path} already exists."
        )));
    }
    let failed = failed(&file);
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent).await.map_err(&failed)?;
        // A rename within one folder puts the whole file there at once.
        let part = tempfile::Builder::new()
            .suffix(crate::private_file::PART)
            .tempfile_in(parent)
            .map_err(&failed)?;
        let mut target = fs::File::from_std(part.reopen().map_err(&failed)?);
        let mut body = request.into_body().into_data_stream();
        while let Some(chunk) = body.next().await {
            let chunk = chunk
                .map_err(|error| Refusal::malformed(format!("the body broke off: {error}")))?;
            target.write_all(&chunk).await.map_err(&failed)?;
        }
        target.flush().await.map_err(&failed)?;
        part.persist(&file).map_err(|error| failed(error.error))?;
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn download(
    State(workspace): State<Workspace>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let file = locate(&workspace, &path)?;
    let found = fs::metadata(&file)
        .await
        .ok()
        .filter(std::fs::Metadata::is_file);
    let absent = || Refusal::not_found(format!("The file /{path} does not exist."));
    let found = found.ok_or_else(absent)?;
    let failed = failed(&file);
    let size = found.len();
    let range = headers.get(RANGE).and_then(|value| value.to_str().ok());
    let (from, to) = match range.map(|text| span(text, size)) {
        None => (0, size),
        Some(Some(span)) => span,
        Some(None) => {
            let unfit = [(CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, unfit).into_response());
        }
    };
    let mut source = fs::File::open(&file).await.map_err(&failed)?;
    source
        .seek(io::SeekFrom::Start(from))
        .await
        .map_err(&failed)?;
    let body = Body::from_stream(ReaderStream::new(source.take(to - from)));
    let mut response = (
        [
            (CONTENT_TYPE, "application/octet-stream".to_owned()),
            (CONTENT_LENGTH, (to - from).to_string()),
            (ACCEPT_RANGES, "bytes".to_owned()),
        ],
        body,
    )
        .into_response();
    if range.is_some() {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let told = format!("bytes {from}-{}/{size}", to.saturating_sub(1));
        if let Ok(told) = told.parse() {
            response.headers_mut().insert(CONTENT_RANGE, told);
        }
    }
    let modified = found.modified().map(|time| http_date::format(time.into()));
    if let Some(modified) = modified.ok().and_then(|text| text.parse().ok()) {
        response.headers_mut().insert(LAST_MODIFIED, modified);
    }
    Ok(response)
}

/// The bytes from and up to, of a header such as `bytes=0-99`.
fn span(text: &str, size: u64) -> Option<(u64, u64)> {
    let (from, to) = text.trim().strip_prefix("bytes=")?.split_once('-')?;
    let (from, to) = match (from.parse::<u64>().ok(), to.parse::<u64>().ok()) {
        (Some(from), None) if to.is_empty() => (from, size),
        (Some(from), Some(to)) => (from, to.saturating_add(1).min(size)),
        (None, Some(last)) if from.is_empty() => (size.saturating_sub(last), size),
        _ => return None,
    };
    (from < to).then_some((from, to))
}

async fn delete(
    State(workspace): State<Workspace>,
    Path(path): Path<String>,
) -> Result<StatusCode, Refusal> {
    let file = locate(&workspace, &path)?;
    if !file.is_file() {
        return Err(Refusal::not_found(format!(
            "The file /{path} does not exist."
        )));
    }
    fs::remove_file(&file).await.map_err(failed(&file))?;
    Ok(StatusCode::NO_CONTENT)
}

async fn make_folder(
    State(workspace): State<Workspace>,
    Path(path): Path<String>,
) -> Result<StatusCode, Refusal> {
    let folder = locate(&workspace, &path)?;
    if folder.is_file() {
        return Err(Refusal::conflict(format!("/{path} is a file.")));
    }
    fs::create_dir_all(&folder).await.map_err(failed(&folder))?;
    Ok(StatusCode::NO_CONTENT)
}

async fn folder(
    State(workspace): State<Workspace>,
    Path(path): Path<String>,
) -> Result<StatusCode, Refusal> {
    match locate(&workspace, &path)?.is_dir() {
        true => Ok(StatusCode::OK),
        false => Err(no_folder(&path)),
    }
}

fn no_folder(path: &str) -> Refusal {
    Refusal::not_found(format!("The directory /{path} does not exist."))
}

async fn delete_folder(
    State(workspace): State<Workspace>,
    Path(path): Path<String>,
) -> Result<StatusCode, Refusal> {
    let folder = locate(&workspace, &path)?;
    match fs::remove_dir(&folder).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Err(Refusal::bad(
            "BAD_REQUEST",
            format!("The directory /{path} is not empty."),
        )
        .because("FILES_API_DIRECTORY_IS_NOT_EMPTY")),
        Err(_) => Err(no_folder(&path)),
    }
}

async fn list(
    State(workspace): State<Workspace>,
    Path(path): Path<String>,
    Query(wanted): Wanted,
) -> Answer {
    let folder = locate(&workspace, &path)?;
    let mut names = Vec::new();
    let mut entries = fs::read_dir(&folder).await.map_err(|_| no_folder(&path))?;
    let failed = failed(&folder);
    while let Some(entry) = entries.next_entry().await.map_err(&failed)? {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.ends_with(crate::private_file::PART) {
            names.push((name, entry.metadata().await.map_err(&failed)?));
        }
    }
    names.sort_by(|one, other| one.0.cmp(&other.0));
    let size = wanted.get("page_size").and_then(|size| size.parse().ok());
    let size = usize::clamp(size.unwrap_or(1000), 1, 1000);
    let token = wanted.get("page_token").map(String::as_str);
    let (names, next) = page(names, size, token)?;
    let parent = path.trim_matches('/');
    let contents: Vec<Value> = names
        .iter()
        .map(|(name, found)| {
            let mut entry = json!({
                "name": name, "path": format!("/{parent}/{name}"), "is_directory": found.is_dir(),
                "last_modified": found.modified().map(millis).unwrap_or_default(),
            });
            if found.is_file() {
                entry["file_size"] = found.len().into();
            }
            entry
        })
        .collect();
    let mut answer = json!({"contents": contents});
    if let Some(next) = next {
        answer["next_page_token"] = next.into();
    }
    Ok(Json(answer))
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn ranges_stay_within_the_file() {
        assert_eq!(span("bytes=0-3", 10), Some((0, 4)));
        assert_eq!(span("bytes=4-", 10), Some((4, 10)));
        assert_eq!(span("bytes=-3", 10), Some((7, 10)));
        assert_eq!(span("bytes=4-99", 10), Some((4, 10)));
        assert_eq!(span("bytes=10-", 10), None);
        assert_eq!(span("bytes=5-2", 10), None);
        assert_eq!(span("lines=1-2", 10), None);
    }
}
