//! How the ids of the ML side reach Data Factory.

use std::path::PathBuf;

use aml_client::MachineLearningClient;
use aml_client::pipelines::{PipelineListOptions, PipelineLookupError};
use futures::TryStreamExt;
use rest_core::ServiceErrorExt;
use serde_json::Value;

use crate::connection::{Connection, ConnectionError};
use dataops_solution::yaml::YamlError;

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
    /// The address is a good one, and nothing has its name.
    #[error("there is no `{}`", missing.address)]
    NotFound {
        /// What was looked for.
        missing: Box<MissingMl>,
        /// What was answered.
        #[source]
        source: azure_core::Error,
    },
    /// What the address names is there, and lacks what it points at.
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

/// A name of the ML side that nothing has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MissingMl {
    /// The address.
    pub address: String,
    /// What was looked for, as the address writes it: `NAME` or `NAME/VERSION`.
    pub wanted: String,
    /// What there is instead, in the same form.
    pub known: Vec<String>,
}

impl MlPipelineError {
    /// Whether what the address names is not there, and a deployment to an emulator may publish it.
    #[must_use]
    pub fn may_be_published(&self) -> bool {
        let address = match self {
            Self::Lookup { address, .. } => address,
            Self::NotFound { missing, .. } => &missing.address,
            _ => return false,
        };
        !address.starts_with("aml://batch-endpoints/")
    }

    /// The same where nothing has the name; `wanted` is how the address writes it, and `known` what there is.
    fn or_not_found(self, address: &str, wanted: &str, known: Vec<String>) -> Self {
        match self {
            Self::Service { source, .. } => Self::NotFound {
                missing: Box::new(MissingMl {
                    address: address.to_owned(),
                    wanted: wanted.to_owned(),
                    known,
                }),
                source,
            },
            other => other,
        }
    }

    fn is_missing(&self) -> bool {
        let Self::Service { source, .. } = self else {
            return false;
        };
        let lookup = source.downcast_ref::<PipelineLookupError>();
        source.is_not_found() || matches!(lookup, Some(PipelineLookupError::NotFound { .. }))
    }
}

pub(super) fn service(
    step: impl Into<String>,
) -> impl FnOnce(azure_core::Error) -> MlPipelineError {
    let step = step.into();
    move |source| MlPipelineError::Service { step, source }
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
    let client = connection.machine_learning()?;
    match looked_up(&client, &address, rest).await {
        Ok(id) => Ok(Value::String(id)),
        Err(error) if error.is_missing() => {
            let (kind, wanted) = rest.split_once('/').unwrap_or((rest, ""));
            let wanted = match kind {
                "pipelines" => wanted,
                _ => wanted.trim_end_matches("/default"),
            };
            // Who cannot list them is told what was answered first.
            let known = known(&client, kind, wanted.contains('/')).await;
            Err(error.or_not_found(&address, wanted, known.unwrap_or_default()))
        }
        Err(error) => Err(error),
    }
}

async fn looked_up(
    client: &MachineLearningClient,
    address: &str,
    rest: &str,
) -> Result<String, MlPipelineError> {
    let step = || service(format!("resolving `{address}`"));
    match rest.split('/').collect::<Vec<_>>().as_slice() {
        ["pipelines", name] => published(client, name, None).await.map_err(step()),
        ["pipelines", name, version] => {
            published(client, name, Some(version)).await.map_err(step())
        }
        ["pipeline-endpoints", name] => endpoint(client, address, name, false).await,
        ["pipeline-endpoints", name, "default"] => endpoint(client, address, name, true).await,
        ["batch-endpoints", name] => batch(client, address, name, false).await,
        ["batch-endpoints", name, "default"] => batch(client, address, name, true).await,
        _ => Err(MlPipelineError::Address(address.to_owned())),
    }
}

/// What addresses of a kind could name, in their order.
async fn known(
    client: &MachineLearningClient,
    kind: &str,
    versions: bool,
) -> azure_core::Result<Vec<String>> {
    let mut names: Vec<String> = match kind {
        "pipelines" => {
            let pipelines = client.pipelines().await?.list(Some(active()));
            let pipelines: Vec<_> = pipelines.try_collect().await?;
            let named = pipelines.iter().filter_map(|it| {
                let name = it.name.as_deref()?;
                match versions {
                    true => Some(format!("{name}/{}", it.version.as_deref()?)),
                    false => Some(name.to_owned()),
                }
            });
            named.collect()
        }
        "pipeline-endpoints" => {
            let endpoints = client.pipeline_endpoints().await?.list(None);
            let endpoints: Vec<_> = endpoints.try_collect().await?;
            endpoints.iter().filter_map(|it| it.name.clone()).collect()
        }
        _ => {
            let endpoints = client.batch_endpoints().list(None);
            let endpoints: Vec<_> = endpoints.try_collect().await?;
            endpoints.iter().filter_map(|it| it.name.clone()).collect()
        }
    };
    names.sort();
    names.dedup();
    Ok(names)
}

/// The id of a pipeline endpoint, or that of the pipeline that it runs by default.
async fn endpoint(
    client: &MachineLearningClient,
    address: &str,
    name: &str,
    pipeline: bool,
) -> Result<String, MlPipelineError> {
    let step = || service(format!("resolving `{address}`"));
    let endpoints = client.pipeline_endpoints().await.map_err(step())?;
    let found = endpoints.get_by_name(name, None).await;
    let found = found.map_err(step())?.into_model().map_err(step())?;
    if !pipeline {
        return Ok(found.id.clone());
    }
    let default = found.default_pipeline().map(str::to_owned);
    default.ok_or_else(|| MlPipelineError::Lookup {
        address: address.to_owned(),
        source: format!("pipeline endpoint `{name}` has no default pipeline").into(),
    })
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

pub(super) fn active() -> PipelineListOptions {
    PipelineListOptions {
        active_only: Some(true),
        ..PipelineListOptions::default()
    }
}
