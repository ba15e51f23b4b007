//! Bringing a cluster up, whatever it does at the moment and whoever else starts it.

use std::sync::{Mutex, PoisonError};

use azure_core::Result;
use rest_core::{Polled, Wait, poll};

use super::{Cluster, ClusterState, Clusters};
use crate::error::is_passing;
use crate::{ApiError, DatabricksError};

/// A cluster that was just started may be reported as it was before, this often at most.
const STALE_READS: u32 = 3;

/// What a wait for a cluster has done and seen so far.
#[derive(Debug, Default)]
struct Progress {
    seen: Option<ClusterState>,
    started: bool,
    left_terminated: bool,
    terminated_time: Option<i64>,
    stale_reads: u32,
}

/// What to do next about a cluster.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Done,
    Start,
    Wait,
    Fail,
}

impl Progress {
    fn step(&mut self, cluster: &Cluster) -> Step {
        match &cluster.state {
            ClusterState::Running => return Step::Done,
            ClusterState::Error => return Step::Fail,
            ClusterState::Unknown(name) if name == "UNKNOWN" => return Step::Fail,
            ClusterState::Terminated => {}
            ClusterState::Terminating if self.started && self.left_terminated => return Step::Fail,
            ClusterState::Terminating => return Step::Wait,
            _ => {
                self.left_terminated = true;
                return Step::Wait;
            }
        }
        if !self.started {
            self.started = true;
            self.left_terminated = false;
            self.terminated_time = cluster.terminated_time;
            return Step::Start;
        }
        let stale = !self.left_terminated && cluster.terminated_time == self.terminated_time;
        self.stale_reads += 1;
        if stale && self.stale_reads <= STALE_READS {
            Step::Wait
        } else {
            Step::Fail
        }
    }

    fn is_news(&mut self, state: &ClusterState) -> bool {
        let news = self.seen.as_ref() != Some(state);
        self.seen = Some(state.clone());
        news
    }
}

impl Clusters<'_> {
    /// Starts the cluster unless it runs, and waits until it does. `on_change` sees it whenever its state is another one.
    ///
    /// A cluster that stops is waited for and then started. One that someone else starts at the same time is fine. Trouble
    /// of the service that passes does not end the wait.
    ///
    /// # Errors
    ///
    /// [`DatabricksError::ClusterNotRunning`] when the cluster is in error or stops again while it starts;
    /// [`rest_core::TimedOut`] when the limit of `wait` is reached; those of [`Clusters::get`] and [`Clusters::start`].
    pub async fn ensure_running(
        &self,
        cluster_id: &str,
        wait: Wait,
        on_change: impl FnMut(&Cluster) + Send,
    ) -> Result<Cluster> {
        let state = Mutex::new((Progress::default(), on_change));
        let what = format!("starting cluster {cluster_id}");
        poll(&what, wait, || async {
            let cluster = match self.get(cluster_id, None).await {
                Ok(answer) => answer.into_model()?,
                Err(error) if is_passing(&error) => return Ok(Polled::Pending(None)),
                Err(error) => return Err(error),
            };
            let step = {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                let (progress, on_change) = &mut *state;
                if progress.is_news(&cluster.state) {
                    on_change(&cluster);
                }
                progress.step(&cluster)
            };
            match step {
                Step::Done => return Ok(Polled::Done(cluster)),
                Step::Wait => {}
                Step::Fail => return Err(cluster.not_running().into_error()),
                Step::Start => self.start_unless_started(cluster_id).await?,
            }
            Ok(Polled::Pending(None))
        })
        .await
    }

    /// Starts a cluster; one that someone else has started in the meantime is fine, and so is an answer that got lost.
    async fn start_unless_started(&self, cluster_id: &str) -> Result<()> {
        match self.start(cluster_id, None).await {
            Ok(_) => Ok(()),
            Err(error) if is_passing(&error) => Ok(()),
            Err(error) => match ApiError::of(&error).and_then(|refusal| refusal.code.clone()) {
                Some(code) if code == "INVALID_STATE" => Ok(()),
                _ => Err(error),
            },
        }
    }
}

impl Cluster {
    /// Why this cluster is not one that runs.
    pub(crate) fn not_running(self) -> DatabricksError {
        DatabricksError::ClusterNotRunning {
            cluster_id: self.cluster_id,
            state: self.state,
            message: self.state_message,
            reason: self.termination_reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(state: &str, terminated_time: i64) -> Cluster {
        serde_json::from_value(serde_json::json!({
            "cluster_id": "c", "state": state, "terminated_time": terminated_time,
        }))
        .unwrap()
    }

    fn steps(states: &[(&str, i64)]) -> Vec<Step> {
        let mut progress = Progress::default();
        states
            .iter()
            .map(|(state, time)| progress.step(&cluster(state, *time)))
            .collect()
    }

    #[test]
    fn a_cluster_that_stops_is_started_when_it_stands_still() {
        assert_eq!(
            steps(&[
                ("TERMINATING", 0),
                ("TERMINATED", 1),
                ("PENDING", 1),
                ("RUNNING", 1)
            ]),
            [Step::Wait, Step::Start, Step::Wait, Step::Done]
        );
    }

    #[test]
    fn a_late_report_of_the_time_before_the_start_is_no_failure() {
        assert_eq!(
            steps(&[("TERMINATED", 1), ("TERMINATED", 1), ("PENDING", 1)]),
            [Step::Start, Step::Wait, Step::Wait]
        );
    }

    #[test]
    fn a_cluster_that_stops_again_has_failed() {
        assert_eq!(
            steps(&[("TERMINATED", 1), ("TERMINATED", 2)]),
            [Step::Start, Step::Fail]
        );
        assert_eq!(
            steps(&[("TERMINATED", 1), ("PENDING", 1), ("TERMINATING", 1)]),
            [Step::Start, Step::Wait, Step::Fail]
        );
        assert_eq!(steps(&[("TERMINATED", 1); 5])[4], Step::Fail);
        assert_eq!(steps(&[("ERROR", 1)]), [Step::Fail]);
        assert_eq!(steps(&[("UNKNOWN", 1)]), [Step::Fail]);
        assert_eq!(steps(&[("HIBERNATING", 1)]), [Step::Wait]);
    }
}
