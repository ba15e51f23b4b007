//! Properties that are spelled nearly as others, and have no effect.
//!
//! The service takes properties that it does not know, and passes them over; so only what is nearly a known one is told.

use adf_model::Kind;
use adf_model::pointer::escape;
use adf_source::{SourceFile, SourceResource};
use serde_json::{Map, Value};

use super::SLIP;
use crate::pipeline::Activity;
use crate::suggestion::is_slip;
use crate::{Finding, Findings};

const OF_ALL: [&str; 4] = ["annotations", "description", "type", "typeProperties"];

/// What `properties` of each kind have beside that.
const OF_KIND: [(Kind, &[&str]); 4] = [
    (
        Kind::Pipeline,
        &[
            "activities",
            "concurrency",
            "folder",
            "lastPublishTime",
            "parameters",
            "policy",
            "runDimensions",
            "variables",
        ],
    ),
    (
        Kind::Dataset,
        &[
            "folder",
            "linkedServiceName",
            "parameters",
            "schema",
            "structure",
        ],
    ),
    (
        Kind::LinkedService,
        &["connectVia", "parameters", "version"],
    ),
    (Kind::Trigger, &["pipeline", "pipelines", "runtimeState"]),
];

const ACTIVITY: [&str; 12] = [
    "dependsOn",
    "description",
    "inputs",
    "linkedServiceName",
    "name",
    "onInactiveMarkAs",
    "outputs",
    "policy",
    "state",
    "type",
    "typeProperties",
    "userProperties",
];

const POLICY: [&str; 5] = [
    "retry",
    "retryIntervalInSeconds",
    "secureInput",
    "secureOutput",
    "timeout",
];

/// What `typeProperties` of each type of activity have.
const OF_TYPE: [(&str, &[&str]); 26] = [
    ("AppendVariable", &["variableName", "value"]),
    (
        "AzureFunctionActivity",
        &["method", "functionName", "headers", "body"],
    ),
    (
        "AzureMLExecutePipeline",
        &[
            "mlPipelineId",
            "mlPipelineEndpointId",
            "version",
            "experimentName",
            "mlPipelineParameters",
            "dataPathAssignments",
            "mlParentRunId",
            "continueOnStepFailure",
        ],
    ),
    (
        "Copy",
        &[
            "source",
            "sink",
            "translator",
            "enableStaging",
            "stagingSettings",
            "parallelCopies",
            "dataIntegrationUnits",
            "enableSkipIncompatibleRow",
            "redirectIncompatibleRowSettings",
            "logStorageSettings",
            "logSettings",
            "preserve",
            "preserveRules",
            "validateDataConsistency",
            "skipErrorFile",
        ],
    ),
    ("DatabricksJob", &["jobId", "jobParameters"]),
    (
        "DatabricksNotebook",
        &["notebookPath", "baseParameters", "libraries"],
    ),
    (
        "DatabricksSparkJar",
        &["mainClassName", "parameters", "libraries"],
    ),
    (
        "DatabricksSparkPython",
        &["pythonFile", "parameters", "libraries"],
    ),
    (
        "Delete",
        &[
            "dataset",
            "recursive",
            "maxConcurrentConnections",
            "enableLogging",
            "logStorageSettings",
            "storeSettings",
        ],
    ),
    (
        "ExecuteDataFlow",
        &[
            "dataflow",
            "staging",
            "integrationRuntime",
            "compute",
            "continuationSettings",
            "traceLevel",
            "continueOnError",
            "runConcurrently",
            "sourceStagingConcurrency",
        ],
    ),
    (
        "ExecutePipeline",
        &["pipeline", "parameters", "waitOnCompletion"],
    ),
    ("Fail", &["message", "errorCode"]),
    ("Filter", &["items", "condition"]),
    (
        "ForEach",
        &["items", "isSequential", "batchCount", "activities"],
    ),
    (
        "GetMetadata",
        &["dataset", "fieldList", "storeSettings", "formatSettings"],
    ),
    (
        "IfCondition",
        &["expression", "ifTrueActivities", "ifFalseActivities"],
    ),
    (
        "Lookup",
        &["source", "dataset", "firstRowOnly", "treatDecimalAsString"],
    ),
    (
        "Script",
        &[
            "scripts",
            "scriptBlockExecutionTimeout",
            "logSettings",
            "returnMultistatementResult",
            "treatDecimalAsString",
        ],
    ),
    (
        "SetVariable",
        &["variableName", "value", "setSystemVariable"],
    ),
    (
        "SqlServerStoredProcedure",
        &["storedProcedureName", "storedProcedureParameters"],
    ),
    ("Switch", &["on", "cases", "defaultActivities"]),
    ("Until", &["expression", "timeout", "activities"]),
    (
        "Validation",
        &["dataset", "timeout", "sleep", "minimumSize", "childItems"],
    ),
    ("Wait", &["waitTimeInSeconds"]),
    (
        "WebActivity",
        &[
            "method",
            "url",
            "headers",
            "body",
            "authentication",
            "disableCertValidation",
            "httpRequestTimeout",
            "turnOffAsync",
            "datasets",
            "linkedServices",
            "connectVia",
        ],
    ),
    (
        "WebHook",
        &[
            "method",
            "url",
            "timeout",
            "headers",
            "body",
            "authentication",
            "reportStatusOnCallBack",
        ],
    ),
];

