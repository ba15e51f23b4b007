//! What is known about the outputs of activities.

use adf_expr::{Output, Types};
use adf_model::Members as _;
use serde_json::{Map, Value};

/// What is known about an activity's output.
pub(super) fn output(kind: &str, activity: &Map<String, Value>) -> Output {
    let properties = activity.member("typeProperties").unwrap_or(&Value::Null);
    match kind {
        "Lookup" => lookup(properties),
        "GetMetadata" => metadata(properties),
        "Copy" => known(COPY, COPIED),
        "Filter" => known(FILTER, &[]),
        "ExecutePipeline" => execute(properties),
        "Script" => known(SCRIPT, SCRIPTED),
        "Delete" => known(DELETE, DELETED),
        "DatabricksNotebook" => known(NOTEBOOK, &["runOutput", "runError"]),
        "DatabricksSparkJar" | "DatabricksSparkPython" => known(NOTEBOOK, &[]),
        // The body of the answer stands beside it, with names of its own.
        "WebActivity" => Output {
            names: vec!["ADFWebActivityResponseHeaders"],
            ..Output::default()
        },
        "SetVariable" => known(SET, &[]),
        _ => Output::default(),
    }
}

/// An output with properties of known types, and others.
fn known(fields: &'static [(&'static str, Types)], others: &[&'static str]) -> Output {
    let names = fields.iter().map(|(name, _)| *name);
    let names = names.chain(others.iter().copied()).chain(OF_ALL);
    Output {
        fields,
        names: names.collect(),
        ..Output::default()
    }
}

/// What each output has that comes from an integration runtime.
const OF_ALL: [&str; 4] = [
    "billingReference",
    "durationInQueue",
    "effectiveIntegrationRuntime",
    "executionDuration",
];

const COPY: &[(&str, Types)] = &[
    ("errors", Types::ARRAY),
    ("executionDetails", Types::ARRAY),
    ("effectiveIntegrationRuntime", Types::STRING),
];
const COPIED: &[&str] = &[
    "copyDuration",
    "dataConsistencyVerification",
    "dataRead",
    "dataWritten",
    "filesRead",
    "filesSkipped",
    "filesWritten",
    "logFilePath",
    "logPath",
    "perfRecommendation",
    "profile",
    "redirectRowPath",
    "reportLineageToPurview",
    "rowsCopied",
    "rowsRead",
    "rowsSkipped",
    "sinkPeakConnections",
    "sourcePeakConnections",
    "sqlDwPolyBase",
    "throughput",
    "usedDataIntegrationUnits",
    "usedParallelCopies",
];
const FILTER: &[(&str, Types)] = &[
    ("ItemsCount", Types::INTEGER),
    ("FilteredItemsCount", Types::INTEGER),
    ("Value", Types::ARRAY),
];
const EXECUTE: &[(&str, Types)] = &[
    ("pipelineName", Types::STRING),
    ("pipelineRunId", Types::STRING),
    ("pipelineReturnValue", Types::OBJECT),
];
const SCRIPT: &[(&str, Types)] = &[
    ("resultSetCount", Types::INTEGER),
    ("resultSets", Types::ARRAY),
    ("outputParameters", Types::OBJECT),
];
const SCRIPTED: &[&str] = &[
    "outputLogs",
    "outputLogsLocation",
    "outputTruncated",
    "recordsAffected",
];
const DELETE: &[(&str, Types)] = &[("filesDeleted", Types::INTEGER)];
const DELETED: &[&str] = &["datasetName", "logPath", "recursive", "wildcard"];
const NOTEBOOK: &[(&str, Types)] = &[("runPageUrl", Types::STRING)];
const SET: &[(&str, Types)] = &[("name", Types::STRING), ("value", Types::ANY)];

/// Either the first row or all of them.
fn lookup(properties: &Value) -> Output {
    const ONE: &[(&str, Types)] = &[("firstRow", Types::OBJECT)];
    const ALL: &[(&str, Types)] = &[("value", Types::ARRAY)];
    let first = match properties.member("firstRowOnly") {
        None | Some(Value::Null) => true,
        Some(Value::Bool(first)) => *first,
        Some(_) => return Output::default(),
    };
    if first {
        let hint = "`firstRowOnly` is true: there is `output.firstRow`";
        return Output {
            absent: vec![("value", hint), ("count", hint)],
            ..known(ONE, &[])
        };
    }
    let hint = "`firstRowOnly` is false: there is `output.value` and `output.count`";
    Output {
        absent: vec![("firstRow", hint)],
        ..known(ALL, &["count"])
    }
}

/// What a pipeline returns is there when it has been waited for.
fn execute(properties: &Value) -> Output {
    let is_left = properties.member("waitOnCompletion") == Some(&Value::Bool(false));
    let hint = "`waitOnCompletion` is false: nothing is known of what it returns";
    Output {
        absent: is_left
            .then_some(("pipelineReturnValue", hint))
            .into_iter()
            .collect(),
        ..known(EXECUTE, &[])
    }
}

/// What can be asked for, and as what it is answered.
const METADATA: &[(&str, Types)] = &[
    ("childItems", Types::ARRAY),
    ("columnCount", Types::INTEGER),
    ("contentMD5", Types::STRING),
    ("created", Types::STRING),
    ("exists", Types::BOOLEAN),
    ("itemName", Types::STRING),
    ("itemType", Types::STRING),
    ("lastModified", Types::STRING),
    ("size", Types::INTEGER),
    ("structure", Types::ARRAY),
];

/// Just the fields that are asked for.
fn metadata(properties: &Value) -> Output {
    let Some(Value::Array(asked)) = properties.member("fieldList") else {
        return known(METADATA, &[]);
    };
    let Some(asked): Option<Vec<&str>> = asked.iter().map(Value::as_str).collect() else {
        return known(METADATA, &[]);
    };
    if asked.iter().any(|field| field.contains('@')) {
        return known(METADATA, &[]);
    }
    let is_asked = |name: &str| asked.iter().any(|asked| asked.eq_ignore_ascii_case(name));
    let names = METADATA.iter().map(|(name, _)| *name);
    let absent = names.filter(|name| !is_asked(name));
    Output {
        absent: absent
            .map(|name| (name, "add it to the activity's `fieldList`"))
            .collect(),
        is_closed: true,
        ..known(METADATA, &[])
    }
}
