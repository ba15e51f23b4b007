//! Cases from a file: `ADF_RUNTIME_CASES` names a JSON array of
//! `{id, pipelines, run, parameters, globalParameters?, expected}`.

use std::collections::BTreeSet;

use adf_model::Kind;
use adf_runtime::{ActivityRunRecord, RunRequest};
use serde_json::{Value, json};

use crate::world::{Aftermath, World, object};

#[test]
fn cases_of_a_file_end_as_expected() {
    let Ok(path) = std::env::var("ADF_RUNTIME_CASES") else {
        eprintln!("nothing to do: ADF_RUNTIME_CASES does not name a file of cases");
        return;
    };
    let text = std::fs::read_to_string(&path).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();

    let faults: Vec<String> = cases.iter().filter_map(fault).collect();

    let good = cases.len() - faults.len();
    eprintln!("{good} of {} cases end as expected", cases.len());
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn fault(case: &Value) -> Option<String> {
    let globals = case.get("globalParameters").cloned();
    let mut world = World::empty(object(globals.unwrap_or_else(|| json!({}))));
    for pipeline in case["pipelines"].as_array()? {
        let name = pipeline["name"].as_str()?;
        world = world.resource(Kind::Pipeline, name, pipeline["properties"].clone());
    }
    let parameters = object(case["parameters"].clone());
    let request = RunRequest::manual(case["run"].as_str()?, parameters);

    let found = match world.attempt(request, |_| async {}) {
        Ok(after) => differences(&case["expected"], &after),
        Err(rejected) if case["expected"]["status"] == "Rejected" => {
            assert!(!rejected.to_string().is_empty());
            Vec::new()
        }
        Err(rejected) => vec![format!("rejected: {rejected}")],
    };

    let (id, title) = (&case["id"], &case["title"]);
    (!found.is_empty()).then(|| format!("{id} {title}: {}", found.join("; ")))
}

fn differences(expected: &Value, after: &Aftermath) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |what: &str, expected: &Value, given: Value| {
        if *expected != given {
            found.push(format!("{what}: expected {expected}, not {given}"));
        }
    };
    compare("status", &expected["status"], json!(after.status()));
    for (name, states) in expected["activities"].as_object().unwrap() {
        compare(
            name,
            states,
            states_of(&after.activity(name), states.is_array()),
        );
    }
    let unordered: BTreeSet<&str> = expected["unordered_variables"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    for (name, value) in expected["variables"].as_object().into_iter().flatten() {
        let sorted = |value: &Value| match value {
            Value::Array(items) if unordered.contains(name.as_str()) => {
                let mut items = items.clone();
                items.sort_by_key(Value::to_string);
                Value::Array(items)
            }
            other => other.clone(),
        };
        compare(name, &sorted(value), sorted(after.variable(name)));
    }
    if let Some(returned) = expected.get("pipelineReturnValue") {
        compare(
            "returned",
            returned,
            json!(after.outcome.run.pipeline_return_value),
        );
    }
    if let Some(error) = expected.get("error").and_then(Value::as_object) {
        let run = after
            .activity(error["activity"].as_str().unwrap())
            .remove(0);
        let given = json!(run.error);
        for (name, value) in error.iter().filter(|(name, _)| *name != "activity") {
            compare(name, value, given[name].clone());
        }
    }
    for (name, status) in expected["child_status"].as_object().into_iter().flatten() {
        let mut runs = after.pipeline_runs().into_iter();
        let child = runs.rfind(|run| run.pipeline_name == *name);
        compare(
            name,
            status,
            child.map_or(Value::Null, |run| json!(run.status)),
        );
    }
    found
}

/// The state of the only run, or of all in the order of their beginning.
fn states_of(runs: &[ActivityRunRecord], many: bool) -> Value {
    let states: Vec<Value> = runs.iter().map(|run| json!(run.status)).collect();
    match states.as_slice() {
        [] if !many => json!("Skipped"),
        [one] if !many => one.clone(),
        _ => Value::Array(states),
    }
}
