//! Starting runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::drive;
use super::overrides::{job_parameters, keep_only, override_parameters, resolve_job_cluster};
use super::registry::{Active, Ending};
use super::run::{LifeCycle, Run, RunType, Standing, TaskRun};
use super::tasks::{key_of, tasks_of, upstream_of};
use crate::databricks::Workspace;
use crate::databricks::clock::now;
use crate::databricks::fields::Fields;
use crate::databricks::refusal::Refusal;

/// `run-now` takes these parameters over those of the tasks.
pub(super) const OVERRIDES: [&str; 7] = [
    "notebook_params",
    "python_params",
    "jar_params",
    "spark_submit_params",
    "python_named_params",
    "sql_params",
    "dbt_commands",
];
const LONGEST_TOKEN: usize = 64;

impl Workspace {
    /// `jobs/runs/submit`; answers the run's id.
    pub(super) async fn submit_run(&self, settings: &Map<String, Value>) -> Result<u64, Refusal> {
        let fields = Fields::of(settings.clone());
        let token = token_of(&fields)?;
        let _starting = self.runs().starting.lock().await;
        if let Some(run_id) = self.run_of_token(token.as_deref())? {
            return Ok(run_id);
        }
        let (tasks, flat) = tasks_of(settings)?;
        self.check_tasks(&tasks)?;
        if settings.get("git_source").is_some_and(Value::is_object) {
            return Err(Refusal::not_emulated(
                "runs of notebooks in a git repository",
            ));
        }
        let name = fields.text("run_name")?.filter(|name| !name.is_empty());
        let run = Run {
            run_id: self.next_id()?,
            job_id: self.next_id()?,
            number_in_job: 1,
            name: name.unwrap_or_else(|| "Untitled".to_owned()),
            run_type: RunType::SubmitRun,
            flat,
            standing: Standing::at(LifeCycle::Pending),
            start_time: now(),
            end_time: None,
            timeout_seconds: timeout_of(&fields)?,
            tasks: self.task_runs(tasks)?,
            job_parameters: BTreeMap::new(),
            overriding: Map::new(),
            repair_id: None,
            repaired_at: None,
            earlier: Vec::new(),
        };
        self.begin(run, token)
    }

    /// `jobs/run-now`; answers the run's id and its number.
    pub(super) async fn run_job(&self, fields: &Fields) -> Result<(u64, u64), Refusal> {
        let job_id = fields.id("job_id")?;
        let token = token_of(fields)?;
        let _starting = self.runs().starting.lock().await;
        if let Some(run_id) = self.run_of_token(token.as_deref())? {
            return Ok((run_id, self.runs().get(run_id)?.number_in_job));
        }
        let job = self.runs().job(job_id)?;
        let settings = job.get("settings").and_then(Value::as_object);
        let settings = settings.cloned().unwrap_or_default();
        let run = self.run_of_job(job_id, &settings, fields)?;
        let number = run.number_in_job;
        let most = settings.get("max_concurrent_runs").and_then(Value::as_u64);
        Ok((
            self.begin_unless_too_many(run, token, most.unwrap_or(1))?,
            number,
        ))
    }

    fn run_of_job(
        &self,
        job_id: u64,
        settings: &Map<String, Value>,
        fields: &Fields,
    ) -> Result<Run, Refusal> {
        let (mut tasks, flat) = tasks_of(settings)?;
        keep_only(&mut tasks, &fields.texts("only"))?;
        let job_parameters = job_parameters(settings, fields)?;
        let mut overriding = Map::new();
        for name in OVERRIDES {
            if let Some(value) = fields.value(name) {
                overriding.insert(name.into(), value.clone());
            }
        }
        for task in &mut tasks {
            resolve_job_cluster(task, settings)?;
            override_parameters(task, &overriding, &job_parameters);
        }
        self.check_tasks(&tasks)?;
        let earlier = self.runs().newest_first();
        let number = earlier.iter().filter(|run| run.job_id == job_id).count() as u64 + 1;
        let name = settings.get("name").and_then(Value::as_str);
        Ok(Run {
            run_id: self.next_id()?,
            job_id,
            number_in_job: number,
            name: name.unwrap_or("Untitled").to_owned(),
            run_type: RunType::JobRun,
            flat,
            standing: Standing::at(LifeCycle::Pending),
            start_time: now(),
            end_time: None,
            timeout_seconds: timeout_of(&Fields::of(settings.clone()))?,
            tasks: self.task_runs(tasks)?,
            job_parameters,
            overriding,
            repair_id: None,
            repaired_at: None,
            earlier: Vec::new(),
        })
    }

