//! Whether the owners of what private endpoints lead to approve them. In Azure they are another team; here somebody orders what they do.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What owners do, from now on.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Decision {
    /// What becomes of a private endpoint.
    status: Status,
    /// How often it is looked at, pending, before that.
    #[serde(default)]
    after: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Status {
    Pending,
    Approved,
    Rejected,
    Disconnected,
}

/// What owners do, and how often each private endpoint was looked at.
#[derive(Default)]
pub(crate) struct Approvals(Mutex<State>);

#[derive(Default)]
struct State {
    decision: Option<Decision>,
    looks: BTreeMap<String, u32>,
}

impl Approvals {
    pub(crate) fn decide(&self, decision: Option<Decision>) {
        *self.state() = State {
            decision,
            looks: BTreeMap::new(),
        };
    }

    pub(crate) fn decision(&self) -> Option<Decision> {
        self.state().decision.clone()
    }

    /// Tells of a private endpoint that is looked at how its connection stands. Before anybody has ordered something it tells nothing.
    pub(super) fn look(&self, endpoint: &mut Value) {
        self.tell(endpoint, 1);
    }

    /// Tells the same of one that is listed, which does not count as a look.
    pub(super) fn list(&self, endpoint: &mut Value) {
        self.tell(endpoint, 0);
    }

    fn tell(&self, endpoint: &mut Value, more: u32) {
        let mut state = self.state();
        let Some(Decision { status, after }) = state.decision.clone() else {
            return;
        };
        let id = endpoint["id"].as_str().unwrap_or_default().to_lowercase();
        let looks = state.looks.entry(id).or_default();
        *looks = looks.saturating_add(more);
        let status = match *looks > after {
            true => status,
            false => Status::Pending,
        };
        let required = match status {
            Status::Pending => "approval by the owner",
            _ => "None",
        };
        endpoint["properties"]["connectionState"] =
            json!({"status": status, "description": "", "actionsRequired": required});
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
