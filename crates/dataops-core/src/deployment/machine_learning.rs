//! How the ids of the ML side reach Data Factory.

use std::path::PathBuf;

use aml_client::MachineLearningClient;
use aml_client::pipelines::{PipelineListOptions, PipelineLookupError};
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

impl MlPipelineError {
    /// Whether the address is a good one, and what it names is not there yet.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        match self {
            // All that is asked for is there, and lacks what is pointed at.
            Self::Lookup { .. } => true,
            Self::Service { source, .. } => {
                let lookup = source.downcast_ref::<PipelineLookupError>();
                source.is_not_found()
                    || matches!(lookup, Some(PipelineLookupError::NotFound { .. }))
            }
            _ => false,
        }
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

pub(super) fn active() -> PipelineListOptions {
    PipelineListOptions {
        active_only: Some(true),
        ..PipelineListOptions::default()
    }
}
