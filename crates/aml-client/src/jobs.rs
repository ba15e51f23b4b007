//! Jobs (v2) through Azure Resource Manager.

use std::collections::BTreeMap;

use azure_core::Result;
use azure_core::http::pager::PagerOptions;
use azure_core::http::{ClientMethodOptions, Pager, Response};
use rest_core::{Page, RestClient, Wait};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Value, json};

use crate::inputs::job_inputs;
use crate::name::named;
use crate::reading::{PrivateMap, nested};
use crate::watch::{Watched, watch};
use crate::{Asset, Entity, Input, JobStatus};

/// A job (`Jobs - Get`).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Job {
    /// The resource id.
    pub id: Option<String>,
    /// The name, which is the run id in run history.
    pub name: String,
    /// What the job is and how far.
    #[serde(default, deserialize_with = "nested")]
    pub properties: JobProperties,
}

impl Job {
    /// How far it is; a job that does not say has not started.
    #[must_use]
    pub fn status(&self) -> &JobStatus {
        const UNSAID: &JobStatus = &JobStatus::NotStarted;
        self.properties.status.as_ref().unwrap_or(UNSAID)
    }

    /// Its page in the studio.
    #[must_use]
    pub fn studio_url(&self) -> Option<&str> {
        self.properties.services.get("Studio")?.endpoint.as_deref()
    }
}

/// The `properties` of a [`Job`].
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct JobProperties {
    /// How far it is.
    pub status: Option<JobStatus>,
    /// `Pipeline`, `Command` and others.
    pub job_type: Option<String>,
    /// The name that the studio shows.
    pub display_name: Option<String>,
    /// The experiment that it is kept under.
    pub experiment_name: Option<String>,
    /// The pipeline component that it runs.
    pub component_id: Option<String>,
    /// Addresses that belong to the job.
    #[serde(default)]
    pub services: BTreeMap<String, JobService>,
    /// Tags.
    #[serde(default)]
    pub tags: PrivateMap,
}

/// An address that belongs to a [`Job`].
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct JobService {
    /// What answers there.
    pub job_service_type: Option<String>,
    /// The address.
    pub endpoint: Option<String>,
}

/// A job that runs a registered pipeline component; the body of [`JobsClient::create_or_update`].
#[derive(Clone, Debug, Default)]
pub struct PipelineJob {
    /// The resource id of the component version.
    pub component_id: String,
    /// The experiment that the job is kept under.
    pub experiment_name: Option<String>,
    /// The name that the studio shows.
    pub display_name: Option<String>,
    /// What the job is for.
    pub description: Option<String>,
    /// The compute of steps that name none.
    pub default_compute: Option<String>,
    /// Whether other steps go on when one fails.
    pub continue_on_step_failure: Option<bool>,
    /// Inputs; empty ones are left out.
    pub inputs: BTreeMap<String, Input>,
    /// Where outputs go.
    pub outputs: BTreeMap<String, Asset>,
    /// Tags.
    pub tags: PrivateMap,
}

impl PipelineJob {
    fn to_json(&self) -> Value {
        let mut properties = json!({
            "jobType": "Pipeline",
            "componentId": self.component_id,
            "jobs": {},
            "inputs": job_inputs(&self.inputs),
        });
        let mut settings = json!({});
        let mut set = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                properties[key] = value;
            }
        };
        set(
            "experimentName",
            self.experiment_name.clone().map(Into::into),
        );
        set("displayName", self.display_name.clone().map(Into::into));
        set("description", self.description.clone().map(Into::into));
        let outputs = self.outputs.iter();
        let outputs: serde_json::Map<_, _> = outputs
            .map(|(name, asset)| (name.clone(), asset.in_job("jobOutputType")))
            .collect();
        set("outputs", (!outputs.is_empty()).then(|| outputs.into()));
        set("tags", (!self.tags.is_empty()).then(|| json!(self.tags)));
        if let Some(compute) = &self.default_compute {
            settings["default_compute"] = json!(compute);
        }
        if let Some(go_on) = self.continue_on_step_failure {
            settings["continue_on_step_failure"] = json!(go_on);
        }
        properties["settings"] = settings;
        json!({ "properties": properties })
    }
}

impl Serialize for PipelineJob {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        self.to_json().serialize(to)
    }
}

