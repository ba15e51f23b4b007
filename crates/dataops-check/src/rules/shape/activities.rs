//! What an activity must have.

use adf_model::Members as _;
use adf_source::SourceFile;
use serde_json::Value;

use super::{
    COPY_LISTS, Expected, NO_NAME, NO_TYPE, REQUIRED, check_member, choices, parts, references,
    slips, types, wrong,
};
use crate::pipeline::{Activity, Pipeline};
use crate::value::{described, is_given};
use crate::{Finding, Findings};

const MEMBERS: [(&str, Expected); 10] = [
    ("dependsOn", Expected::Array),
    ("typeProperties", Expected::Object),
    ("policy", Expected::Object),
    ("userProperties", Expected::Array),
    ("inputs", Expected::Array),
    ("outputs", Expected::Array),
    ("linkedServiceName", Expected::Object),
    ("description", Expected::Text),
    ("state", Expected::Text),
    ("onInactiveMarkAs", Expected::Text),
];

/// Members of `typeProperties` whose type is certain, wherever they stand.
const TYPE_MEMBERS: [(&str, &str, Expected); 23] = [
    ("ForEach", "activities", Expected::Array),
    ("Until", "activities", Expected::Array),
    ("IfCondition", "ifTrueActivities", Expected::Array),
    ("IfCondition", "ifFalseActivities", Expected::Array),
    ("Switch", "cases", Expected::Array),
    ("Switch", "defaultActivities", Expected::Array),
    ("Copy", "source", Expected::Object),
    ("Copy", "sink", Expected::Object),
    ("Copy", "translator", Expected::ObjectOrExpression),
    ("ExecutePipeline", "pipeline", Expected::Object),
    ("ExecutePipeline", "parameters", Expected::Object),
    ("Script", "scripts", Expected::Array),
    (
        "DatabricksNotebook",
        "baseParameters",
        Expected::ObjectOrExpression,
    ),
    ("GetMetadata", "fieldList", Expected::ArrayOrExpression),
    ("Delete", "dataset", Expected::Object),
    ("GetMetadata", "dataset", Expected::Object),
    ("Lookup", "dataset", Expected::Object),
    ("Validation", "dataset", Expected::Object),
    (
        "SqlServerStoredProcedure",
        "storedProcedureParameters",
        Expected::ObjectOrExpression,
    ),
    ("ExecutePipeline", "waitOnCompletion", Expected::Flag),
    ("ForEach", "isSequential", Expected::Flag),
    ("Lookup", "firstRowOnly", Expected::Flag),
    ("Wait", "waitTimeInSeconds", Expected::Number),
];

/// What `typeProperties` of each type must have. Alternatives are parted by `|`.
const REQUIRED_OF: [(&str, &[&str]); 35] = [
    ("AppendVariable", &["variableName"]),
    ("AzureDataExplorerCommand", &["command"]),
    ("AzureFunctionActivity", &["functionName", "method"]),
    (
        "AzureMLExecutePipeline",
        &["mlPipelineId|mlPipelineEndpointId"],
    ),
    ("Copy", &["source", "sink"]),
    ("Custom", &["command"]),
    ("DatabricksJob", &["jobId"]),
    ("DatabricksNotebook", &["notebookPath"]),
    ("DatabricksSparkJar", &["mainClassName"]),
    ("DatabricksSparkPython", &["pythonFile"]),
    ("Delete", &["dataset"]),
    ("ExecuteDataFlow", &["dataflow|dataFlow"]),
    ("ExecutePipeline", &["pipeline"]),
    ("ExecuteSSISPackage", &["packageLocation", "connectVia"]),
    ("ExecuteWranglingDataflow", &["dataflow|dataFlow"]),
    ("Fail", &["message", "errorCode"]),
    ("Filter", &["items", "condition"]),
    ("ForEach", &["items", "activities"]),
    ("GetMetadata", &["dataset"]),
    ("HDInsightMapReduce", &["className", "jarFilePath"]),
    ("HDInsightSpark", &["rootPath", "entryFilePath"]),
    (
        "HDInsightStreaming",
        &["mapper", "reducer", "input", "output", "filePaths"],
    ),
    ("IfCondition", &["expression"]),
    ("Lookup", &["source", "dataset"]),
    ("Script", &["scripts"]),
    ("SetVariable", &["variableName"]),
    ("SparkJob", &["sparkJob"]),
    ("SqlServerStoredProcedure", &["storedProcedureName"]),
    ("Switch", &["on"]),
    ("SynapseNotebook", &["notebook"]),
    ("Until", &["expression", "activities"]),
    ("Validation", &["dataset"]),
    ("Wait", &["waitTimeInSeconds"]),
    ("WebActivity", &["url", "method"]),
    ("WebHook", &["url", "method"]),
];

