//! Takes a run through its tasks: each starts when those before it have ended.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::task::JoinSet;

use super::registry::{Active, Stop, end_broken};
use super::run::{LifeCycle, ResultState, Run, Standing, TaskRun};
use super::task;
use super::tasks::upstream_of;
use crate::databricks::Workspace;
use crate::databricks::clock::now;
use crate::databricks::refusal::Refusal;

/// Runs to the end, whatever it is.
pub(super) async fn drive(workspace: &Workspace, run_id: u64, active: &Arc<Active>) {
    let limit = workspace
        .runs()
        .get(run_id)
        .map_or(0, |run| run.timeout_seconds);
    let worked = tokio::select! {
        worked = work(workspace, run_id, active) => worked,
        never = stop_in_time(workspace, active, limit) => match never {},
    };
    let finished = worked.and_then(|()| finish(workspace, run_id, active));
    if let Err(error) = finished {
        tracing::error!("run {run_id} is lost: {error}");
        // When even this fails, the next start ends the run.
        let _ = workspace.runs().change(run_id, end_broken);
    }
}

/// Stops the run when its time is over or when the emulator leaves.
async fn stop_in_time(
    workspace: &Workspace,
    active: &Active,
    limit: u64,
) -> std::convert::Infallible {
    let over = async {
        match limit {
            0 => std::future::pending().await,
            limit => tokio::time::sleep(Duration::from_secs(limit)).await,
        }
    };
    tokio::select! {
        () = over => active.stop_because(Stop::TimedOut),
        () = workspace.stopping().cancelled() => active.stop_because(Stop::Leaving),
    }
    std::future::pending().await
}

async fn work(workspace: &Workspace, run_id: u64, active: &Arc<Active>) -> Result<(), Refusal> {
    let mut begun = BTreeSet::new();
    let mut going = JoinSet::new();
    loop {
        if !active.stop.is_cancelled() {
            for task_run_id in next_tasks(workspace, run_id, &mut begun)? {
                let (workspace, active) = (workspace.clone(), Arc::clone(active));
                going.spawn(
                    async move { task::run(&workspace, run_id, task_run_id, &active).await },
                );
            }
        }
        match going.join_next().await {
            None => return Ok(()),
            Some(Ok(ended)) => ended?,
            Some(Err(lost)) => return Err(Refusal::internal(format!("a task was lost: {lost}"))),
        }
    }
}

/// The tasks that can start now. Those that never can are ended.
fn next_tasks(
    workspace: &Workspace,
    run_id: u64,
    begun: &mut BTreeSet<String>,
) -> Result<Vec<u64>, Refusal> {
    workspace.runs().change(run_id, |run| {
        let mut ready = Vec::new();
        // A task that is passed over may free the tasks after it.
        loop {
            let snapshot = run.clone();
            let latest = snapshot.latest();
            let mut passed_over = false;
            for task in &latest {
                // In a repaired run, what went well before has ended already.
                if begun.contains(&task.key) || task.standing.is_over() {
                    continue;
                }
                match verdict(task, &latest) {
                    Verdict::Wait => continue,
                    Verdict::Go => ready.push(task.run_id),
                    Verdict::Pass(standing) => {
                        passed_over = true;
                        let same = run
                            .tasks
                            .iter_mut()
                            .find(|other| other.run_id == task.run_id);
                        if let Some(same) = same {
                            same.standing = standing;
                            same.end_time = Some(now());
                        }
                    }
                }
                begun.insert(task.key.clone());
            }
            if !passed_over {
                break;
            }
        }
        if run.standing.life_cycle == LifeCycle::Pending && !ready.is_empty() {
            run.standing = Standing::at(LifeCycle::Running);
        }
        ready
    })
}

enum Verdict {
    Wait,
    Go,
    Pass(Standing),
}

fn verdict(task: &TaskRun, all: &[&TaskRun]) -> Verdict {
    let upstream: Vec<&&TaskRun> = upstream_of(&task.spec)
        .filter_map(|key| all.iter().find(|other| other.key == key))
        .collect();
    if upstream.iter().any(|other| !other.standing.is_over()) {
        return Verdict::Wait;
    }
    let results: Vec<Option<ResultState>> =
        upstream.iter().map(|other| other.standing.result).collect();
    let succeeded = |result: &Option<ResultState>| *result == Some(ResultState::Success);
    let excluded = |result: &Option<ResultState>| *result == Some(ResultState::Excluded);
    let failed = |result: &Option<ResultState>| !succeeded(result) && !excluded(result);
    let rule = task.spec.get("run_if").and_then(Value::as_str);
    let goes = match rule.unwrap_or("ALL_SUCCESS") {
        _ if upstream.is_empty() => true,
        "ALL_DONE" => true,
        "NONE_FAILED" => !results.iter().any(failed) && !results.iter().all(excluded),
        "AT_LEAST_ONE_SUCCESS" => results.iter().any(succeeded),
        "ALL_FAILED" => results.iter().all(failed),
        "AT_LEAST_ONE_FAILED" => results.iter().any(failed),
        _ => results.iter().all(succeeded),
    };
    if goes {
        return Verdict::Go;
    }
    let because = |result, code: &str, message: &str| {
        Verdict::Pass(Standing::ended(
            LifeCycle::Skipped,
            Some(result),
            code,
            message,
        ))
    };
    match rule {
        Some("ALL_FAILED" | "AT_LEAST_ONE_FAILED") => because(
            ResultState::Excluded,
            "SKIPPED",
            "The run condition was not met.",
        ),
        _ if results.contains(&Some(ResultState::Canceled)) => because(
            ResultState::UpstreamCanceled,
            "CANCELED",
            "An upstream task was cancelled.",
        ),
        _ if results.iter().all(|result| !failed(result)) => because(
            ResultState::Excluded,
            "SKIPPED",
            "An upstream task was excluded.",
        ),
        _ => because(
            ResultState::UpstreamFailed,
            "RUN_EXECUTION_ERROR",
            "An upstream task failed.",
        ),
    }
}

