//! Finds runs by pipeline and time.

use adf_client::Document;
use adf_client::models::{PipelineRun, RunFilter};
use azure_core::time::OffsetDateTime;
use futures::TryStreamExt;
use serde_json::Value;

use super::Runs;

impl Runs {
    /// The newest run of `pipeline` that began after `since`, if there is one.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn newest_since(
        &self,
        pipeline: &str,
        since: OffsetDateTime,
    ) -> azure_core::Result<Option<String>> {
        Ok(newest(self.since(pipeline, since).await?))
    }

    /// The run of `pipeline` that a trigger has started after `since` for a file: the newest one that was given the file's name, or
    /// one that was given no text at all. A run with other texts may be that of another file, dropped at the same time.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn started_for_file(
        &self,
        pipeline: &str,
        file: &str,
        since: OffsetDateTime,
    ) -> azure_core::Result<Option<String>> {
        let mut runs = self.triggered(pipeline, since).await?;
        let texts = |run: &PipelineRun| -> Vec<String> {
            let texts = run.parameters.values().filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        };
        let names_it = |run: &PipelineRun| {
            let ending = format!("/{file}");
            let mut texts = texts(run).into_iter();
            texts.any(|text| text == file || text.ends_with(&ending))
        };
        let named = runs.iter().any(|run| names_it(run));
        runs.retain(|run| names_it(run) || (!named && texts(run).is_empty()));
        Ok(newest(runs))
    }

    /// The newest run of `pipeline` that any trigger has started after `since`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn newest_triggered(
        &self,
        pipeline: &str,
        since: OffsetDateTime,
    ) -> azure_core::Result<Option<String>> {
        Ok(newest(self.triggered(pipeline, since).await?))
    }

    async fn triggered(
        &self,
        pipeline: &str,
        since: OffsetDateTime,
    ) -> azure_core::Result<Vec<Document<PipelineRun>>> {
        let mut runs = self.since(pipeline, since).await?;
        runs.retain(|run| {
            let invoked = run
                .invoked_by
                .as_ref()
                .and_then(|by| by.invoked_by_type.as_deref());
            invoked.is_some_and(|kind| kind.ends_with("Trigger"))
        });
        Ok(runs)
    }

    /// The runs of `pipeline` that began after `since` and were given a text with `part` in it.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn given(
        &self,
        pipeline: &str,
        part: &str,
        since: OffsetDateTime,
    ) -> azure_core::Result<Vec<String>> {
        let mut runs = self.since(pipeline, since).await?;
        runs.retain(|run| {
            let mut texts = run.parameters.values().filter_map(Value::as_str);
            texts.any(|text| text.contains(part))
        });
        Ok(runs.into_iter().map(|run| run.run_id.clone()).collect())
    }

    async fn since(
        &self,
        pipeline: &str,
        since: OffsetDateTime,
    ) -> azure_core::Result<Vec<Document<PipelineRun>>> {
        let soon = OffsetDateTime::now_utc() + azure_core::time::Duration::hours(1);
        let filter = RunFilter::between(since, soon);
        let mut runs: Vec<_> = self
            .factory
            .runs()
            .query(&filter, None)?
            .try_collect()
            .await?;
        runs.retain(|run: &Document<PipelineRun>| run.pipeline_name.eq_ignore_ascii_case(pipeline));
        Ok(runs)
    }
}

fn newest(runs: Vec<Document<PipelineRun>>) -> Option<String> {
    let newest = runs.into_iter().max_by_key(|run| run.run_start);
    newest.map(|run| run.run_id.clone())
}
