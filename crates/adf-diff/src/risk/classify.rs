//! Which risk a property stands for.

use adf_model::Kind;
use adf_model::secret::Secrecy;
use serde_json::Value;

use super::RiskKind;
use crate::noise::HIDDEN;
use crate::{Path, PropertyChange, Step, What};

/// Where data are read and written, how they are chosen and how they are written.
const DATA: [&str; 47] = [
    "accountEndpoint",
    "additionalColumns",
    "blobPath",
    "bucketName",
    "collectionName",
    "connectionString",
    "container",
    "containerUri",
    "database",
    "dataset",
    "datasetParameters",
    "deleteFilesAfterCompletion",
    "domain",
    "endpoint",
    "fileListPath",
    "fileName",
    "fileShare",
    "fileSystem",
    "folderPath",
    "functionAppUrl",
    "host",
    "inputs",
    "linkedService",
    "linkedServiceName",
    "mappings",
    "modifiedDatetimeEnd",
    "modifiedDatetimeStart",
    "mount",
    "outputs",
    "preCopyScript",
    "prefix",
    "query",
    "recursive",
    "relativeUrl",
    "server",
    "serviceEndpoint",
    "serviceUri",
    "sink",
    "sinks",
    "source",
    "sources",
    "sqlReaderQuery",
    "table",
    "tableName",
    "url",
    "wildcardFileName",
    "wildcardFolderPath",
];
/// What does the work: code, statements, and other pipelines.
const RUNS: [&str; 20] = [
    "className",
    "command",
    "dataFlow",
    "dataflow",
    "functionName",
    "jarFilePath",
    "libraries",
    "mainClassName",
    "mlPipelineEndpointId",
    "mlPipelineId",
    "notebook",
    "notebookPath",
    "packageLocation",
    "pipeline",
    "pythonFile",
    "rootPath",
    "scriptPath",
    "scripts",
    "sparkJob",
    "storedProcedureName",
];
/// Lists that are carried out in their order.
const IN_ORDER: [&str; 4] = ["scripts", "arguments", "parameters", "commands"];
const RUN: [&str; 20] = [
    "batchCount",
    "compute",
    "concurrency",
    "dataIntegrationUnits",
    "dependencyConditions",
    "dependsOn",
    "elapsedTimeMetric",
    "enableSkipIncompatibleRow",
    "expression",
    "isSequential",
    "items",
    "on",
    "onInactiveMarkAs",
    "parallelCopies",
    "retry",
    "retryIntervalInSeconds",
    "state",
    "timeout",
    "waitOnCompletion",
    "waitTimeInSeconds",
];
const SECRET: [&str; 14] = [
    "accessKeyId",
    "authentication",
    "authenticationType",
    "clientId",
    "credential",
    "principalId",
    "secretName",
    "secretVersion",
    "secureInput",
    "secureOutput",
    "servicePrincipalId",
    "store",
    "tenant",
    "userName",
];
const RUNTIME: [&str; 6] = [
    "connectVia",
    "existingClusterId",
    "instancePoolId",
    "integrationRuntime",
    "integrationRuntimeReference",
    "newClusterVersion",
];
const NETWORK: [&str; 11] = [
    "allowVNetOverride",
    "customerVirtualNetwork",
    "disableCertValidation",
    "enableServerCertificateValidation",
    "encrypt",
    "fqdns",
    "managedVirtualNetwork",
    "preventDataExfiltration",
    "publicNetworkAccess",
    "skipHostKeyValidation",
    "vNetProperties",
];

/// The risk of a difference, by the nearest property above it that stands for one.
pub(super) fn classify(kind: Kind, change: &PropertyChange) -> Option<RiskKind> {
    let path = &change.path;
    match kind {
        Kind::Trigger if concerns_behaviour(path) => return Some(RiskKind::TriggerBehaviour),
        Kind::IntegrationRuntime if !path.has("annotations") && !path.has("description") => {
            return Some(RiskKind::IntegrationRuntime);
        }
        Kind::ManagedPrivateEndpoint | Kind::ManagedVirtualNetwork => {
            return Some(RiskKind::NetworkAccess);
        }
        Kind::Credential if path.has("typeProperties") => return Some(RiskKind::Secret),
        _ => {}
    }
    if is_activity(path) {
        return of_activity(change);
    }
    if let Some(retyped) = of_type(kind, path) {
        return Some(retyped);
    }
    if is_value_of_global(kind, path) {
        return Some(RiskKind::RunBehaviour);
    }
    let keys = path.0.iter().rev().filter_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        _ => None,
    });
    // The names of columns and parameters are no properties.
    let mut keys = keys.take_while(|key| {
        !matches!(
            *key,
            "schema" | "structure" | "userProperties" | "annotations"
        )
    });
    keys.find_map(of_key).or_else(|| of_table(kind, path))
}

/// The risk of another order in a list: only what is carried out in its order has one.
pub(super) fn of_move(path: &Path) -> Option<RiskKind> {
    let is_in_order = path.key().is_some_and(|key| IN_ORDER.contains(&key));
    is_in_order.then_some(RiskKind::WhatRuns)
}

