//! Jobs that are started through an endpoint's own address: runs of the published pipeline that stands for a component.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Place;
use super::endpoints::default_deployment;
use super::resource::Resource;
use crate::aml::call::Call;
use crate::aml::document::Document;
use crate::aml::history::history_run;
use crate::aml::refusal::Refusal;
use crate::aml::runs::{PipelineRef, Submission};
use crate::aml::{ANY_SCOPE, Workspace};

/// What a job is besides its run, by the run's id.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Job {
    endpoint: String,
    deployment: String,
    /// What a caller gives to say that it calls again.
    request_id: Option<String>,
    name: String,
    inputs: Map<String, Value>,
}

/// What a job is given: as it is told, and as parameters of a script.
#[derive(Default)]
struct Inputs {
    told: Map<String, Value>,
    parameters: BTreeMap<String, String>,
}

/// A job that has been started.
pub(super) struct Started {
    pub(super) id: String,
    pub(super) deployment: String,
}

impl Workspace {
    /// Starts a job; for a request that was seen before, gives the one that it has started.
    pub(super) async fn start_batch_job(
        &self,
        call: &Call,
        endpoint: &str,
    ) -> Result<Started, Refusal> {
        let place = Place {
            scope: ANY_SCOPE,
            endpoint,
        };
        let batch = &self.0.batch;
        let _writing = batch.writing.lock().await;
        let row = self.batch_endpoint(place)?;
        let request_id = call.header("repeatability_request-id").map(str::to_owned);
        if let Some(again) = self.started_by(&row, request_id.as_deref()) {
            return Ok(again);
        }
        let wanted = call.header("azureml-model-deployment").map(str::to_owned);
        let deployment = wanted.or_else(|| default_deployment(&row));
        let deployment = deployment.ok_or_else(|| {
            Refusal::invalid(format!(
                "The endpoint `{endpoint}` has no default deployment; name one by the header azureml-model-deployment"
            ))
        })?;
        let deployment = self.batch_deployment(place, &deployment)?;
        let body = call.document()?;
        let given = body.object("properties")?;
        let given = given.unwrap_or_else(|| Document::of(Map::new()));
        let inputs = self.inputs(&given)?;
        let experiment = experiment(&given)?;
        let submission = Submission {
            experiment: experiment.unwrap_or_else(|| row.name.clone()),
            parameters: inputs.parameters,
            tags: [("azureml.deploymentname", &deployment.name)]
                .map(|(name, value)| (name.to_owned(), value.clone()))
                .into(),
            run_source: "BatchDeployment".to_owned(),
            ..Submission::default()
        };
        let pipeline = PipelineRef::Pipeline(self.pipeline_behind(&deployment)?);
        let id = self.submit(&pipeline, submission).await?;
        let name = given.text("name")?.filter(|name| !name.is_empty());
        let job = Job {
            endpoint: row.name,
            deployment: deployment.name.clone(),
            request_id,
            name: name.unwrap_or_else(|| format!("batch_{}", Uuid::new_v4().simple())),
            inputs: inputs.told,
        };
        batch.jobs.put(&id, job)?;
        Ok(Started {
            id,
            deployment: deployment.name,
        })
    }

    /// A job of an endpoint, as the endpoint tells it.
    pub(super) fn batch_job(&self, endpoint: &str, id: &str) -> Result<Value, Refusal> {
        let job = self.0.batch.jobs.get(id);
        let job = job.filter(|job| job.endpoint.eq_ignore_ascii_case(endpoint));
        let absent = || Refusal::not_found(format!("endpoint {endpoint} has no job {id}"));
        let job = job.ok_or_else(absent)?;
        let run = self.run(id)?;
        let history = history_run(id, &run);
        let place = Place {
            scope: ANY_SCOPE,
            endpoint: &job.endpoint,
        };
        Ok(json!({
            "id": format!("{}/jobs/{id}", place.id()),
            "name": id,
            "type": "Microsoft.MachineLearningServices/workspaces/batchEndpoints/jobs",
            "properties": {
                "provisioningState": "Succeeded",
                "inputData": job.inputs,
                "compute": {
                    "target": null, "instanceCount": null, "isLocal": false, "location": null,
                    "instanceType": null, "properties": null,
                },
                "output": {"datastoreId": null, "path": null},
                "status": history["status"],
                "interactionEndpoints": {},
                "tags": run.tags,
                "properties": history["properties"],
                "name": job.name,
            },
            "systemData": {
                "createdAt": run.created,
                "createdBy": "local",
                "lastModifiedAt": run.ended.as_ref().or(run.started.as_ref()).unwrap_or(&run.created),
                "lastModifiedBy": "local",
            },
        }))
    }

