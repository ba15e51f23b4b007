//! Clusters: names under which notebooks run. Starting one costs nothing, and its states move on when somebody looks.

use serde_json::{Map, Value, json};

use super::USER;
use super::clock::now;
use super::cluster::{Cluster, ClusterState};
use super::refusal::Refusal;
use crate::store::{StoreError, Table};

/// The fields that tell a cluster's size.
pub(super) const SIZE: [&str; 2] = ["num_workers", "autoscale"];

pub(super) struct Clusters {
    rows: Table<Cluster>,
}

impl Clusters {
    pub(super) fn open(dir: &std::path::Path) -> Result<Self, StoreError> {
        Ok(Self {
            rows: Table::open(dir.join("clusters"))?,
        })
    }

    pub(super) fn create(&self, spec: Map<String, Value>, is_job: bool) -> Result<String, Refusal> {
        check_spec(&spec)?;
        let id = new_id();
        self.put_new(&id, spec, is_job)?;
        Ok(id)
    }

    /// Makes a cluster of a given id, unless there is one.
    pub(super) fn keep(&self, id: &str, spec: Map<String, Value>) -> Result<(), Refusal> {
        check_spec(&spec)?;
        match self.rows.get(id) {
            Some(_) => Ok(()),
            None => self.put_new(id, spec, false),
        }
    }

    fn put_new(&self, id: &str, mut spec: Map<String, Value>, is_job: bool) -> Result<(), Refusal> {
        if !spec.contains_key("cluster_name") {
            let name = if is_job {
                format!("job-{id}")
            } else {
                String::new()
            };
            spec.insert("cluster_name".into(), name.into());
        }
        let mut cluster = Cluster {
            state: ClusterState::Pending,
            spec,
            is_job,
            libraries: Vec::new(),
            pinned: false,
            start_time: now(),
            terminated_time: None,
            events: Vec::new(),
        };
        cluster.note("CREATING", cluster.size());
        Ok(self.rows.put(id, cluster)?)
    }

    /// A cluster as it is.
    pub(super) fn peek(&self, id: &str) -> Result<Cluster, Refusal> {
        self.rows.get(id).ok_or_else(|| unknown(id))
    }

    /// A cluster whose state moves on by being looked at.
    pub(super) fn look(&self, id: &str) -> Result<Cluster, Refusal> {
        self.change(id, |cluster| {
            cluster.advance();
            Ok(cluster.clone())
        })
    }

    pub(super) fn list(&self) -> Result<Vec<(String, Cluster)>, Refusal> {
        let ids = self.rows.list().into_iter().map(|(id, _)| id);
        ids.map(|id| Ok((id.clone(), self.look(&id)?))).collect()
    }

    pub(super) fn change<R>(
        &self,
        id: &str,
        change: impl FnOnce(&mut Cluster) -> Result<R, Refusal>,
    ) -> Result<R, Refusal> {
        self.rows
            .update(id, change)?
            .unwrap_or_else(|| Err(unknown(id)))
    }

    pub(super) fn start(&self, id: &str) -> Result<(), Refusal> {
        self.change(id, |cluster| {
            if cluster.state != ClusterState::Terminated {
                return Err(unexpected(id, cluster.state));
            }
            cluster.state = ClusterState::Pending;
            cluster.start();
            cluster.note("STARTING", json!({"user": USER}));
            Ok(())
        })
    }

    pub(super) fn restart(&self, id: &str) -> Result<(), Refusal> {
        self.change(id, |cluster| {
            if cluster.state != ClusterState::Running {
                return Err(unexpected(id, cluster.state));
            }
            cluster.state = ClusterState::Restarting;
            cluster.start();
            cluster.note("RESTARTING", json!({"user": USER}));
            Ok(())
        })
    }

    pub(super) fn edit(&self, id: &str, spec: Map<String, Value>) -> Result<(), Refusal> {
        check_spec(&spec)?;
        self.change(id, |cluster| {
            match cluster.state {
                _ if cluster.is_job => {
                    return Err(Refusal::invalid(format!(
                        "Cluster {id} was made for a job and cannot be edited"
                    )));
                }
                ClusterState::Running => {
                    cluster.state = ClusterState::Restarting;
                    cluster.start();
                }
                ClusterState::Terminated => {}
                state => return Err(unexpected(id, state)),
            }
            cluster.spec = spec;
            cluster.note("EDITED", json!({"user": USER}));
            Ok(())
        })
    }

    /// Changes the size of a cluster that runs.
    pub(super) fn resize(&self, id: &str, size: Map<String, Value>) -> Result<(), Refusal> {
        self.change(id, |cluster| {
            if cluster.state != ClusterState::Running {
                return Err(unexpected(id, cluster.state));
            }
            for field in SIZE {
                cluster.spec.remove(field);
            }
            cluster.spec.extend(size);
            let size = cluster.size();
            cluster.note("RESIZING", size.clone());
            cluster.note("UPSIZE_COMPLETED", size);
            Ok(())
        })
    }

