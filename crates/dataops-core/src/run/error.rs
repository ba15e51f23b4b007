//! Why a run was not started, or not watched to its end.

use std::time::Duration;

use super::parameters::ParameterError;
use super::report::RunReport;
use crate::connection::ConnectionError;

/// A run could not be started or watched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The factory cannot be reached as it is described.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// There is no such pipeline.
    #[error("there is no pipeline `{pipeline}` in factory `{factory}`")]
    NoPipeline {
        /// The pipeline.
        pipeline: String,
        /// The factory.
        factory: String,
        /// The pipelines that exist, where they could be listed.
        known: Vec<String>,
        /// What the service said.
        #[source]
        source: azure_core::Error,
    },
    /// There is no such trigger.
    #[error("there is no trigger `{trigger}` in factory `{factory}`")]
    NoTrigger {
        /// The trigger.
        trigger: String,
        /// The factory.
        factory: String,
        /// The triggers that exist, where they could be listed.
        known: Vec<String>,
        /// What the service said.
        #[source]
        source: azure_core::Error,
    },
    /// A trigger could not be looked at.
    #[error("trigger `{trigger}` cannot be looked at")]
    Trigger {
        /// The trigger.
        trigger: String,
        /// Why.
        #[source]
        source: azure_core::Error,
    },
    /// There is no such factory.
    #[error("there is no factory `{factory}` in resource group `{resource_group}`")]
    NoFactory {
        /// The factory.
        factory: String,
        /// The resource group.
        resource_group: String,
        /// What the service said.
        #[source]
        source: azure_core::Error,
    },
    /// There is no such run.
    #[error("there is no run `{run_id}` in factory `{factory}`")]
    NoRun {
        /// The run.
        run_id: String,
        /// The factory.
        factory: String,
        /// What the service said.
        #[source]
        source: azure_core::Error,
    },
    /// A run could not be looked at.
    #[error("run `{run_id}` cannot be looked at")]
    Look {
        /// The run.
        run_id: String,
        /// Why.
        #[source]
        source: azure_core::Error,
    },
    /// Runs could not be listed.
    #[error("the runs of factory `{factory}` cannot be listed")]
    List {
        /// The factory.
        factory: String,
        /// Why.
        #[source]
        source: azure_core::Error,
    },
    /// A run that goes on cannot be repeated.
    #[error("run `{run_id}` of pipeline `{pipeline}` has not ended: it is {status}")]
    NotEnded {
        /// The pipeline.
        pipeline: String,
        /// The run.
        run_id: String,
        /// How it stands.
        status: String,
    },
    /// There is no failure to start from.
    #[error("nothing of run `{run_id}` of pipeline `{pipeline}` has failed: it is {status}")]
    NothingFailed {
        /// The pipeline.
        pipeline: String,
        /// The run.
        run_id: String,
        /// How it has ended.
        status: String,
    },
    /// There is no such activity to start from.
    #[error("pipeline `{pipeline}` has no activity `{activity}`")]
    NoActivity {
        /// The activity.
        activity: String,
        /// The pipeline.
        pipeline: String,
        /// The activities that it has.
        known: Vec<String>,
    },
    /// A run was not cancelled.
    #[error("run `{run_id}` of pipeline `{pipeline}` was not cancelled")]
    Cancel {
        /// The pipeline.
        pipeline: String,
        /// The run.
        run_id: String,
        /// Why.
        #[source]
        source: azure_core::Error,
    },
    /// A run was asked to end, and has not done so.
    #[error("run `{run_id}` of pipeline `{pipeline}` was asked to end, and is still {status} after {}", written(*limit))]
    StillEnding {
        /// The pipeline.
        pipeline: String,
        /// The run.
        run_id: String,
        /// How it stands.
        status: String,
        /// How long it was waited for.
        limit: Duration,
    },
    /// A parameter does not fit the pipeline.
    #[error("pipeline `{pipeline}` was not started")]
    Parameter {
        /// The pipeline.
        pipeline: String,
        /// What does not fit.
        #[source]
        source: ParameterError,
    },
    /// The pipeline was not started.
    #[error("pipeline `{pipeline}` was not started")]
    Start {
        /// The pipeline.
        pipeline: String,
        /// Why.
        #[source]
        source: azure_core::Error,
    },
    /// The start was sent and its answer lost, so that a run may have been started.
    #[error("pipeline `{pipeline}` may have been started: the answer to the start was lost")]
    Lost {
        /// The pipeline.
        pipeline: String,
        /// What came instead.
        #[source]
        source: azure_core::Error,
    },
    /// The run could not be asked about; one that was seen goes on. The pipeline is empty where it never was.
    #[error("{}", unwatched(run_id, pipeline))]
    Watch {
        /// The pipeline.
        pipeline: String,
        /// The run.
        run_id: String,
        /// Why.
        #[source]
        source: azure_core::Error,
    },
    /// The run took too long.
    #[error("{} took longer than {}; {}", named(run_id, pipeline), written(*limit), after_timeout(cancelled.as_ref()))]
    TimedOut {
        /// The pipeline.
        pipeline: String,
        /// The run.
        run_id: String,
        /// The limit.
        limit: Duration,
        /// Whether it was asked to be cancelled, and what became of that.
        cancelled: Option<Result<(), String>>,
        /// How it stood then, where it was seen at all.
        so_far: Option<Box<RunReport>>,
    },
}

/// The pipeline is known once the run was seen.
fn named(run_id: &str, pipeline: &str) -> String {
    match pipeline {
        "" => format!("run `{run_id}`"),
        pipeline => format!("run `{run_id}` of pipeline `{pipeline}`"),
    }
}

fn unwatched(run_id: &str, pipeline: &str) -> String {
    let run = named(run_id, pipeline);
    match pipeline {
        "" => format!("{run} could not be looked at"),
        _ => format!("{run} could not be watched any longer; it goes on by itself"),
    }
}

/// `90 s`, `30 min`, `12 h`.
pub(crate) fn written(limit: Duration) -> String {
    let seconds = limit.as_secs();
    match seconds {
        0 => "0 s".to_owned(),
        _ if seconds.is_multiple_of(3600) => format!("{} h", seconds / 3600),
        _ if seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        _ => format!("{seconds} s"),
    }
}

fn after_timeout(cancelled: Option<&Result<(), String>>) -> String {
    match cancelled {
        None => "it goes on by itself".to_owned(),
        Some(Ok(())) => "it was cancelled".to_owned(),
        Some(Err(reason)) => format!("it could not be cancelled and goes on by itself: {reason}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_written_in_their_unit() {
        let texts = [0, 45, 60, 90, 1800, 43_200].map(|limit| written(Duration::from_secs(limit)));

        assert_eq!(texts, ["0 s", "45 s", "1 min", "90 s", "30 min", "12 h"]);
    }
}
