//! The AzureMLExecutePipeline activity: a run of a published pipeline in the emulated workspace.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use adf_runtime::{ActivityCall, ActivityFailure};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::aml::{Finished, PipelineRef, Refusal, RunStatus, Submission};
use crate::state::State;

const WRONG_PROPERTY: &str = "4101";
const NO_LINKED_SERVICE: &str = "4110";
const WRONG_LINKED_SERVICE: &str = "4111";
const REFUSED: &str = "4123";
const NOT_FOUND: &str = "4124";
const SERVER_ERROR: &str = "4125";
const RUN_FAILED: &str = "4126";

/// Carries out an AzureMLExecutePipeline activity.
pub(super) async fn run(state: Arc<State>, call: ActivityCall) -> Result<Value, ActivityFailure> {
    let began = Instant::now();
    check_service(&call)?;
    let what = pipeline(&call.properties)?;
    let submission = submission(&call)?;
    let workspace = &state.aml;
    let run = workspace
        .submit(&what, submission)
        .await
        .map_err(|refusal| refused(&refusal))?;
    let finished = tokio::select! {
        finished = workspace.wait(&run) => finished,
        () = call.cancellation.cancelled() => {
            workspace.cancel(&run).map_err(|refusal| refused(&refusal))?;
            workspace.wait(&run).await
        }
    };
    let finished = finished.map_err(|refusal| refused(&refusal))?;
    let output = output(&finished, began);
    if finished.status == RunStatus::Finished {
        return Ok(output);
    }
    let mut message = format!(
        "the Azure Machine Learning run {} ended with the status {}",
        finished.run_id,
        finished.status.history()
    );
    if let Some(error) = &finished.error {
        message.push_str(&format!(": {error}"));
    }
    Err(ActivityFailure::user(RUN_FAILED, message).with_output(output))
}

fn check_service(call: &ActivityCall) -> Result<(), ActivityFailure> {
    match &call.linked_service {
        None => Err(ActivityFailure::user(
            NO_LINKED_SERVICE,
            "the activity has no linked service",
        )),
        Some(service) if service.kind == "AzureMLService" => Ok(()),
        Some(service) => Err(ActivityFailure::user(
            WRONG_LINKED_SERVICE,
            format!(
                "the linked service `{}` is of type {}, not AzureMLService",
                service.name, service.kind
            ),
        )),
    }
}

fn pipeline(properties: &Value) -> Result<PipelineRef, ActivityFailure> {
    let text = |name: &str| {
        let text = properties[name].as_str()?;
        Some(text.to_owned()).filter(|text| !text.is_empty())
    };
    match (text("mlPipelineId"), text("mlPipelineEndpointId")) {
        (Some(id), None) => Ok(PipelineRef::Pipeline(id)),
        (None, Some(id)) => Ok(PipelineRef::Endpoint {
            id,
            version: text("version"),
        }),
        _ => Err(ActivityFailure::user(
            WRONG_PROPERTY,
            "the activity has either mlPipelineId or mlPipelineEndpointId",
        )),
    }
}

fn submission(call: &ActivityCall) -> Result<Submission, ActivityFailure> {
    let properties = &call.properties;
    let assigned = properties["dataPathAssignments"].as_object();
    if assigned.is_some_and(|assigned| !assigned.is_empty()) {
        return Err(ActivityFailure::user(
            WRONG_PROPERTY,
            "dataPathAssignments is not emulated; hand the path over as a parameter",
        ));
    }
    let given = match &properties["mlPipelineParameters"] {
        Value::Null => None,
        Value::Object(given) => Some(given),
        _ => {
            return Err(ActivityFailure::user(
                WRONG_PROPERTY,
                "mlPipelineParameters is not an object",
            ));
        }
    };
    let parameters = given.into_iter().flatten();
    let parameters: BTreeMap<_, _> = parameters
        .map(|(name, value)| (name.clone(), adf_expr::render(value).into_owned()))
        .collect();
    let text = |name: &str| properties[name].as_str().filter(|text| !text.is_empty());
    Ok(Submission {
        experiment: text("experimentName").unwrap_or(&call.pipeline).to_owned(),
        parameters,
        parent_run_id: text("mlParentRunId").map(str::to_owned),
        run_source: "API".to_owned(),
        ..Submission::default()
    })
}

fn refused(refusal: &Refusal) -> ActivityFailure {
    let code = match refusal.status() {
        StatusCode::NOT_FOUND => NOT_FOUND,
        status if status.is_server_error() => SERVER_ERROR,
        _ => REFUSED,
    };
    ActivityFailure::user(code, refusal.to_string())
}

fn output(finished: &Finished, began: Instant) -> Value {
    json!({
        "runId": finished.run_id,
        "pipelineRunId": finished.run_id,
        "mlPipelineRunId": finished.run_id,
        "status": finished.status.history(),
        "effectiveIntegrationRuntime": "AutoResolveIntegrationRuntime (Local)",
        "executionDuration": began.elapsed().as_secs(),
    })
}
