//! What can be done with integration runtimes (`Integration Runtimes - Get Status`, `List Auth Keys`, `Start`, …). None of
//! them has a machine behind it: a self-hosted one never has a node, and one for SSIS starts by being asked about.

use adf_model::{Kind, ResourceId};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::call::{Call, invalid};
use super::place::FactoryPath;
use super::store::ResourceRow;
use super::{Answer, lacking, ok, resources};
use crate::problem::Problem;
use crate::state::State;

/// Where the row keeps the keys of a self-hosted one.
const KEYS: [&str; 2] = ["authKey1", "authKey2"];
/// Where it keeps the state of one for SSIS.
const STATE: &str = "state";

/// An action below an integration runtime.
pub(super) fn act(
    state: &State,
    call: &Call,
    factory: &FactoryPath,
    name: &str,
    below: &[&str],
) -> Answer {
    let id = ResourceId::new(Kind::IntegrationRuntime, name);
    let _writing = state.adf.exclusive();
    let Some(row) = state.adf.resource(factory, &id) else {
        return Err(resources::absent(factory, &id));
    };
    let runtime = Runtime {
        state,
        key: factory.key_of(&id),
        id,
        factory,
        row,
    };
    let post = call.method == Method::POST;
    match below {
        [] if call.method == Method::PATCH => runtime.update(call),
        ["getstatus"] if post => Ok(ok(&runtime.looked_at()?.status())),
        ["monitoringdata"] if post => Ok(ok(&json!({"name": runtime.row.name, "nodes": []}))),
        ["listauthkeys"] if post => Ok(ok(&runtime.keys(None)?)),
        ["regenerateauthkey"] if post => runtime.regenerate(call),
        ["start"] if post => runtime.begin(call, "start", "Starting"),
        ["stop"] if post => runtime.begin(call, "stop", "Stopping"),
        [action @ ("start" | "stop"), "operationstatuses", _] if call.method == Method::GET => {
            runtime.operation(action)
        }
        ["start", "operationresults", _] if call.method == Method::GET => Ok(ok(&runtime.status())),
        ["stop", "operationresults", _] if call.method == Method::GET => {
            Ok(StatusCode::OK.into_response())
        }
        ["nodes", node, ..] => Err(Problem::not_found(format!(
            "the {} has no node `{node}`",
            runtime.id
        ))),
        _ => Err(lacking(call)),
    }
}

struct Runtime<'a> {
    state: &'a State,
    factory: &'a FactoryPath,
    id: ResourceId,
    key: String,
    row: ResourceRow,
}

