//! Asks how runs stand until they end.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use adf_client::models::RunFilter;
use adf_client::{CancelRunOptions, FactoryClient};
use adf_model::secret::SecretValues;
use futures::TryStreamExt;
use rest_core::{Polled, ServiceErrorExt, TimedOut, Wait, poll};

use super::error::RunError;
use super::reading::report;
use super::report::{MASK, RunReport};
use crate::connection::{Connection, ConnectionError, SignedIn};

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
    pub(super) factory: FactoryClient,
    pub(super) signed_in: SignedIn,
    pub(super) pace: Wait,
    /// Whether the factory is one of Azure, which has a page for each run.
    has_pages: bool,
    /// What runs were given that nobody may see.
    pub(super) given: Arc<Mutex<SecretValues>>,
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
            signed_in: connection.signed_in(),
            pace: Wait {
                limit: Duration::ZERO,
                first,
                longest,
            },
            has_pages: !connection.is_emulated(),
            given: Arc::new(Mutex::new(SecretValues::hidden_by(MASK))),
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

    /// A run as it stands, without what is known to be a secret.
    ///
    /// # Errors
    ///
    /// When there is no such run, or the service refuses.
    pub async fn get(&self, run_id: &str) -> Result<RunReport, RunError> {
        let looked = self.look(run_id).await;
        looked.map_err(|source| self.unseen(run_id, source))
    }

    /// Why a run could not be looked at.
    pub(super) fn unseen(&self, run_id: &str, source: azure_core::Error) -> RunError {
        let run_id = run_id.to_owned();
        match source.is_not_found() {
            true => RunError::NoRun {
                run_id,
                factory: self.factory.id().factory.clone(),
                source,
            },
            false => RunError::Look { run_id, source },
        }
    }

    /// Watches a run to its end; `on_change` sees it each time it was asked about. No secret that is known is in it.
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
        let watched = Mutex::new((None::<RunReport>, on_change));
        let misses = AtomicU32::new(0);
        let ended = poll("the run", wait, || async {
            let report = match self.look(run_id).await {
                Err(error) if error.is_not_found() && is_early(&misses) => {
                    return Ok(Polled::Pending(None));
                }
                looked => looked?,
            };
            misses.store(LATE, Ordering::Relaxed);
            let mut watched = watched.lock().unwrap_or_else(PoisonError::into_inner);
            (watched.1)(&report);
            Ok(if report.is_final() {
                Polled::Done(report)
            } else {
                watched.0 = Some(report);
                Polled::Pending(None)
            })
        })
        .await;
        let watched = watched.into_inner().unwrap_or_else(PoisonError::into_inner);
        match ended {
            Ok(report) => Ok(report),
            Err(error) if TimedOut::of(&error).is_some() => {
                Err(self.late(run_id, options, watched.0).await)
            }
            Err(source) => Err(RunError::Watch {
                pipeline: watched.0.map(|run| run.pipeline).unwrap_or_default(),
                run_id: run_id.to_owned(),
                source,
            }),
        }
    }

    /// Ends the watch of a run that takes too long, and the run with it where that is wanted.
    async fn late(
        &self,
        run_id: &str,
        options: RunOptions,
        mut so_far: Option<RunReport>,
    ) -> RunError {
        let cancelled = match options.cancel_on_timeout {
            true => Some(self.cancel(run_id).await.map_err(|error| error.to_string())),
            false => None,
        };
        if cancelled.is_some() {
            so_far = self.look(run_id).await.ok().or(so_far);
        }
        let pipeline = so_far.as_ref().map(|run| run.pipeline.clone());
        RunError::TimedOut {
            pipeline: pipeline.unwrap_or_default(),
            run_id: run_id.to_owned(),
            limit: options.timeout,
            cancelled,
            so_far: so_far.map(Box::new),
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
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(report.without_secrets(given.clone()))
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
