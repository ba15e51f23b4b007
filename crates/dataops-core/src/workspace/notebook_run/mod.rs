//! Runs a notebook of a workspace once, on a cluster that is there, and waits for its end.

mod outcome;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use databricks_client::{
    ApiError, NotebookTask, ObjectType, Outcome, Phase, Run, RunOutput, RunReading, SubmitRun,
    Task, TimedOut, WorkspaceClient,
};
use rest_core::Wait;

pub use self::outcome::{End, Ending, NotebookEvent, NotebookRunError, Ran};
use super::WorkspaceError;
use super::cluster::{Wanted, settings};
use super::going::Going;
use super::sent::Sent;
use crate::connection::Connection;

/// The longest text of a reason that is told while a run waits.
const LONGEST_REASON: usize = 200;

/// A notebook to run once.
#[derive(Clone, Debug)]
pub struct NotebookRun {
    /// Its path in the workspace.
    pub path: String,
    /// What its widgets get.
    pub parameters: BTreeMap<String, String>,
    /// The cluster by its id; the environment's where there is none.
    pub cluster: Option<String>,
    /// How long the start of the cluster and the notebook may take together.
    pub limit: Duration,
}

/// Time that runs out.
#[derive(Clone, Copy)]
struct Deadline {
    begun: Instant,
    limit: Duration,
}

impl Deadline {
    fn left(self) -> Duration {
        self.limit.saturating_sub(self.begun.elapsed())
    }
}

