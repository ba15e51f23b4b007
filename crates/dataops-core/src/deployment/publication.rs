//! The ML side of a solution, published on an emulator: where it runs, somebody else publishes.

mod content;

use std::path::{Path, PathBuf};

use aml_client::{EntityStatus, MachineLearningClient};
use dataops_solution::Solution;
use dataops_solution::ml::MlPipeline;
use dataops_solution::text;
use dataops_solution::yaml::{Source, YamlError};
use rest_core::ServiceErrorExt;
use serde_json::{Value, json};

use super::machine_learning::{MlPipelineError, active, service};
use crate::connection::Connection;

/// Publishes the solution's ML pipelines on an emulator, where they are not there as they are. Earlier ones of the same name are
/// disabled, so that the name leads to one pipeline; one that is the same goes on, with the runs that use it.
pub(super) async fn publish(
    solution: &Solution,
    connection: &Connection,
) -> Result<Vec<String>, MlPipelineError> {
    if solution.settings.ml.is_none() {
        return Ok(Vec::new());
    }
    let client = connection.machine_learning()?;
    let mut names = Vec::new();
    for Described { folder, pipeline } in described(solution)? {
        publish_one(&client, &folder, &pipeline).await?;
        names.push(pipeline.name);
    }
    Ok(names)
}

/// A description that can be published, and where its script lies.
struct Described {
    folder: PathBuf,
    pipeline: MlPipeline,
}

/// Reads what the solution's ML side publishes.
fn described(solution: &Solution) -> Result<Vec<Described>, MlPipelineError> {
    let paths = solution.settings.ml.iter().flat_map(|ml| &ml.pipelines);
    paths.map(|path| read(solution, path)).collect()
}

fn read(solution: &Solution, named: &Path) -> Result<Described, MlPipelineError> {
    let (path, shown) = (solution.path(named), solution.shown(named));
    let bytes = std::fs::read(&path).map_err(|source| MlPipelineError::File {
        path: shown.clone(),
        source,
    })?;
    let malformed = |fault| MlPipelineError::Malformed {
        path: shown.clone(),
        fault,
    };
    let text = text::utf8(bytes).map_err(|fault| malformed(fault.into()))?;
    let pipeline = MlPipeline::parse(&text).map_err(malformed)?;
    let folder = path.parent().unwrap_or(&path).to_owned();
    if !folder.join(&pipeline.entry_script).is_file() {
        let script = pipeline.entry_script.display();
        let place = Source::new(&shown, text).span(&["entryScript"]).start;
        return Err(malformed(YamlError {
            line: place.line as u64,
            column: place.column as u64,
            reason: format!("there is no script `{script}` beside the description"),
        }));
    }
    Ok(Described { folder, pipeline })
}

async fn publish_one(
    client: &MachineLearningClient,
    folder: &Path,
    described: &MlPipeline,
) -> Result<(), MlPipelineError> {
    let step = || service(format!("publishing ML pipeline `{}`", described.name));
    let digest = content::digest(folder, described);
    if let Some(digest) = &digest
        && is_published(client, described, digest)
            .await
            .map_err(step())?
    {
        return Ok(());
    }
    let body = json!({
        "Name": described.name,
        "Version": described.version,
        "ParameterAssignments": described.parameters,
        "Properties": {
            "dataops.sourceDirectory": folder.canonicalize().unwrap_or_else(|_| folder.to_owned()),
            "dataops.entryScript": described.entry_script,
            DIGEST: digest,
        },
    });
    let pipelines = client.pipelines().await.map_err(step())?;
    let published = pipelines
        .create(&body, None)
        .await
        .map_err(step())?
        .into_model()
        .map_err(step())?;
    let kept = keep_one(client, described, &published.id, digest.as_deref());
    let kept = kept.await.map_err(step())?;
    match &described.endpoint {
        Some(endpoint) => point(client, endpoint, &kept).await.map_err(step()),
        None => Ok(()),
    }
}

/// The property that says what a pipeline was published from.
const DIGEST: &str = "dataops.contentDigest";

/// Whether the one active pipeline of the name was published from the same content, and its endpoint leads to it.
async fn is_published(
    client: &MachineLearningClient,
    described: &MlPipeline,
    digest: &str,
) -> azure_core::Result<bool> {
    let found = client.pipelines().await?;
    let found = found.find(&described.name, None, Some(active())).await?;
    let [one] = found.as_slice() else {
        return Ok(false);
    };
    if digest_of(one.json()) != Some(digest) {
        return Ok(false);
    }
    let Some(endpoint) = &described.endpoint else {
        return Ok(true);
    };
    let endpoints = client.pipeline_endpoints().await?;
    match endpoints.get_by_name(endpoint, None).await {
        Ok(found) => Ok(found.into_model()?.default_pipeline() == Some(one.id.as_str())),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) => Err(error),
    }
}

/// Disables all active pipelines of the name but one: the published one, or the one that somebody else has published from the same
/// content at the same time. All who publish at once choose the same.
async fn keep_one(
    client: &MachineLearningClient,
    described: &MlPipeline,
    published: &str,
    digest: Option<&str>,
) -> azure_core::Result<String> {
    let pipelines = client.pipelines().await?;
    let active = pipelines
        .find(&described.name, None, Some(active()))
        .await?;
    let equal = active
        .iter()
        .filter(|pipeline| digest.is_some() && digest_of(pipeline.json()) == digest);
    let first = equal.map(|pipeline| pipeline.id.as_str()).min();
    let kept = first.unwrap_or(published).to_owned();
    for pipeline in active.iter().filter(|pipeline| pipeline.id != kept) {
        let disabled = EntityStatus::Disabled;
        pipelines.set_status(&pipeline.id, disabled, None).await?;
    }
    Ok(kept)
}

fn digest_of(pipeline: &Value) -> Option<&str> {
    let properties = pipeline
        .get("Properties")
        .or_else(|| pipeline.get("properties"));
    properties?.get(DIGEST)?.as_str()
}

/// Makes a pipeline the default of an endpoint, which is created when there is none. Where somebody else writes at the same time, the
/// endpoint is looked at anew.
async fn point(
    client: &MachineLearningClient,
    endpoint: &str,
    pipeline: &str,
) -> azure_core::Result<()> {
    for _ in 0..AGAIN {
        if point_once(client, endpoint, pipeline).await.is_ok() {
            return Ok(());
        }
    }
    point_once(client, endpoint, pipeline).await
}

/// So often an endpoint is looked at once more.
const AGAIN: usize = 2;

async fn point_once(
    client: &MachineLearningClient,
    endpoint: &str,
    pipeline: &str,
) -> azure_core::Result<()> {
    let endpoints = client.pipeline_endpoints().await?;
    let found = match endpoints.get_by_name(endpoint, None).await {
        Ok(found) => found.into_model()?,
        Err(error) if error.is_not_found() => {
            return endpoints
                .create(endpoint, "", pipeline, None)
                .await
                .map(|_| ());
        }
        Err(error) => return Err(error),
    };
    if found.default_pipeline() == Some(pipeline) {
        return Ok(());
    }
    let added = endpoints.add_version(&found.id, pipeline, true, None);
    added.await.map(|_| ())
}