impl Runtime<'_> {
    fn is_self_hosted(&self) -> bool {
        self.row.properties["type"] == "SelfHosted"
    }

    fn is_for_ssis(&self) -> bool {
        self.row.properties["typeProperties"]["ssisProperties"].is_object()
    }

    fn state(&self) -> &str {
        let kept = self.row.behind.get(STATE).and_then(Value::as_str);
        match (self.is_self_hosted(), self.is_for_ssis()) {
            (true, _) => "NeedRegistration",
            (false, true) => kept.unwrap_or("Initial"),
            (false, false) => "Online",
        }
    }

    fn keep(&self, change: impl FnOnce(&mut Map<String, Value>)) -> Result<Self, Problem>
    where
        Self: Sized,
    {
        let changed = self.state.adf.resources.update(&self.key, |row| {
            change(&mut row.behind);
            row.clone()
        })?;
        Ok(Self {
            row: changed.unwrap_or_else(|| self.row.clone()),
            id: self.id.clone(),
            key: self.key.clone(),
            ..*self
        })
    }

    /// What was on its way has arrived once somebody looks.
    fn looked_at(self) -> Result<Self, Problem> {
        let arrived = match self.state() {
            "Starting" => "Started",
            "Stopping" => "Stopped",
            _ => return Ok(self),
        };
        self.keep(|behind| {
            behind.insert(STATE.to_owned(), arrived.into());
        })
    }

    fn status(&self) -> Value {
        let mut details = json!({"createTime": self.row.published});
        if self.is_self_hosted() {
            let setting = |name: &str, default: &str| {
                let set = self.row.behind.get(name).cloned();
                set.unwrap_or_else(|| default.into())
            };
            let more = json!({
                "nodes": [], "links": [], "capabilities": {}, "serviceUrls": [],
                "internalChannelEncryption": "NotEncrypted",
                "autoUpdate": setting("autoUpdate", "Off"),
                "updateDelayOffset": setting("updateDelayOffset", "PT3H"),
                "localTimeZoneOffset": "PT0S",
            });
            merge(&mut details, more);
        } else {
            merge(&mut details, json!({"nodes": [], "otherErrors": []}));
        }
        json!({
            "name": self.row.name,
            "properties": {
                "type": self.row.properties["type"],
                "state": self.state(),
                "dataFactoryName": self.factory.name,
                "typeProperties": details,
            },
        })
    }

    /// The keys that a node is registered with; `renewed` gets another one.
    fn keys(&self, renewed: Option<&str>) -> Result<Value, Problem> {
        if !self.is_self_hosted() {
            return Err(self.refused("has keys only when it is self-hosted"));
        }
        let kept = self.keep(|behind| {
            for name in KEYS {
                if renewed == Some(name) || !behind.contains_key(name) {
                    behind.insert(name.to_owned(), new_key(&self.factory.name).into());
                }
            }
        })?;
        let keys = KEYS.map(|name| (name.to_owned(), kept.row.behind[name].clone()));
        Ok(Value::Object(keys.into_iter().collect()))
    }

    fn regenerate(&self, call: &Call) -> Answer {
        let body = call.object()?;
        let wanted = body.get("keyName").and_then(Value::as_str);
        let found = KEYS.into_iter().find(|name| Some(*name) == wanted);
        let name = found
            .ok_or_else(|| invalid("`keyName` must be `authKey1` or `authKey2`".to_owned()))?;
        Ok(ok(&self.keys(Some(name))?))
    }

    fn update(&self, call: &Call) -> Answer {
        if !self.is_self_hosted() {
            return Err(self.refused("is updated only when it is self-hosted"));
        }
        let body = call.object()?;
        let kept = self.keep(|behind| {
            for name in ["autoUpdate", "updateDelayOffset"] {
                // The offset comes with quotes inside the text.
                if let Some(text) = body.get(name).and_then(Value::as_str) {
                    behind.insert(name.to_owned(), text.trim_matches('"').into());
                }
            }
        })?;
        Ok(ok(&resources::shown(self.factory, &self.id, &kept.row)))
    }

    /// Starts or stops one for SSIS; the answer says where to ask how it goes.
    fn begin(&self, call: &Call, action: &str, state: &str) -> Answer {
        if !self.is_for_ssis() {
            return Err(self.refused("is started and stopped only when it is managed, for SSIS"));
        }
        self.keep(|behind| {
            behind.insert(STATE.to_owned(), state.into());
        })?;
        let operation = Uuid::new_v4();
        let at = |of: &str| {
            let path = self.factory.id_of(&self.id);
            let link = format!(
                "{}{path}/{action}/{of}/{operation}?api-version=2018-06-01",
                call.origin
            );
            HeaderValue::from_str(&link.replace(' ', "%20"))
        };
        let mut response = StatusCode::ACCEPTED.into_response();
        let headers = response.headers_mut();
        for (name, of) in [
            ("azure-asyncoperation", "operationstatuses"),
            ("location", "operationresults"),
        ] {
            if let Ok(link) = at(of) {
                headers.insert(name, link);
            }
        }
        headers.insert("retry-after", HeaderValue::from_static("1"));
        Ok(response)
    }

    /// How a start or a stop goes: done by the first time it is asked for.
    fn operation(self, action: &str) -> Answer {
        let arrived = self.looked_at()?;
        let done = match action {
            "start" => "Started",
            _ => "Stopped",
        };
        // Another action has come between.
        let status = match arrived.state() == done {
            true => "Succeeded",
            false => "Canceled",
        };
        let body = json!({"name": action, "status": status, "properties": null, "error": null});
        Ok::<Response, Problem>(ok(&body))
    }

    fn refused(&self, reason: &str) -> Problem {
        Problem::bad_request(format!("the {} {reason}", self.id))
    }
}

fn merge(object: &mut Value, more: Value) {
    if let (Value::Object(object), Value::Object(more)) = (object, more) {
        object.extend(more);
    }
}

/// A key in the form of the service's.
fn new_key(factory: &str) -> String {
    let random = [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()].concat();
    format!(
        "IR@{}@{factory}@ServiceEndpoint={factory}.local.datafactory.azure.net@{}",
        Uuid::new_v4(),
        STANDARD.encode(random)
    )
}