/// The types that work through a linked service of their own.
const WITH_LINKED_SERVICE: [&str; 15] = [
    "AzureDataExplorerCommand",
    "AzureFunctionActivity",
    "AzureMLExecutePipeline",
    "Custom",
    "DatabricksJob",
    "DatabricksNotebook",
    "DatabricksSparkJar",
    "DatabricksSparkPython",
    "HDInsightHive",
    "HDInsightMapReduce",
    "HDInsightPig",
    "HDInsightSpark",
    "HDInsightStreaming",
    "Script",
    "SqlServerStoredProcedure",
];

pub(super) fn check(pipeline: &Pipeline<'_>, findings: &mut Findings) {
    check_lists(pipeline, findings);
    for activity in &pipeline.activities {
        check_members(pipeline, activity, findings);
        parts::check_state(&pipeline.resource.file, activity, findings);
        if activity.is_active {
            check_required(pipeline, activity, findings);
            references::check_activity(&pipeline.resource.file, activity, findings);
            parts::check(&pipeline.resource.file, activity, findings);
            choices::check(&pipeline.resource.file, activity, findings);
            check_copy(&pipeline.resource.file, activity, findings);
            slips::check_activity(&pipeline.resource.file, activity, findings);
        }
    }
}

/// Entries of `activities` that are no objects are in no list of activities.
fn check_lists(pipeline: &Pipeline<'_>, findings: &mut Findings) {
    let file = &pipeline.resource.file;
    let top = pipeline.resource.property("activities");
    check_list(file, top, || "/properties/activities".to_owned(), findings);
    for activity in &pipeline.activities {
        let of_type = TYPE_MEMBERS
            .iter()
            .filter(|(kind, _, _)| Some(*kind) == activity.kind());
        for (_, member, expected) in of_type {
            if *expected == Expected::Array {
                let list = activity.type_property(member);
                let pointer = || format!("{}/typeProperties/{member}", activity.pointer);
                check_list(file, list, pointer, findings);
            }
        }
    }
}

fn check_list(
    file: &SourceFile,
    list: Option<&Value>,
    pointer: impl Fn() -> String,
    findings: &mut Findings,
) {
    let items = list.and_then(Value::as_array);
    for (at, item) in items.into_iter().flatten().enumerate() {
        if !item.is_object() {
            let place = format!("{}/{at}", pointer());
            findings.add(wrong(file, &place, Expected::Object, item));
        }
    }
}

fn check_members(pipeline: &Pipeline<'_>, activity: &Activity<'_>, findings: &mut Findings) {
    let file = &pipeline.resource.file;
    for (member, rule) in [("name", &NO_NAME), ("type", &NO_TYPE)] {
        match activity.json.member(member) {
            Some(Value::String(text)) if !text.is_empty() => {}
            None | Some(Value::Null | Value::String(_)) => {
                let name = activity
                    .name()
                    .map_or("an activity".to_owned(), |name| format!("`{name}`"));
                let message = format!("{name} has no `{member}`");
                let place = named_place(activity);
                findings.add(Finding::at(rule, file, place, message));
            }
            Some(other) => {
                let pointer = format!("{}/{member}", activity.pointer);
                findings.add(wrong(file, &pointer, Expected::Text, other));
            }
        }
    }
    if let Some(kind) = activity.kind().filter(|kind| !kind.is_empty()) {
        let pointer = format!("{}/type", activity.pointer);
        types::check_activity(file, &pointer, kind, findings);
    }
    for (member, expected) in MEMBERS {
        if let Some(value) = activity.json.member(member)
            && !value.is_null()
            && !expected.accepts(value)
        {
            let pointer = format!("{}/{member}", activity.pointer);
            findings.add(wrong(file, &pointer, expected, value));
        }
    }
    if let Some(policy) = activity.json.member("policy") {
        let above = || format!("{}/policy", activity.pointer);
        for member in ["secureInput", "secureOutput"] {
            check_member(file, (policy, above), member, Expected::Flag, findings);
        }
    }
    let Some(properties) = activity.type_properties() else {
        return;
    };
    let above = || format!("{}/typeProperties", activity.pointer);
    for (kind, member, expected) in TYPE_MEMBERS {
        if activity.kind() == Some(kind) {
            check_member(file, (properties, above), member, expected, findings);
        }
    }
    check_dependencies(pipeline, activity, findings);
}

