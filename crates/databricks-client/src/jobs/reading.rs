//! One reading of the two forms in which the service tells how a run stands.

use std::fmt;

use super::run::{
    LifeCycleState, ResultState, RunPhase, RunState, RunStatus, TerminationDetails, TerminationType,
};

/// Where in its life a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// It waits for its turn, its cluster, another task or another attempt.
    Waiting,
    /// It runs.
    Running,
    /// Its work is done and is being cleaned up.
    Ending,
    /// It has ended.
    Ended,
    /// The service told nothing that this version knows.
    Unknown,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// Well.
    Succeeded,
    /// Well, although a task failed.
    SucceededWithFailures,
    /// It failed.
    Failed,
    /// It, or a task before it, was cancelled.
    Canceled,
    /// Its own time limit was reached.
    TimedOut,
    /// It was not run.
    Skipped,
    /// A task before it failed.
    UpstreamFailed,
}

impl Outcome {
    /// Whether the run did what it was to do.
    #[must_use]
    pub fn is_success(self) -> bool {
        matches!(self, Self::Succeeded | Self::SucceededWithFailures)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Succeeded => "succeeded",
            Self::SucceededWithFailures => "succeeded with failures",
            Self::Failed => "failed",
            Self::Canceled => "was cancelled",
            Self::TimedOut => "reached its time limit",
            Self::Skipped => "was skipped",
            Self::UpstreamFailed => "was not run because a task before it failed",
        })
    }
}

/// How a run or a task stands: the new form where the service sends it, the old one otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunReading {
    /// Where in its life it is.
    pub phase: Phase,
    /// How it ended; absent until then.
    pub outcome: Option<Outcome>,
    /// The service's code for the end, such as `RUN_EXECUTION_ERROR` or `FAILED`.
    pub code: Option<String>,
    /// Whether the end is the fault of the platform, where the service tells.
    pub is_platform_fault: Option<bool>,
    /// What the service says.
    pub message: Option<String>,
}

impl RunReading {
    pub(super) fn of(status: Option<&RunStatus>, state: Option<&RunState>) -> Self {
        let state_phase = state
            .and_then(|state| state.life_cycle_state.as_ref())
            .map(old_phase);
        let phase = status
            .and_then(|status| status.state.as_ref())
            .map(new_phase)
            .filter(|phase| *phase != Phase::Unknown)
            .or(state_phase)
            .unwrap_or(Phase::Unknown);
        let details = status.and_then(|status| status.termination_details.as_ref());
        let result = state.and_then(|state| state.result_state.as_ref());
        let skipped =
            state.is_some_and(|state| state.life_cycle_state == Some(LifeCycleState::Skipped));
        let code = details
            .and_then(|details| details.code.clone())
            .or_else(|| result.map(ToString::to_string))
            .or_else(|| skipped.then(|| "SKIPPED".to_owned()));
        let said = |text: Option<&String>| text.filter(|text| !text.is_empty()).cloned();
        Self {
            phase,
            outcome: (phase == Phase::Ended).then(|| outcome(details, result, skipped)),
            code,
            is_platform_fault: details
                .and_then(|details| details.kind.as_ref())
                .map(is_platform_fault),
            message: said(details.and_then(|details| details.message.as_ref()))
                .or_else(|| said(state.and_then(|state| state.state_message.as_ref()))),
        }
    }
}

fn new_phase(state: &RunPhase) -> Phase {
    match state {
        RunPhase::Blocked | RunPhase::Pending | RunPhase::Queued | RunPhase::Waiting => {
            Phase::Waiting
        }
        RunPhase::Running => Phase::Running,
        RunPhase::Terminating => Phase::Ending,
        RunPhase::Terminated => Phase::Ended,
        RunPhase::Unknown(_) => Phase::Unknown,
    }
}

fn old_phase(state: &LifeCycleState) -> Phase {
    match state {
        LifeCycleState::Queued
        | LifeCycleState::Pending
        | LifeCycleState::Blocked
        | LifeCycleState::WaitingForRetry => Phase::Waiting,
        LifeCycleState::Running => Phase::Running,
        LifeCycleState::Terminating => Phase::Ending,
        LifeCycleState::Terminated | LifeCycleState::Skipped | LifeCycleState::InternalError => {
            Phase::Ended
        }
        LifeCycleState::Unknown(_) => Phase::Unknown,
    }
}

/// The code of the new form does not tell a reached time limit from a cancellation, nor a failure from one further up; the
/// old form does.
fn outcome(
    details: Option<&TerminationDetails>,
    result: Option<&ResultState>,
    skipped: bool,
) -> Outcome {
    let old = result
        .and_then(by_result)
        .or(skipped.then_some(Outcome::Skipped));
    let new = details.and_then(by_details);
    match (new, old) {
        (Some(Outcome::Canceled), Some(Outcome::TimedOut)) => Outcome::TimedOut,
        (
            Some(Outcome::Failed | Outcome::Canceled | Outcome::Skipped),
            Some(Outcome::UpstreamFailed),
        ) => Outcome::UpstreamFailed,
        (Some(new), _) => new,
        (None, Some(old)) => old,
        (None, None) => Outcome::Failed,
    }
}

