//! A factory of sixty resources of many kinds, before and after a change.

use dataops_solution::Solution;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::solution::write;

const SETTINGS: &str = "\
name: wide
adf: { root: adf }
environments:
  local: { emulator: true, deleteNotInSource: true, policy: { requireConsent: [], maxDeletePercent: 50 } }
  qa: { subscription: 11111111-1111-1111-1111-111111111111, resourceGroup: rg-qa, dataFactory: adf-wide, deleteNotInSource: true }
";

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// What is there at first.
    First,
    /// What it becomes: some resources are new, some differ, some are gone, and so it is with triggers.
    Second,
}

/// A solution of sixty resources.
#[must_use]
pub fn wide(edition: Edition) -> (TempDir, Solution) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "dataops.yaml", SETTINGS);
    for (path, properties) in documents(edition) {
        let name = path.rsplit('/').next().unwrap_or_default();
        let document = json!({"name": name, "properties": properties});
        write(
            folder.path(),
            &format!("adf/{path}.json"),
            &document.to_string(),
        );
    }
    let solution = Solution::find(folder.path()).unwrap();
    (folder, solution)
}

fn documents(edition: Edition) -> Vec<(String, Value)> {
    let is_second = edition == Edition::Second;
    let mut all = services(is_second);
    all.extend(flows(is_second));
    all.extend(triggers(is_second));
    all
}

fn reference(name: &str, kind: &str) -> Value {
    json!({"referenceName": name, "type": format!("{kind}Reference")})
}

fn services(is_second: bool) -> Vec<(String, Value)> {
    let mut all = vec![
        (
            "integrationRuntime/onsite".to_owned(),
            json!({"type": "SelfHosted", "description": if is_second { "nodes at the site" } else { "" }}),
        ),
        (
            "credential/robot".to_owned(),
            json!({"type": "ManagedIdentity", "typeProperties": {"resourceId": "/subscriptions/s/robot"}}),
        ),
        (
            "factory/adf-wide".to_owned(),
            json!({"globalParameters": {"mode": {"type": "String", "value": if is_second { "live" } else { "test" }}}}),
        ),
    ];
    for at in 0..6 {
        let host = if is_second && at == 2 {
            "moved"
        } else {
            "store"
        };
        let endpoint = format!("https://{host}{at}.blob.core.windows.net/");
        let via = reference("onsite", "IntegrationRuntime");
        all.push((
            format!("linkedService/store{at}"),
            json!({"type": "AzureBlobStorage", "connectVia": via, "typeProperties": {"serviceEndpoint": endpoint}}),
        ));
    }
    // The last two datasets of the first edition are gone in the second, which has two others.
    for at in if is_second { 2..20 } else { 0..18 } {
        let place = json!({"type": "AzureBlobStorageLocation", "container": if is_second && at == 5 { "moved" } else { "input" }});
        all.push((
            format!("dataset/file{at}"),
            json!({"type": "Binary", "linkedServiceName": reference(&format!("store{}", at % 6), "LinkedService"),
                "typeProperties": {"location": place}}),
        ));
    }
    all
}

fn flows(is_second: bool) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for at in if is_second { 2..24 } else { 0..22 } {
        let seconds = if is_second && at % 5 == 0 { 2 } else { 1 };
        let mut activities = vec![
            json!({"name": "wait", "type": "Wait", "typeProperties": {"waitTimeInSeconds": seconds}}),
            json!({"name": "look", "type": "GetMetadata", "typeProperties": {
                "dataset": reference(&format!("file{}", 2 + at % 16), "Dataset"), "fieldList": ["exists"]}}),
        ];
        if at > 3 && at % 4 == 0 {
            let inner = reference(&format!("flow{}", at - 1), "Pipeline");
            activities.push(
                json!({"name": "inner", "type": "ExecutePipeline", "typeProperties": {"pipeline": inner}}),
            );
        }
        all.push((
            format!("pipeline/flow{at}"),
            json!({"activities": activities}),
        ));
    }
    all
}

fn triggers(is_second: bool) -> Vec<(String, Value)> {
    let starts =
        |flow: usize| json!([{"pipelineReference": reference(&format!("flow{flow}"), "Pipeline")}]);
    let interval = if is_second { 2 } else { 1 };
    let schedule = |flow, interval, state: &str| {
        json!({"type": "ScheduleTrigger", "runtimeState": state, "pipelines": starts(flow), "typeProperties": {
            "recurrence": {"frequency": "Hour", "interval": interval, "startTime": "2030-01-01T00:00:00Z", "timeZone": "UTC"}}})
    };
    let event = |flow, ending: &str| {
        json!({"type": "BlobEventsTrigger", "runtimeState": "Started", "pipelines": starts(flow), "typeProperties": {
            "scope": "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/stdev",
            "blobPathBeginsWith": "/nowhere/blobs/", "blobPathEndsWith": ending, "ignoreEmptyBlobs": true,
            "events": ["Microsoft.Storage.BlobCreated"]}})
    };
    let window = |flow: usize, retries: u32, after: Option<&str>| {
        let depends: Vec<_> = after
            .into_iter()
            .map(|name| json!({"type": "TumblingWindowTriggerDependencyReference", "referenceTrigger": reference(name, "Trigger")}))
            .collect();
        json!({"type": "TumblingWindowTrigger", "runtimeState": "Started",
            "pipeline": {"pipelineReference": reference(&format!("flow{flow}"), "Pipeline")},
            "typeProperties": {"frequency": "Hour", "interval": 1, "startTime": "2030-01-01T00:00:00Z", "maxConcurrency": 1,
                "retryPolicy": {"count": retries, "intervalInSeconds": 30}, "dependsOn": depends}})
    };
    let mut all = vec![
        ("trigger/Hourly", schedule(4, interval, "Started")),
        ("trigger/Asleep", schedule(5, interval, "Stopped")),
        ("trigger/Steady", schedule(6, 1, "Started")),
        (
            "trigger/OnCsv",
            event(7, if is_second { ".csv" } else { ".txt" }),
        ),
        ("trigger/OnSame", event(8, ".same")),
        ("trigger/Windows", window(9, interval, None)),
        ("trigger/Later", window(10, 1, Some("Windows"))),
    ];
    all.push(match is_second {
        true => ("trigger/Fresh", event(11, ".new")),
        false => ("trigger/Gone", schedule(0, 1, "Started")),
    });
    let named = all.into_iter();
    named.map(|(path, json)| (path.to_owned(), json)).collect()
}
