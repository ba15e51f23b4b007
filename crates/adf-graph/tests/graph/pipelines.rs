//! Who waits for whom.

use adf_graph::ActivityGraph;
use serde_json::json;

fn graph() -> ActivityGraph {
    ActivityGraph::of(&json!({"properties": {"activities": [
        {"name": "Look", "type": "Lookup"},
        {"name": "choose", "type": "Switch", "dependsOn": [{"activity": "look", "dependencyConditions": ["Failed", "Skipped"]}],
            "typeProperties": {
                "defaultActivities": [{"name": "stop", "type": "Fail", "state": "Inactive"}],
                "cases": [{"value": "a", "activities": [
                    {"name": "first", "type": "Wait"},
                    {"name": "then", "type": "Wait", "dependsOn": [{"activity": "first"}, {"activity": "Look"}]},
                ]}]}},
        {"name": "if", "type": "IfCondition", "typeProperties": {
            "ifTrueActivities": [{"name": "yes", "type": "Wait", "dependsOn": [{"activity": "yes"}]}],
            "ifFalseActivities": [{"name": "until", "type": "Until", "typeProperties": {"activities": [{"type": "Wait"}]}}]}},
    ]}}))
}

#[test]
fn containers_stand_before_what_they_hold() {
    let graph = graph();

    let shown = graph.activities.iter().enumerate().map(|(at, activity)| {
        let within = activity.within.as_ref();
        let within = within.map_or(String::new(), |(at, branch)| format!(" in {at} {branch:?}"));
        let inactive = if activity.is_inactive {
            " inactive"
        } else {
            ""
        };
        format!(
            "{at} {} {}{within}{inactive} {}",
            activity.kind, activity.name, activity.pointer
        )
    });

    insta::assert_snapshot!(shown.collect::<Vec<_>>().join("\n"), @r#"
    0 Lookup Look /properties/activities/0
    1 Switch choose /properties/activities/1
    2 Wait first in 1 Case("a") /properties/activities/1/typeProperties/cases/0/activities/0
    3 Wait then in 1 Case("a") /properties/activities/1/typeProperties/cases/0/activities/1
    4 Fail stop in 1 Default inactive /properties/activities/1/typeProperties/defaultActivities/0
    5 IfCondition if /properties/activities/2
    6 Wait yes in 5 True /properties/activities/2/typeProperties/ifTrueActivities/0
    7 Until until in 5 False /properties/activities/2/typeProperties/ifFalseActivities/0
    8 Wait  in 7 Body /properties/activities/2/typeProperties/ifFalseActivities/0/typeProperties/activities/0
    "#);
}

#[test]
fn siblings_are_waited_for_and_nobody_else() {
    let graph = graph();

    let shown = graph.waits.iter().map(|waits| {
        let on = waits.on.map(|at| graph.activities[at].name.as_str());
        format!(
            "{} on {on:?} ({}) {:?}",
            graph.activities[waits.waiting].name, waits.name, waits.conditions
        )
    });

    insta::assert_snapshot!(shown.collect::<Vec<_>>().join("\n"), @r#"
    choose on Some("Look") (look) [Failed, Skipped]
    then on Some("first") (first) [Succeeded]
    then on None (Look) [Succeeded]
    yes on Some("yes") (yes) [Succeeded]
    "#);
}

#[test]
fn activities_that_wait_for_each_other_are_cycles() {
    let graph = ActivityGraph::of(&json!({"properties": {"activities": [
        {"name": "a", "type": "Wait", "dependsOn": [{"activity": "b"}]},
        {"name": "b", "type": "Wait", "dependsOn": [{"activity": "c"}]},
        {"name": "c", "type": "Wait", "dependsOn": [{"activity": "A"}]},
        {"name": "d", "type": "Wait", "dependsOn": [{"activity": "c"}]},
    ]}}));

    assert_eq!(graph.cycles(), [[0, 1, 2]]);
    assert_eq!(graph.levels(), [0, 0, 0, 1]);
}
