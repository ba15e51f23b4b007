//! How the run of a smoke test ended, as something that was looked at.

use crate::ingestion::Check;
use crate::run::RunReport;

/// How a run ended.
pub(super) struct EndedRun {
    pub(super) run: Option<RunReport>,
    pub(super) check: Check,
}

/// Why a test cancels its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// Somebody has ended it early.
    Interrupted,
    /// The run passed a limit.
    TooMuch,
}

impl EndedRun {
    const NAME: &'static str = "the run succeeds";

    pub(super) fn of(run: RunReport) -> Self {
        let check = match run.status.as_str() {
            "Succeeded" => Check::of(Self::NAME, true, format!("run {}", run.run_id)),
            "Cancelled" => Check::of(Self::NAME, false, by_somebody_else(&run)),
            status => Check::of(
                Self::NAME,
                false,
                format!("run {} ended as {status}: {}", run.run_id, reason(&run)),
            ),
        };
        Self {
            run: Some(run),
            check,
        }
    }

    /// A run that this test has cancelled.
    pub(super) fn cancelled(run: Option<RunReport>, why: Why) -> Self {
        let why = match why {
            Why::Interrupted => "the smoke test was interrupted",
            Why::TooMuch => "it passed a limit of `smoke.limits`",
        };
        let found = match &run {
            Some(run) if run.status == "Cancelled" => {
                format!("run {} was cancelled, because {why}", run.run_id)
            }
            Some(run) => format!(
                "run {} was cancelled, because {why}, and ended as {} all the same",
                run.run_id, run.status
            ),
            None => format!("the run was cancelled, because {why}, and has not ended yet"),
        };
        Self {
            check: Check::of(Self::NAME, false, found),
            run,
        }
    }

    pub(super) fn late(run: Option<RunReport>, limit: std::time::Duration) -> Self {
        let found = format!("it took longer than {limit:?}, and was cancelled");
        Self {
            check: Check::of(Self::NAME, false, found),
            run,
        }
    }
}

/// That a run was cancelled, and not by this test.
fn by_somebody_else(run: &RunReport) -> String {
    let reason = reason(run);
    let reason = match reason.as_str() {
        "" => String::new(),
        reason => format!(": {reason}"),
    };
    format!(
        "run {} was cancelled, and not by this test{reason}",
        run.run_id
    )
}

/// Why a run failed: the first line of what went wrong first.
fn reason(run: &RunReport) -> String {
    let mut errors = run.activities.iter().filter_map(|activity| {
        let error = activity.error.as_ref()?;
        Some(format!("{}: {}", activity.name, error.message))
    });
    let reason = errors.next().unwrap_or_else(|| run.message.clone());
    reason.lines().next().unwrap_or_default().to_owned()
}

/// The ids of the run and of those that it has started.
pub(super) fn run_ids(run_id: Option<&str>, run: Option<&RunReport>) -> Vec<String> {
    let activities = run.into_iter().flat_map(|run| &run.activities);
    let started = activities.filter_map(|activity| activity.output.get("pipelineRunId")?.as_str());
    run_id
        .into_iter()
        .chain(started)
        .map(str::to_owned)
        .collect()
}
