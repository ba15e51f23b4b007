//! A deployment while it goes on: each resource as soon as what it depends on is there.

use std::sync::Arc;
use std::time::Instant;

use axum::http::{Method, StatusCode};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use serde_json::{Value, json};
use time::Duration;

use super::super::call::Call;
use super::history::{DeploymentRow, operation};
use super::template::{Expanded, Planned};
use crate::problem::in_full;
use crate::state::State;

/// Carries out a deployment in the background.
pub(super) fn start(state: &Arc<State>, row: &DeploymentRow, expanded: Expanded) {
    let key = row.key();
    let worker = Arc::clone(state);
    state.tasks.spawn(async move {
        let stopped = worker.stopping.clone().cancelled_owned();
        let going = go(&worker, &key, expanded);
        tokio::select! {
            () = going => {}
            () = stopped => end(&worker, &key, "Failed", Some(failure("the emulator was stopped", &[]))),
        }
    });
}

async fn go(state: &Arc<State>, key: &str, expanded: Expanded) {
    change(state, key, |row| row.go("Running", None));
    let mut turns = Turns::new(&expanded.resources);
    let mut open = FuturesUnordered::new();
    let mut problems = Vec::new();
    loop {
        for place in turns.due() {
            if is_wanted(state, key) {
                open.push(step(state, &expanded.resources[place], place));
            }
        }
        let Some((place, outcome)) = open.next().await else {
            break;
        };
        if let Some(problem) = &outcome.problem {
            problems.push(problem.clone());
        } else {
            turns.end(place);
        }
        let planned = &expanded.resources[place];
        let note = operation(planned, outcome.took, &outcome.status, outcome.problem);
        change(state, key, |row| row.note(note));
    }
    if !problems.is_empty() {
        let said = "at least one resource deployment operation failed; list deployment operations for details";
        return end(state, key, "Failed", Some(failure(said, &problems)));
    }
    let outputs = expanded.outputs;
    change(state, key, |row| {
        row.outputs = outputs;
        let last = json!({"properties": {"provisioningOperation": "EvaluateDeploymentOutput", "provisioningState": "Succeeded", "statusCode": "OK"}});
        row.note(last);
    });
    end(state, key, "Succeeded", None);
}

fn failure(said: &str, problems: &[Value]) -> Value {
    json!({"code": "DeploymentFailed", "message": said, "details": problems})
}

/// Whether nobody has ended the deployment.
fn is_wanted(state: &State, key: &str) -> bool {
    let row = state.adf.deployments.rows.get(key);
    row.is_some_and(|row| !row.has_ended())
}

fn end(state: &State, key: &str, how: &str, error: Option<Value>) {
    change(state, key, |row| row.go(how, error));
}

fn change(state: &State, key: &str, change: impl FnOnce(&mut DeploymentRow)) {
    if let Err(error) = state.adf.deployments.rows.update_regardless(key, change) {
        tracing::error!("{}", in_full(&error));
    }
}

struct Outcome {
    took: Duration,
    /// The status in ARM's words, such as `OK`.
    status: String,
    problem: Option<Value>,
}

async fn step(state: &Arc<State>, planned: &Planned, place: usize) -> (usize, Outcome) {
    let begun = Instant::now();
    tokio::time::sleep(state.pace.latency()).await;
    let (status, body) = match state.faults.of_step(&Method::PUT, &planned.id).await {
        Some(ordered) => ordered,
        None => put(state, planned),
    };
    let word = status
        .canonical_reason()
        .unwrap_or_default()
        .replace(' ', "");
    let outcome = Outcome {
        took: begun.elapsed().try_into().unwrap_or_default(),
        problem: (!status.is_success()).then(|| problem(&word, &body)),
        status: word,
    };
    (place, outcome)
}

/// What went wrong, in the provider's words.
fn problem(status: &str, body: &Value) -> Value {
    match body.get("error") {
        Some(error) => json!({"code": error["code"], "message": error["message"]}),
        None => json!({"code": status, "message": format!("the provider answered {status}")}),
    }
}

/// Puts a resource as any caller would.
fn put(state: &Arc<State>, planned: &Planned) -> (StatusCode, Value) {
    let call = Call::internal(
        Method::PUT,
        &planned.id,
        &planned.api_version,
        &planned.body,
    );
    call.answer(state)
}

/// Whose turn it is.
struct Turns<'r> {
    resources: &'r [Planned],
    begun: Vec<bool>,
    ended: Vec<bool>,
}

impl<'r> Turns<'r> {
    fn new(resources: &'r [Planned]) -> Self {
        Self {
            resources,
            begun: vec![false; resources.len()],
            ended: vec![false; resources.len()],
        }
    }

    /// Those that can begin now.
    fn due(&mut self) -> Vec<usize> {
        let is_due = |place: &usize| {
            !self.begun[*place]
                && self.resources[*place]
                    .after
                    .iter()
                    .all(|before| self.ended[*before])
        };
        let due: Vec<_> = (0..self.resources.len()).filter(is_due).collect();
        due.iter().for_each(|place| self.begun[*place] = true);
        due
    }

    fn end(&mut self, place: usize) {
        self.ended[place] = true;
    }
}
