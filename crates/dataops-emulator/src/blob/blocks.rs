//! Blobs in blocks (`Put Block`, `Put Block List`, `Get Block List`).

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use tempfile::TempPath;

use super::Answer;
use super::blobs::{created, written};
use super::condition;
use super::disk::{Blob, Disk, Properties};
use super::failure::Failure;
use super::request::Call;
use super::staging::append;
use super::tags;
use super::upload::receive;
use super::xml::{Source, Xml, block_list};
use crate::private_file;
use crate::state::State;

const LARGEST_LIST: usize = 8 << 20;
const MOST_BLOCKS: usize = 50_000;

/// The folder of a blob's uncommitted blocks.
fn folder(disk: &Disk, container: &str, blob: &str) -> PathBuf {
    let digest = Sha256::digest(format!("{container}/{blob}"));
    let name: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    of_container(disk, container).join(name)
}

fn of_container(disk: &Disk, container: &str) -> PathBuf {
    disk.staging().join(format!("blocks-{container}"))
}

/// Forgets the uncommitted blocks of a blob, as each write of a whole blob does.
pub(super) fn discard(disk: &Disk, container: &str, blob: &str) {
    // Mostly there are none.
    let _ = fs::remove_dir_all(folder(disk, container, blob));
}

/// Forgets the uncommitted blocks of a container.
pub(super) fn discard_all(disk: &Disk, container: &str) {
    let _ = fs::remove_dir_all(of_container(disk, container));
}

fn block_file(folder: &Path, id: &str) -> Result<PathBuf, Failure> {
    match STANDARD.decode(id) {
        Ok(bytes) if (1..=64).contains(&bytes.len()) => {
            let name: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            Ok(folder.join(name))
        }
        _ => Err(Failure::InvalidQueryParameterValue("blockid")),
    }
}

/// The ids of all blocks of a blob have one length.
fn same_length(folder: &Path, file: &Path) -> Result<(), Failure> {
    let length = |path: &Path| path.file_name().map(std::ffi::OsStr::len);
    let other = fs::read_dir(folder).into_iter().flatten().flatten().next();
    match other {
        Some(other) if length(&other.path()) != length(file) => Err(Failure::InvalidBlobOrBlock),
        _ => Ok(()),
    }
}

/// `Put Block`.
pub(super) async fn put(state: &Arc<State>, call: &Call, body: Body) -> Answer {
    let id = call
        .query("blockid")
        .ok_or(Failure::InvalidQueryParameterValue("blockid"))?;
    state.blob.file(&call.container, &call.blob)?;
    let folder = folder(&state.blob, &call.container, &call.blob);
    let file = block_file(&folder, id)?;
    same_length(&folder, &file)?;
    condition::of_block(&state.blob, call)?;
    let received = receive(&state.blob, call, body).await?;
    let keep = || {
        private_file::create_folder(&folder)?;
        received.draft.persist(&file).map_err(|error| error.error)
    };
    keep().map_err(Failure::Io)?;
    let headers = [
        ("content-md5", received.md5),
        ("x-ms-request-server-encrypted", "true".to_owned()),
    ];
    Ok((StatusCode::CREATED, headers).into_response())
}