fn of_key(key: &str) -> Option<RiskKind> {
    let tables: [(&[&str], RiskKind); 6] = [
        (&RUNTIME, RiskKind::IntegrationRuntime),
        (&NETWORK, RiskKind::NetworkAccess),
        (&SECRET, RiskKind::Secret),
        (&RUN, RiskKind::RunBehaviour),
        (&RUNS, RiskKind::WhatRuns),
        (&DATA, RiskKind::DataLocation),
    ];
    let found = tables.iter().find(|(keys, _)| keys.contains(&key));
    found.map(|(_, kind)| *kind)
}

/// The risk of another type, which makes another thing of what has the same name. Parameters are a matter of the contract.
fn of_type(kind: Kind, path: &Path) -> Option<RiskKind> {
    let (Step::Key(last), above) = path.steps().split_last()? else {
        return None;
    };
    if last != "type" {
        return None;
    }
    match (above, kind) {
        ([], Kind::Dataset | Kind::LinkedService) => Some(RiskKind::DataLocation),
        ([], Kind::DataFlow) => Some(RiskKind::WhatRuns),
        ([], Kind::Credential) => Some(RiskKind::Secret),
        ([Step::Key(list), _], Kind::Pipeline) if list == "variables" => {
            Some(RiskKind::RunBehaviour)
        }
        ([Step::Key(list), _], Kind::Factory) if list == "globalParameters" => {
            Some(RiskKind::Contract)
        }
        ([_], Kind::GlobalParameters) => Some(RiskKind::Contract),
        (above, Kind::Pipeline) if is_activity(&Path(above.to_vec())) => Some(RiskKind::WhatRuns),
        _ => None,
    }
}

/// Whether the path leads to the value of a global parameter, or into it.
fn is_value_of_global(kind: Kind, path: &Path) -> bool {
    let below = match (kind, path.steps()) {
        (Kind::Factory, [Step::Key(list), below @ ..]) if list == "globalParameters" => below,
        (Kind::GlobalParameters, below) => below,
        _ => return false,
    };
    matches!(below, [_, Step::Key(key), ..] if key == "value")
}

/// The schema of a table is a text; the columns of a dataset are a list of the same name beside `typeProperties`.
fn of_table(kind: Kind, path: &Path) -> Option<RiskKind> {
    let is_table =
        kind == Kind::Dataset && path.has("typeProperties") && path.key() == Some("schema");
    is_table.then_some(RiskKind::DataLocation)
}

fn concerns_behaviour(path: &Path) -> bool {
    let Some(Step::Key(first)) = path.steps().first() else {
        return false;
    };
    matches!(
        first.as_str(),
        "pipeline" | "pipelines" | "runtimeState" | "type" | "typeProperties"
    )
}

/// Whether the path leads to an activity itself, not into one.
fn is_activity(path: &Path) -> bool {
    let list = path.0.iter().rev().nth(1);
    let lists = [
        "activities",
        "ifTrueActivities",
        "ifFalseActivities",
        "defaultActivities",
    ];
    matches!(path.0.last(), Some(Step::Name(_)))
        && matches!(list, Some(Step::Key(key)) if lists.contains(&key.as_str()))
}

fn of_activity(change: &PropertyChange) -> Option<RiskKind> {
    match &change.what {
        What::Added(activity) | What::Removed(activity) => {
            match activity.get("type").and_then(Value::as_str)? {
                "Copy" | "Delete" | "ExecuteDataFlow" | "Script" | "SqlServerStoredProcedure" => {
                    Some(RiskKind::DataLocation)
                }
                _ => Some(RiskKind::RunBehaviour),
            }
        }
        What::Relocated { .. } => Some(RiskKind::RunBehaviour),
        _ => None,
    }
}

/// What else should be known about a difference.
pub(super) fn note(kind: Kind, change: &PropertyChange) -> Option<&'static str> {
    let key = change.path.key()?;
    let shares = |value: &Value| value.get("linkedInfo").is_some();
    let was_shared = match &change.what {
        What::Added(value) | What::Removed(value) => shares(value),
        What::Changed { before, after } => shares(before) != shares(after),
        _ => false,
    };
    match (kind, key) {
        (Kind::IntegrationRuntime, _) if was_shared || change.path.has("linkedInfo") => Some(
            "a runtime that is shared from another factory and one of its own cannot become each other",
        ),
        (Kind::IntegrationRuntime, "type") => {
            Some("the service refuses to change the type of a runtime that exists")
        }
        (Kind::ManagedPrivateEndpoint, _) => {
            Some("the service refuses to change a private endpoint that exists")
        }
        (Kind::Dataset | Kind::LinkedService, "type") if change.path.steps().len() == 1 => {
            Some("whatever uses it has to take the other type")
        }
        (Kind::Trigger, "runtimeState") => Some("deployments take it for the state that is wanted"),
        _ => None,
    }
}

/// Whether a linked service has a secret in its document.
pub(super) fn holds_secret(document: &Value) -> bool {
    let secrets = Secrecy::of(Kind::LinkedService).secrets(document);
    let mut secrets = secrets.iter();
    secrets.any(|secret| !secret.contains('@') && secret != HIDDEN)
}