    pub(super) fn terminate(&self, id: &str) -> Result<(), Refusal> {
        self.change(id, |cluster| {
            if !matches!(
                cluster.state,
                ClusterState::Terminated | ClusterState::Terminating
            ) {
                cluster.state = ClusterState::Terminating;
                cluster.terminated_time = Some(now());
                let reason = json!({"code": "USER_REQUEST", "type": "SUCCESS"});
                cluster.note("TERMINATING", json!({"reason": reason, "user": USER}));
            }
            Ok(())
        })
    }

    pub(super) fn pin(&self, id: &str, pinned: bool) -> Result<(), Refusal> {
        self.change(id, |cluster| {
            cluster.pinned = pinned;
            let kind = if pinned { "PINNED" } else { "UNPINNED" };
            cluster.note(kind, json!({"user": USER}));
            Ok(())
        })
    }

    pub(super) fn remove(&self, id: &str) -> Result<(), Refusal> {
        if self.peek(id)?.pinned {
            let message = format!("Cluster {id} is pinned; unpin it first");
            return Err(Refusal::invalid(message));
        }
        self.rows.remove(id)?;
        Ok(())
    }

    /// Makes a cluster ready for a run, whatever it was doing.
    pub(super) fn ready(&self, id: &str) -> Result<Cluster, Refusal> {
        self.change(id, |cluster| {
            if matches!(
                cluster.state,
                ClusterState::Terminated | ClusterState::Terminating
            ) {
                cluster.start();
                cluster.note("STARTING", json!({"user": USER}));
            }
            if cluster.state != ClusterState::Running {
                cluster.note("RUNNING", cluster.size());
            }
            cluster.state = ClusterState::Running;
            Ok(cluster.clone())
        })
    }

    /// Ends a cluster that was made for one run.
    pub(super) fn release(&self, id: &str) {
        let ended = self.change(id, |cluster| {
            if cluster.is_job {
                cluster.state = ClusterState::Terminated;
                cluster.terminated_time = Some(now());
            }
            Ok(())
        });
        if let Err(error) = ended {
            tracing::warn!("cannot end the cluster {id}: {error}");
        }
    }
}

fn check_spec(spec: &Map<String, Value>) -> Result<(), Refusal> {
    let given = |name: &str| spec.get(name).is_some_and(|value| !value.is_null());
    let version = spec.get("spark_version").and_then(Value::as_str);
    if version.unwrap_or_default().is_empty() {
        return Err(Refusal::invalid("Missing required field 'spark_version'"));
    }
    if given("num_workers") && given("autoscale") {
        let message = "Only one of num_workers and autoscale may be given";
        return Err(Refusal::invalid(message));
    }
    Ok(())
}

fn unknown(id: &str) -> Refusal {
    Refusal::invalid(format!("Cluster {id} does not exist"))
}

fn unexpected(id: &str, state: ClusterState) -> Refusal {
    let message = format!("Cluster {id} is in unexpected state {}.", state.word());
    Refusal::bad("INVALID_STATE", message)
}

/// `MMDD-hhmmss-xxxxxxxx`.
fn new_id() -> String {
    let time = time::OffsetDateTime::now_utc();
    let random = uuid::Uuid::new_v4().simple().to_string();
    format!(
        "{:02}{:02}-{:02}{:02}{:02}-{}",
        u8::from(time.month()),
        time.day(),
        time.hour(),
        time.minute(),
        time.second(),
        &random[..8]
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn spec() -> Map<String, Value> {
        json!({"spark_version": "14.3.x-scala2.12", "num_workers": 1})
            .as_object()
            .cloned()
            .unwrap()
    }

    #[test]
    fn a_cluster_moves_on_when_it_is_looked_at() {
        let dir = tempfile::tempdir().unwrap();
        let clusters = Clusters::open(dir.path()).unwrap();
        let id = clusters.create(spec(), false).unwrap();
        let refused = clusters.start(&id).unwrap_err();
        assert_eq!(refused.code(), "INVALID_STATE");
        assert!(refused.to_string().ends_with("unexpected state Pending."));

        assert_eq!(clusters.look(&id).unwrap().state, ClusterState::Running);
        clusters.terminate(&id).unwrap();
        assert_eq!(clusters.peek(&id).unwrap().state, ClusterState::Terminating);
        assert_eq!(clusters.look(&id).unwrap().state, ClusterState::Terminated);
        clusters.start(&id).unwrap();
        drop(clusters);

        let clusters = Clusters::open(dir.path()).unwrap();
        let cluster = clusters.look(&id).unwrap();
        assert_eq!(cluster.state, ClusterState::Running);
        assert_eq!(cluster.runtime_version(), "14.3");
    }

    #[test]
    fn an_unknown_cluster_and_a_bare_specification_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let clusters = Clusters::open(dir.path()).unwrap();

        let unknown = clusters.look("x").err().unwrap();
        let bare = clusters.create(Map::new(), false).unwrap_err();

        assert_eq!(unknown.to_string(), "Cluster x does not exist");
        assert_eq!(bare.code(), "INVALID_PARAMETER_VALUE");
    }
}
