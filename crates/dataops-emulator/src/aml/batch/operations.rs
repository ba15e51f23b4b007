//! What goes on behind an answer of Azure Resource Manager. Here it is over by the time of the first question.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::aml::{WORKSPACE_ID, now};

/// So many are remembered.
const MOST: usize = 1000;

/// The last operations.
#[derive(Default)]
pub(super) struct Operations(Mutex<VecDeque<(String, String)>>);

impl Operations {
    /// Remembers an operation of `be`, an endpoint, or `bd`, a deployment, and gives its name.
    pub(super) fn begin(&self, kind: &str) -> String {
        let name = format!("{kind}:{WORKSPACE_ID}:{}", Uuid::new_v4());
        let mut kept = self.kept();
        kept.truncate(MOST - 1);
        kept.push_front((name.clone(), now()));
        name
    }

    /// How it went.
    pub(super) fn status(&self, name: &str, id: &str) -> Option<Value> {
        let kept = self.kept();
        let (name, began) = kept.iter().find(|(known, _)| known == name)?;
        Some(json!({
            "id": id,
            "name": name,
            "startTime": began,
            "endTime": began,
            "percentComplete": 100.0,
            "status": "Succeeded",
        }))
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<(String, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
