//! Starts runs, and asks how they stand until they end.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use adf_client::models::{ActivityRun, PipelineRun, RunFilter};
use adf_client::{CancelRunOptions, Document, FactoryClient};
use azure_core::error::ErrorKind;
use azure_core::time::OffsetDateTime;
use futures::TryStreamExt;
use rest_core::{Polled, ServiceErrorExt, TimedOut, Wait, poll};
use serde_json::{Map, Value};

use super::error::RunError;
use super::parameters::typed;
use super::report::{ActivityError, ActivityReport, RunReport};
use crate::connection::{Connection, ConnectionError};

/// How a run is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunOptions {
    /// How long it may take.
    pub timeout: Duration,
    /// Whether it is cancelled when it takes longer.
    pub cancel_on_timeout: bool,
}

/// The pipeline runs of a factory.
#[derive(Clone, Debug)]
pub struct Runs {
    factory: FactoryClient,
    pace: Wait,
    /// Whether the factory is one of Azure, which has a page for each run.
    has_pages: bool,
}

impl Runs {
    /// The runs of a connection's factory.
    ///
    /// # Errors
    ///
    /// When the factory cannot be reached as it is described.
    pub fn new(connection: &Connection) -> Result<Self, ConnectionError> {
        let (first, longest) = match connection.is_emulated() {
            true => (Duration::from_millis(50), Duration::from_millis(250)),
            false => (Duration::from_secs(2), Duration::from_secs(15)),
        };
        Ok(Self {
            factory: connection.factory()?,
            pace: Wait {
                limit: Duration::ZERO,
                first,
                longest,
            },
            has_pages: !connection.is_emulated(),
        })
    }

    /// Asks at another pace.
    #[must_use]
    pub fn with_pace(mut self, first: Duration, longest: Duration) -> Self {
        self.pace = Wait {
            first,
            longest,
            ..self.pace
        };
        self
    }

    /// Starts a run and gives its id.
    ///
    /// # Errors
    ///
    /// When there is no such pipeline, or the service refuses. A start is never repeated blindly: [`RunError::Lost`] says that
    /// a run may have been started.
    pub async fn start(
        &self,
        pipeline: &str,
        parameters: &Map<String, Value>,
    ) -> Result<String, RunError> {
        let created = self
            .factory
            .pipelines()
            .create_run(pipeline, parameters, None)
            .await;
        match created.and_then(azure_core::http::Response::into_model) {
            Ok(created) => Ok(created.run_id),
            Err(source) if source.is_not_found() => Err(self.not_found(pipeline, source).await),
            Err(source) => {
                let pipeline = pipeline.to_owned();
                Err(match surely_not_started(&source) {
                    true => RunError::Start { pipeline, source },
                    false => RunError::Lost { pipeline, source },
                })
            }
        }
    }

    async fn not_found(&self, pipeline: &str, source: azure_core::Error) -> RunError {
        let id = self.factory.id();
        if self
            .factory
            .get(None)
            .await
            .is_err_and(|error| error.is_not_found())
        {
            let (factory, resource_group) = (id.factory.clone(), id.resource_group.clone());
            return RunError::NoFactory {
                factory,
                resource_group,
                source,
            };
        }
        let listed: Vec<_> = self
            .factory
            .pipelines()
            .list(None)
            .try_collect()
            .await
            .unwrap_or_default();
        let known = listed
            .iter()
            .filter_map(|document| document.name().map(str::to_owned))
            .collect();
        RunError::NoPipeline {
            pipeline: pipeline.to_owned(),
            factory: id.factory.clone(),
            known,
            source,
        }
    }

