//! Finds the runs of a factory, newest first.

use std::time::Duration;

use adf_client::models::{
    InvokedBy, Operator, Order, PipelineRun, PipelineRunStatus, RunField, RunFilter,
};
use azure_core::time::OffsetDateTime;
use futures::TryStreamExt;
use rest_core::ServiceErrorExt;
use serde::Serialize;

use super::Runs;
use super::error::RunError;
use super::report::{rfc3339, without_secrets};

/// Which runs are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunQuery {
    /// Runs of this pipeline only.
    pub pipeline: Option<String>,
    /// Runs that stand so; every run where there is none.
    pub statuses: Vec<PipelineRunStatus>,
    /// Runs with which something happened within this time before now. The service keeps them for 45 days.
    pub last: Duration,
    /// Only runs that began before this time.
    pub before: Option<OffsetDateTime>,
    /// How many are wanted.
    pub limit: usize,
}

/// The runs that were found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunsFound {
    /// The newest first.
    pub runs: Vec<RunSummary>,
    /// Whether there are more that began before the last one.
    pub has_more: bool,
}

/// A run among others.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunSummary {
    /// The run's id.
    pub run_id: String,
    /// The pipeline.
    pub pipeline: String,
    /// How it stands.
    pub status: PipelineRunStatus,
    /// When it began.
    #[serde(serialize_with = "rfc3339")]
    pub start: Option<OffsetDateTime>,
    /// When it ended.
    #[serde(serialize_with = "rfc3339")]
    pub end: Option<OffsetDateTime>,
    /// Who or what started it, such as `Manual`, a trigger's name, or the pipeline and activity that called it.
    pub invoked_by: String,
    /// `Manual`, `PipelineActivity`, or the type of a trigger.
    pub invoked_by_type: String,
    /// The run that it was called from.
    pub parent_run_id: Option<String>,
    /// What a run and its reruns have in common: the id of the first of them.
    pub run_group_id: Option<String>,
    /// Whether it is the latest of its group.
    pub is_latest: Option<bool>,
    /// Why it failed.
    pub message: String,
}

impl Runs {
    /// Finds runs.
    ///
    /// # Errors
    ///
    /// [`RunError::NoFactory`]; [`RunError::NoPipeline`] when there are no runs because there is no such pipeline; and what the
    /// service refuses.
    pub async fn list(&self, query: &RunQuery) -> Result<RunsFound, RunError> {
        let found = match self.query(query).await {
            Ok(found) => found,
            Err(source) if source.is_not_found() => {
                let id = self.factory.id();
                return Err(RunError::NoFactory {
                    factory: id.factory.clone(),
                    resource_group: id.resource_group.clone(),
                    source,
                });
            }
            Err(source) => {
                let factory = self.factory.id().factory.clone();
                return Err(RunError::List { factory, source });
            }
        };
        if let (Some(pipeline), true) = (&query.pipeline, found.runs.is_empty()) {
            self.find_pipeline(pipeline).await?;
        }
        Ok(found)
    }

    async fn query(&self, query: &RunQuery) -> azure_core::Result<RunsFound> {
        let mut filter =
            RunFilter::last(query.last).order_by(RunField::RunStart, Order::Descending);
        if let Some(pipeline) = &query.pipeline {
            filter = filter.with(RunField::PipelineName, Operator::Equals, [pipeline]);
        }
        if !query.statuses.is_empty() {
            let statuses = query.statuses.iter().map(PipelineRunStatus::as_str);
            filter = filter.with(RunField::Status, Operator::In, statuses);
        }
        let mut listed = self.factory.runs().query(&filter, None)?;
        let mut runs = Vec::new();
        while let Some(run) = listed.try_next().await? {
            let run: &PipelineRun = &run;
            let began = query.before.zip(run.run_start);
            if began.is_some_and(|(before, start)| start >= before) {
                continue;
            }
            if runs.len() == query.limit {
                let has_more = true;
                return Ok(RunsFound { runs, has_more });
            }
            runs.push(RunSummary::of(run));
        }
        let has_more = false;
        Ok(RunsFound { runs, has_more })
    }
}

impl RunSummary {
    fn of(run: &PipelineRun) -> Self {
        let nobody = InvokedBy::default();
        let by = run.invoked_by.as_ref().unwrap_or(&nobody);
        let name = by.name.clone().unwrap_or_default();
        Self {
            run_id: run.run_id.clone(),
            pipeline: run.pipeline_name.clone(),
            status: run.status.clone(),
            start: run.run_start,
            end: run.run_end,
            invoked_by: match &by.pipeline_name {
                Some(parent) if !name.is_empty() => format!("{parent}/{name}"),
                Some(parent) => parent.clone(),
                None => name,
            },
            invoked_by_type: by.invoked_by_type.clone().unwrap_or_default(),
            parent_run_id: by.pipeline_run_id.clone(),
            run_group_id: run.run_group_id.clone(),
            is_latest: run.is_latest,
            message: without_secrets(run.message.as_deref().unwrap_or_default()),
        }
    }
}
