//! The ML side: what it publishes for local runs, and how its ids reach Data Factory.

use std::path::{Path, PathBuf};

use aml_client::pipelines::{PipelineListOptions, PipelineLookupError};
use aml_client::{EntityStatus, MachineLearningClient};
use rest_core::ServiceErrorExt;
use serde_json::{Value, json};

use crate::connection::{Connection, ConnectionError};
use dataops_solution::Solution;
use dataops_solution::ml::MlPipeline;
use dataops_solution::text;
use dataops_solution::yaml::{Source, YamlError};

/// An ML pipeline could not be published or found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MlPipelineError {
    /// The workspace cannot be reached as it is described.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// A description cannot be read.
    #[error("{}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A description is not what it should be.
    #[error("{}:{}", path.display(), fault)]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        fault: YamlError,
    },
    /// The text after `aml://` names nothing that can be looked up.
    #[error(
        "`{0}` is not aml://pipelines/NAME[/VERSION], aml://pipeline-endpoints/NAME[/default] or aml://batch-endpoints/NAME[/default]"
    )]
    Address(String),
    /// There is no such pipeline, or more than one.
    #[error("`{address}` cannot be resolved")]
    Lookup {
        /// The address.
        address: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The service refused.
    #[error("{step}")]
    Service {
        /// What was being done.
        step: String,
        /// Why it stopped.
        #[source]
        source: azure_core::Error,
    },
}

fn service(step: impl Into<String>) -> impl FnOnce(azure_core::Error) -> MlPipelineError {
    let step = step.into();
    move |source| MlPipelineError::Service { step, source }
}

/// Publishes the solution's ML pipelines on an emulator. Earlier ones of the same name are disabled, so that the name leads to
/// one pipeline.
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
pub(super) struct Described {
    folder: PathBuf,
    pipeline: MlPipeline,
}

/// Reads what the solution's ML side publishes.
pub(super) fn described(solution: &Solution) -> Result<Vec<Described>, MlPipelineError> {
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
    let name = &described.name;
    let step = || service(format!("publishing ML pipeline `{name}`"));
    let body = json!({
        "Name": name,
        "Version": described.version,
        "ParameterAssignments": described.parameters,
        "Properties": {
            "dataops.sourceDirectory": folder.canonicalize().unwrap_or_else(|_| folder.to_owned()),
            "dataops.entryScript": described.entry_script,
        },
    });
    let pipelines = client.pipelines().await.map_err(step())?;
    for earlier in pipelines
        .find(name, None, Some(active()))
        .await
        .map_err(step())?
    {
        pipelines
            .set_status(&earlier.id, EntityStatus::Disabled, None)
            .await
            .map_err(step())?;
    }
    let published = pipelines
        .create(&body, None)
        .await
        .map_err(step())?
        .into_model()
        .map_err(step())?;
    match &described.endpoint {
        Some(endpoint) => point(client, endpoint, &published.id).await.map_err(step()),
        None => Ok(()),
    }
}

/// Makes a pipeline the default of an endpoint, which is created when there is none.
async fn point(
    client: &MachineLearningClient,
    endpoint: &str,
    pipeline: &str,
) -> azure_core::Result<()> {
    let endpoints = client.pipeline_endpoints().await?;
    match endpoints.get_by_name(endpoint, None).await {
        Ok(found) => {
            let found = found.into_model()?;
            endpoints
                .add_version(&found.id, pipeline, true, None)
                .await
                .map(|_| ())
        }
        Err(error) if error.is_not_found() => endpoints
            .create(endpoint, "", pipeline, None)
            .await
            .map(|_| ()),
        Err(error) => Err(error),
    }
}

/// Replaces text such as `aml://pipelines/NAME` by the id behind it; other values stay.
pub(crate) async fn resolve(
    connection: &Connection,
    value: &Value,
) -> Result<Value, MlPipelineError> {
    let Some(rest) = value.as_str().and_then(|text| text.strip_prefix("aml://")) else {
        return Ok(value.clone());
    };
    let address = format!("aml://{rest}");
    let step = || service(format!("resolving `{address}`"));
    let client = connection.machine_learning()?;
    let id = match rest.split('/').collect::<Vec<_>>().as_slice() {
        ["pipelines", name] => published(&client, name, None).await.map_err(step())?,
        ["pipelines", name, version] => published(&client, name, Some(version))
            .await
            .map_err(step())?,
        ["pipeline-endpoints", name] | ["pipeline-endpoints", name, "default"] => {
            let endpoints = client.pipeline_endpoints().await.map_err(step())?;
            let found = endpoints
                .get_by_name(name, None)
                .await
                .map_err(step())?
                .into_model()
                .map_err(step())?;
            if rest.ends_with("/default") {
                let pipeline = found.default_pipeline().map(str::to_owned);
                let lookup = || PipelineLookupError::NotFound {
                    name: (*name).to_owned(),
                    version: None,
                };
                pipeline.ok_or_else(|| MlPipelineError::Lookup {
                    address: address.clone(),
                    source: lookup().into(),
                })?
            } else {
                found.id.clone()
            }
        }
        ["batch-endpoints", name] => batch(&client, &address, name, false).await?,
        ["batch-endpoints", name, "default"] => batch(&client, &address, name, true).await?,
        _ => return Err(MlPipelineError::Address(address)),
    };
    Ok(Value::String(id))
}

/// Where the jobs of a batch endpoint are started, or the name of the deployment that does them by default.
async fn batch(
    client: &MachineLearningClient,
    address: &str,
    name: &str,
    deployment: bool,
) -> Result<String, MlPipelineError> {
    let step = || service(format!("resolving `{address}`"));
    let found = client.batch_endpoints().get(name, None).await;
    let found = found.map_err(step())?.into_model().map_err(step())?;
    let (value, lacks) = match deployment {
        true => (found.default_deployment(), "no default deployment"),
        false => (
            found.properties.scoring_uri.as_deref(),
            "no address where its jobs are started so far",
        ),
    };
    let value = value.map(str::to_owned);
    value.ok_or_else(|| MlPipelineError::Lookup {
        address: address.to_owned(),
        source: format!("batch endpoint `{name}` has {lacks}").into(),
    })
}

/// The id of the one active pipeline with a name.
async fn published(
    client: &MachineLearningClient,
    name: &str,
    version: Option<&str>,
) -> azure_core::Result<String> {
    let pipelines = client.pipelines().await?;
    Ok(pipelines
        .find_one(name, version, Some(active()))
        .await?
        .id
        .clone())
}

fn active() -> PipelineListOptions {
    PipelineListOptions {
        active_only: Some(true),
        ..PipelineListOptions::default()
    }
}
