//! What is kept of deployments, and how it is shown.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::template::{Planned, shown as shown_parameters};
use crate::http_date;
use crate::store::{StoreError, Table};

/// A deployment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct DeploymentRow {
    pub(super) subscription: String,
    pub(super) group: String,
    pub(super) name: String,
    pub(super) tags: Option<Value>,
    pub(super) state: String,
    pub(super) correlation: String,
    /// The id of what goes on, for its status.
    pub(super) operation: String,
    #[serde(with = "time::serde::rfc3339")]
    begun: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    changed: OffsetDateTime,
    pub(super) template: Value,
    template_hash: String,
    /// The parameters, without secret values.
    parameters: Value,
    pub(super) outputs: Option<Value>,
    pub(super) error: Option<Value>,
    operations: Vec<Value>,
}

/// What a caller asks for.
pub(super) struct Asked {
    pub(super) subscription: String,
    pub(super) group: String,
    pub(super) name: String,
    pub(super) tags: Option<Value>,
    pub(super) template: Value,
    /// The parameters, each within its `value`.
    pub(super) parameters: Map<String, Value>,
}

impl DeploymentRow {
    pub(super) fn new(asked: Asked) -> Self {
        let now = OffsetDateTime::now_utc();
        let mut hasher = DefaultHasher::new();
        asked.template.to_string().hash(&mut hasher);
        Self {
            parameters: shown_parameters(&asked.template, &asked.parameters),
            subscription: asked.subscription,
            group: asked.group,
            name: asked.name,
            tags: asked.tags,
            state: "Accepted".to_owned(),
            correlation: Uuid::new_v4().to_string(),
            operation: Uuid::new_v4().simple().to_string(),
            begun: now,
            changed: now,
            template: asked.template,
            template_hash: hasher.finish().to_string(),
            outputs: None,
            error: None,
            operations: Vec::new(),
        }
    }

    pub(super) fn key(&self) -> String {
        key(&self.subscription, &self.group, &self.name)
    }

    pub(super) fn id(&self) -> String {
        let Self {
            subscription,
            group,
            name,
            ..
        } = self;
        format!(
            "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Resources/deployments/{name}"
        )
    }

    pub(super) fn has_ended(&self) -> bool {
        matches!(self.state.as_str(), "Succeeded" | "Failed" | "Canceled")
    }

    /// Takes another state, unless it has ended.
    pub(super) fn go(&mut self, state: &str, error: Option<Value>) {
        if !self.has_ended() {
            self.state = state.to_owned();
            self.error = error;
            self.changed = OffsetDateTime::now_utc();
        }
    }

    /// Notes an operation.
    pub(super) fn note(&mut self, operation: Value) {
        self.operations.push(operation);
        self.changed = OffsetDateTime::now_utc();
    }

    /// How the history shows it.
    pub(super) fn shown(&self) -> Value {
        let mut properties = json!({
            "templateHash": self.template_hash,
            "parameters": self.parameters,
            "mode": "Incremental",
            "provisioningState": self.state,
            "timestamp": http_date::utc(self.changed),
            "duration": duration(self.changed - self.begun),
            "correlationId": self.correlation,
            "providers": [],
            "dependencies": [],
        });
        let outputs = self.outputs.iter().map(|it| ("outputs", it));
        for (name, value) in outputs.chain(self.error.iter().map(|it| ("error", it))) {
            properties[name] = value.clone();
        }
        if self.state == "Succeeded" {
            let targets = self
                .operations
                .iter()
                .filter_map(|it| it.pointer("/properties/targetResource/id"));
            properties["outputResources"] = targets.map(|id| json!({ "id": id })).collect();
        }
        let mut shown = json!({
            "id": self.id(),
            "name": self.name,
            "type": "Microsoft.Resources/deployments",
            "properties": properties,
        });
        if let Some(tags) = &self.tags {
            shown["tags"] = tags.clone();
        }
        shown
    }

    /// Its operations, with their ids.
    pub(super) fn operations(&self) -> Vec<Value> {
        let operations = self.operations.iter().enumerate().map(|(at, operation)| {
            let number = format!("{:016X}", at + 1);
            let mut shown =
                json!({"id": format!("{}/operations/{number}", self.id()), "operationId": number});
            shown["properties"] = operation["properties"].clone();
            shown
        });
        operations.collect()
    }
}

pub(super) fn key(subscription: &str, group: &str, name: &str) -> String {
    format!("{subscription}/{group}/{name}").to_lowercase()
}

/// A time as ISO 8601 writes it.
pub(super) fn duration(time: Duration) -> String {
    format!("PT{:.3}S", time.as_seconds_f64().max(0.0))
}

/// What an operation says of a resource.
pub(super) fn operation(
    planned: &Planned,
    took: Duration,
    status: &str,
    problem: Option<Value>,
) -> Value {
    let state = if problem.is_some() {
        "Failed"
    } else {
        "Succeeded"
    };
    let mut properties = json!({
        "provisioningOperation": "Create",
        "provisioningState": state,
        "timestamp": http_date::utc(OffsetDateTime::now_utc()),
        "duration": duration(took),
        "trackingId": Uuid::new_v4().to_string(),
        "serviceRequestId": Uuid::new_v4().to_string(),
        "statusCode": status,
        "targetResource": {
            "id": planned.id,
            "resourceType": planned.kind,
            "resourceName": planned.name,
            "apiVersion": planned.api_version,
        },
    });
    if let Some(problem) = problem {
        properties["statusMessage"] = json!({"status": "Failed", "error": problem});
    }
    json!({ "properties": properties })
}

/// The most results of questions that are kept.
const MOST_RESULTS: usize = 64;

/// All deployments, and the results of questions about some.
pub(in super::super) struct History {
    pub(super) rows: Table<DeploymentRow>,
    results: Mutex<BTreeMap<u64, Value>>,
}

impl History {
    /// Opens what `folder` has. What was going on has failed.
    pub(in super::super) fn open(folder: std::path::PathBuf) -> Result<Self, StoreError> {
        let rows: Table<DeploymentRow> = Table::open(folder)?;
        for (key, row) in rows.list() {
            if !row.has_ended() {
                let error = json!({"code": "DeploymentFailed", "message": "the emulator ended while the deployment was going on"});
                rows.update(&key, |row| row.go("Failed", Some(error)))?;
            }
        }
        Ok(Self {
            rows,
            results: Mutex::default(),
        })
    }

    pub(in super::super) fn clear(&self) -> Result<(), StoreError> {
        self.rows.clear()
    }

    /// Keeps a result for whoever follows a `Location`.
    pub(super) fn keep(&self, result: Value) -> u64 {
        let mut results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        let number = results.last_key_value().map_or(1, |(last, _)| last + 1);
        results.insert(number, result);
        if results.len() > MOST_RESULTS {
            results.pop_first();
        }
        number
    }

    pub(super) fn result(&self, number: u64) -> Option<Value> {
        let results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        results.get(&number).cloned()
    }
}
