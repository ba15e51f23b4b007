//! The DatabricksNotebook activity: a run of the emulated workspace.

use std::collections::BTreeMap;
use std::sync::Arc;

use adf_runtime::{ActivityCall, ActivityFailure, ResolvedLinkedService};
use serde_json::{Map, Value, json};

use crate::databricks::{Compute, Finished, NotebookSubmission, Refusal};
use crate::state::State;

/// Wrong authoring; a parameter or an answer of the service that is not accepted; a run that failed.
const WRONG_PROPERTY: &str = "3201";
const REFUSED: &str = "3202";
const RUN_FAILED: &str = "3204";

/// Carries out a DatabricksNotebook activity.
pub(super) async fn run(state: Arc<State>, call: ActivityCall) -> Result<Value, ActivityFailure> {
    let submission = submission(&call)?;
    let workspace = &state.databricks;
    let refused = |refusal: Refusal| ActivityFailure::user(REFUSED, refusal.to_string());
    let run = workspace
        .submit_notebook(&submission)
        .await
        .map_err(refused)?;
    let finished = tokio::select! {
        finished = workspace.wait(run) => finished.map_err(refused)?,
        () = call.cancellation.cancelled() => {
            workspace.cancel(run).map_err(refused)?;
            workspace.wait(run).await.map_err(refused)?
        }
    };
    match finished.succeeded() {
        true => Ok(output(&finished)),
        false => Err(failure(&finished)),
    }
}

fn submission(call: &ActivityCall) -> Result<NotebookSubmission, ActivityFailure> {
    let wrong = |message: &str| ActivityFailure::user(WRONG_PROPERTY, message);
    let properties = &call.properties;
    let path = properties["notebookPath"]
        .as_str()
        .filter(|path| path.starts_with('/'))
        .ok_or_else(|| wrong("notebookPath is the absolute path of a notebook"))?;
    let service = call
        .linked_service
        .as_ref()
        .filter(|service| service.kind == "AzureDatabricks")
        .ok_or_else(|| wrong("the activity has no linked service of type AzureDatabricks"))?;
    let mut submission = NotebookSubmission::new(path);
    submission.base_parameters = parameters(&properties["baseParameters"])?;
    submission.compute = compute(service);
    submission.libraries = match &properties["libraries"] {
        Value::Array(libraries) => libraries.clone(),
        _ => Vec::new(),
    };
    submission.run_name = format!("ADF_{}_{}_{}", call.factory, call.pipeline, call.activity);
    Ok(submission)
}

fn parameters(given: &Value) -> Result<BTreeMap<String, String>, ActivityFailure> {
    let given = given.as_object().into_iter().flatten();
    given
        .map(|(name, value)| {
            let text = adf_expr::render(value);
            // The workspace refuses a parameter that is sent without a value, and an empty text is sent so.
            if text.is_empty() {
                let message = format!(
                    "Could not parse request object: Expected 'key' and 'value' to be set for JSON map field base_parameters, \
                     got 'key: \"{name}\"' instead. Hint: the base parameter `{name}` is empty; give it a value, or leave it out"
                );
                return Err(ActivityFailure::user(REFUSED, message));
            }
            Ok((name.clone(), text.into_owned()))
        })
        .collect()
}

fn compute(service: &ResolvedLinkedService) -> Compute {
    let given = &service.properties;
    if let Some(id) = given["existingClusterId"]
        .as_str()
        .filter(|id| !id.is_empty())
    {
        return Compute::Existing(id.to_owned());
    }
    let renamed = [
        ("newClusterVersion", "spark_version"),
        ("newClusterNodeType", "node_type_id"),
        ("newClusterDriverNodeType", "driver_node_type_id"),
        ("newClusterSparkConf", "spark_conf"),
        ("newClusterSparkEnvVars", "spark_env_vars"),
        ("newClusterCustomTags", "custom_tags"),
        ("instancePoolId", "instance_pool_id"),
        ("policyId", "policy_id"),
    ];
    let mut cluster: Map<String, Value> = renamed
        .into_iter()
        .filter(|(ours, _)| !given[*ours].is_null())
        .map(|(ours, theirs)| (theirs.to_owned(), given[ours].clone()))
        .collect();
    if cluster.is_empty() {
        return Compute::Serverless;
    }
    let workers = match &given["newClusterNumOfWorker"] {
        Value::String(text) => text.split(':').next().and_then(|text| text.parse().ok()),
        other => other.as_u64(),
    };
    cluster.insert("num_workers".to_owned(), workers.unwrap_or(1).into());
    Compute::New(cluster)
}

fn output(finished: &Finished) -> Value {
    let mut output = json!({
        "runPageUrl": finished.page_url,
        "effectiveIntegrationRuntime": "AutoResolveIntegrationRuntime (Local)",
        "executionDuration": finished.execution.as_secs(),
        "durationInQueue": {"integrationRuntimeQueue": 0},
        "billingReference": {"activityType": "ExternalActivity"},
    });
    if let Some(result) = &finished.result {
        // A result that is a JSON object can be selected from.
        output["runOutput"] = match serde_json::from_str(result) {
            Ok(Value::Object(object)) => Value::Object(object),
            _ => result.as_str().into(),
        };
    }
    output
}

fn failure(finished: &Finished) -> ActivityFailure {
    let error = finished.error.as_deref().unwrap_or(&finished.state_message);
    let mut message = format!(
        "Databricks execution failed with error state {}: {error}",
        finished.result_state.unwrap_or(finished.life_cycle_state)
    );
    if let Some(hint) = &finished.hint {
        message.push_str(&format!(". Hint: {hint}"));
    }
    message.push_str(&format!(". Run page: {}", finished.page_url));
    let mut output = output(finished);
    output["runError"] = error.into();
    if let Some(trace) = &finished.trace {
        output["runTrace"] = trace.as_str().into();
    }
    ActivityFailure::user(RUN_FAILED, message).with_output(output)
}