    fn begin_unless_too_many(
        &self,
        mut run: Run,
        token: Option<String>,
        most: u64,
    ) -> Result<u64, Refusal> {
        let active = self.runs().newest_first();
        let active = active
            .iter()
            .filter(|other| other.job_id == run.job_id && !other.standing.is_over());
        if (active.count() as u64) < most.max(1) {
            return self.begin(run, token);
        }
        run.standing = Standing::ended(
            LifeCycle::Skipped,
            None,
            "MAX_CONCURRENT_RUNS_EXCEEDED",
            "An earlier run of the job is still active and max_concurrent_runs is reached.",
        );
        run.end_time = Some(now());
        for task in &mut run.tasks {
            task.standing = run.standing.clone();
            task.end_time = run.end_time;
        }
        let run_id = run.run_id;
        self.keep_token(token, run_id)?;
        self.runs().put(run)?;
        Ok(run_id)
    }

    fn task_runs(&self, tasks: Vec<Map<String, Value>>) -> Result<Vec<TaskRun>, Refusal> {
        let start_time = now();
        tasks
            .into_iter()
            .map(|spec| {
                let blocked = upstream_of(&spec).next().is_some();
                let state = if blocked {
                    LifeCycle::Blocked
                } else {
                    LifeCycle::Pending
                };
                Ok(TaskRun {
                    run_id: self.next_id()?,
                    key: key_of(&spec).to_owned(),
                    attempt: 0,
                    standing: Standing::at(state),
                    start_time,
                    execution_start: None,
                    end_time: None,
                    cluster_id: spec
                        .get("existing_cluster_id")
                        .and_then(Value::as_str)
                        .map(str::to_owned),
                    values: Map::new(),
                    spec,
                })
            })
            .collect()
    }

    fn run_of_token(&self, token: Option<&str>) -> Result<Option<u64>, Refusal> {
        let known = token.and_then(|token| self.runs().tokens.get(token));
        match known {
            None => Ok(None),
            Some(run_id) if self.runs().get(run_id).is_ok() => Ok(Some(run_id)),
            Some(run_id) => Err(Refusal::invalid(format!(
                "The run {run_id} of this idempotency token was deleted."
            ))),
        }
    }

    fn keep_token(&self, token: Option<String>, run_id: u64) -> Result<(), Refusal> {
        match token {
            Some(token) => Ok(self.runs().tokens.put(&token, run_id)?),
            None => Ok(()),
        }
    }

    pub(super) fn begin(&self, run: Run, token: Option<String>) -> Result<u64, Refusal> {
        let run_id = run.run_id;
        self.runs().put(run)?;
        self.keep_token(token, run_id)?;
        let active = Arc::new(Active::default());
        self.runs().active().insert(run_id, Arc::clone(&active));
        let ending = Ending {
            workspace: self.clone(),
            run_id,
        };
        let workspace = self.clone();
        let began = OffsetDateTime::now_utc();
        tokio::spawn(async move {
            let _ending = ending;
            drive::drive(&workspace, run_id, &active).await;
            workspace.run_has_ended(began);
        });
        Ok(run_id)
    }
}

fn token_of(fields: &Fields) -> Result<Option<String>, Refusal> {
    let token = fields
        .text("idempotency_token")?
        .filter(|token| !token.is_empty());
    match token {
        Some(token) if token.chars().count() > LONGEST_TOKEN => Err(Refusal::invalid(format!(
            "an idempotency_token has at most {LONGEST_TOKEN} characters"
        ))),
        token => Ok(token),
    }
}

fn timeout_of(fields: &Fields) -> Result<u64, Refusal> {
    let seconds = fields.number("timeout_seconds")?.unwrap_or(0);
    u64::try_from(seconds).map_err(|_| Refusal::invalid("timeout_seconds must not be negative"))
}
