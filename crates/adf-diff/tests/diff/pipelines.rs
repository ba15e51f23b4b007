//! Differences within a pipeline.

use serde_json::{Value, json};

use crate::{differ, shown};

fn pipelines(base: Value, head: Value) -> String {
    let document = |activities| json!({"name": "p", "properties": {"activities": activities}});
    shown(&differ(
        [("pipeline/p.json", document(base))],
        [("pipeline/p.json", document(head))],
    ))
}

fn copy(name: &str) -> Value {
    json!({"name": name, "type": "Copy", "typeProperties": {"source": {"type": "CsvSource", "x": name}, "sink": {"type": "CsvSink"}},
        "policy": {"timeout": "0.12:00:00", "retry": 0}})
}

#[test]
fn activities_are_told_by_name() {
    let mut other = copy("b");
    other["policy"]["retry"] = json!(3);
    let text = pipelines(
        json!([copy("a"), copy("b"), copy("c")]),
        json!([copy("c"), copy("a"), other, {"name": "d", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 5}}]),
    );

    insta::assert_snapshot!(text, @r#"
    * pipeline `p`
      ~activities["c"] moved 2 > 0
       activities["b"].policy.retry 0 => 3
       activities["d"] + {"name":"d","type":"Wait","typeProperties":{"waitTimeInSeconds":5}}
      ! run behaviour: activity `b`: `retry`: `0` → `3`
      ! run behaviour: activity `d` is new (Wait)
    "#);
}

#[test]
fn an_activity_that_is_put_into_a_container_is_the_same_one() {
    let each = |inner: Value| json!({"name": "each", "type": "ForEach", "typeProperties": {"items": "@x()", "activities": inner}});
    let mut slower = copy("a");
    slower["policy"]["timeout"] = json!("1.00:00:00");

    insta::assert_snapshot!(pipelines(json!([copy("a"), copy("b")]), json!([each(json!([slower, copy("b")]))])), @r#"
    * pipeline `p`
       activities["each"] + {"name":"each","type":"ForEach","typeProperties":{"items":"@x()"}}
       activities["each"].typeProperties.activities["a"] relocated [] > [each]
       activities["each"].typeProperties.activities["a"].policy.timeout "0.12:00:00" => "1.00:00:00"
       activities["each"].typeProperties.activities["b"] relocated [] > [each]
      ! run behaviour: activity `a` moved from the pipeline to `each`
      ! run behaviour: activity `a`: `timeout`: `0.12:00:00` → `1.00:00:00`
      ! run behaviour: activity `b` moved from the pipeline to `each`
      ! run behaviour: activity `each` is new (ForEach)
    "#);
}

#[test]
fn branches_are_places() {
    let decide = |yes: Value, no: Value| json!({"name": "if", "type": "IfCondition", "typeProperties": {"expression": "@x()", "ifTrueActivities": yes, "ifFalseActivities": no}});
    let route = |cases: Value| json!({"name": "route", "type": "Switch", "typeProperties": {"on": "@x()", "cases": cases}});
    let text = pipelines(
        json!([
            decide(json!([copy("a")]), json!([])),
            route(json!([{"value": "eu", "activities": [copy("b")]}]))
        ]),
        json!([
            decide(json!([]), json!([copy("a")])),
            route(
                json!([{"value": "us", "activities": []}, {"value": "eu", "activities": [copy("b")]}])
            )
        ]),
    );

    insta::assert_snapshot!(text, @r#"
    * pipeline `p`
       activities["if"].typeProperties.ifFalseActivities["a"] relocated [if › true] > [if › false]
       activities["route"].typeProperties.cases["us"] + {"value":"us"}
      ! run behaviour: activity `a` moved from `if › true` to `if › false`
    "#);
}

#[test]
fn a_renamed_activity_is_followed_by_those_that_wait_for_it() {
    let after = |name: &str| json!({"name": "z", "type": "Wait", "dependsOn": [{"activity": name, "dependencyConditions": ["Succeeded"]}]});
    let mut renamed = copy("load");
    renamed["name"] = json!("load claims");

    insta::assert_snapshot!(pipelines(json!([copy("load"), after("load")]), json!([renamed, after("load claims")])), @r#"
    * pipeline `p`
       activities["load claims"] renamed load > load claims
       activities["z"].dependsOn["load claims"].activity (follows) "load" => "load claims"
    "#);
}

#[test]
fn what_is_no_activity_is_compared_as_it_is() {
    insta::assert_snapshot!(pipelines(json!([1, {"name": "a"}]), json!([2, {"name": "a"}])), @r"
    * pipeline `p`
       activities[0] + 2
       activities[0] - 1
    ");
}

#[test]
fn two_activities_of_one_name_are_two() {
    insta::assert_snapshot!(pipelines(json!([copy("a")]), json!([copy("a"), copy("A")])), @r#"
    * pipeline `p`
       activities["A"] + {"name":"A","type":"Copy","typeProperties":{"source":{"type":"CsvSource","x":"A"},"sink":{"type":"CsvSink"}},"policy":{"timeout":"0.12:00:00","retry":0}}
      ! data location: activity `A` is new (Copy)
    "#);
}