/// `Put Block List`.
pub(super) async fn commit(state: &Arc<State>, call: &Call, body: Body) -> Answer {
    state.blob.file(&call.container, &call.blob)?;
    let list = axum::body::to_bytes(body, LARGEST_LIST)
        .await
        .map_err(|error| Failure::Incomplete(error.to_string()))?;
    let list = block_list(&list).map_err(Failure::InvalidBlockList)?;
    if list.len() > MOST_BLOCKS {
        return Err(Failure::InvalidBlockList(format!("over {MOST_BLOCKS} blocks")).into());
    }
    let properties = Properties {
        headers: call.content_headers(false),
        metadata: call.metadata()?,
        tags: tags::of_header(call)?,
        tier: tags::tier(call)?.map(str::to_owned),
        ..Properties::default()
    };
    let (working, container, name) = (Arc::clone(state), call.container.clone(), call.blob.clone());
    // Joining the blocks of a large blob takes seconds of disk time.
    let joined = tokio::task::spawn_blocking(move || join(&working, &container, &name, &list));
    let (draft, blocks) = joined
        .await
        .map_err(|error| Failure::Io(std::io::Error::other(error)))??;
    let properties = Properties {
        blocks,
        ..properties
    };
    let blob = {
        let _writing = state.blob.exclusive();
        let current = state.blob.blob(&call.container, &call.blob).ok();
        condition::of_write(&state.blob, call, current.as_ref())?;
        state
            .blob
            .commit(&call.container, &call.blob, draft, properties)?
    };
    created(state, &call.container, &call.blob, &blob);
    Ok((StatusCode::CREATED, written(&blob)).into_response())
}

type Joined = (TempPath, Vec<(String, u64)>);

fn join(
    state: &State,
    container: &str,
    name: &str,
    list: &[(Source, String)],
) -> Result<Joined, Failure> {
    let folder = folder(&state.blob, container, name);
    let current = state.blob.blob(container, name).ok();
    let (mut to, draft) = state.blob.draft()?;
    let mut blocks = Vec::new();
    for (source, id) in list {
        let staged = block_file(&folder, id)?;
        let bytes = if *source != Source::Committed && staged.is_file() {
            append(&mut to, &staged, None).map_err(|error| match error.kind() {
                // Another caller's list was faster and took the blocks.
                ErrorKind::NotFound => missing(id),
                _ => Failure::Io(error),
            })?
        } else if let (Some(blob), true) = (&current, *source != Source::Uncommitted) {
            let part = committed(blob, id)?;
            append(&mut to, &blob.path, Some(part))?
        } else {
            return Err(missing(id));
        };
        blocks.push((id.clone(), bytes));
    }
    Ok((draft, blocks))
}

fn missing(id: &str) -> Failure {
    Failure::InvalidBlockList(format!("the block `{id}` was not uploaded"))
}

fn committed(blob: &Blob, wanted: &str) -> Result<(u64, u64), Failure> {
    let mut offset = 0;
    for (id, bytes) in &blob.properties.blocks {
        if id == wanted {
            return Ok((offset, *bytes));
        }
        offset += bytes;
    }
    Err(missing(wanted))
}

/// `Get Block List`.
pub(super) fn list(state: &State, call: &Call) -> Answer {
    let wanted = call.query("blocklisttype").unwrap_or("committed");
    let folder = folder(&state.blob, &call.container, &call.blob);
    let staged = staged(&folder)?;
    let current = state.blob.blob(&call.container, &call.blob);
    if current.is_err() && staged.is_empty() {
        return Err(Failure::BlobNotFound(call.blob.clone()).into());
    }
    let mut xml = Xml::new();
    xml.open("BlockList");
    if wanted != "uncommitted" {
        let blocks = current.map(|blob| blob.properties.blocks);
        write(&mut xml, "CommittedBlocks", &blocks.unwrap_or_default());
    }
    if wanted != "committed" {
        write(&mut xml, "UncommittedBlocks", &staged);
    }
    xml.close("BlockList");
    Ok(super::list::answer(xml))
}

fn staged(folder: &Path) -> Result<Vec<(String, u64)>, Failure> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let mut blocks = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let bytes: Vec<u8> = (0..name.len() / 2)
            .filter_map(|at| u8::from_str_radix(name.get(2 * at..2 * at + 2)?, 16).ok())
            .collect();
        blocks.push((STANDARD.encode(bytes), entry.metadata()?.len()));
    }
    blocks.sort();
    Ok(blocks)
}

fn write(xml: &mut Xml, tag: &str, blocks: &[(String, u64)]) {
    xml.open(tag);
    for (id, bytes) in blocks {
        xml.open("Block").text("Name", id);
        xml.text("Size", &bytes.to_string()).close("Block");
    }
    xml.close(tag);
}