impl NotebookRun {
    /// Starts the cluster where it does not run, runs the notebook, and waits. The run is among `going` meanwhile, and has a limit of its
    /// own, so that it ends even where nobody is left to end it.
    ///
    /// # Errors
    ///
    /// Why it was not started, or not waited for to its end. A notebook that fails is no error.
    pub async fn run(
        &self,
        connection: &Connection,
        going: &Going,
        on_event: &(dyn Fn(NotebookEvent<'_>) + Sync),
    ) -> Result<Ran, NotebookRunError> {
        let client = connection.databricks()?;
        let deadline = Deadline {
            begun: Instant::now(),
            limit: self.limit,
        };
        self.check(&client).await?;
        let (wanted, id) = self.cluster(&client, connection).await?;
        let tell = |text: &str| on_event(NotebookEvent::Cluster(text));
        let wait = pace(connection, deadline.left());
        wanted.start(&client, &id, wait, &tell).await?;
        let submission = self.submission(&id, deadline.left());
        let step = WorkspaceError::step(format!("starting notebook `{}`", self.path));
        let started = going.submit(&client, submission).await.map_err(step)?;
        let run_id = started.run_id;
        on_event(NotebookEvent::Started { run_id });
        let wait = pace(connection, deadline.left());
        let ended = match self.watch(&client, run_id, wait, on_event).await {
            Ok(run) => Ok(run),
            Err(error) => Err(self.given_up(&client, run_id, error).await),
        };
        going.run_ended(run_id);
        self.read(&client, ended?).await
    }

    /// A notebook that is missing is known before a cluster is started for it.
    async fn check(&self, client: &WorkspaceClient) -> Result<(), NotebookRunError> {
        let found = client.workspace().get_status(&self.path, None).await;
        let found = found.and_then(azure_core::http::Response::into_model);
        let path = self.path.clone();
        match found {
            Ok(object) if object.object_type == ObjectType::Notebook => Ok(()),
            Ok(object) => Err(NotebookRunError::NotANotebook {
                path,
                kind: object.object_type,
            }),
            Err(source) if ApiError::of(&source).is_some_and(|error| error.is_not_found()) => {
                Err(NotebookRunError::NoNotebook { path, source })
            }
            Err(source) => {
                let step = WorkspaceError::step(format!("looking for notebook `{path}`"));
                Err(step(source).into())
            }
        }
    }

    /// The cluster, and its id.
    async fn cluster(
        &self,
        client: &WorkspaceClient,
        connection: &Connection,
    ) -> Result<(Wanted, String), NotebookRunError> {
        let looked_for = |name: String| Wanted {
            name,
            spec: None,
            sent: Sent::default(),
        };
        if let Some(id) = &self.cluster {
            return Ok((looked_for(id.clone()), id.clone()));
        }
        let Some(settings) = settings(connection) else {
            let name = connection.environment().name.clone();
            return Err(NotebookRunError::Clusterless(name));
        };
        let wanted = looked_for(settings.name);
        match wanted.find(client).await? {
            Some(found) => Ok((wanted, found.cluster.cluster_id)),
            None => Err(NotebookRunError::NoCluster(wanted.name)),
        }
    }

    fn submission(&self, cluster: &str, limit: Duration) -> SubmitRun {
        let seconds = u32::try_from(limit.as_secs().max(1)).unwrap_or(u32::MAX);
        let notebook = NotebookTask {
            notebook_path: self.path.clone(),
            base_parameters: self.parameters.clone(),
            ..NotebookTask::default()
        };
        SubmitRun {
            run_name: Some(format!("dataops: {}", self.path)),
            tasks: vec![Task {
                task_key: "notebook".to_owned(),
                notebook_task: Some(notebook),
                existing_cluster_id: Some(cluster.to_owned()),
                ..Task::default()
            }],
            timeout_seconds: Some(seconds),
            ..SubmitRun::default()
        }
    }

    async fn watch(
        &self,
        client: &WorkspaceClient,
        run_id: i64,
        wait: Wait,
        on_event: &(dyn Fn(NotebookEvent<'_>) + Sync),
    ) -> azure_core::Result<Run> {
        let (mut page, mut said) = (None, String::new());
        let on_change = |run: &Run| {
            if page.is_none()
                && let Some(url) = &run.run_page_url
            {
                on_event(NotebookEvent::Page(url));
                page = Some(url.clone());
            }
            let stands = words(&run.reading());
            if said != stands {
                on_event(NotebookEvent::Stands(&stands));
                said = stands;
            }
        };
        client.jobs().wait_for_run(run_id, wait, on_change).await
    }

    /// What a run that has ended left.
    async fn read(&self, client: &WorkspaceClient, run: Run) -> Result<Ran, NotebookRunError> {
        let reading = run.reading();
        let outcome = reading.outcome.unwrap_or(Outcome::Failed);
        if outcome == Outcome::TimedOut {
            return Err(NotebookRunError::TimedOut {
                run_id: run.run_id,
                path: self.path.clone(),
                limit: self.limit,
                ending: Ending::ByItself,
            });
        }
        let task = run.tasks.first().map_or(run.run_id, |task| task.run_id);
        let output = client.jobs().get_output(task, None).await;
        let output = output.and_then(azure_core::http::Response::into_model);
        let output = match output {
            Ok(output) => output,
            // What failed is told without it; what succeeded would seem to have no exit value.
            Err(_) if !outcome.is_success() => RunOutput::default(),
            Err(source) => {
                let step = format!("reading what run {} of the notebook left", run.run_id);
                return Err(WorkspaceError::step(step)(source).into());
            }
        };
        let exit = output.notebook_output.unwrap_or_default();
        let error = match outcome.is_success() {
            true => None,
            false => Some(output.error.or(reading.message).unwrap_or_else(|| {
                let code = reading.code.unwrap_or_default();
                format!("the run {outcome} {code}").trim_end().to_owned()
            })),
        };
        Ok(Ran {
            run_id: run.run_id,
            end: match outcome {
                outcome if outcome.is_success() => End::Succeeded,
                Outcome::Canceled => End::Cancelled,
                _ => End::Failed,
            },
            exit_value: exit.result,
            is_cut_off: exit.truncated == Some(true),
            error,
            trace: output.error_trace.filter(|trace| !trace.is_empty()),
            took: took(&run),
            url: run.run_page_url,
        })
    }

    /// Ends a run that is not waited for any longer.
    async fn given_up(
        &self,
        client: &WorkspaceClient,
        run_id: i64,
        error: azure_core::Error,
    ) -> NotebookRunError {
        let ending = match client.jobs().cancel_run(run_id, None).await {
            Ok(_) => Ending::Cancelled,
            Err(error) => Ending::GoesOn(error.to_string()),
        };
        let path = self.path.clone();
        match TimedOut::of(&error) {
            Some(_) => NotebookRunError::TimedOut {
                run_id,
                path,
                limit: self.limit,
                ending,
            },
            None => NotebookRunError::Unwatched {
                run_id,
                path,
                ending,
                source: error,
            },
        }
    }
}

fn pace(connection: &Connection, limit: Duration) -> Wait {
    let (first, longest) = match connection.is_emulated() {
        true => (Duration::from_millis(50), Duration::from_millis(500)),
        false => (Duration::from_secs(1), Duration::from_secs(10)),
    };
    Wait {
        limit,
        first,
        longest,
    }
}

/// How a run stands, as the end of a sentence about it.
fn words(reading: &RunReading) -> String {
    let words = match (reading.outcome, reading.phase) {
        (Some(outcome), _) => return outcome.to_string(),
        (None, Phase::Waiting) => "is waiting",
        (None, Phase::Running) => "is running",
        (None, Phase::Ending) => "is being cleaned up",
        (None, _) => "is in a state that is not known here",
    };
    let reason = reading.message.as_deref().map(str::trim);
    match reason.filter(|reason| reading.phase == Phase::Waiting && !reason.is_empty()) {
        Some(reason) => {
            let short: String = reason.chars().take(LONGEST_REASON).collect();
            format!("{words}: {short}")
        }
        None => words.to_owned(),
    }
}

/// How long a run took; of one whose duration is not told, from its start to its end.
fn took(run: &Run) -> Duration {
    let whole = |millis: Option<i64>| millis.filter(|millis| *millis > 0);
    let between = || Some(whole(run.end_time)? - whole(run.start_time)?);
    let millis = whole(run.run_duration).or_else(between).unwrap_or(0);
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}
