//! Starting runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::drive;
use super::registry::{Active, Ending};
use super::run::{LifeCycle, Run, RunType, Standing, TaskRun};
use super::tasks::{key_of, tasks_of, upstream_of};
use crate::databricks::Workspace;
use crate::databricks::clock::now;
use crate::databricks::fields::Fields;
use crate::databricks::refusal::Refusal;

/// `run-now` takes these parameters over those of the tasks.
const OVERRIDES: [&str; 7] = [
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

    fn begin(&self, run: Run, token: Option<String>) -> Result<u64, Refusal> {
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
        tokio::spawn(async move {
            let _ending = ending;
            drive::drive(&workspace, run_id, &active).await;
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

fn keep_only(tasks: &mut Vec<Map<String, Value>>, only: &[String]) -> Result<(), Refusal> {
    if only.is_empty() {
        return Ok(());
    }
    for key in only {
        if !tasks.iter().any(|task| key_of(task) == key) {
            return Err(Refusal::invalid(format!(
                "`only` names `{key}`, which is no task"
            )));
        }
    }
    tasks.retain(|task| only.iter().any(|key| key == key_of(task)));
    for task in tasks {
        if let Some(Value::Array(upstream)) = task.get_mut("depends_on") {
            let is_kept = |item: &Value| only.iter().any(|key| item["task_key"] == key.as_str());
            upstream.retain(is_kept);
        }
    }
    Ok(())
}

fn job_parameters(
    settings: &Map<String, Value>,
    fields: &Fields,
) -> Result<BTreeMap<String, String>, Refusal> {
    let declared = settings.get("parameters").and_then(Value::as_array);
    let mut parameters: BTreeMap<String, String> = declared
        .into_iter()
        .flatten()
        .filter_map(|item| {
            let default = item["default"].as_str().unwrap_or_default();
            Some((item["name"].as_str()?.to_owned(), default.to_owned()))
        })
        .collect();
    let given = fields.value("job_parameters").and_then(Value::as_object);
    for (name, value) in given.into_iter().flatten() {
        let Some(place) = parameters.get_mut(name) else {
            let message = format!("the job does not declare the parameter `{name}`");
            return Err(Refusal::invalid(message));
        };
        *place = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
    }
    Ok(parameters)
}

fn resolve_job_cluster(
    task: &mut Map<String, Value>,
    settings: &Map<String, Value>,
) -> Result<(), Refusal> {
    let Some(key) = task.get("job_cluster_key").and_then(Value::as_str) else {
        return Ok(());
    };
    let clusters = settings.get("job_clusters").and_then(Value::as_array);
    let found = clusters
        .into_iter()
        .flatten()
        .find(|cluster| cluster["job_cluster_key"] == key);
    let found = found.ok_or_else(|| {
        Refusal::invalid(format!(
            "job_cluster_key `{key}` is not among the job's clusters"
        ))
    })?;
    task.insert("new_cluster".into(), found["new_cluster"].clone());
    Ok(())
}

fn override_parameters(
    task: &mut Map<String, Value>,
    overriding: &Map<String, Value>,
    job_parameters: &BTreeMap<String, String>,
) {
    if let Some(notebook) = task.get_mut("notebook_task") {
        let base = notebook.get("base_parameters").and_then(Value::as_object);
        let mut parameters = base.cloned().unwrap_or_default();
        for (name, value) in job_parameters {
            parameters.insert(name.clone(), value.as_str().into());
        }
        let given = overriding.get("notebook_params").and_then(Value::as_object);
        for (name, value) in given.into_iter().flatten() {
            parameters.insert(name.clone(), value.clone());
        }
        notebook["base_parameters"] = Value::Object(parameters);
    }
    if let (Some(script), Some(given)) = (
        task.get_mut("spark_python_task"),
        overriding.get("python_params"),
    ) {
        script["parameters"] = json!(given);
    }
}