    /// Starts a run with parameters given as text, which are read as the pipeline declares them.
    ///
    /// # Errors
    ///
    /// [`RunError::Parameter`] before anything is started, and those of [`Runs::start`].
    pub async fn start_with_texts(
        &self,
        pipeline: &str,
        given: &[(String, String)],
    ) -> Result<String, RunError> {
        let document = self.factory.pipelines().get(pipeline, None).await;
        let document = match document.and_then(azure_core::http::Response::into_model) {
            Ok(document) => document,
            Err(source) if source.is_not_found() => {
                return Err(self.not_found(pipeline, source).await);
            }
            Err(source) => {
                return Err(RunError::Start {
                    pipeline: pipeline.to_owned(),
                    source,
                });
            }
        };
        let parameters = typed(&document.properties.parameters, given).map_err(|source| {
            RunError::Parameter {
                pipeline: pipeline.to_owned(),
                source,
            }
        })?;
        self.start(pipeline, &parameters).await
    }

    /// A run as it stands.
    ///
    /// # Errors
    ///
    /// When there is no such run, or the service refuses.
    pub async fn get(&self, run_id: &str) -> Result<RunReport, RunError> {
        let factory = self.factory.id().factory.clone();
        self.look(run_id)
            .await
            .map_err(|source| match source.is_not_found() {
                true => RunError::NoRun {
                    run_id: run_id.to_owned(),
                    factory,
                    source,
                },
                false => RunError::Watch {
                    pipeline: String::new(),
                    run_id: run_id.to_owned(),
                    source,
                },
            })
    }

    /// Watches a run to its end; `on_change` sees it each time it was asked about.
    ///
    /// # Errors
    ///
    /// [`RunError::TimedOut`] when it takes too long; [`RunError::Watch`] when it cannot be asked about any longer. In both
    /// cases the run goes on, unless it was to be cancelled.
    pub async fn watch(
        &self,
        run_id: &str,
        options: RunOptions,
        on_change: impl FnMut(&RunReport) + Send,
    ) -> Result<RunReport, RunError> {
        let wait = Wait {
            limit: options.timeout,
            ..self.pace
        };
        let watched = std::sync::Mutex::new((String::new(), on_change));
        let misses = AtomicU32::new(0);
        let ended = poll("the run", wait, || async {
            let report = match self.look(run_id).await {
                Err(error) if error.is_not_found() && is_early(&misses) => {
                    return Ok(Polled::Pending(None));
                }
                looked => looked?,
            };
            misses.store(LATE, Ordering::Relaxed);
            let mut watched = watched
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            report.pipeline.clone_into(&mut watched.0);
            (watched.1)(&report);
            Ok(if report.is_final() {
                Polled::Done(report)
            } else {
                Polled::Pending(None)
            })
        })
        .await;
        let pipeline = watched
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .0;
        let run_id = run_id.to_owned();
        match ended {
            Ok(report) => Ok(report),
            Err(error) if TimedOut::of(&error).is_some() => {
                let cancelled = match options.cancel_on_timeout {
                    true => Some(
                        self.cancel(&run_id)
                            .await
                            .map_err(|error| error.to_string()),
                    ),
                    false => None,
                };
                Err(RunError::TimedOut {
                    pipeline,
                    run_id,
                    limit: options.timeout,
                    cancelled,
                })
            }
            Err(source) => Err(RunError::Watch {
                pipeline,
                run_id,
                source,
            }),
        }
    }

