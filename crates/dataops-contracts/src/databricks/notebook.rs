//! Statements in a notebook on a cluster, for teams without a warehouse.

use std::time::Duration;

use data_contract::spark::Answer;
use databricks_client::{
    ClusterState, ImportFormat, Language, NotebookTask, Outcome, Run, RunReading, SubmitRun, Task,
    Wait, WorkspaceClient,
};
use dataops_core::workspace::Going;
use serde::Deserialize;

use super::compute::{Deadline, Used};
use super::warehouse::{TO_CANCEL, late};
use super::{Databricks, Told, reason};
use crate::CheckError;

/// The notebook, with a place for the statements.
const SOURCE: &str = include_str!("measure.py");

/// What stands for the statements.
const STATEMENTS: &str = "__STATEMENTS__";

/// A cluster that measures.
pub(super) struct Notebook {
    client: WorkspaceClient,
    cluster: String,
    /// The folder of the notebooks.
    folder: String,
    going: Going,
    runs: usize,
}

/// What a statement has come to.
#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    rows: Vec<Vec<Option<String>>>,
    error: Option<String>,
}

impl Notebook {
    /// Looks for the cluster, and says how it stands.
    pub(super) async fn start(
        client: WorkspaceClient,
        cluster: String,
        (how, deadline): (&Databricks<'_>, Deadline),
    ) -> Result<Self, CheckError> {
        let clusters = client.clusters();
        let found = deadline.within("the question for the cluster", clusters.get(&cluster, None));
        tell(how.told, &cluster, &found.await?.into_model()?.state);
        let user = client.current_user();
        let user = deadline.within("the question who is signed in", user.me(None));
        let user = user.await?.into_model()?;
        Ok(Self {
            client,
            cluster,
            folder: format!("/Users/{}/.dataops", user.user_name),
            going: how.going.clone(),
            runs: 0,
        })
    }

    /// The answers to statements, in their order, by one run of one notebook.
    pub(super) async fn ask(
        &mut self,
        statements: Vec<String>,
        deadline: Deadline,
    ) -> Result<Vec<Answer>, CheckError> {
        let count = statements.len();
        let path = format!("{}/contract-{}", self.folder, uuid::Uuid::new_v4());
        let import = deadline.within(
            "the import of the notebook",
            self.import(&path, &statements),
        );
        let answers = match import.await {
            Ok(()) => self.run(&path, deadline).await,
            Err(error) => late(error, deadline).map(Err).map_err(CheckError::from),
        };
        // It says nothing that is secret, and the folder has nothing else.
        let remove = self.going.remove(&self.client, &path);
        let _ = tokio::time::timeout(TO_CANCEL, remove).await;
        Ok(match answers? {
            Ok(said) if said.len() == count => said.into_iter().map(answer).collect(),
            Ok(_) => {
                vec![Err("the notebook has answered something else".to_owned()); count]
            }
            Err(reason) => vec![Err(reason); count],
        })
    }

    async fn import(&self, path: &str, statements: &[String]) -> azure_core::Result<()> {
        self.client.workspace().mkdirs(&self.folder, None).await?;
        let format = ImportFormat::Source(Language::Python);
        let notebook = (source(statements), format);
        self.going.import(&self.client, path, notebook).await
    }

    /// What the notebook has said, or why it has not.
    async fn run(
        &mut self,
        path: &str,
        deadline: Deadline,
    ) -> Result<Result<Vec<Said>, String>, CheckError> {
        self.runs += 1;
        let run = submission(path, &self.cluster, deadline.left());
        let submitted = deadline.within("the run", self.going.submit(&self.client, run));
        let id = match submitted.await {
            Ok(submitted) => submitted.run_id,
            Err(error) => return Ok(Err(late(error, deadline)?)),
        };
        let wait = Wait {
            limit: deadline.left(),
            first: Duration::from_secs(1),
            longest: Duration::from_secs(10),
        };
        let ended = self.client.jobs().wait_for_run(id, wait, |_| {}).await;
        let ended = match ended {
            Ok(ended) => ended,
            Err(error) => {
                // A run that cannot be cancelled ends by its own limit.
                let jobs = self.client.jobs();
                let _ = tokio::time::timeout(TO_CANCEL, jobs.cancel_run(id, None)).await;
                self.going.run_ended(id);
                return Ok(Err(late(error, deadline)?));
            }
        };
        self.going.run_ended(id);
        let output = deadline.within("the output of the run", self.output(&ended));
        match output.await {
            Ok(said) => Ok(said),
            Err(error) => Ok(Err(late(error, deadline)?)),
        }
    }

    async fn output(&self, run: &Run) -> azure_core::Result<Result<Vec<Said>, String>> {
        let Some(task) = run.tasks.first() else {
            return Ok(Err("the run of the notebook has no task".to_owned()));
        };
        let output = self.client.jobs().get_output(task.run_id, None).await;
        let output = output?.into_model()?;
        let reading = run.reading();
        if !reading.outcome.is_some_and(Outcome::is_success) {
            let said = output.error.or(reading.message.clone());
            let said = said.map_or_else(|| ended(&reading), |said| reason::short(&said));
            let place = run.run_page_url.as_deref().unwrap_or_default();
            return Ok(Err(format!("the notebook failed: {said} {place}")));
        }
        let exit = output.notebook_output.unwrap_or_default();
        let said = exit.result.as_deref().unwrap_or_default();
        Ok(match (exit.truncated, serde_json::from_str(said)) {
            (Some(true), _) => Err("what the notebook handed over was cut off".to_owned()),
            (_, Ok(said)) => Ok(said),
            (_, Err(_)) => Err("the notebook has not said what it was asked for".to_owned()),
        })
    }

    /// Who has measured.
    pub(super) fn used(&self) -> Used {
        Used::Cluster {
            id: self.cluster.clone(),
            runs: self.runs,
        }
    }
}

/// How a run has ended of which nobody says why.
fn ended(reading: &RunReading) -> String {
    let code = reading.code.as_deref();
    let code = code.map(|code| format!(" ({code})")).unwrap_or_default();
    let ended = match reading.outcome {
        Some(Outcome::TimedOut) => "its run has reached its time limit",
        Some(Outcome::Canceled) => "its run was cancelled in the workspace",
        Some(Outcome::Skipped) => "its run was skipped",
        Some(Outcome::UpstreamFailed) => "what it depends on has failed",
        _ => "nobody says why",
    };
    format!("{ended}{code}")
}

fn tell(told: Told<'_>, cluster: &str, state: &ClusterState) {
    let more = match state {
        ClusterState::Terminated | ClusterState::Terminating => {
            ": the first notebook starts it, which takes minutes, and it is billed while it runs"
        }
        ClusterState::Pending | ClusterState::Restarting => {
            ": the first notebook waits for it, and it is billed while it runs"
        }
        ClusterState::Error => ": it has failed, and may run nothing",
        _ => "",
    };
    told.tell(&format!("cluster {cluster} is {state}{more}"));
}

fn answer(said: Said) -> Answer {
    match said.error {
        Some(error) => Err(reason::short(&error)),
        None => Ok(said.rows),
    }
}

/// The text of the notebook. The statements are a text in it, so that none of their lines is one of the notebook's.
fn source(statements: &[String]) -> String {
    let literal = serde_json::Value::from(statements).to_string();
    let literal = serde_json::Value::from(literal).to_string();
    SOURCE.replace(STATEMENTS, &literal)
}

fn submission(path: &str, cluster: &str, limit: Duration) -> SubmitRun {
    let seconds = u32::try_from(limit.as_secs().max(1)).unwrap_or(u32::MAX);
    SubmitRun {
        run_name: Some("dataops: test of a data contract".to_owned()),
        tasks: vec![Task {
            task_key: "measure".to_owned(),
            notebook_task: Some(NotebookTask {
                notebook_path: path.to_owned(),
                ..NotebookTask::default()
            }),
            existing_cluster_id: Some(cluster.to_owned()),
            ..Task::default()
        }],
        timeout_seconds: Some(seconds),
        ..SubmitRun::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_statement_leaves_its_place_in_the_notebook() {
        let statements = ["SELECT '''\n# COMMAND ----------\n\"\\\" é".to_owned()];

        let text = source(&statements);

        let line = text
            .lines()
            .find(|line| line.starts_with("STATEMENTS"))
            .unwrap();
        assert_eq!(
            line,
            r#"STATEMENTS = json.loads("[\"SELECT '''\\n# COMMAND ----------\\n\\\"\\\\\\\" é\"]")"#
        );
        assert!(!text.lines().any(|line| line.starts_with("# COMMAND")));
    }
}
