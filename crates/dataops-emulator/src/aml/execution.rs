//! How a run is carried out.

use std::sync::Arc;

use time::OffsetDateTime;

use super::Workspace;
use super::process::Script;
use super::refusal::Refusal;
use super::runs::Active;
use super::status::RunStatus;
use crate::private_file;

/// Marks a run as ended however its driver ends.
struct Ending {
    workspace: Workspace,
    run_id: String,
}

impl Drop for Ending {
    fn drop(&mut self) {
        if let Some(active) = self.workspace.active().remove(&self.run_id) {
            active.ended.cancel();
        }
    }
}

const LEFT: &str = "the emulator stopped while the run was active";

impl Workspace {
    pub(super) fn begin(&self, run_id: &str) {
        let active = Arc::new(Active::default());
        self.active().insert(run_id.to_owned(), Arc::clone(&active));
        let ending = Ending {
            workspace: self.clone(),
            run_id: run_id.to_owned(),
        };
        let began = OffsetDateTime::now_utc();
        tokio::spawn(async move {
            let (workspace, run_id) = (&ending.workspace, &ending.run_id);
            let (status, error) = tokio::select! {
                biased;
                () = active.stop.cancelled() => (RunStatus::Canceled, None),
                () = workspace.0.dependencies.stopping.cancelled() => {
                    (RunStatus::Failed, Some(LEFT.to_owned()))
                }
                end = workspace.execute(run_id) => end,
            };
            let kept = workspace.change_run(run_id, |run| {
                run.status = status;
                run.error = error;
                run.ended = Some(super::now());
            });
            if let Err(refusal) = kept {
                tracing::error!("the end of run {run_id} is lost: {refusal}");
            }
            workspace.run_has_ended(began);
        });
    }

    async fn execute(&self, run_id: &str) -> (RunStatus, Option<String>) {
        match self.try_execute(run_id).await {
            Ok(None) => (RunStatus::Finished, None),
            Ok(Some(error)) => (RunStatus::Failed, Some(error)),
            Err(refusal) => (RunStatus::Failed, Some(refusal.to_string())),
        }
    }

    async fn try_execute(&self, run_id: &str) -> Result<Option<String>, Refusal> {
        let run = self.run(run_id)?;
        let pipeline = self.pipeline(&run.pipeline_id)?;
        let python = self.python().await;
        let python = python.map_err(|error| Refusal::internal(error.to_string()))?;
        // The semaphore is never closed.
        let _slot = self.0.slots.acquire().await;
        self.change_run(run_id, |run| {
            run.status = RunStatus::Running;
            run.started = Some(super::now());
        })?;
        let folder = self.run_folder(run_id);
        let outputs = folder.join("outputs");
        private_file::create_folder(&outputs).map_err(|error| Refusal::disk(&outputs, &error))?;
        let source = self.source_of(&run.pipeline_id);
        let arguments = run.parameters.iter().filter(|(_, value)| !value.is_empty());
        let script = Script {
            python: python.path().to_owned(),
            entry: source.join(&pipeline.entry),
            arguments: arguments
                .flat_map(|(name, value)| [format!("--{name}"), value.clone()])
                .collect(),
            environment: vec![
                ("AZUREML_RUN_ID", run_id.into()),
                ("AML_OUTPUT_DIRECTORY", outputs.into()),
                (
                    "AML_DATASTORE_ROOT",
                    self.0.dependencies.datastore_root.clone().into(),
                ),
            ],
            folder: source,
            stdout: folder.join("stdout.txt"),
            stderr: folder.join("stderr.txt"),
        };
        let entry = pipeline.entry;
        let exit = script.run().await.map_err(|error| {
            Refusal::internal(format!("cannot run {}: {error}", python.path().display()))
        })?;
        if exit.status.success() {
            return Ok(None);
        }
        let words = match exit.last_words.is_empty() {
            true => String::new(),
            false => format!(":\n{}", exit.last_words.join("\n")),
        };
        Ok(Some(format!("{entry} ended with {}{words}", exit.status)))
    }

    /// What was active when the last emulator ended can only have failed.
    pub(super) fn end_orphans(&self) -> Result<(), Refusal> {
        for (run_id, run) in self.0.runs.list() {
            if !run.status.is_over() {
                self.change_run(&run_id, |run| {
                    run.status = RunStatus::Failed;
                    run.error = Some(LEFT.to_owned());
                    run.ended = Some(super::now());
                })?;
            }
        }
        Ok(())
    }
}
