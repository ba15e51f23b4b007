//! Runs while they go on: started, kept, taking turns, closed when the emulator did not see their end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use adf_runtime::{
    ActivityRunRecord, ActivityStatus, Cancellation, Definitions as _, Engine, PipelineRunRecord,
    Recorder, Rejected, RunRequest, RunStatus, Snapshot, SystemClock, Timestamp,
};
use time::OffsetDateTime;

use super::executor::Local;
use super::lane::{Full, Lane, Place};
use super::place::FactoryPath;
use super::snapshot::snapshot;
use super::store::{RunRow, Store};
use crate::problem::{Problem, in_full};
use crate::state::State;
use crate::store::StoreError;

type LocalEngine = Engine<Local, SystemClock, Records, Snapshot>;

/// The runs that go on or wait for their turn.
#[derive(Default)]
pub(crate) struct Active {
    runs: Mutex<HashMap<String, Going>>,
    lanes: Mutex<HashMap<(String, u32), Lane>>,
}

#[derive(Clone)]
struct Going {
    engine: LocalEngine,
    cancellation: Cancellation,
}

impl Active {
    fn runs(&self) -> MutexGuard<'_, HashMap<String, Going>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Cancels everything, and answers whether it ended in time.
    pub(crate) async fn end_all(&self, patience: Duration) -> bool {
        for going in self.runs().values() {
            going.cancellation.cancel_recursively();
        }
        let ended = async {
            while !self.runs().is_empty() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(patience, ended).await.is_ok()
    }

    /// Asks a run to stop, also one that another run started.
    pub(super) fn cancel(&self, run_id: &str, recursive: bool) {
        let runs = self.runs();
        match runs.get(run_id) {
            Some(going) if recursive => going.cancellation.cancel_recursively(),
            Some(going) => going.cancellation.cancel(),
            None => {
                for going in runs.values() {
                    going.engine.cancel(run_id, recursive);
                }
            }
        }
    }

    /// A place among the runs of a pipeline with a limited `concurrency`.
    fn enter(&self, pipeline: &str, concurrency: u32) -> Result<Place, Full> {
        let key = (pipeline.to_lowercase(), concurrency);
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        lanes
            .entry(key)
            .or_insert_with(|| Lane::new(concurrency))
            .enter()
    }
}

/// Keeps what the engine reports.
pub(crate) struct Records {
    state: Arc<State>,
    factory: FactoryPath,
}

// What happens to a run does not wait for the disk: whoever asks must learn that it has ended.
impl Recorder for Records {
    fn pipeline_run(&self, record: &PipelineRunRecord) {
        let runs = &self.state.adf.runs;
        let update = runs.update_regardless(&record.run_id, |row| {
            let is_latest = row.record.is_latest;
            row.record = record.clone();
            row.record.is_latest = is_latest;
        });
        let kept = update.and_then(|found| match found {
            true => Ok(()),
            // A run that a pipeline started.
            false => runs.put_regardless(
                &record.run_id,
                RunRow {
                    factory: self.factory.clone(),
                    arguments: record.parameters.clone(),
                    record: record.clone(),
                },
            ),
        });
        report(kept);
    }

