//! Paths. The services match the words in them without regard to case.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::call::{Call, below_workspace, words};
use super::history::{history_run, job};
use super::refusal::{Refusal, Shape};
use super::runs::{PipelineRef, Submission};
use super::status::EntityStatus;
use super::{Workspace, batch};

/// Answers every path of the services.
pub(super) async fn dispatch(State(workspace): State<Workspace>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let first = path.trim_start_matches('/').split('/').next();
    let shape = match first.unwrap_or_default().to_ascii_lowercase().as_str() {
        "subscriptions" => Shape::Arm,
        "pipelines" => Shape::Pipelines,
        _ => Shape::History,
    };
    match answer(&workspace, request, shape, path).await {
        Ok(response) => response,
        Err(refusal) => refusal.response(shape),
    }
}

async fn answer(
    workspace: &Workspace,
    request: Request,
    shape: Shape,
    path: String,
) -> Result<Response, Refusal> {
    let call = Call::read(request, path).await?;
    if call
        .segments
        .first()
        .is_some_and(|first| first.eq_ignore_ascii_case("discovery"))
    {
        return Ok(Json(workspace.services()).into_response());
    }
    if shape == Shape::Arm {
        call.api_version()?;
        if let Some(answer) = batch::operation(workspace, &call) {
            return answer;
        }
    }
    if batch::is_scoring(&call) {
        return batch::scoring(workspace, &call).await;
    }
    let (scope, call) = below_workspace(call)?;
    match shape {
        Shape::Arm if batch::is_resource(&call) => batch::resource(workspace, &call, &scope).await,
        Shape::Arm => resource(workspace, &call, &scope),
        Shape::Pipelines => pipelines(workspace, &call).await,
        Shape::History => history(workspace, &call),
    }
}

async fn pipelines(workspace: &Workspace, call: &Call) -> Result<Response, Refusal> {
    let (lower, names) = words(&call.segments);
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let active_only = call.is_set("activeOnly");
    let value = match (call.method.as_str(), lower.as_slice()) {
        ("POST", ["pipelines", "create"]) => workspace.create_pipeline(&call.document()?)?,
        ("GET", ["pipelines"]) => workspace.pipeline_list(active_only).into(),
        ("GET", ["pipelines", _]) => workspace.pipeline_entity(names[1])?,
        ("PUT", ["pipelines", _, "status"]) => {
            let status: Value = serde_json::from_slice(&call.body)
                .map_err(|error| Refusal::bad(format!("the body is not JSON: {error}")))?;
            workspace.set_pipeline_status(names[1], EntityStatus::parse(&status)?)?;
            return Ok(StatusCode::OK.into_response());
        }
        ("POST", ["pipelineendpoints", "create"]) => {
            workspace.create_endpoint(&call.document()?)?
        }
        ("GET", ["pipelineendpoints", "id", _]) => workspace.endpoint_entity(names[2])?,
        ("GET", ["pipelineendpoints", "name"]) => {
            let name = call.query("Name").unwrap_or_default();
            workspace.endpoint_entity_named(name)?
        }
        ("GET", ["pipelineendpoints"]) => {
            let most = call.header("batchsize").and_then(|size| size.parse().ok());
            let most = most.unwrap_or(100);
            workspace.endpoint_list(active_only, most).into()
        }
        ("PUT", ["pipelineendpoints", _]) => {
            let if_match = call.header("if-match");
            workspace.replace_endpoint(names[1], &call.document()?, if_match)?
        }
        ("GET", ["pipelineendpoints", _, "pipelines"]) => {
            workspace.pipelines_behind(names[1], active_only)?.into()
        }
        (_, ["pipelineruns", ..]) => return runs(workspace, call, &lower, &names).await,
        _ => return Err(call.lacking()),
    };
    Ok(Json(value).into_response())
}

