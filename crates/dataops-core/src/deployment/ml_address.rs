//! How the ids of the ML side reach Data Factory: what an `aml://` address leads to, and whether it can run anything.

use aml_client::batch::BatchEndpoint;
use aml_client::pipelines::{Newest, PipelineEndpoint, PipelineLookupError};
use aml_client::{EntityStatus, MachineLearningClient, ProvisioningState};
use futures::TryStreamExt;
use rest_core::ServiceErrorExt;
use serde_json::Value;

use super::machine_learning::{MlPipelineError, active, service};
use crate::connection::Connection;

/// What stands in the place of an address.
pub(crate) struct Resolved {
    /// The id.
    pub(crate) value: Value,
    /// What a reader should know of it.
    pub(crate) note: Option<Remark>,
}

/// What a reader should know of what stands in the place of an address.
pub(crate) struct Remark {
    /// What, as a clause.
    pub(crate) text: String,
    /// What to do.
    pub(crate) hint: String,
}

impl Resolved {
    fn of(id: impl Into<Value>) -> Self {
        Self {
            value: id.into(),
            note: None,
        }
    }
}

/// Replaces text such as `aml://pipelines/NAME` by the id behind it; other values stay.
pub(crate) async fn resolve(
    connection: &Connection,
    value: &Value,
) -> Result<Resolved, MlPipelineError> {
    let Some(rest) = value.as_str().and_then(|text| text.strip_prefix("aml://")) else {
        return Ok(Resolved::of(value.clone()));
    };
    let address = format!("aml://{rest}");
    let client = connection.machine_learning()?;
    match looked_up(&client, &address, rest).await {
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
        found => found,
    }
}

