//! What is known about the outputs of activities.

use adf_expr::{Output, Types};
use serde_json::{Map, Value};

/// What is known about an activity's output.
pub(super) fn output(kind: &str, activity: &Map<String, Value>) -> Output {
    let properties = activity.get("typeProperties").unwrap_or(&Value::Null);
    match kind {
        "Lookup" => lookup(properties),
        "GetMetadata" => metadata(properties),
        "Copy" => fields(COPY),
        "Filter" => fields(FILTER),
        "ExecutePipeline" => fields(EXECUTE),
        "Script" => fields(SCRIPT),
        "Delete" => fields(&[("filesDeleted", Types::INTEGER)]),
        _ => Output::default(),
    }
}

fn fields(fields: &'static [(&'static str, Types)]) -> Output {
    Output {
        fields,
        absent: Vec::new(),
    }
}

const COPY: &[(&str, Types)] = &[
    ("errors", Types::ARRAY),
    ("executionDetails", Types::ARRAY),
    ("effectiveIntegrationRuntime", Types::STRING),
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

/// Either the first row or all of them.
fn lookup(properties: &Value) -> Output {
    const ONE: &[(&str, Types)] = &[("firstRow", Types::OBJECT)];
    const ALL: &[(&str, Types)] = &[("value", Types::ARRAY)];
    let first = match properties.get("firstRowOnly") {
        None | Some(Value::Null) => true,
        Some(Value::Bool(first)) => *first,
        Some(_) => return Output::default(),
    };
    if first {
        let hint = "`firstRowOnly` is true: there is `output.firstRow`";
        return Output {
            fields: ONE,
            absent: vec![("value", hint), ("count", hint)],
        };
    }
    let hint = "`firstRowOnly` is false: there is `output.value` and `output.count`";
    Output {
        fields: ALL,
        absent: vec![("firstRow", hint)],
    }
}

/// What can be asked for, and as what it is answered.
const METADATA: &[(&str, Types)] = &[
    ("childItems", Types::ARRAY),
    ("columnCount", Types::INTEGER),
    ("contentMD5", Types::STRING),
    ("exists", Types::BOOLEAN),
    ("itemName", Types::STRING),
    ("itemType", Types::STRING),
    ("lastModified", Types::STRING),
    ("size", Types::INTEGER),
    ("structure", Types::ARRAY),
];

/// Just the fields that are asked for.
fn metadata(properties: &Value) -> Output {
    let Some(Value::Array(asked)) = properties.get("fieldList") else {
        return fields(METADATA);
    };
    let Some(asked): Option<Vec<&str>> = asked.iter().map(Value::as_str).collect() else {
        return fields(METADATA);
    };
    if asked.iter().any(|field| field.contains('@')) {
        return fields(METADATA);
    }
    let is_asked = |name: &str| asked.iter().any(|asked| asked.eq_ignore_ascii_case(name));
    let names = METADATA.iter().map(|(name, _)| *name);
    let absent = names.filter(|name| !is_asked(name));
    Output {
        fields: METADATA,
        absent: absent
            .map(|name| (name, "add it to the activity's `fieldList`"))
            .collect(),
    }
}
