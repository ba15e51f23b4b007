//! Runs a pipeline again as it ran before.

use adf_client::CreateRunOptions;
use adf_client::models::{PipelineRunStatus, RerunFrom};
use rest_core::ServiceErrorExt;
use serde::Serialize;
use serde_json::Map;

use super::Runs;
use super::error::RunError;

/// A run that repeats another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Again {
    /// The new run.
    pub run_id: String,
    /// The pipeline.
    pub pipeline: String,
    /// The run that it repeats.
    pub of: String,
}

impl Runs {
    /// Looks at a run that is to be repeated: its pipeline, where it can be.
    ///
    /// # Errors
    ///
    /// [`RunError::NoRun`]; [`RunError::NotEnded`], [`RunError::NothingFailed`] or [`RunError::NoActivity`] when it cannot be repeated
    /// so; and what the service refuses.
    pub async fn repeatable(&self, run_id: &str, from: &RerunFrom) -> Result<String, RunError> {
        let run = self.status(run_id).await;
        let run = run.map_err(|source| self.unseen(run_id, source))?;
        let (pipeline, status) = (run.pipeline_name.clone(), run.status.to_string());
        let run_id = run.run_id.clone();
        if !run.status.is_final() {
            return Err(RunError::NotEnded {
                pipeline,
                run_id,
                status,
            });
        }
        match from {
            RerunFrom::Start => {}
            RerunFrom::Failure if run.status == PipelineRunStatus::Succeeded => {
                return Err(RunError::NothingFailed {
                    pipeline,
                    run_id,
                    status,
                });
            }
            RerunFrom::Failure => {}
            RerunFrom::Activity(name) => self.find_activity(&pipeline, name).await?,
        }
        Ok(pipeline)
    }

    /// Starts a run with the parameters of an earlier one of the same pipeline, in its group.
    ///
    /// # Errors
    ///
    /// Those of [`Runs::start`].
    pub async fn rerun(
        &self,
        pipeline: &str,
        run_id: &str,
        from: RerunFrom,
    ) -> Result<Again, RunError> {
        let options = CreateRunOptions::rerun(run_id, from);
        let pipelines = self.factory.pipelines();
        let created = pipelines
            .create_run(pipeline, &Map::new(), Some(options))
            .await;
        let created = created.and_then(azure_core::http::Response::into_model);
        // Its parameters are those of the earlier run.
        let has_parameters = true;
        Ok(Again {
            run_id: self.started(pipeline, created, has_parameters).await?,
            pipeline: pipeline.to_owned(),
            of: run_id.to_owned(),
        })
    }

    /// Looks whether a pipeline has an activity, at whatever depth: whether a run can start from it, the service says.
    async fn find_activity(&self, pipeline: &str, activity: &str) -> Result<(), RunError> {
        let document = match self.factory.pipelines().get(pipeline, None).await {
            Ok(document) => document.into_model(),
            Err(source) if source.is_not_found() => {
                return Err(self.not_found(pipeline, source).await);
            }
            Err(source) => Err(source),
        };
        let document = document.map_err(|source| RunError::Start {
            pipeline: pipeline.to_owned(),
            source,
        })?;
        let activities = adf_graph::activities(document.json());
        let names = activities
            .iter()
            .filter_map(adf_graph::PlacedActivity::name);
        let known: Vec<_> = names.map(str::to_owned).collect();
        match known.iter().any(|name| name.eq_ignore_ascii_case(activity)) {
            true => Ok(()),
            false => Err(RunError::NoActivity {
                activity: activity.to_owned(),
                pipeline: pipeline.to_owned(),
                known,
            }),
        }
    }
}