    fn started_by(&self, endpoint: &Resource, request: Option<&str>) -> Option<Started> {
        let request = request?;
        let jobs = self.0.batch.jobs.list().into_iter();
        let mut again = jobs.filter(|(_, job)| {
            job.request_id.as_deref() == Some(request) && job.endpoint == endpoint.name
        });
        again.next().map(|(id, job)| Started {
            id,
            deployment: job.deployment,
        })
    }

    /// The published pipeline that stands for the component of a deployment.
    fn pipeline_behind(&self, deployment: &Resource) -> Result<String, Refusal> {
        let configuration = deployment.properties.get("deploymentConfiguration");
        let component = configuration
            .and_then(|configuration| configuration.pointer("/componentId/assetId"))
            .and_then(Value::as_str);
        let Some(component) = component else {
            let what = format!(
                "jobs of the model deployment `{}`, only those of pipeline components",
                deployment.name
            );
            return Err(Refusal::not_emulated(&what));
        };
        let found = match component_of(component) {
            Some((name, Some(version))) => self.pipeline_of_version(name, version),
            Some((name, None)) => self.pipeline_named(name),
            None => None,
        };
        found.ok_or_else(|| {
            Refusal::not_emulated(&format!(
                "the component `{component}`; publish a pipeline of its name and version, which stands for it"
            ))
        })
    }

    fn inputs(&self, given: &Document) -> Result<Inputs, Refusal> {
        for lacking in ["outputData", "dataset"] {
            if given.has(lacking) {
                let what =
                    format!("`{lacking}` of batch jobs; a script writes below AML_DATASTORE_ROOT");
                return Err(Refusal::not_emulated(&what));
            }
        }
        let mut inputs = Inputs::default();
        for (name, input) in given.objects("inputData")? {
            let kind = input.required("jobInputType")?;
            let (mut told, parameter) = match kind.eq_ignore_ascii_case("Literal") {
                true => {
                    let value = input.text("value")?.unwrap_or_default();
                    (json!({"value": value}), value)
                }
                false => {
                    let uri = input.required("uri")?;
                    let path = self.data_path(&name, &datastore_path(&name, &uri)?)?;
                    (json!({"uri": uri, "mode": "ReadOnlyMount"}), path)
                }
            };
            told["description"] = Value::Null;
            told["jobInputType"] = kind.into();
            inputs.told.insert(name.clone(), told);
            inputs.parameters.insert(name, parameter);
        }
        Ok(inputs)
    }
}

fn experiment(given: &Document) -> Result<Option<String>, Refusal> {
    let own = given.object("properties")?;
    let named = own.map(|own| own.text("experimentName")).transpose()?;
    Ok(named.flatten().filter(|name| !name.trim().is_empty()))
}

/// The name of a component and its version, if not the latest, of `…/components/NAME/versions/VERSION`, `azureml:NAME:VERSION` or
/// `azureml:NAME@latest`.
fn component_of(id: &str) -> Option<(&str, Option<&str>)> {
    if let [name, word, version, ..] = id
        .split('/')
        .skip_while(|part| !part.eq_ignore_ascii_case("components"))
        .skip(1)
        .collect::<Vec<_>>()[..]
    {
        return word
            .eq_ignore_ascii_case("versions")
            .then_some((name, Some(version)));
    }
    let short = id.strip_prefix("azureml:")?;
    match short.split_once(':') {
        Some((name, version)) => Some((name, Some(version))),
        None => short.strip_suffix("@latest").map(|name| (name, None)),
    }
}

/// `azureml://datastores/NAME/paths/PATH`, with or without the workspace before, as the pipelines service has it.
fn datastore_path(input: &str, uri: &str) -> Result<Document, Refusal> {
    let shown = uri.split('?').next().unwrap_or_default();
    let lacking = || {
        Refusal::not_emulated(&format!(
            "the data `{shown}` of input `{input}`, only azureml://datastores/NAME/paths/PATH"
        ))
    };
    let below = uri.strip_prefix("azureml://").ok_or_else(lacking)?;
    let below = match below.split_once("/datastores/") {
        Some((_, below)) => below,
        None => below.strip_prefix("datastores/").ok_or_else(lacking)?,
    };
    let (store, path) = below.split_once("/paths/").ok_or_else(lacking)?;
    let fields = json!({"DataStoreName": store, "RelativePath": path});
    Ok(Document::of(
        fields.as_object().cloned().unwrap_or_default(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_named_in_three_ways() {
        let long = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/components/train/versions/7";

        assert_eq!(component_of(long), Some(("train", Some("7"))));
        assert_eq!(component_of("azureml:train:7"), Some(("train", Some("7"))));
        assert_eq!(component_of("azureml:train@latest"), Some(("train", None)));
        assert_eq!(component_of("azureml:train"), None);
        assert_eq!(component_of("/w/components/train/labels/latest"), None);
    }
}
