//! Repairing a run (`jobs/runs/repair`): its failed tasks, or those that are named, run again within the same run.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::overrides::override_parameters;
use super::render;
use super::run::{LifeCycle, ResultState, Run, Standing, TaskRun};
use super::start::OVERRIDES;
use super::tasks::upstream_of;
use crate::databricks::Workspace;
use crate::databricks::clock::now;
use crate::databricks::fields::Fields;
use crate::databricks::refusal::Refusal;

/// What a run was before it was repaired.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Earlier {
    /// The repair that this was; `None` for the run as it first was.
    id: Option<u64>,
    start_time: i64,
    end_time: Option<i64>,
    standing: Standing,
    tasks: Vec<u64>,
}

impl Workspace {
    /// Runs tasks again; answers the repair's id.
    pub(super) async fn repair_run(&self, fields: &Fields) -> Result<u64, Refusal> {
        let _starting = self.runs().starting.lock().await;
        let mut run = self.runs().get(fields.id("run_id")?)?;
        if !run.standing.is_over() {
            let message = format!("Run {} is active and cannot be repaired.", run.run_id);
            return Err(Refusal::bad("INVALID_STATE", message));
        }
        let latest = fields.number("latest_repair_id")?;
        let latest = latest.and_then(|id| u64::try_from(id).ok());
        if run.repair_id.is_some() && latest != run.repair_id {
            return Err(Refusal::invalid(
                "latest_repair_id must be the id of the latest repair of the run",
            ));
        }
        let again = again(&run, fields)?;
        let repair = self.next_id()?;
        run.earlier.push(Earlier {
            id: run.repair_id,
            start_time: run.repaired_at.unwrap_or(run.start_time),
            end_time: run.end_time,
            standing: run.standing.clone(),
            tasks: run.latest().iter().map(|task| task.run_id).collect(),
        });
        run.repair_id = Some(repair);
        run.repaired_at = Some(now());
        run.standing = Standing::at(LifeCycle::Pending);
        run.end_time = None;
        self.add_attempts(&mut run, &again, fields)?;
        self.begin(run, None)?;
        Ok(repair)
    }

    fn add_attempts(
        &self,
        run: &mut Run,
        again: &BTreeSet<String>,
        fields: &Fields,
    ) -> Result<(), Refusal> {
        for name in OVERRIDES {
            if let Some(value) = fields.value(name) {
                run.overriding.insert(name.into(), value.clone());
            }
        }
        let given = fields.value("job_parameters").and_then(Value::as_object);
        for (name, value) in given.into_iter().flatten() {
            let Some(place) = run.job_parameters.get_mut(name) else {
                let message = format!("the job does not declare the parameter `{name}`");
                return Err(Refusal::invalid(message));
            };
            *place = value.as_str().unwrap_or_default().to_owned();
        }
        let mut added = Vec::new();
        for task in run.latest() {
            if !again.contains(&task.key) {
                continue;
            }
            let waits = upstream_of(&task.spec).any(|key| again.contains(key));
            let state = match waits {
                true => LifeCycle::Blocked,
                false => LifeCycle::Pending,
            };
            let mut spec = task.spec.clone();
            override_parameters(&mut spec, &run.overriding, &run.job_parameters);
            added.push(TaskRun {
                run_id: self.next_id()?,
                attempt: task.attempt + 1,
                standing: Standing::at(state),
                start_time: now(),
                execution_start: None,
                end_time: None,
                spec,
                ..task.clone()
            });
        }
        run.tasks.extend(added);
        Ok(())
    }
}

/// The keys of the tasks that run again.
fn again(run: &Run, fields: &Fields) -> Result<BTreeSet<String>, Refusal> {
    let named = fields.texts("rerun_tasks");
    let failed = fields.flag("rerun_all_failed_tasks")?;
    if failed != named.is_empty() {
        return Err(Refusal::invalid(
            "exactly one of rerun_tasks and rerun_all_failed_tasks must be given",
        ));
    }
    let latest = run.latest();
    let mut again: BTreeSet<String> = match failed {
        true => latest
            .iter()
            .filter(|task| {
                !matches!(
                    task.standing.result,
                    Some(ResultState::Success | ResultState::Excluded)
                )
            })
            .map(|task| task.key.clone())
            .collect(),
        false => named.into_iter().collect(),
    };
    if let Some(unknown) = again
        .iter()
        .find(|key| !latest.iter().any(|task| task.key == **key))
    {
        return Err(Refusal::invalid(format!(
            "rerun_tasks names `{unknown}`, which is no task of the run"
        )));
    }
    if fields.flag("rerun_dependent_tasks")? {
        loop {
            let before = again.len();
            let below = latest
                .iter()
                .filter(|task| upstream_of(&task.spec).any(|key| again.contains(key)))
                .map(|task| task.key.clone());
            again.extend(below.collect::<Vec<_>>());
            if again.len() == before {
                break;
            }
        }
    }
    match again.is_empty() {
        true => Err(Refusal::invalid("there is no task to run again")),
        false => Ok(again),
    }
}

/// `repair_history`: the run as it first was, and each repair.
pub(super) fn history(run: &Run) -> Vec<Value> {
    let latest = Earlier {
        id: run.repair_id,
        start_time: run.repaired_at.unwrap_or(run.start_time),
        end_time: run.end_time,
        standing: run.standing.clone(),
        tasks: run.latest().iter().map(|task| task.run_id).collect(),
    };
    let told = |one: &Earlier| {
        let mut told = json!({
            "type": if one.id.is_some() { "REPAIR" } else { "ORIGINAL" },
            "start_time": one.start_time,
            "end_time": one.end_time.unwrap_or(0),
            "state": render::state(&one.standing),
            "status": render::status(&one.standing),
            "task_run_ids": one.tasks,
        });
        if let Some(id) = one.id {
            told["id"] = id.into();
        }
        told
    };
    run.earlier.iter().chain([&latest]).map(told).collect()
}