/// Options of [`JobsClient::list`].
#[derive(Clone, Debug, Default)]
pub struct JobListOptions {
    /// Only jobs of a type, such as `Pipeline`.
    pub job_type: Option<String>,
    /// Only jobs with a tag.
    pub tag: Option<String>,
    /// `ActiveOnly`, `ArchivedOnly` or `All`.
    pub list_view_type: Option<String>,
    /// Options of the list.
    pub method_options: PagerOptions<'static>,
}

/// The jobs of a workspace.
#[derive(Clone, Debug)]
pub struct JobsClient {
    rest: RestClient,
}

impl JobsClient {
    pub(crate) fn new(rest: RestClient) -> Self {
        Self { rest }
    }

    /// Starts a job, or changes the tags of one that is there (`Jobs - Create Or Update`).
    ///
    /// `body` is a [`PipelineJob`], or a whole document with `properties`. The name makes the PUT safe to repeat: a name
    /// that is used starts no second run, so choose a fresh one for each run that is meant.
    ///
    /// # Errors
    ///
    /// [`ServiceError`](crate::ServiceError) inside the error when the service refuses.
    pub async fn create_or_update<B: Serialize + ?Sized>(
        &self,
        name: &str,
        body: &B,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<Job>>> {
        let options = options.unwrap_or_default();
        let call = self.rest.put(self.rest.url(["jobs", named("job", name)?]));
        call.context(&options.context).json(body).send().await
    }

    /// Gets a job (`Jobs - Get`).
    ///
    /// # Errors
    ///
    /// As [`JobsClient::create_or_update`].
    pub async fn get(
        &self,
        name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<Job>>> {
        let options = options.unwrap_or_default();
        let url = self.rest.url(["jobs", named("job", name)?]);
        self.rest.get(url).context(&options.context).send().await
    }

    /// Lists jobs (`Jobs - List`).
    pub fn list(&self, options: Option<JobListOptions>) -> Pager<Page<Entity<Job>>> {
        let options = options.unwrap_or_default();
        let (kind, tag, view) = (options.job_type, options.tag, options.list_view_type);
        self.rest
            .pages(Some(options.method_options), move |rest, _| {
                rest.get(rest.url(["jobs"]))
                    .query("jobType", kind.as_deref())
                    .query("tag", tag.as_deref())
                    .query("listViewType", view.as_deref())
            })
    }

    /// Asks a job to end (`Jobs - Cancel`). It does so a little later: see [`JobsClient::wait_for_job`].
    ///
    /// # Errors
    ///
    /// As [`JobsClient::create_or_update`].
    pub async fn cancel(
        &self,
        name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        let url = self.rest.url(["jobs", named("job", name)?, "cancel"]);
        let call = self.rest.post(url).repeatable().context(&options.context);
        call.send_empty().await
    }

    /// Deletes a job (`Jobs - Delete`) and waits until it is gone.
    ///
    /// # Errors
    ///
    /// [`TimedOut`](crate::TimedOut) inside the error when the limit is reached, and as [`JobsClient::create_or_update`].
    pub async fn delete(
        &self,
        name: &str,
        wait: Wait,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<()> {
        let options = options.unwrap_or_default();
        let url = self.rest.url(["jobs", named("job", name)?]);
        let call = self.rest.delete(url).context(&options.context);
        let answer = call.send_empty().await?;
        let what = format!("deleting job {name}");
        self.rest.settle(&what, &answer, wait).await
    }

    /// Waits until a job has ended, well or not; `on_change` is told its first state and each other one.
    ///
    /// A job that is not found at first is asked for a few times more: it may have been started just now.
    ///
    /// # Errors
    ///
    /// [`TimedOut`](crate::TimedOut) inside the error when the limit is reached, and as [`JobsClient::create_or_update`].
    /// A job that failed is not an error here: look at its [`status`](Job::status).
    pub async fn wait_for_job(
        &self,
        name: &str,
        wait: Wait,
        on_change: impl FnMut(&Entity<Job>),
    ) -> Result<Entity<Job>> {
        let what = format!("job {name}");
        let ask = || self.get(name, None);
        watch(&what, wait, ask, on_change).await
    }
}

impl Watched for Entity<Job> {
    type State = JobStatus;

    fn state(&self) -> Self::State {
        self.status().clone()
    }

    fn is_over(&self) -> bool {
        self.status().is_terminal()
    }
}