fn by_details(details: &TerminationDetails) -> Option<Outcome> {
    Some(match details.code.as_deref()? {
        "SUCCESS" => Outcome::Succeeded,
        "SUCCESS_WITH_FAILURES" => Outcome::SucceededWithFailures,
        "USER_CANCELED" | "CANCELED" | "CLUSTER_TERMINATED_BY_USER" => Outcome::Canceled,
        "SKIPPED" | "DISABLED" | "MAX_CONCURRENT_RUNS_EXCEEDED" => Outcome::Skipped,
        _ if details.kind == Some(TerminationType::Success) => return None,
        _ => Outcome::Failed,
    })
}

fn by_result(result: &ResultState) -> Option<Outcome> {
    Some(match result {
        ResultState::Success => Outcome::Succeeded,
        ResultState::SuccessWithFailures => Outcome::SucceededWithFailures,
        ResultState::Failed => Outcome::Failed,
        ResultState::TimedOut => Outcome::TimedOut,
        ResultState::Canceled | ResultState::UpstreamCanceled => Outcome::Canceled,
        ResultState::MaximumConcurrentRunsReached
        | ResultState::Excluded
        | ResultState::Disabled => Outcome::Skipped,
        ResultState::UpstreamFailed => Outcome::UpstreamFailed,
        ResultState::Unknown(_) => return None,
    })
}

fn is_platform_fault(kind: &TerminationType) -> bool {
    matches!(
        kind,
        TerminationType::InternalError | TerminationType::CloudFailure
    )
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::jobs::Run;

    fn reading(mut run: Value) -> (Phase, Option<Outcome>) {
        run["run_id"] = 1.into();
        let run: Run = serde_json::from_value(run).unwrap();
        let reading = run.reading();
        assert_eq!(run.is_terminal(), reading.outcome.is_some());
        (reading.phase, reading.outcome)
    }

    fn old(life_cycle: &str, result: Option<&str>) -> (Phase, Option<Outcome>) {
        reading(json!({"state": {"life_cycle_state": life_cycle, "result_state": result}}))
    }

    #[test]
    fn the_old_form_alone_is_enough() {
        assert_eq!(old("QUEUED", None), (Phase::Waiting, None));
        assert_eq!(old("BLOCKED", None), (Phase::Waiting, None));
        assert_eq!(old("RUNNING", None), (Phase::Running, None));
        assert_eq!(old("TERMINATING", Some("SUCCESS")), (Phase::Ending, None));
        assert_eq!(
            old("TERMINATED", Some("SUCCESS")),
            (Phase::Ended, Some(Outcome::Succeeded))
        );
        assert_eq!(
            old("TERMINATED", Some("TIMEDOUT")),
            (Phase::Ended, Some(Outcome::TimedOut))
        );
        assert_eq!(
            old("TERMINATED", Some("UPSTREAM_FAILED")),
            (Phase::Ended, Some(Outcome::UpstreamFailed))
        );
        assert_eq!(old("SKIPPED", None), (Phase::Ended, Some(Outcome::Skipped)));
        assert_eq!(
            old("INTERNAL_ERROR", Some("FAILED")),
            (Phase::Ended, Some(Outcome::Failed))
        );
        assert_eq!(
            old("INTERNAL_ERROR", None),
            (Phase::Ended, Some(Outcome::Failed))
        );
    }

    #[test]
    fn the_new_form_goes_first() {
        let failed = json!({
            "run_id": 1,
            "state": {"life_cycle_state": "INTERNAL_ERROR", "result_state": "FAILED", "state_message": "old words"},
            "status": {"state": "TERMINATED", "termination_details": {"code": "RUN_EXECUTION_ERROR", "type": "CLIENT_ERROR", "message": "new words"}},
        });
        let run: Run = serde_json::from_value(failed).unwrap();

        let reading = run.reading();

        assert_eq!(
            (reading.phase, reading.outcome),
            (Phase::Ended, Some(Outcome::Failed))
        );
        assert_eq!(reading.code.as_deref(), Some("RUN_EXECUTION_ERROR"));
        assert_eq!(reading.message.as_deref(), Some("new words"));
        assert_eq!(reading.is_platform_fault, Some(false));
    }

    #[test]
    fn a_cancellation_by_the_time_limit_is_told_as_such() {
        let run = |result: &str| {
            reading(json!({
                "state": {"life_cycle_state": "TERMINATED", "result_state": result},
                "status": {"state": "TERMINATED", "termination_details": {"code": "CANCELED"}},
            }))
            .1
        };

        assert_eq!(run("TIMEDOUT"), Some(Outcome::TimedOut));
        assert_eq!(run("CANCELED"), Some(Outcome::Canceled));
    }

    #[test]
    fn what_nobody_knows_is_no_success() {
        assert_eq!(reading(json!({})), (Phase::Unknown, None));
        assert_eq!(old("HIBERNATED", None), (Phase::Unknown, None));
        assert_eq!(
            old("TERMINATED", Some("ODD")),
            (Phase::Ended, Some(Outcome::Failed))
        );
        let odd = json!({"status": {"state": "TERMINATED", "termination_details": {"code": "ODD", "type": "CLOUD_FAILURE"}}});
        assert_eq!(reading(odd), (Phase::Ended, Some(Outcome::Failed)));
        let new =
            json!({"status": {"state": "HIBERNATED"}, "state": {"life_cycle_state": "RUNNING"}});
        assert_eq!(reading(new), (Phase::Running, None));
    }
}