    /// Cancels a run and those that it has started.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn cancel(&self, run_id: &str) -> azure_core::Result<()> {
        let options = CancelRunOptions {
            is_recursive: Some(true),
            ..CancelRunOptions::default()
        };
        self.factory
            .runs()
            .cancel(run_id, Some(options))
            .await
            .map(|_| ())
    }

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

    /// The run of `pipeline` that a trigger has started after `since` for a file: the newest one that was given the file's name,
    /// otherwise the newest one that a trigger has started.
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
        let mut runs = self.since(pipeline, since).await?;
        runs.retain(|run| {
            let invoked = run
                .invoked_by
                .as_ref()
                .and_then(|by| by.invoked_by_type.as_deref());
            invoked.is_some_and(|kind| kind.ends_with("Trigger"))
        });
        let names_it = |run: &PipelineRun| {
            let mut texts = run.parameters.values().filter_map(Value::as_str);
            texts.any(|text| text == file || text.ends_with(&format!("/{file}")))
        };
        if runs.iter().any(|run| names_it(run)) {
            runs.retain(|run| names_it(run));
        }
        Ok(newest(runs))
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

    async fn look(&self, run_id: &str) -> azure_core::Result<RunReport> {
        let runs = self.factory.runs();
        let run = runs.get(run_id, None).await?.into_model()?;
        let mut activities: Vec<_> = runs
            .activities(run_id, &RunFilter::of_run(&run), None)?
            .try_collect()
            .await?;
        activities.sort_by_key(|activity| activity.activity_run_start);
        let mut report = report(
            &self.factory.id().factory,
            &run,
            activities.iter().map(|activity| &**activity),
        );
        report.url = self.page(run_id);
        Ok(report)
    }

    /// The page of a run in the Data Factory Studio.
    fn page(&self, run_id: &str) -> Option<String> {
        let mut url: url::Url = "https://adf.azure.com/en/monitoring/pipelineruns"
            .parse()
            .ok()?;
        url.path_segments_mut().ok()?.push(run_id);
        let factory = self.factory.id().to_string();
        url.query_pairs_mut().append_pair("factory", &factory);
        self.has_pages.then(|| url.into())
    }
}

/// How often a run that was just started may be unknown to the service.
const LATE: u32 = 4;

fn is_early(misses: &AtomicU32) -> bool {
    misses.fetch_add(1, Ordering::Relaxed) < LATE
}

/// Whether an error to `createRun` tells that no run was started: a refusal of the request itself, no connection, no token.
fn surely_not_started(error: &azure_core::Error) -> bool {
    let refused = error.service_error().map(|refusal| {
        let status = u16::from(refusal.status);
        let is_page = refusal.code.as_deref() == Some("SignInPage");
        is_page || ((300..500).contains(&status) && status != 408)
    });
    refused.unwrap_or_else(|| matches!(error.kind(), ErrorKind::Connection | ErrorKind::Credential))
}

fn newest(runs: Vec<Document<PipelineRun>>) -> Option<String> {
    let newest = runs.into_iter().max_by_key(|run| run.run_start);
    newest.map(|run| run.run_id.clone())
}

fn report<'a>(
    factory: &str,
    run: &PipelineRun,
    activities: impl Iterator<Item = &'a ActivityRun>,
) -> RunReport {
    let invoked_by = run
        .invoked_by
        .as_ref()
        .and_then(|invoked| invoked.name.clone())
        .unwrap_or_default();
    RunReport {
        factory: factory.to_owned(),
        pipeline: run.pipeline_name.clone(),
        run_id: run.run_id.clone(),
        status: run.status.to_string(),
        message: run.message.clone().unwrap_or_default(),
        invoked_by,
        parameters: run.parameters.clone().into_iter().collect(),
        start: run.run_start,
        end: run.run_end,
        activities: activities.map(activity).collect(),
        url: None,
    }
}

fn activity(run: &ActivityRun) -> ActivityReport {
    let error = run.failure().map(|failure| ActivityError {
        code: failure.error_code.clone().unwrap_or_default(),
        message: failure.message.clone().unwrap_or_default(),
    });
    let id = run.activity_run_id.clone().unwrap_or_else(|| {
        let (hash, attempt) = (&run.iteration_hash, run.retry_attempt);
        format!("{} {hash:?} {attempt:?}", run.activity_name)
    });
    ActivityReport {
        id,
        name: run.activity_name.clone(),
        kind: run.activity_type.clone(),
        status: run.status.to_string(),
        start: run.activity_run_start,
        end: run.activity_run_end,
        input: run.input.clone(),
        output: run.output.clone(),
        error,
        retry: run
            .retry_attempt
            .and_then(|attempt| u32::try_from(attempt).ok())
            .filter(|attempt| *attempt > 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_errors_before_the_service_are_sure() {
        let sure = |kind| surely_not_started(&azure_core::Error::with_message(kind, "x"));

        assert!(sure(ErrorKind::Connection) && sure(ErrorKind::Credential));
        assert!(!sure(ErrorKind::Io) && !sure(ErrorKind::DataConversion));
    }
}
