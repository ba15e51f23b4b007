//! One cluster.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::USER;
use super::clock::now;
use super::cluster_events::Happened;
use super::libraries::Installed;

/// Where a cluster is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum ClusterState {
    Pending,
    Running,
    Restarting,
    Terminating,
    Terminated,
}

impl ClusterState {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Restarting => "RESTARTING",
            Self::Terminating => "TERMINATING",
            Self::Terminated => "TERMINATED",
        }
    }

    /// As messages write it: `Running`.
    pub(super) fn word(self) -> String {
        let text = self.as_str();
        format!("{}{}", &text[..1], text[1..].to_ascii_lowercase())
    }
}

/// A cluster's row.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Cluster {
    pub(super) state: ClusterState,
    /// What it was made from.
    pub(super) spec: Map<String, Value>,
    /// Made for one run.
    pub(super) is_job: bool,
    pub(super) libraries: Vec<Installed>,
    pub(super) pinned: bool,
    pub(super) start_time: i64,
    pub(super) terminated_time: Option<i64>,
    #[serde(default)]
    pub(super) events: Vec<Happened>,
}

impl Cluster {
    /// The version as `DATABRICKS_RUNTIME_VERSION` tells it: `15.4` of `15.4.x-scala2.12`.
    pub(super) fn runtime_version(&self) -> String {
        let version = self.spec.get("spark_version").and_then(Value::as_str);
        let numbers: Vec<&str> = version
            .unwrap_or_default()
            .split(['.', '-'])
            .take_while(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
            .take(2)
            .collect();
        match numbers.as_slice() {
            [_, _] => numbers.join("."),
            _ => "15.4".to_owned(),
        }
    }

    pub(super) fn environment(&self) -> BTreeMap<String, String> {
        let variables = self.spec.get("spark_env_vars").and_then(Value::as_object);
        variables
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect()
    }

    /// The `ClusterDetails`.
    pub(super) fn describe(&self, id: &str) -> Value {
        let mut details = self.spec.clone();
        details.remove("libraries");
        details.insert("cluster_id".into(), id.into());
        details.insert("state".into(), self.state.as_str().into());
        details.insert("state_message".into(), "".into());
        details.insert("creator_user_name".into(), USER.into());
        details.insert("start_time".into(), self.start_time.into());
        let source = if self.is_job { "JOB" } else { "API" };
        details.insert("cluster_source".into(), source.into());
        details.insert(
            "default_tags".into(),
            json!({"Vendor": "Databricks", "Creator": USER, "ClusterId": id}),
        );
        details.insert("spec".into(), Value::Object(self.spec.clone()));
        if let Some(time) = self.terminated_time {
            let code = if self.is_job {
                "JOB_FINISHED"
            } else {
                "USER_REQUEST"
            };
            details.insert("terminated_time".into(), time.into());
            details.insert(
                "termination_reason".into(),
                json!({"code": code, "type": "SUCCESS", "parameters": {}}),
            );
        }
        Value::Object(details)
    }

    pub(super) fn start(&mut self) {
        self.start_time = now();
        self.terminated_time = None;
        for library in &mut self.libraries {
            library.restart();
        }
        self.libraries.retain(|library| !library.is_leaving());
    }

    pub(super) fn advance(&mut self) {
        self.state = match self.state {
            ClusterState::Pending | ClusterState::Restarting => {
                self.note("RUNNING", self.size());
                ClusterState::Running
            }
            ClusterState::Terminating => ClusterState::Terminated,
            settled => settled,
        };
    }
}
