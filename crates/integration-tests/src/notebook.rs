//! Notebooks in the workspace of an emulator.

use std::time::Duration;

use databricks_client::{
    ClusterSpec, ImportFormat, Language, NotebookTask, Run, RunOutput, SubmitRun, Task, Wait,
};

use crate::emulator::Emulator;
use crate::patience::LIMIT;

const WAIT: Wait = Wait {
    limit: LIMIT,
    first: Duration::from_millis(20),
    longest: Duration::from_millis(200),
};

impl Emulator {
    /// A cluster that runs.
    pub async fn cluster(&self) -> String {
        let spec = ClusterSpec {
            cluster_name: Some("tests".to_owned()),
            spark_version: "16.4.x-scala2.12".to_owned(),
            node_type_id: Some("Standard_DS3_v2".to_owned()),
            num_workers: Some(0),
            ..ClusterSpec::default()
        };
        let client = self.databricks();
        let made = client
            .clusters()
            .create(&spec, None)
            .await
            .unwrap()
            .into_model()
            .unwrap();
        client
            .clusters()
            .ensure_running(&made.cluster_id, WAIT, |_| {})
            .await
            .unwrap();
        made.cluster_id
    }

    /// Imports a Python notebook, with the folders above it.
    pub async fn import(&self, path: &str, source: &str) {
        let client = self.databricks();
        let (folder, _) = path.rsplit_once('/').unwrap();
        client.workspace().mkdirs(folder, None).await.unwrap();
        let format = ImportFormat::Source(Language::Python);
        let imported = client
            .workspace()
            .import(path, source.as_bytes(), format, None)
            .await;
        imported.unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Runs a notebook on a cluster to its end, and gives the run and its output.
    pub async fn run_notebook(
        &self,
        cluster: &str,
        path: &str,
        parameters: &[(&str, &str)],
    ) -> (Run, RunOutput) {
        let parameters = parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let notebook = NotebookTask {
            notebook_path: path.to_owned(),
            base_parameters: parameters.collect(),
            ..NotebookTask::default()
        };
        let task = Task {
            task_key: "notebook".to_owned(),
            existing_cluster_id: Some(cluster.to_owned()),
            notebook_task: Some(notebook),
            ..Task::default()
        };
        let submit = SubmitRun {
            tasks: vec![task],
            ..SubmitRun::default()
        };
        let client = self.databricks();
        let started = client
            .jobs()
            .submit(&submit, None)
            .await
            .unwrap()
            .into_model()
            .unwrap();
        let run = client
            .jobs()
            .wait_for_run(started.run_id, WAIT, |_| {})
            .await
            .unwrap();
        let output = client
            .jobs()
            .get_output(run.tasks[0].run_id, None)
            .await
            .unwrap();
        (run, output.into_model().unwrap())
    }
}
