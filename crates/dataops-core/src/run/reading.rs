//! Reads the client's records of runs as reports.

use adf_client::models::{ActivityRun, PipelineRun};

use super::report::{ActivityError, ActivityReport, RunReport};

pub(super) fn report<'a>(
    factory: &str,
    run: &PipelineRun,
    activities: impl Iterator<Item = &'a ActivityRun>,
) -> RunReport {
    let invoked_by = run
        .invoked_by
        .as_ref()
        .and_then(|invoked| invoked.name.clone())
        .unwrap_or_default();
    RunReport {
        factory: factory.to_owned(),
        pipeline: run.pipeline_name.clone(),
        run_id: run.run_id.clone(),
        status: run.status.to_string(),
        message: run.message.clone().unwrap_or_default(),
        invoked_by,
        parameters: run.parameters.clone().into_iter().collect(),
        start: run.run_start,
        end: run.run_end,
        activities: activities.map(activity).collect(),
        url: None,
    }
}

fn activity(run: &ActivityRun) -> ActivityReport {
    let error = run.failure().map(|failure| ActivityError {
        code: failure.error_code.clone().unwrap_or_default(),
        message: failure.message.clone().unwrap_or_default(),
    });
    let id = run.activity_run_id.clone().unwrap_or_else(|| {
        let (hash, attempt) = (&run.iteration_hash, run.retry_attempt);
        format!("{} {hash:?} {attempt:?}", run.activity_name)
    });
    ActivityReport {
        id,
        name: run.activity_name.clone(),
        kind: run.activity_type.clone(),
        status: run.status.to_string(),
        start: run.activity_run_start,
        end: run.activity_run_end,
        input: run.input.clone(),
        output: run.output.clone(),
        error,
        retry: run
            .retry_attempt
            .and_then(|attempt| u32::try_from(attempt).ok())
            .filter(|attempt| *attempt > 0),
    }
}
