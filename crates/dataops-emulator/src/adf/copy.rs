//! The Copy activity for binary files: between folders and containers of the account.

use std::sync::Arc;
use std::time::Instant;

use adf_runtime::{ActivityCall, ActivityFailure, ResolvedDataset};
use serde_json::{Value, json};
use uuid::Uuid;

use super::settings::is_given;
use super::storage::{Location, Selected, Selection, failed, flag, user};
use crate::blob::{copy_blob, delete_blob, merge_blobs};
use crate::state::State;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behaviour {
    PreserveHierarchy,
    FlattenHierarchy,
    MergeFiles,
}

#[derive(Default)]
struct Done {
    read: u64,
    written: u64,
    files_read: usize,
    files_written: usize,
}

/// Carries out a Copy activity.
pub(super) fn run(state: &Arc<State>, call: &ActivityCall) -> Result<Value, ActivityFailure> {
    let began = Instant::now();
    let source = binary(call.inputs.first(), "input")?;
    let sink = binary(call.outputs.first(), "output")?;
    let read = &call.properties["source"]["storeSettings"];
    let write = &call.properties["sink"]["storeSettings"];
    let behaviour = behaviour(&write["copyBehavior"])?;
    if is_given(&write["metadata"]) {
        return Err(user(
            "NotEmulated",
            "storeSettings.metadata of the sink is not emulated",
        ));
    }
    let from = Location::of(state, source)?;
    let to = Location::of(state, sink)?;
    let files = Selection::of(read)?.files(state, &from)?;
    state
        .blob
        .create_container(&to.container, std::collections::BTreeMap::new())
        .map_err(|failure| failed(&failure))?;
    let done = match behaviour {
        Behaviour::MergeFiles => merge(state, call, (&from, &to), &files)?,
        _ => each(state, call, (&from, &to), &files, behaviour)?,
    };
    if flag(&read["deleteFilesAfterCompletion"]).unwrap_or(false) {
        for file in &files {
            delete_blob(state, &from.container, &file.blob).map_err(|failure| failed(&failure))?;
        }
    }
    Ok(output(&done, began.elapsed().as_secs().max(1)))
}

fn binary<'a>(
    dataset: Option<&'a ResolvedDataset>,
    side: &str,
) -> Result<&'a ResolvedDataset, ActivityFailure> {
    let Some(dataset) = dataset else {
        let message = format!("the activity has no {side} dataset");
        return Err(user("UserErrorInvalidDataset", &message));
    };
    match dataset.kind.as_str() {
        "Binary" if is_given(&dataset.properties["compression"]) => Err(user(
            "NotEmulated",
            &format!(
                "`compression` is not emulated (dataset `{}`); the emulator copies the bytes as they are",
                dataset.name
            ),
        )),
        "Binary" => Ok(dataset),
        other => Err(user(
            "NotEmulated",
            &format!(
                "copying `{other}` data is not emulated (dataset `{}`); the emulator copies Binary files",
                dataset.name
            ),
        )),
    }
}

fn behaviour(value: &Value) -> Result<Behaviour, ActivityFailure> {
    match value.as_str() {
        None | Some("" | "PreserveHierarchy") => Ok(Behaviour::PreserveHierarchy),
        Some("FlattenHierarchy") => Ok(Behaviour::FlattenHierarchy),
        Some("MergeFiles") => Ok(Behaviour::MergeFiles),
        Some(other) => Err(user(
            "UserErrorInvalidCopyBehavior",
            &format!("`{other}` is no copyBehavior"),
        )),
    }
}

fn each(
    state: &Arc<State>,
    call: &ActivityCall,
    (from, to): (&Location, &Location),
    files: &[Selected],
    behaviour: Behaviour,
) -> Result<Done, ActivityFailure> {
    if let (Some(name), true) = (&to.file, files.len() > 1) {
        return Err(user(
            "UserErrorInvalidFileName",
            &format!(
                "{} files cannot all be written to `{name}`; set copyBehavior MergeFiles, or name no file",
                files.len()
            ),
        ));
    }
    let mut done = Done::default();
    for file in files {
        stopped(call)?;
        let name = match (&to.file, behaviour) {
            (Some(name), _) => name.clone(),
            (None, Behaviour::FlattenHierarchy) => generated(call, Some(&file.relative)),
            (None, _) => file.relative.clone(),
        };
        let target = to.path(&name);
        let blob = copy_blob(
            state,
            (&from.container, &file.blob),
            (&to.container, &target),
        )
        .map_err(|failure| failed(&failure))?;
        done.read += blob.bytes;
        done.written += blob.bytes;
        done.files_read += 1;
        done.files_written += 1;
    }
    Ok(done)
}

fn merge(
    state: &Arc<State>,
    call: &ActivityCall,
    (from, to): (&Location, &Location),
    files: &[Selected],
) -> Result<Done, ActivityFailure> {
    if files.is_empty() {
        return Ok(Done::default());
    }
    stopped(call)?;
    let name = to.file.clone().unwrap_or_else(|| generated(call, None));
    let sources: Vec<_> = files.iter().map(|file| file.blob.as_str()).collect();
    let blob = merge_blobs(
        state,
        (&from.container, &sources),
        (&to.container, &to.path(&name)),
    )
    .map_err(|failure| failed(&failure))?;
    Ok(Done {
        read: blob.bytes,
        written: blob.bytes,
        files_read: files.len(),
        files_written: 1,
    })
}

fn stopped(call: &ActivityCall) -> Result<(), ActivityFailure> {
    match call.cancellation.is_cancelled() {
        true => Err(ActivityFailure::user("Cancelled", "the copy was stopped")),
        false => Ok(()),
    }
}

/// A name as the service makes it where none is given.
fn generated(call: &ActivityCall, flattened: Option<&str>) -> String {
    let mut name = format!("Data.{}", call.activity_run_id);
    if let Some(relative) = flattened {
        name.push_str(&format!(".{}", Uuid::new_v4()));
        let file = relative.rsplit('/').next().unwrap_or_default();
        if let Some((_, ending)) = file.rsplit_once('.') {
            name.push_str(&format!(".{ending}"));
        }
    }
    name
}

fn output(done: &Done, seconds: u64) -> Value {
    let runtime = "AutoResolveIntegrationRuntime (Local)";
    json!({
        "dataRead": done.read,
        "dataWritten": done.written,
        "filesRead": done.files_read,
        "filesWritten": done.files_written,
        "sourcePeakConnections": 1,
        "sinkPeakConnections": 1,
        "copyDuration": seconds,
        "throughput": (done.read / seconds) as f64 / 1024.0,
        "errors": [],
        "effectiveIntegrationRuntime": runtime,
        "usedDataIntegrationUnits": 4,
        "usedParallelCopies": 1,
        "executionDetails": [{
            "source": {"type": "AzureBlobStorage"},
            "sink": {"type": "AzureBlobStorage"},
            "status": "Succeeded",
            "duration": seconds,
        }],
        "dataConsistencyVerification": {"VerificationResult": "NotVerified"},
        "durationInQueue": {"integrationRuntimeQueue": 0},
    })
}
