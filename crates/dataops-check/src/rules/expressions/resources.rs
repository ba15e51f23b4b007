//! The expressions of datasets, linked services and triggers.

use adf_expr::{Symbols, System, TriggerKind};
use adf_model::Members as _;
use serde_json::Value;

use super::Shared;
use super::calls::Started;
use super::declarations::{known, names};
use super::judge::{Judge, Plain};
use super::values::Look;
use crate::walk::{Step, Way};

/// Looks at a dataset's document. Beside its own parameters it sees the system variables of the run that uses it.
pub(super) fn dataset(judge: &mut Judge<'_, '_>, shared: &Shared<'_>) {
    let Some(properties) = judge.file.json().member("properties") else {
        return;
    };
    let parameters = names(properties, "parameters");
    let symbols = Symbols {
        dataset: known(properties, "parameters", &parameters),
        system: System::Documented,
        ..Symbols::default()
    };
    let keys = ["linkedServiceName", "typeProperties"];
    parts(judge, properties, &keys, look(&symbols, shared));
}

/// Looks at a linked service's document.
pub(super) fn linked_service(judge: &mut Judge<'_, '_>, shared: &Shared<'_>) {
    let Some(properties) = judge.file.json().member("properties") else {
        return;
    };
    let parameters = names(properties, "parameters");
    let symbols = Symbols {
        linked_service: known(properties, "parameters", &parameters),
        ..Symbols::default()
    };
    let look = Look {
        // Secrets and connection strings may hold anything.
        plain: Plain::Data,
        ..look(&symbols, shared)
    };
    parts(judge, properties, &["connectVia", "typeProperties"], look);
}

fn look<'s>(symbols: &'s Symbols<'s>, shared: &'s Shared<'_>) -> Look<'s> {
    Look {
        symbols,
        signatures: &shared.signatures,
        plain: Plain::Text,
    }
}

fn parts(judge: &mut Judge<'_, '_>, properties: &Value, keys: &[&str], look: Look<'_>) {
    for key in keys {
        if let Some(part) = properties.member(key) {
            let mut way = Way::default()
                .then(Step::Key("properties"))
                .then(Step::Key(key));
            judge.values(&mut way, part, look);
        }
    }
}

/// Looks at a trigger's document: what it gives to the pipelines that it starts.
pub(super) fn trigger(judge: &mut Judge<'_, '_>, shared: &Shared<'_>) {
    let Some(properties) = judge.file.json().member("properties") else {
        return;
    };
    let symbols = Symbols {
        trigger: Some(kind(properties)),
        ..Symbols::default()
    };
    let look = look(&symbols, shared);
    let way = Way::default().then(Step::Key("properties"));
    if let Some(Value::Object(started)) = properties.member("pipeline") {
        let mut way = way.then(Step::Key("pipeline"));
        judge.started(&mut way, started, Started::ByTrigger, look);
    }
    let pipelines = properties.member("pipelines").and_then(Value::as_array);
    for (at, started) in pipelines.into_iter().flatten().enumerate() {
        if let Value::Object(started) = started {
            let mut way = way.then(Step::Key("pipelines")).then(Step::Index(at));
            judge.started(&mut way, started, Started::ByTrigger, look);
        }
    }
}

fn kind(properties: &Value) -> TriggerKind {
    match properties.member("type").and_then(Value::as_str) {
        Some("ScheduleTrigger") => TriggerKind::Schedule,
        Some("TumblingWindowTrigger") => TriggerKind::TumblingWindow,
        Some("BlobEventsTrigger") => TriggerKind::BlobEvents,
        Some("CustomEventsTrigger") => TriggerKind::CustomEvents,
        _ => TriggerKind::Anything,
    }
}