async fn looked_up(
    client: &MachineLearningClient,
    address: &str,
    rest: &str,
) -> Result<Resolved, MlPipelineError> {
    match rest.split('/').collect::<Vec<_>>().as_slice() {
        ["pipelines", name] => published(client, address, name, None).await,
        ["pipelines", name, version] => published(client, address, name, Some(version)).await,
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

/// The id of a pipeline endpoint, or that of the pipeline that it runs by default. That pipeline has to be one that can run, whichever is
/// asked for: a run of the endpoint is one of it.
async fn endpoint(
    client: &MachineLearningClient,
    address: &str,
    name: &str,
    pipeline: bool,
) -> Result<Resolved, MlPipelineError> {
    let step = || service(format!("resolving `{address}`"));
    let endpoints = client.pipeline_endpoints().await.map_err(step())?;
    let found = endpoints.get_by_name(name, None).await;
    let found = found.map_err(step())?.into_model().map_err(step())?;
    if found.entity_status == Some(EntityStatus::Disabled) {
        return Err(MlPipelineError::Unusable {
            address: address.to_owned(),
            reason: format!("pipeline endpoint `{name}` is disabled"),
            remedy: "the ML side enables the endpoint again, or names another one".to_owned(),
        });
    }
    match found.default_pipeline() {
        Some(default) => {
            can_run(client, address, (name, &found), default).await?;
            Ok(Resolved::of(if pipeline { default } else { &found.id }))
        }
        None if pipeline => Err(MlPipelineError::Lookup {
            address: address.to_owned(),
            source: format!("pipeline endpoint `{name}` has no default pipeline").into(),
        }),
        None => Ok(Resolved::of(found.id.as_str())),
    }
}

/// That the pipeline which an endpoint runs by default is there and not disabled.
async fn can_run(
    client: &MachineLearningClient,
    address: &str,
    (name, endpoint): (&str, &PipelineEndpoint),
    id: &str,
) -> Result<(), MlPipelineError> {
    let step = || service(format!("resolving `{address}`"));
    let pipelines = client.pipelines().await.map_err(step())?;
    let found = match pipelines.get(id, None).await {
        Ok(found) => Some(found.into_model().map_err(step())?),
        Err(error) if error.is_not_found() => None,
        Err(error) => return Err(step()(error)),
    };
    let state = match found.map(|pipeline| pipeline.entity_status.clone()) {
        None => "is gone",
        Some(Some(EntityStatus::Disabled)) => "is disabled",
        Some(_) => return Ok(()),
    };
    let version = endpoint.default_version.as_deref().unwrap_or_default();
    Err(MlPipelineError::Unusable {
        address: address.to_owned(),
        reason: format!(
            "the pipeline {id}, which endpoint `{name}` runs by default as version {version}, {state}"
        ),
        remedy: "the ML side makes another version the endpoint's default, or enables the pipeline"
            .to_owned(),
    })
}

/// Where the jobs of a batch endpoint are started, or the name of the deployment that does them by default.
async fn batch(
    client: &MachineLearningClient,
    address: &str,
    name: &str,
    deployment: bool,
) -> Result<Resolved, MlPipelineError> {
    let step = || service(format!("resolving `{address}`"));
    let found = client.batch_endpoints().get(name, None).await;
    let found = found.map_err(step())?.into_model().map_err(step())?;
    let state = broken(found.properties.provisioning_state.as_ref());
    let goes = ProvisioningState::Deleting.as_str();
    let unusable = |state: &str| MlPipelineError::Unusable {
        address: address.to_owned(),
        reason: format!("batch endpoint `{name}` is {state}"),
        remedy: how_it_stands(name),
    };
    if let Some(state) = state.filter(|state| *state == goes) {
        return Err(unusable(state));
    }
    let note = match (state, deploys(client, address, (name, &found)).await?) {
        (None, _) => None,
        // The state is that of its last change, and what serves is the deployment.
        (Some(state), Some(serves)) => Some(Remark {
            text: format!(
                "`{address}`: batch endpoint `{name}` is {state}, which is what came of its last change; its deployment `{serves}` is there \
                 and may serve"
            ),
            hint: how_it_stands(name),
        }),
        (Some(state), None) => return Err(unusable(state)),
    };
    let (value, lacks) = match deployment {
        true => (found.default_deployment(), "no default deployment"),
        false => (
            found.properties.scoring_uri.as_deref(),
            "no address where its jobs are started so far",
        ),
    };
    let value = value.map(|value| Resolved {
        note,
        ..Resolved::of(value)
    });
    value.ok_or_else(|| MlPipelineError::Lookup {
        address: address.to_owned(),
        source: format!("batch endpoint `{name}` has {lacks}").into(),
    })
}

/// How more is learned of a batch endpoint.
fn how_it_stands(name: &str) -> String {
    format!("`az ml batch-endpoint show --name {name}` tells more")
}

/// That the deployment which a batch endpoint has by default is there and sound; its name where it is known to be.
async fn deploys<'e>(
    client: &MachineLearningClient,
    address: &str,
    (name, endpoint): (&str, &'e BatchEndpoint),
) -> Result<Option<&'e str>, MlPipelineError> {
    let Some(default) = endpoint.default_deployment() else {
        return Ok(None);
    };
    let step = || service(format!("resolving `{address}`"));
    let deployments = client.batch_endpoints().deployments(name);
    let state = match deployments.map_err(step())?.get(default, None).await {
        Ok(found) => {
            let found = found.into_model().map_err(step())?;
            let state = found.properties.provisioning_state.as_ref();
            match broken(state) {
                None => {
                    return Ok((state == Some(&ProvisioningState::Succeeded)).then_some(default));
                }
                Some(state) => format!("is {state}"),
            }
        }
        Err(error) if error.is_not_found() => "is gone".to_owned(),
        Err(error) => return Err(step()(error)),
    };
    Err(MlPipelineError::Unusable {
        address: address.to_owned(),
        reason: format!(
            "the deployment `{default}`, which batch endpoint `{name}` has by default, {state}"
        ),
        remedy: format!(
            "`az ml batch-endpoint update --name {name} --set defaults.deployment_name=DEPLOYMENT` makes another one the default"
        ),
    })
}

/// The state of what could not be made or is going; what is still being changed can be used.
fn broken(state: Option<&ProvisioningState>) -> Option<&str> {
    use ProvisioningState::{Canceled, Deleting, Failed};
    let broken = state.filter(|state| matches!(state, Failed | Canceled | Deleting));
    broken.map(ProvisioningState::as_str)
}

/// The id of the active pipeline with a name that was published last.
async fn published(
    client: &MachineLearningClient,
    address: &str,
    name: &str,
    version: Option<&str>,
) -> Result<Resolved, MlPipelineError> {
    let step = || service(format!("resolving `{address}`"));
    let pipelines = client.pipelines().await.map_err(step())?;
    match pipelines.find_newest(name, version, Some(active())).await {
        Ok(newest) => Ok(Resolved {
            value: newest.pipeline.id.as_str().into(),
            note: (newest.among > 1).then(|| chosen(address, &newest)),
        }),
        Err(source)
            if matches!(
                source.downcast_ref(),
                Some(PipelineLookupError::Ambiguous { .. })
            ) =>
        {
            Err(MlPipelineError::Several {
                address: address.to_owned(),
                source,
            })
        }
        Err(error) => Err(step()(error)),
    }
}

/// Which of several pipelines was chosen.
fn chosen(address: &str, newest: &Newest) -> Remark {
    let Newest {
        pipeline, among, ..
    } = newest;
    let version = pipeline.version.as_deref();
    let version = version.map(|it| format!(" of version `{it}`"));
    let date = pipeline.created_date.as_deref().unwrap_or_default();
    Remark {
        text: format!(
            "`{address}` is the newest of {among} active pipelines, {}{}, published {date}",
            pipeline.id,
            version.unwrap_or_default()
        ),
        hint: "aml://pipelines/NAME/VERSION means one version; aml://pipeline-endpoints/NAME an endpoint, which stays".to_owned(),
    }
}
