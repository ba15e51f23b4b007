//! Documents, plans of them, and short words for what a plan says.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use adf_model::ResourceId;
use dataops_plan::{
    Desired, Live, Overlay, Plan, Request, ResourceKey, TriggerPolicies, TriggerSteps,
};
use dataops_solution::deployment::TriggerPolicy;
use serde_json::{Value, json};

/// Documents of a factory.
pub(crate) type Documents = Vec<(ResourceId, Value)>;

/// Documents by `KIND.NAME`, each with its properties.
pub(crate) fn documents<const N: usize>(all: [(&str, Value); N]) -> Documents {
    let all = all.into_iter();
    all.map(|(key, properties)| document(key, &properties))
        .collect()
}

pub(crate) fn document(key: &str, properties: &Value) -> (ResourceId, Value) {
    let id = id(key);
    let json = json!({"name": id.name, "properties": properties});
    (id, json)
}

pub(crate) fn id(key: &str) -> ResourceId {
    self::key(key).id().clone()
}

pub(crate) fn key(text: &str) -> ResourceKey {
    text.parse().unwrap()
}

/// A reference to a resource.
pub(crate) fn refer(key: &str) -> Value {
    let target = id(key);
    json!({"referenceName": target.name, "type": target.kind.reference()})
}

/// A linked service at a host.
pub(crate) fn service(host: &str) -> Value {
    json!({"type": "Sftp", "typeProperties": {"host": host}})
}

/// A dataset of a linked service.
pub(crate) fn dataset(service: &str, folder: &str) -> Value {
    json!({"type": "Binary", "linkedServiceName": refer(service), "typeProperties":
        {"location": {"type": "SftpLocation", "folderPath": folder}}})
}

/// A pipeline that starts others.
pub(crate) fn pipeline(calls: &[&str]) -> Value {
    let activity = |name: &&str| {
        json!({"name": format!("Start {name}"), "type": "ExecutePipeline",
            "typeProperties": {"pipeline": refer(name)}})
    };
    json!({"activities": calls.iter().map(activity).collect::<Vec<_>>()})
}

/// A schedule trigger that starts pipelines.
pub(crate) fn schedule(state: &str, starts: &[&str]) -> Value {
    let details = json!({"recurrence": {"frequency": "Day", "interval": 1}});
    trigger("ScheduleTrigger", state, starts, &details)
}

/// A trigger on blobs that starts pipelines.
pub(crate) fn events(state: &str, starts: &[&str], prefix: &str) -> Value {
    let details = json!({"scope": "/subscriptions/s", "blobPathBeginsWith": prefix});
    trigger("BlobEventsTrigger", state, starts, &details)
}

fn trigger(kind: &str, state: &str, starts: &[&str], details: &Value) -> Value {
    let start = |name: &&str| json!({"pipelineReference": refer(name)});
    json!({
        "type": kind,
        "runtimeState": state,
        "pipelines": starts.iter().map(start).collect::<Vec<_>>(),
        "typeProperties": details,
    })
}

/// A tumbling window trigger that depends on others.
pub(crate) fn tumbling(state: &str, starts: &str, start_time: &str, on: &[&str]) -> Value {
    let dependency = |name: &&str| json!({"type": "TumblingWindowTriggerDependencyReference", "referenceTrigger": refer(name)});
    json!({
        "type": "TumblingWindowTrigger",
        "runtimeState": state,
        "pipeline": {"pipelineReference": refer(starts)},
        "typeProperties": {
            "frequency": "Hour", "interval": 1, "startTime": start_time, "maxConcurrency": 1,
            "dependsOn": on.iter().map(dependency).collect::<Vec<_>>(),
        },
    })
}

/// The documents as the service would list them: with ids, entity tags and times.
pub(crate) fn listed(documents: &[(ResourceId, Value)]) -> Live {
    let shown = documents.iter().enumerate().map(|(at, (id, document))| {
        let mut document = document.clone();
        document["id"] = format!("/subscriptions/s/{at}").into();
        document["etag"] = format!("etag-{at}").into();
        document["properties"]["lastPublishTime"] = "2026-01-01T00:00:00Z".into();
        (id.clone(), document)
    });
    Live::new(Some(json!({"name": "adf-qa", "properties": {}})), shown)
}

pub(crate) fn desired(documents: &[(ResourceId, Value)]) -> Desired {
    Desired::of_documents(documents.to_vec(), &Overlay::default()).unwrap()
}

/// A request that deletes what the source does not have.
pub(crate) fn deleting() -> Request {
    Request {
        delete_not_in_source: true,
        ..Request::default()
    }
}

pub(crate) fn with_triggers<const N: usize>(policies: [(&str, TriggerPolicy); N]) -> Request {
    let policies = policies.map(|(name, policy)| (name.to_owned(), policy));
    Request {
        triggers: TriggerPolicies::new(&BTreeMap::from(policies)),
        ..Request::default()
    }
}

pub(crate) fn planned(
    source: &[(ResourceId, Value)],
    live: &[(ResourceId, Value)],
    request: &Request,
) -> Plan {
    dataops_plan::plan(&desired(source), &listed(live), request)
}

/// What a plan says, in short lines.
pub(crate) fn shown(plan: &Plan) -> String {
    let mut text = String::new();
    for resource in &plan.resources {
        let _ = writeln!(
            text,
            "{} {}: {}",
            resource.action, resource.resource, resource.because
        );
    }
    for problem in &plan.problems {
        let _ = writeln!(text, "! {}: {}", problem.resource, problem.text);
    }
    for finding in &plan.findings {
        let on = finding.resource.as_ref().map(|on| format!(" {on}"));
        let _ = writeln!(
            text,
            "{}: {}{}: {}",
            finding.verdict,
            finding.rule,
            on.unwrap_or_default(),
            finding.text
        );
    }
    for warning in &plan.warnings {
        let on = warning.resource.as_ref().map(|on| format!(" {on}:"));
        let _ = writeln!(text, "warning:{} {}", on.unwrap_or_default(), warning.text);
    }
    text
}

/// The triggers of a plan and their steps, in short lines.
pub(crate) fn shown_triggers(plan: &Plan) -> String {
    let mut text = String::new();
    for trigger in &plan.triggers {
        let stop = trigger.stop.as_ref().map(|why| format!("; stopped: {why}"));
        let start = if trigger.start { "; started" } else { "" };
        let _ = writeln!(
            text,
            "{}: {} to {}: {}{}{start}",
            trigger.trigger,
            trigger.before,
            trigger.after,
            trigger.because,
            stop.unwrap_or_default(),
        );
    }
    for (what, waves) in [("stop", &plan.order.stop), ("start", &plan.order.start)] {
        for wave in waves {
            let one = |steps: &TriggerSteps| format!("{} {:?}", steps.trigger, steps.steps);
            let wave: Vec<_> = wave.iter().map(one).collect();
            let _ = writeln!(text, "{what}: {}", wave.join(" | "));
        }
    }
    text
}

pub(crate) fn shown_levels(levels: &[Vec<ResourceKey>]) -> String {
    let line = |level: &Vec<ResourceKey>| {
        let keys: Vec<_> = level.iter().map(ToString::to_string).collect();
        keys.join(" ")
    };
    levels.iter().map(line).collect::<Vec<_>>().join("\n")
}