/// Looks at what stands directly below `properties`.
pub(super) fn check_resource(
    resource: &SourceResource,
    properties: &Value,
    findings: &mut Findings,
) {
    let of_kind = OF_KIND.iter().find(|(kind, _)| *kind == resource.id.kind);
    if let (Some((kind, known)), Some(members)) = (of_kind, properties.as_object()) {
        let known = Known {
            names: &[&OF_ALL[..], known].concat(),
            owner: &format!("a {kind}"),
        };
        known.check(&resource.file, "/properties", members, findings);
    }
}

/// Looks at an activity, its policy and the properties of its type.
pub(super) fn check_activity(file: &SourceFile, activity: &Activity<'_>, findings: &mut Findings) {
    let kind = activity.kind().unwrap_or_default();
    let of_type = OF_TYPE.iter().find(|(of, _)| *of == kind);
    let pointer = &activity.pointer;
    let itself = Known {
        names: &ACTIVITY,
        owner: "an activity",
    };
    itself.check(file, pointer, activity.json, findings);
    let parts = [
        ("policy", &POLICY[..], "a policy".to_owned()),
        (
            "typeProperties",
            of_type.map_or(&[][..], |(_, names)| *names),
            format!("an activity of type {kind}"),
        ),
    ];
    for (part, names, owner) in parts {
        let members = activity.json.get(part).and_then(Value::as_object);
        if let Some(members) = members {
            let known = Known {
                names,
                owner: &owner,
            };
            known.check(file, &format!("{pointer}/{part}"), members, findings);
        }
    }
}

/// The names that an object has by its nature.
struct Known<'k> {
    names: &'k [&'k str],
    owner: &'k str,
}

impl Known<'_> {
    fn check(
        &self,
        file: &SourceFile,
        pointer: &str,
        members: &Map<String, Value>,
        findings: &mut Findings,
    ) {
        for key in members.keys() {
            if self.has(key) {
                continue;
            }
            // What is there already was not meant.
            let mut names = self.names.iter();
            let meant = names.find(|name| is_slip(key, name) && !members.contains_key(**name));
            if let Some(meant) = meant {
                let message = format!(
                    "{} has no `{key}`, and the service passes it over",
                    self.owner
                );
                let place = format!("{pointer}/{}", escape(key));
                let finding = Finding::at_key(&SLIP, file, place, message);
                findings.add(finding.hint(format!("did you mean `{meant}`?")));
            }
        }
    }

    /// Whether it is one of them; the service reads names in any case.
    fn has(&self, key: &str) -> bool {
        self.names.iter().any(|name| name.eq_ignore_ascii_case(key))
    }
}