async fn runs(
    workspace: &Workspace,
    call: &Call,
    lower: &[&str],
    names: &[&str],
) -> Result<Response, Refusal> {
    let value = match (call.method.as_str(), &lower[1..]) {
        ("POST", ["pipelinesubmit", _]) => {
            let pipeline = PipelineRef::Pipeline(names[2].to_owned());
            submit(workspace, call, &pipeline).await?
        }
        ("POST", ["pipelineendpointsubmit", "id", _]) => {
            let endpoint = PipelineRef::Endpoint {
                id: names[3].to_owned(),
                version: call.query("pipelineVersion").map(str::to_owned),
            };
            submit(workspace, call, &endpoint).await?
        }
        ("GET", ["pipeline", _]) => {
            let found = workspace.run_list().into_iter();
            found
                .filter(|(_, run)| run.pipeline_id == names[2])
                .map(|(id, run)| workspace.describe_run(&id, &run))
                .collect()
        }
        ("GET", [_]) => workspace.run_entity(names[1])?,
        ("DELETE", [_, "execution"]) | ("POST", [_, "cancel"]) => {
            workspace.cancel(names[1])?;
            return Ok(StatusCode::OK.into_response());
        }
        ("POST", [_, "graph", "allnodes", "status"]) => workspace.nodes(names[1])?,
        _ => return Err(call.lacking()),
    };
    Ok(Json(value).into_response())
}

async fn submit(workspace: &Workspace, call: &Call, what: &PipelineRef) -> Result<Value, Refusal> {
    let body = call.document()?;
    let mut parameters = body.texts("ParameterAssignments")?;
    for field in ["DataPathAssignments", "DataSetDefinitionValueAssignments"] {
        for (name, assigned) in body.objects(field)? {
            let path = workspace.data_path(&name, &assigned)?;
            parameters.insert(name, path);
        }
    }
    if body.has("ScheduleId") {
        return Err(Refusal::not_emulated("runs of schedules"));
    }
    let source = body.text("RunSource")?;
    let submission = Submission {
        experiment: body.text("ExperimentName")?.unwrap_or_default(),
        parameters,
        description: body.text("Description")?.unwrap_or_default(),
        tags: body.texts("tags")?,
        properties: body.texts("Properties")?,
        parent_run_id: call.query("parentRunId").map(str::to_owned),
        run_source: source.unwrap_or_else(|| "Unavailable".to_owned()),
    };
    let run_id = workspace.submit(what, submission).await?;
    workspace.run_entity(&run_id)
}

fn history(workspace: &Workspace, call: &Call) -> Result<Response, Refusal> {
    let (lower, names) = words(&call.segments);
    let mut lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let mut names = names;
    // The same run is found with and without its experiment.
    let experiment = match lower.as_slice() {
        ["experiments" | "experimentids", _, ..] => {
            lower.drain(..2);
            Some(names.drain(..2).nth(1).unwrap_or_default())
        }
        _ => None,
    };
    let value = match (call.method.as_str(), lower.as_slice(), experiment) {
        ("GET", ["runs", _], _) => history_run(names[1], &workspace.run(names[1])?),
        ("GET", ["runs", _, "details"], _) => workspace.history_details(names[1])?,
        ("GET", ["runs", _, "children"], _) => {
            workspace.run(names[1])?;
            let runs = workspace.run_list().into_iter();
            let children: Vec<Value> = runs
                .filter(|(_, run)| run.parent_run_id.as_deref() == Some(names[1]))
                .map(|(id, run)| history_run(&id, &run))
                .collect();
            json!({"value": children, "continuationToken": null})
        }
        ("POST", ["runs", _, "cancel"], _) => {
            workspace.cancel(names[1])?;
            history_run(names[1], &workspace.run(names[1])?)
        }
        ("POST", ["runs:query"], Some(experiment)) => {
            let body = call.document()?;
            let top = body.value("top").and_then(Value::as_u64);
            let top = top.and_then(|top| usize::try_from(top).ok());
            workspace.query(experiment, body.text("filter")?.as_deref(), top)?
        }
        _ => return Err(call.lacking()),
    };
    Ok(Json(value).into_response())
}

fn resource(workspace: &Workspace, call: &Call, scope: &str) -> Result<Response, Refusal> {
    let (lower, names) = words(&call.segments);
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let value = match (call.method.as_str(), lower.as_slice()) {
        ("GET", []) => workspace.resource(scope),
        ("GET", ["jobs"]) => {
            let runs = workspace
                .run_list()
                .into_iter()
                .take(call.top("$top").unwrap_or(usize::MAX));
            let jobs: Vec<Value> = runs.map(|(id, run)| job(scope, &id, &run)).collect();
            json!({"value": jobs})
        }
        ("GET", ["jobs", _]) => job(scope, names[1], &workspace.run(names[1])?),
        ("POST", ["jobs", _, "cancel"]) => {
            workspace.cancel(names[1])?;
            return Ok(StatusCode::OK.into_response());
        }
        _ => return Err(call.lacking()),
    };
    Ok(Json(value).into_response())
}
