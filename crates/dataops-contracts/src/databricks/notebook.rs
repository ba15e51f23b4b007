//! Statements in a notebook on a cluster, for teams without a warehouse.

use std::time::Duration;

use data_contract::spark::Answer;
use databricks_client::{
    ImportFormat, ImportOptions, Language, NotebookTask, Run, SubmitRun, Task, TimedOut, Wait,
    WorkspaceClient,
};
use dataops_core::workspace::Going;
use serde::Deserialize;

use super::compute::{Deadline, Used};
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
        how: &Databricks<'_>,
    ) -> Result<Self, CheckError> {
        let found = client.clusters().get(&cluster, None).await?.into_model()?;
        tell(how.told, &cluster, &found.state.to_string());
        let user = client.current_user().me(None).await?.into_model()?;
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
        let path = self.import(&statements).await?;
        let answers = self.run(&path, deadline).await;
        // It says nothing that is secret, and the folder has nothing else.
        let _ = self.client.workspace().delete(&path, false, None).await;
        Ok(match answers? {
            Ok(said) if said.len() == statements.len() => said.into_iter().map(answer).collect(),
            Ok(_) => {
                vec![Err("the notebook has answered something else".to_owned()); statements.len()]
            }
            Err(reason) => vec![Err(reason); statements.len()],
        })
    }

    async fn import(&self, statements: &[String]) -> Result<String, CheckError> {
        let text = source(statements);
        let workspace = self.client.workspace();
        workspace.mkdirs(&self.folder, None).await?;
        let path = format!("{}/contract-{}", self.folder, uuid::Uuid::new_v4());
        let options = ImportOptions {
            overwrite: true,
            ..ImportOptions::default()
        };
        let format = ImportFormat::Source(Language::Python);
        workspace
            .import(&path, text.as_bytes(), format, Some(options))
            .await?;
        Ok(path)
    }

    /// What the notebook has said, or why it has not.
    async fn run(
        &mut self,
        path: &str,
        deadline: Deadline,
    ) -> Result<Result<Vec<Said>, String>, CheckError> {
        self.runs += 1;
        let run = submission(path, &self.cluster, deadline.left());
        let id = self.going.submit(&self.client, run).await?.run_id;
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
                let _ = self.client.jobs().cancel_run(id, None).await;
                self.going.run_ended(id);
                return match TimedOut::of(&error) {
                    Some(_) => Ok(Err(deadline.reason())),
                    None => Err(error.into()),
                };
            }
        };
        self.going.run_ended(id);
        self.output(&ended).await
    }

    async fn output(&self, run: &Run) -> Result<Result<Vec<Said>, String>, CheckError> {
        let Some(task) = run.tasks.first() else {
            return Ok(Err("the run of the notebook has no task".to_owned()));
        };
        let output = self.client.jobs().get_output(task.run_id, None).await;
        let output = output?.into_model()?;
        if !run
            .outcome()
            .is_some_and(databricks_client::Outcome::is_success)
        {
            let said = output.error.or_else(|| run.reading().message);
            let said = said.unwrap_or_else(|| "nobody says why".to_owned());
            let place = run.run_page_url.as_deref().unwrap_or_default();
            return Ok(Err(format!(
                "the notebook failed: {} {place}",
                reason::short(&said)
            )));
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

fn tell(told: Told<'_>, cluster: &str, state: &str) {
    let starts = match state {
        "RUNNING" => "",
        _ => ": the first notebook starts it, which takes minutes, and it is billed while it runs",
    };
    told.tell(&format!("cluster {cluster} is {state}{starts}"));
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
