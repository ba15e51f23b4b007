//! Whether two changes fit together.

use adf_diff::{check, compare, merge};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::repository;

type Files<'f> = Vec<(&'f str, Value)>;

/// What is found when both sides are merged, as lines.
fn found(base: Files<'_>, one: Files<'_>, other: Files<'_>) -> String {
    let found = check(&repository(base), &repository(one), &repository(other));
    let lines = found.iter().map(|found| {
        let path = match &found.fault {
            adf_diff::Fault::Conflict {
                path: Some(path), ..
            } => format!(" {path}"),
            _ => String::new(),
        };
        let places: Vec<_> = found
            .places
            .iter()
            .map(|place| format!("{:?} {}", place.whose, place.pointer))
            .collect();
        format!(
            "{}{path}: {} [{}]",
            found.subject,
            found.text("A", "B"),
            places.join(", ")
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn call(child: &str, given: &[&str]) -> Value {
    let given: serde_json::Map<_, _> = given
        .iter()
        .map(|name| ((*name).to_owned(), json!("x")))
        .collect();
    json!({"name": format!("call {child}"), "type": "ExecutePipeline", "typeProperties": {
        "pipeline": {"referenceName": child, "type": "PipelineReference"}, "parameters": given}})
}

fn pipeline(activities: &[Value], parameters: impl Into<Value>) -> Value {
    let parameters = parameters.into();
    json!({"properties": {"activities": activities, "parameters": parameters, "variables": {"v": {"type": "String"}}}})
}

fn dataset(file: &str) -> Value {
    json!({"properties": {"type": "Json", "parameters": {"folder": {"type": "string"}}, "typeProperties": {"location": {
        "fileName": file, "folderPath": "@dataset().folder"}}}})
}

fn wait(name: &str, after: &[&str]) -> Value {
    let after: Vec<_> = after
        .iter()
        .map(|name| json!({"activity": name, "dependencyConditions": ["Succeeded"]}))
        .collect();
    json!({"name": name, "type": "Wait", "dependsOn": after, "typeProperties": {"waitTimeInSeconds": 1}})
}

#[test]
fn a_parameter_that_is_renamed_while_a_new_caller_uses_its_old_name() {
    let child = |name: &str| pipeline(&[], json!({name: {"type": "string", "defaultValue": "a"}}));
    let text = found(
        vec![
            ("pipeline/child.json", child("file")),
            ("pipeline/main.json", pipeline(&[], json!({}))),
        ],
        vec![
            ("pipeline/child.json", child("path")),
            ("pipeline/main.json", pipeline(&[], json!({}))),
        ],
        vec![
            ("pipeline/child.json", child("file")),
            (
                "pipeline/main.json",
                pipeline(&[call("child", &["file"])], json!({})),
            ),
        ],
    );

    insta::assert_snapshot!(text, @"pipeline `main`: B makes it use parameter `file` of pipeline `child`, which A has removed [Other /properties/activities/0/typeProperties]");
}

#[test]
fn a_parameter_that_comes_to_be_needed_while_a_new_caller_does_not_know_it() {
    let child = |parameters: Value| pipeline(&[], parameters);
    let text = found(
        vec![("pipeline/child.json", child(json!({})))],
        vec![(
            "pipeline/child.json",
            child(json!({"file": {"type": "string"}})),
        )],
        vec![
            ("pipeline/child.json", child(json!({}))),
            (
                "pipeline/main.json",
                pipeline(&[call("child", &[])], json!({})),
            ),
        ],
    );

    insta::assert_snapshot!(text, @"pipeline `main`: B makes it call without a value for parameter `file` of pipeline `child`, which A has made necessary [Other /properties/activities/0/typeProperties]");
}

#[test]
fn a_dataset_that_is_deleted_here_and_used_there() {
    let reads = |name: &str| {
        json!({"name": "look", "type": "Lookup", "typeProperties": {"dataset": {
        "referenceName": name, "type": "DatasetReference", "parameters": {"folder": "x"}}}})
    };
    let text = found(
        vec![
            ("dataset/orders.json", dataset("o.json")),
            ("pipeline/p.json", pipeline(&[], json!({}))),
        ],
        vec![("pipeline/p.json", pipeline(&[], json!({})))],
        vec![
            ("dataset/orders.json", dataset("o.json")),
            ("pipeline/p.json", pipeline(&[reads("Orders")], json!({}))),
        ],
    );

    insta::assert_snapshot!(text, @"pipeline `p`: B makes it use dataset `Orders`, which A has removed [Other /properties/activities/0/typeProperties/dataset]");
}

#[test]
fn a_dataset_that_is_renamed_here_and_changed_and_used_there() {
    let reads = |name: &str, look: &str| {
        json!({"name": look, "type": "Lookup", "typeProperties": {"dataset": {
        "referenceName": name, "type": "DatasetReference", "parameters": {"folder": "x"}}}})
    };
    let text = found(
        vec![
            ("dataset/orders.json", dataset("o.json")),
            (
                "pipeline/p.json",
                pipeline(&[reads("orders", "a")], json!({})),
            ),
        ],
        vec![
            ("dataset/orders_v2.json", dataset("o.json")),
            (
                "pipeline/p.json",
                pipeline(&[reads("orders_v2", "a")], json!({})),
            ),
        ],
        vec![
            ("dataset/orders.json", dataset("other.json")),
            (
                "pipeline/p.json",
                pipeline(&[reads("orders", "a"), reads("orders", "b")], json!({})),
            ),
        ],
    );

    insta::assert_snapshot!(text, @"pipeline `p`: uses dataset `orders`, which A has renamed to `orders_v2` [Other /properties/activities/1/typeProperties/dataset]");
}

#[test]
fn one_activity_that_both_sides_change() {
    let copy = |retry: i32, timeout: &str| json!({"name": "copy", "type": "Copy", "policy": {"retry": retry, "timeout": timeout}});
    let version = |retry, timeout| {
        vec![(
            "pipeline/p.json",
            pipeline(&[copy(retry, timeout)], json!({})),
        )]
    };

    assert_eq!(found(version(0, "1"), version(1, "1"), version(0, "2")), "");
    insta::assert_snapshot!(found(version(0, "1"), version(1, "1"), version(2, "1")), @r#"pipeline `p` activities["copy"].policy.retry: A and B both change it, to different values [One /properties/activities/0/policy/retry, Other /properties/activities/0/policy/retry]"#);
}

#[test]
fn one_resource_that_both_sides_add() {
    let text = found(
        vec![],
        vec![("dataset/Orders.json", dataset("a.json"))],
        vec![("dataset/orders.json", dataset("b.json"))],
    );

    insta::assert_snapshot!(text, @r"
    dataset `Orders`: A and B both add it, as `Orders` and as `orders` [One , Other ]
    dataset `Orders` typeProperties.location.fileName: A and B both add it, with different values [One /properties/typeProperties/location/fileName, Other /properties/typeProperties/location/fileName]
    ");
}

#[test]
fn variables_and_activities_that_go_while_others_use_them() {
    let set = json!({"name": "set", "type": "SetVariable", "typeProperties": {"variableName": "V", "value": "@activity('look').output"}});
    let mut without = pipeline(&[], json!({}));
    without["properties"]["variables"] = json!({});
    let text = found(
        vec![("pipeline/p.json", pipeline(&[wait("look", &[])], json!({})))],
        vec![("pipeline/p.json", without)],
        vec![(
            "pipeline/p.json",
            pipeline(&[wait("look", &[]), set, wait("z", &["look"])], json!({})),
        )],
    );

    insta::assert_snapshot!(text, @r"
    pipeline `p`: B makes it use its variable `V`, which A has removed [Other /properties/activities/1/typeProperties]
    pipeline `p`: B makes it use its activity `look`, which A has removed [Other /properties/activities/2/dependsOn/0]
    ");
}

#[test]
fn circles_that_only_both_sides_close() {
    let pipelines = found(
        vec![
            ("pipeline/a.json", pipeline(&[], json!({}))),
            ("pipeline/b.json", pipeline(&[], json!({}))),
        ],
        vec![
            ("pipeline/a.json", pipeline(&[call("b", &[])], json!({}))),
            ("pipeline/b.json", pipeline(&[], json!({}))),
        ],
        vec![
            ("pipeline/a.json", pipeline(&[], json!({}))),
            ("pipeline/b.json", pipeline(&[call("a", &[])], json!({}))),
        ],
    );
    let activities = found(
        vec![(
            "pipeline/p.json",
            pipeline(&[wait("x", &[]), wait("y", &[])], json!({})),
        )],
        vec![(
            "pipeline/p.json",
            pipeline(&[wait("x", &["y"]), wait("y", &[])], json!({})),
        )],
        vec![(
            "pipeline/p.json",
            pipeline(&[wait("x", &[]), wait("y", &["x"])], json!({})),
        )],
    );

    insta::assert_snapshot!(format!("{pipelines}\n{activities}"), @r"
    pipeline `a`: goes round in a circle: a → b → a [Both /properties/activities/0/typeProperties/pipeline, Both /properties/activities/0/typeProperties/pipeline]
    pipeline `p`: goes round in a circle: x → y → x []
    ");
}

#[test]
fn limits_that_only_both_sides_reach() {
    let waits = |from: usize, to: usize| -> Vec<Value> {
        (from..to).map(|n| wait(&format!("w{n}"), &[])).collect()
    };
    let text = found(
        vec![("pipeline/p.json", pipeline(&waits(0, 40), json!({})))],
        vec![("pipeline/p.json", pipeline(&waits(0, 70), json!({})))],
        vec![(
            "pipeline/p.json",
            pipeline(&[waits(0, 40), waits(100, 130)].concat(), json!({})),
        )],
    );

    insta::assert_snapshot!(text, @"pipeline `p`: has 100 activities, and may have 80 []");
}

#[test]
fn what_one_side_alone_has_broken_is_its_own_affair() {
    let version = |activities: &[Value]| vec![("pipeline/p.json", pipeline(activities, json!({})))];

    assert_eq!(
        found(
            version(&[]),
            version(&[call("lost", &[])]),
            version(&[wait("w", &[])])
        ),
        ""
    );
}

#[test]
fn both_sides_stand_in_the_result() {
    let each = |inner: Value| json!({"name": "each", "type": "ForEach", "typeProperties": {"items": "@x()", "activities": inner}});
    let version = |activities: &[Value]| {
        repository(vec![("pipeline/p.json", pipeline(activities, json!({})))])
    };
    let base = version(&[wait("a", &[]), each(json!([wait("b", &[])]))]);
    let mut slower = wait("a", &[]);
    slower["typeProperties"]["waitTimeInSeconds"] = json!(9);
    let one = version(&[each(json!([wait("b", &[]), wait("a", &[])]))]);
    let other = version(&[
        slower.clone(),
        each(json!([wait("b", &[])])),
        wait("c", &["each"]),
    ]);

    let merged = merge(&base, &one, &other);

    assert_eq!(merged.conflicts, []);
    let expected = version(&[each(json!([wait("b", &[]), slower])), wait("c", &["each"])]);
    let left = compare(&merged.repository, &expected);
    assert!(
        left.changes.iter().all(adf_diff::ResourceChange::is_noise),
        "{left:#?}"
    );
}

#[test]
fn lines_of_a_script_are_merged_as_git_merges_lines() {
    let flow = |lines: &[&str]| {
        vec![(
            "dataflow/f.json",
            json!({"properties": {"typeProperties": {"scriptLines": lines}}}),
        )]
    };
    let base = ["a", "b", "c", "d", "e"];

    let clean = found(
        flow(&base),
        flow(&["a", "B", "c", "d", "e"]),
        flow(&["a", "b", "c", "d", "E", "f"]),
    );
    let clash = found(
        flow(&base),
        flow(&["a", "B", "c", "d", "e"]),
        flow(&["a", "b2", "c", "d", "e"]),
    );

    assert_eq!(clean, "");
    insta::assert_snapshot!(clash, @"data flow `f` typeProperties.scriptLines[1]: A and B both change this part of the list, differently [One /properties/typeProperties/scriptLines/1, Other /properties/typeProperties/scriptLines/1]");
}

fn flow(parameters: &str, given: &Value) -> Vec<(&'static str, Value)> {
    let script = ["source(output(a as string)) ~> s", "s sink() ~> t"];
    let lines: Vec<_> = [parameters].into_iter().chain(script).collect();
    vec![
        (
            "dataflow/clean.json",
            json!({"name": "clean", "properties": {"type": "MappingDataFlow", "typeProperties": {"scriptLines": lines}}}),
        ),
        (
            "pipeline/main.json",
            json!({"name": "main", "properties": {"activities": [{"name": "run", "type": "ExecuteDataFlow", "typeProperties": {
                "dataflow": {"referenceName": "clean", "type": "DataFlowReference", "parameters": given}}}]}}),
        ),
    ]
}

#[test]
fn a_parameter_of_a_data_flow_that_is_removed_here_and_given_there() {
    let base = flow("parameters{ day as string ('x') }", &json!({}));

    let broken = found(
        base.clone(),
        flow("", &json!({})),
        flow("parameters{ day as string ('x') }", &json!({"day": "'y'"})),
    );

    insta::assert_snapshot!(broken, @"pipeline `main`: B makes it use parameter `day` of data flow `clean`, which A has removed [Other /properties/activities/0/typeProperties/dataflow]");
}

#[test]
fn a_parameter_of_a_data_flow_that_is_asked_for_here_and_not_given_there() {
    let base = vec![flow("", &json!({})).remove(0)];
    let other = flow("", &json!({}));

    let broken = found(
        base,
        vec![flow("parameters{ day as string }", &json!({})).remove(0)],
        other,
    );

    insta::assert_snapshot!(broken, @"pipeline `main`: B makes it call without a value for parameter `day` of data flow `clean`, which A has made necessary [Other /properties/activities/0/typeProperties/dataflow]");
}

#[test]
fn nothing_is_said_of_a_script_that_cannot_be_read() {
    let base = flow("parameters{ day as string ('x') }", &json!({}));

    let unread = found(
        base.clone(),
        flow("parameters{ day as", &json!({})),
        flow("parameters{ day as string ('x') }", &json!({"day": "'y'"})),
    );

    assert_eq!(unread, "");
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![(0..3).prop_map(Value::from), "[ab]".prop_map(Value::from)];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-d]", inner.clone(), 0..4).prop_map(|entries| {
                Value::from(entries.into_iter().collect::<serde_json::Map<_, _>>())
            }),
            proptest::collection::btree_map("[abc]", inner, 0..4).prop_map(|named| {
                named
                    .into_iter()
                    .map(|(name, value)| json!({"name": name, "x": value}))
                    .collect()
            }),
        ]
    })
}

fn version(properties: &Value) -> adf_source::Repository {
    repository([(
        "dataset/d.json",
        json!({"name": "d", "properties": properties}),
    )])
}

proptest! {
    #[test]
    fn what_one_side_left_alone_is_what_the_other_made_of_it(base in document(), changed in document()) {
        let (base, changed) = (version(&base), version(&changed));
        for merged in [merge(&base, &base, &changed), merge(&base, &changed, &base)] {
            prop_assert_eq!(merged.conflicts, []);
            let left = compare(&merged.repository, &changed);
            prop_assert_eq!(left.changes, []);
        }
    }

    #[test]
    fn what_both_sides_made_alike_is_no_conflict(base in document(), changed in document()) {
        let (base, changed) = (version(&base), version(&changed));

        let merged = merge(&base, &changed, &changed);

        prop_assert_eq!(merged.conflicts, []);
        prop_assert_eq!(compare(&merged.repository, &changed).changes, []);
    }

    #[test]
    fn the_order_of_the_sides_decides_nothing_but_conflicts(base in document(), one in document(), other in document()) {
        let (base, one, other) = (version(&base), version(&one), version(&other));

        let (there, back) = (merge(&base, &one, &other), merge(&base, &other, &one));

        prop_assert_eq!(there.conflicts.is_empty(), back.conflicts.is_empty());
    }
}
