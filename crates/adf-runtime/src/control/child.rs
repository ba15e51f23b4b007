//! `ExecutePipeline`: starts a child run, and waits for it where wanted.

use adf_expr::evaluate_json;
use adf_model::ExecutePipeline;
use futures::FutureExt as _;
use futures::future::{Either, select};
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

use super::Turn;
use crate::activity_run::{Outcome, Stop};
use crate::admission;
use crate::engine::RunOutcome;
use crate::run::Run;
use crate::{ActivityFailure, InvokedBy, RunRequest, RunStatus};

/// How many pipelines may call each other in a chain; more is taken for endless recursion.
const DEEPEST: u32 = 40;

/// How many runs a factory has at a time, the service's own limit; pipelines that call themselves twice get there soon.
const MOST_RUNS: usize = 10_000;

pub(super) async fn execute(turn: &mut Turn<'_, '_>, execute: &ExecutePipeline) -> Outcome {
    let name = &execute.pipeline.reference_name;
    let run = turn.run;
    let parameters = parameters(turn, execute)?;
    let admitted = admission::admit_alone(run.host.definitions(), name, &parameters)
        .inspect(|admitted| admitted.hide(&run.secrets))
        .map_err(|rejected| ActivityFailure::user("BadRequest", rejected.to_string()));
    turn.record
        .input(&json!({"pipelineName": name, "parameters": parameters}));
    check_room(run, name)?;
    let admitted = admitted?;
    let request = request(turn, name, parameters);
    let mut output = json!({"pipelineName": admitted.name, "pipelineRunId": request.run_id});
    let (report, ended) = oneshot::channel();
    let child = run.child(admitted, request).execute().boxed();
    let child = async move {
        // Nobody listens when the caller does not wait, or was cancelled.
        let _ = report.send(child.await);
    };
    if run.children.send(child.boxed()).is_err() {
        return Err(Stop::Cancelled);
    }
    if execute.wait_on_completion == Some(false) {
        return Ok(output);
    }
    let cancelled = std::pin::pin!(run.cancellation.cancelled());
    match select(ended, cancelled).await {
        Either::Left((Ok(outcome), _)) => settle(outcome, &mut output).map(|()| output),
        Either::Left((Err(_), _)) | Either::Right(_) => Err(Stop::Cancelled),
    }
}

/// Refuses another run when there are too many above it or beside it.
fn check_room(run: &Run, name: &str) -> Result<(), ActivityFailure> {
    let told = if run.depth >= DEEPEST {
        format!(
            "pipelines call each other more than {DEEPEST} levels deep; `{name}` is not started"
        )
    } else if run.host.going() >= MOST_RUNS {
        format!("{MOST_RUNS} runs go on already; `{name}` is not started")
    } else {
        return Ok(());
    };
    Err(ActivityFailure::user("BadRequest", told))
}

/// The arguments of `parameters` and of the reference itself.
fn parameters(
    turn: &Turn<'_, '_>,
    execute: &ExecutePipeline,
) -> Result<Map<String, Value>, ActivityFailure> {
    let sight = turn.sight();
    let on_reference = execute.pipeline.parameters.iter().flatten();
    let evaluated = on_reference
        .chain(&execute.parameters)
        .map(|(name, value)| Ok((name.clone(), evaluate_json(value, &sight)?)));
    evaluated.collect()
}

fn request(turn: &Turn<'_, '_>, pipeline: &str, parameters: Map<String, Value>) -> RunRequest {
    let run = turn.run;
    let iteration = turn.frame.iteration.as_deref();
    let caller = InvokedBy {
        id: turn.record.id().to_owned(),
        name: turn.record.id().to_owned(),
        invoked_by_type: "PipelineActivity".to_owned(),
        pipeline_name: Some(run.name.clone()),
        pipeline_run_id: Some(run.request.run_id.clone()),
    };
    RunRequest {
        invoked_by: caller,
        recovery: run.rerun.of_child(turn.name(), iteration),
        ..RunRequest::manual(pipeline, parameters)
    }
}

/// Takes the child's end over.
fn settle(outcome: RunOutcome, output: &mut Value) -> Result<(), Stop> {
    if let Some(returned) = outcome.returned {
        output["pipelineReturnValue"] = Value::Object(returned);
    }
    match outcome.run.status {
        RunStatus::Succeeded => Ok(()),
        RunStatus::Failed => {
            let failure = ActivityFailure::user("BadRequest", outcome.run.message);
            Err(failure.with_output(output.clone()).into())
        }
        _ => Err(Stop::Cancelled),
    }
}
