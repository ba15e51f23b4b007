//! Starting pipelines.

use adf_model::Pipeline;
use azure_core::Result;
use azure_core::http::Response;
use serde_json::{Map, Value};

use crate::models::CreatedRun;
use crate::{CreateRunOptions, ResourceClient};

impl ResourceClient<Pipeline> {
    /// Starts a run: `POST pipelines/{name}/createRun`. `parameters` are the run's, by name.
    ///
    /// The request is sent again only when it surely started nothing: after 429, or when no connection could be made. After
    /// any other error a run may have been started; look for it with [`crate::RunsClient::query`].
    ///
    /// # Errors
    ///
    /// A [`ServiceError`](crate::ServiceError) with status 404 when there is no such pipeline, and when the service refuses
    /// the parameters.
    pub async fn create_run(
        &self,
        name: &str,
        parameters: &Map<String, Value>,
        options: Option<CreateRunOptions<'_>>,
    ) -> Result<Response<CreatedRun>> {
        let options = options.unwrap_or_default();
        self.rest
            .post(self.url(name, &["createRun"])?)
            .query("referencePipelineRunId", options.reference_pipeline_run_id)
            .query("isRecovery", options.is_recovery)
            .query("startActivityName", options.start_activity_name)
            .query("startFromFailure", options.start_from_failure)
            .json(parameters)
            .context(&options.method_options.context)
            .send()
            .await
    }
}