fn check_dependencies(pipeline: &Pipeline<'_>, activity: &Activity<'_>, findings: &mut Findings) {
    let file = &pipeline.resource.file;
    let entries = activity.json.member("dependsOn").and_then(Value::as_array);
    for (at, entry) in entries.into_iter().flatten().enumerate() {
        let pointer = format!("{}/dependsOn/{at}", activity.pointer);
        if !entry.is_object() {
            findings.add(wrong(file, &pointer, Expected::Object, entry));
            continue;
        }
        match entry.member("activity") {
            Some(Value::String(_)) => {}
            found => {
                let found = found.map_or("missing", described);
                let message = format!("a dependency names an activity; `activity` is {found}");
                findings.add(Finding::at(&REQUIRED, file, &pointer, message));
            }
        }
        check_conditions(file, entry, &pointer, findings);
    }
}

/// A dependency without a condition says nothing about when the activity runs.
fn check_conditions(file: &SourceFile, entry: &Value, pointer: &str, findings: &mut Findings) {
    let below = format!("{pointer}/dependencyConditions");
    match entry.member("dependencyConditions") {
        Some(Value::Array(conditions)) if !conditions.is_empty() => {
            for (at, condition) in conditions.iter().enumerate() {
                if !condition.is_string() {
                    let place = format!("{below}/{at}");
                    findings.add(wrong(file, &place, Expected::Text, condition));
                }
            }
        }
        None | Some(Value::Null | Value::Array(_)) => {
            let message = "a dependency names a condition in `dependencyConditions`";
            let hint = "it is Succeeded, Failed, Skipped or Completed";
            findings.add(Finding::at(&REQUIRED, file, pointer, message).hint(hint));
        }
        Some(other) => findings.add(wrong(file, &below, Expected::Array, other)),
    }
}

fn check_required(pipeline: &Pipeline<'_>, activity: &Activity<'_>, findings: &mut Findings) {
    let Some(kind) = activity.kind() else {
        return;
    };
    let file = &pipeline.resource.file;
    let name = activity.name().unwrap_or_default();
    let mut report = |property: String| {
        let message = format!("`{name}` ({kind}) needs {property}");
        findings.add(Finding::at(&REQUIRED, file, named_place(activity), message));
    };
    let of_type = REQUIRED_OF.iter().find(|(of, _)| *of == kind);
    let mut required = of_type.map_or(&[][..], |(_, required)| *required);
    if required.len() > 1 && !is_given(activity.type_properties()) {
        report("`typeProperties`".to_owned());
        required = &[];
    }
    for alternatives in required {
        let mut names = alternatives.split('|');
        if !names.any(|name| is_given(activity.type_property(name))) {
            report(format!(
                "`typeProperties.{}`",
                alternatives.replace('|', "` or `typeProperties.")
            ));
        }
    }
    if WITH_LINKED_SERVICE.contains(&kind) && !is_given(activity.json.member("linkedServiceName")) {
        report("`linkedServiceName`".to_owned());
    }
    for list in ["inputs", "outputs"] {
        let given = activity.json.member(list).and_then(Value::as_array);
        if kind == "Copy" && given.is_none_or(Vec::is_empty) {
            report(format!("a dataset in `{list}`"));
        }
    }
}

/// A Copy activity reads one dataset and writes one; without any it is incomplete.
fn check_copy(file: &SourceFile, activity: &Activity<'_>, findings: &mut Findings) {
    for list in ["inputs", "outputs"] {
        let given = activity.json.member(list).and_then(Value::as_array);
        let count = given.map_or(0, Vec::len);
        if activity.kind() == Some("Copy") && count > 1 {
            let message = format!("a Copy has one dataset in `{list}`, this one has {count}");
            let pointer = format!("{}/{list}", activity.pointer);
            let finding = Finding::at_key(&COPY_LISTS, file, pointer, message);
            findings.add(finding.hint("copy each by an activity of its own, or in a ForEach"));
        }
    }
}

/// Where an activity is shown: at its name.
fn named_place(activity: &Activity<'_>) -> String {
    match activity.json.contains_key("name") {
        true => format!("{}/name", activity.pointer),
        false => activity.pointer.clone(),
    }
}