    fn activity_run(&self, record: &ActivityRunRecord) {
        // The service does not list activities that never started.
        if record.status != ActivityStatus::Skipped {
            let key = activity_key(&record.pipeline_run_id, &record.activity_run_id);
            report(
                self.state
                    .adf
                    .activities
                    .put_regardless(&key, record.clone()),
            );
        }
    }
}

/// The key of an activity run; an empty one is what those of a run begin with.
pub(super) fn activity_key(run: &str, activity_run: &str) -> String {
    format!("{run}/{activity_run}")
}

fn report(kept: Result<(), StoreError>) {
    if let Err(error) = kept {
        tracing::error!("a run's record is lost: {}", in_full(&error));
    }
}

/// Starts a run, or queues it, and gives its id.
pub(crate) fn launch(
    state: &Arc<State>,
    factory: &FactoryPath,
    request: RunRequest,
) -> Result<String, Problem> {
    let engine = Engine::new(
        Local::new(Arc::clone(state)),
        SystemClock,
        Records {
            state: Arc::clone(state),
            factory: factory.clone(),
        },
        snapshot(state, factory, &request.pipeline)?,
    );
    let record = engine.queued(&request).map_err(refused)?;
    let run_id = request.run_id.clone();
    if request.group_id != run_id {
        replace_latest(state, &request.group_id)?;
    }
    let row = RunRow {
        factory: factory.clone(),
        arguments: request.parameters.clone(),
        record,
    };
    state.adf.runs.put(&run_id, row)?;
    let concurrency = engine
        .definitions()
        .pipeline(&request.pipeline)
        .and_then(|pipeline| pipeline.properties.concurrency)
        .filter(|limit| *limit > 0);
    let place = concurrency.map(|limit| {
        let key = format!("{}/{}", factory.key(), request.pipeline);
        state.adf.active.enter(&key, limit)
    });
    let place = match place.transpose() {
        Ok(place) => place,
        // The service takes the run and lets it fail.
        Err(full) => {
            close(&state.adf, &run_id, RunStatus::Failed, &full.to_string())?;
            return Ok(run_id);
        }
    };
    let going = Going {
        engine,
        cancellation: Cancellation::new(),
    };
    state
        .adf
        .active
        .runs()
        .insert(run_id.clone(), going.clone());
    let working = Arc::clone(state);
    state
        .tasks
        .spawn(Box::pin(work(working, going, request, place)));
    Ok(run_id)
}

/// A new run of a group takes the place of the others.
fn replace_latest(state: &State, group: &str) -> Result<(), StoreError> {
    for (id, row) in state.adf.runs.list() {
        if row.record.run_group_id == group && row.record.is_latest {
            state
                .adf
                .runs
                .update(&id, |row| row.record.is_latest = false)?;
        }
    }
    Ok(())
}

async fn work(state: Arc<State>, going: Going, request: RunRequest, place: Option<Place>) {
    let run_id = request.run_id.clone();
    let stopping = state.stopping.clone();
    let cancellation = going.cancellation.clone();
    let with_emulator = async move {
        stopping.cancelled().await;
        cancellation.cancel_recursively();
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = with_emulator => {}
        () = take_turn(&state, &going, request, place) => {}
    }
    state.adf.active.runs().remove(&run_id);
}

async fn take_turn(state: &Arc<State>, going: &Going, request: RunRequest, place: Option<Place>) {
    let run_id = request.run_id.clone();
    let _turn = match place {
        None => None,
        Some(place) => tokio::select! {
            turn = place.turn() => turn,
            () = going.cancellation.cancelled() => {
                return report(close(&state.adf, &run_id, RunStatus::Cancelled, "the run was cancelled while it waited for its turn"));
            }
        },
    };
    let ran = going.engine.run(request, going.cancellation.clone()).await;
    if let Err(rejected) = ran {
        report(close(
            &state.adf,
            &run_id,
            RunStatus::Failed,
            &rejected.to_string(),
        ));
    }
}

fn close(store: &Store, run_id: &str, status: RunStatus, message: &str) -> Result<(), StoreError> {
    let now = Timestamp(OffsetDateTime::now_utc());
    let changed = store.runs.update_regardless(run_id, |row| {
        let record = &mut row.record;
        record.status = status;
        message.clone_into(&mut record.message);
        record.run_end = Some(now);
        record.last_updated = now;
        let started = record.run_start.map_or(now.0, |start| start.0);
        record.duration_in_ms = i64::try_from((now.0 - started).whole_milliseconds()).ok();
    });
    changed.map(drop)
}

/// What becomes of runs whose end nobody has seen.
struct Unseen {
    run: RunStatus,
    activity: ActivityStatus,
    code: &'static str,
    reason: &'static str,
}

const ENDED: Unseen = Unseen {
    run: RunStatus::Failed,
    activity: ActivityStatus::Failed,
    code: "EmulatorEnded",
    reason: "the emulator ended while this was going on",
};

const INTERRUPTED: Unseen = Unseen {
    run: RunStatus::Cancelled,
    activity: ActivityStatus::Cancelled,
    code: "",
    reason: "the emulator was interrupted while this was going on",
};

/// Closes what was going on when the emulator last ended.
pub(super) fn close_what_was_left(store: &Store) -> Result<(), StoreError> {
    close_all(store, &ENDED)
}

/// Closes what goes on and cannot be waited for.
pub(crate) fn cancel_what_is_left(state: &State) {
    report(close_all(&state.adf, &INTERRUPTED));
}

fn close_all(store: &Store, unseen: &Unseen) -> Result<(), StoreError> {
    let now = Timestamp(OffsetDateTime::now_utc());
    for (id, row) in store.runs.list() {
        if !row.record.status.is_final() {
            close(store, &id, unseen.run, unseen.reason)?;
        }
    }
    for (key, record) in store.activities.list() {
        if matches!(
            record.status,
            ActivityStatus::Queued | ActivityStatus::InProgress
        ) {
            store.activities.update(&key, |record| {
                record.status = unseen.activity;
                record.activity_run_end = Some(now);
                record.duration_in_ms = record
                    .activity_run_start
                    .and_then(|start| i64::try_from((now.0 - start.0).whole_milliseconds()).ok());
                unseen.code.clone_into(&mut record.error.error_code);
                unseen.reason.clone_into(&mut record.error.message);
                "SystemError".clone_into(&mut record.error.failure_type);
            })?;
        }
    }
    Ok(())
}

fn refused(rejected: Rejected) -> Problem {
    match rejected {
        Rejected::PipelineNotFound { pipeline } => Problem::not_found(format!(
            "the pipeline `{pipeline}` does not exist in the factory"
        )),
        other => Problem::bad_request(other.to_string()),
    }
}