fn finish(workspace: &Workspace, run_id: u64, active: &Active) -> Result<(), Refusal> {
    let stopped = active.stop.is_cancelled().then(|| active.reason());
    workspace.runs().change(run_id, |run| {
        let end = now();
        let cut = stopped.map(|reason| stopped_standing(reason, run.timeout_seconds));
        for task in &mut run.tasks {
            if !task.standing.is_over() {
                task.standing = cut.clone().unwrap_or_else(Standing::canceled);
                task.end_time = Some(end);
            }
        }
        let was_cut = cut.filter(|cut| {
            let same = |task: &&TaskRun| task.standing.result == cut.result;
            run.latest().iter().any(same)
        });
        run.standing = was_cut.unwrap_or_else(|| summary(run));
        run.end_time = Some(end);
    })
}

/// The end of what is stopped.
pub(super) fn stopped_standing(reason: Stop, limit: u64) -> Standing {
    match reason {
        Stop::Canceled => Standing::canceled(),
        Stop::TimedOut => Standing::timed_out(limit),
        Stop::Leaving => Standing::broken(
            "INTERNAL_ERROR",
            "The emulator stopped while the run was active.",
        ),
    }
}

fn summary(run: &Run) -> Standing {
    let latest = run.latest();
    let is_upstream = |key: &str| {
        latest
            .iter()
            .any(|task| upstream_of(&task.spec).any(|other| other == key))
    };
    let ends = |wanted: ResultState| {
        let mut tasks = latest.iter();
        tasks.find(|task| task.standing.result == Some(wanted))
    };
    let fine = |task: &&&TaskRun| {
        matches!(
            task.standing.result,
            Some(ResultState::Success | ResultState::Excluded)
        )
    };
    let leaves_are_fine = latest
        .iter()
        .filter(|task| !is_upstream(&task.key))
        .all(|task| fine(&task));
    if leaves_are_fine {
        return match latest.iter().all(|task| fine(&task)) {
            true => Standing::success(),
            false => Standing::ended(
                LifeCycle::Terminated,
                Some(ResultState::SuccessWithFailures),
                "SUCCESS_WITH_FAILURES",
                "",
            ),
        };
    }
    if let Some(task) = ends(ResultState::Failed) {
        let message = task.standing.message.trim_end_matches('.');
        let message = format!("Task {} failed with message: {message}.", task.key);
        let code = task.standing.code.as_deref();
        return Standing::broken(code.unwrap_or("RUN_EXECUTION_ERROR"), message);
    }
    match ends(ResultState::TimedOut) {
        Some(task) => task.standing.clone(),
        None => Standing::canceled(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;
    use crate::databricks::jobs::run::RunType;

    fn task(key: &str, upstream: &[&str], rule: &str, standing: Standing) -> TaskRun {
        let upstream: Vec<Value> = upstream
            .iter()
            .map(|key| json!({"task_key": key}))
            .collect();
        let spec = json!({"task_key": key, "depends_on": upstream, "run_if": rule});
        TaskRun {
            run_id: 1,
            key: key.into(),
            attempt: 0,
            spec: spec.as_object().cloned().unwrap(),
            standing,
            start_time: 0,
            execution_start: None,
            end_time: None,
            cluster_id: None,
            values: Map::new(),
        }
    }

    fn failed() -> Standing {
        let result = Some(ResultState::Failed);
        Standing::ended(
            LifeCycle::Terminated,
            result,
            "RUN_EXECUTION_ERROR",
            "Workload failed",
        )
    }

    fn run(tasks: Vec<TaskRun>) -> Run {
        Run {
            run_id: 1,
            job_id: 1,
            number_in_job: 1,
            name: String::new(),
            run_type: RunType::JobRun,
            flat: false,
            standing: Standing::at(LifeCycle::Running),
            start_time: 0,
            end_time: None,
            timeout_seconds: 0,
            tasks,
            job_parameters: Default::default(),
            overriding: Map::new(),
            repair_id: None,
            repaired_at: None,
            earlier: Vec::new(),
        }
    }

    #[test]
    fn the_rule_decides_about_a_task_after_a_failure() {
        let first = task("a", &[], "ALL_SUCCESS", failed());
        for (rule, goes) in [
            ("ALL_SUCCESS", false),
            ("ALL_DONE", true),
            ("NONE_FAILED", false),
            ("AT_LEAST_ONE_SUCCESS", false),
            ("ALL_FAILED", true),
            ("AT_LEAST_ONE_FAILED", true),
        ] {
            let second = task("b", &["a"], rule, Standing::at(LifeCycle::Blocked));
            let verdict = verdict(&second, &[&first, &second]);
            assert_eq!(matches!(verdict, Verdict::Go), goes, "{rule}");
        }
    }

    #[test]
    fn a_failed_task_fails_the_run_in_the_words_of_the_service() {
        let standing = summary(&run(vec![task("a", &[], "ALL_SUCCESS", failed())]));

        assert_eq!(standing.life_cycle, LifeCycle::InternalError);
        assert_eq!(standing.result, Some(ResultState::Failed));
        assert_eq!(
            standing.message,
            "Task a failed with message: Workload failed."
        );
    }

    #[test]
    fn a_failure_that_a_later_task_heals_is_a_success_with_failures() {
        let standing = summary(&run(vec![
            task("a", &[], "ALL_SUCCESS", failed()),
            task("b", &["a"], "ALL_DONE", Standing::success()),
        ]));

        assert_eq!(standing.result, Some(ResultState::SuccessWithFailures));
    }
}
