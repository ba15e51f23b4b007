//! A batch endpoint's own address, where its jobs are started.

use std::collections::BTreeMap;

use azure_core::Result;
use azure_core::http::{ClientMethodOptions, Response};
use rest_core::{RestClient, Wait};
use serde_json::{Map, Value, json};

use crate::inputs::invocation_inputs;
use crate::name::named;
use crate::watch::watch;
use crate::{Asset, Entity, Input, Job, PrivateMap};

/// The scoring address of a batch endpoint.
#[derive(Clone, Debug)]
pub struct BatchScoringClient {
    rest: RestClient,
}

/// What a job of a batch endpoint is started with.
#[derive(Clone, Debug, Default)]
pub struct Invocation {
    /// The deployment to run; the endpoint's default without one.
    pub deployment: Option<String>,
    /// The job's name; the service makes one up without it.
    pub job_name: Option<String>,
    /// The experiment that the job is kept under.
    pub experiment_name: Option<String>,
    /// Inputs; empty ones are left out.
    pub inputs: BTreeMap<String, Input>,
    /// Where outputs go; an output file must not exist so far.
    pub outputs: BTreeMap<String, Asset>,
    /// Properties of the job.
    pub properties: PrivateMap,
    /// A GUID that names this invocation: the service starts no second job for one that it has seen. A fresh one is made
    /// where there is none.
    pub request_id: Option<String>,
}

impl Invocation {
    /// Sets an input.
    #[must_use]
    pub fn input(mut self, name: impl Into<String>, input: Input) -> Self {
        self.inputs.insert(name.into(), input);
        self
    }

    /// Sets where an output goes.
    #[must_use]
    pub fn output(mut self, name: impl Into<String>, asset: Asset) -> Self {
        self.outputs.insert(name.into(), asset);
        self
    }

    fn to_json(&self) -> Value {
        let mut body = json!({ "inputData": invocation_inputs(&self.inputs) });
        let outputs = self.outputs.iter();
        let outputs: Map<_, _> = outputs
            .map(|(name, asset)| (name.clone(), asset.in_invocation("jobOutputType")))
            .collect();
        if !outputs.is_empty() {
            body["outputData"] = outputs.into();
        }
        let mut properties = json!(self.properties);
        if let Some(experiment) = &self.experiment_name {
            properties["experimentName"] = json!(experiment);
        }
        if properties
            .as_object()
            .is_some_and(|given| !given.is_empty())
        {
            body["properties"] = properties;
        }
        if let Some(name) = &self.job_name {
            body["name"] = json!(name);
        }
        json!({ "properties": body })
    }
}

impl BatchScoringClient {
    pub(crate) fn new(rest: RestClient) -> Self {
        Self { rest }
    }

    /// Starts a job (`POST {scoring address}`). The call may be repeated by itself, because each attempt carries the same
    /// `repeatability_request-id`.
    ///
    /// # Errors
    ///
    /// [`ServiceError`](crate::ServiceError) inside the error when the service refuses.
    pub async fn invoke(
        &self,
        invocation: &Invocation,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<Job>>> {
        let options = options.unwrap_or_default();
        let request_id = match &invocation.request_id {
            Some(id) => id.clone(),
            None => uuid::Uuid::new_v4().to_string(),
        };
        let call = self.rest.post(self.rest.base().clone()).repeatable();
        call.context(&options.context)
            .header("repeatability_request-id", request_id)
            .optional_header("azureml-model-deployment", invocation.deployment.as_deref())
            .json(&invocation.to_json())
            .send()
            .await
    }

    /// Gets a job of this endpoint (`GET {scoring address}/{name}`), with the token of the endpoint.
    ///
    /// # Errors
    ///
    /// As [`BatchScoringClient::invoke`].
    pub async fn job(
        &self,
        name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<Job>>> {
        let options = options.unwrap_or_default();
        let url = self.rest.url([named("job", name)?]);
        self.rest.get(url).context(&options.context).send().await
    }

    /// Waits until a job of this endpoint has ended, well or not; `on_change` is told its first state and each other one.
    ///
    /// # Errors
    ///
    /// [`TimedOut`](crate::TimedOut) inside the error when the limit is reached, and as [`BatchScoringClient::invoke`]. A
    /// job that failed is not an error here: look at its [`status`](Job::status).
    pub async fn wait_for_job(
        &self,
        name: &str,
        wait: Wait,
        on_change: impl FnMut(&Entity<Job>),
    ) -> Result<Entity<Job>> {
        let what = format!("batch job {name}");
        let ask = || self.job(name, None);
        watch(&what, wait, ask, on_change).await
    }
}
