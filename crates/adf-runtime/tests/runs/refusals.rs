//! What is refused before anything runs.

use adf_model::{Document, Pipeline};
use adf_runtime::{Rejected, Snapshot, check_definition};
use serde_json::{Value, json};

use crate::world::{World, activity, append, call, ex, pipeline, set, task};

fn refusal(activities: impl IntoIterator<Item = Value>) -> String {
    World::new(pipeline(activities))
        .refused(json!({}))
        .to_string()
}

fn container(kind: &str, name: &str, inner: Value) -> Value {
    let (slot, more) = match kind {
        "ForEach" => ("activities", ("items", ex("@range(0, 1)"))),
        "Until" => ("activities", ("expression", ex("@equals(1, 1)"))),
        "Switch" => ("defaultActivities", ("on", ex("@string('a')"))),
        _ => ("ifTrueActivities", ("expression", ex("@equals(1, 1)"))),
    };
    activity(name, kind, "", json!({slot: [inner], more.0: more.1}))
}

#[test]
fn containers_nest_as_the_service_allows() {
    let kinds = ["IfCondition", "Switch", "ForEach", "Until"];
    for outer in kinds {
        for inner in kinds {
            let allowed =
                matches!(outer, "ForEach" | "Until") && matches!(inner, "IfCondition" | "Switch");
            let main = pipeline([container(
                outer,
                "Outer",
                container(inner, "Inner", task("T", "")),
            )]);

            if allowed {
                assert_eq!(
                    World::new(main).run().status(),
                    "Succeeded",
                    "{inner} in {outer}"
                );
            } else {
                let told = World::new(main).refused(json!({})).to_string();
                assert!(
                    told.contains(&format!(
                        "activity `Inner`: `{inner}` may not stand inside `{outer}`"
                    )),
                    "{told}"
                );
            }
        }
    }
}

#[test]
fn deep_nesting_is_found_through_allowed_levels() {
    let inner = container("IfCondition", "I2", task("T", ""));
    let told = refusal([container("ForEach", "E", container("Switch", "S", inner))]);

    assert!(told.contains("activity `I2`"), "{told}");
}

#[test]
fn dependencies_lead_to_siblings_and_not_in_circles() {
    assert!(refusal([task("A", "B")]).contains("activity `A`: `dependsOn` names `B`"));
    assert!(refusal([task("A", "A")]).contains("activity `A`: waits for itself"));
    let told = refusal([
        task("A", "C"),
        task("B", "A"),
        task("C", "B"),
        task("D", "A"),
    ]);
    assert!(
        ["`A`", "`B`", "`C`"].iter().all(|name| told.contains(name)),
        "{told}"
    );
    assert!(!told.contains("`D`"), "{told}");
    let inside = container("ForEach", "E", task("T", "Out"));
    assert!(refusal([task("Out", ""), inside]).contains("activity `T`"));
}

#[test]
fn a_refusal_tells_some_of_many_findings() {
    let told = refusal((0..100).map(|at| task(&format!("T{at}"), "Nothing")));

    assert_eq!(told.matches("`dependsOn` names").count(), 20);
    assert!(told.ends_with("; and 80 more"), "{told}");
}

#[test]
fn what_only_follows_or_leads_to_a_circle_is_not_in_it() {
    let told = refusal([
        task("First", ""),
        task("A", "First B"),
        task("B", "A"),
        task("Between", "B"),
        task("C", "Between D"),
        task("D", "C"),
        task("Last", "D"),
    ]);

    for inside in ["`A`", "`B`", "`C`", "`D`"] {
        assert!(told.contains(inside), "{told}");
    }
    for outside in ["`First`", "`Between`", "`Last`"] {
        assert!(!told.contains(outside), "{told}");
    }
}

#[test]
fn a_pipeline_may_call_itself_before_it_exists() {
    let main = json!({"properties": pipeline([call("C", "", "Main", json!({}))])});
    let main: Document<Pipeline> = Document::parse(main).unwrap();
    let empty = Snapshot::new("adf-test", serde_json::Map::new());

    assert_eq!(check_definition("main", &main, &empty), []);
    assert_eq!(check_definition("other", &main, &empty).len(), 1);
}

#[test]
fn names_have_rules() {
    for (name, part) in [
        ("a.b", "the character `.`"),
        (" a", "begins with ` `"),
        ("", "0 characters"),
        ("-", "begins with `-`"),
    ] {
        let told = refusal([task(name, "")]);
        assert!(told.contains(part), "{told}");
    }
    assert!(refusal([task(&"a".repeat(56), "")]).contains("56 characters"));
    assert!(
        refusal([task("A", ""), container("ForEach", "E", task("a", ""))])
            .contains("used more than once")
    );
    assert_eq!(
        World::new(pipeline([task("_Kopie 1-é", "")]))
            .run()
            .status(),
        "Succeeded"
    );
}

#[test]
fn references_must_exist() {
    let mut copy = task("A", "");
    copy["inputs"] = json!([{"referenceName": "In", "type": "DatasetReference"}]);
    copy["linkedServiceName"] =
        json!({"referenceName": "Service", "type": "LinkedServiceReference"});
    let told = refusal([copy, call("C", "", "child", json!({}))]);
    for part in [
        "dataset `In` does not exist",
        "linked service `Service` does not exist",
        "activity `C`: pipeline `child` does not exist",
    ] {
        assert!(told.contains(part), "{told}");
    }
    let inner = call("C", "", "child", json!({}));
    assert_eq!(
        refusal([container("ForEach", "E", inner)])
            .matches("does not exist")
            .count(),
        1
    );
}

#[test]
fn variables_must_be_declared_and_fit() {
    assert!(refusal([set("S", "", "other", "x")]).contains("variable `other` is not declared"));
    assert!(refusal([append("S", "", "other", "x")]).contains("variable `other` is not declared"));
    assert!(
        refusal([append("S", "", "out", "x")])
            .contains("appends to variable `out`, which is a String")
    );
    let read = json!({"value": "@variables('nope')", "type": "Expression"});
    let inner = activity("W", "Wait", "", json!({"waitTimeInSeconds": read}));
    let told = refusal([container("ForEach", "E", inner)]);
    assert!(
        told.contains("activity `W`: variable `nope` is not declared"),
        "{told}"
    );
    assert!(!told.contains("`E`"), "{told}");
    for value in ["@concat(variables('OUT'), 'x')", "a@{variables('out')}"] {
        assert!(
            refusal([set("S", "", "out", value)]).contains("variable `out` is set from itself"),
            "{value}"
        );
    }
    assert_eq!(
        World::new(pipeline([set("S", "", "out", "variables('out')")]))
            .run()
            .status(),
        "Succeeded"
    );
}

#[test]
fn properties_must_be_readable() {
    let told = refusal([activity("E", "ForEach", "", json!({"activities": []}))]);
    assert!(
        told.contains("activity `E`") && told.contains("items"),
        "{told}"
    );
    let cases: Vec<Value> = (0..26)
        .map(|value| json!({"value": value, "activities": []}))
        .collect();
    let told = refusal([activity(
        "S",
        "Switch",
        "",
        json!({"on": "1", "cases": cases}),
    )]);
    assert!(told.contains("26 cases"), "{told}");
    let each = json!({"items": [], "activities": [], "batchCount": 51});
    assert!(refusal([activity("E", "ForEach", "", each)]).contains("`batchCount` is 51"));
}

#[test]
fn what_is_called_is_looked_at_too() {
    let rejected = World::new(pipeline([call("C", "", "child", json!({}))]))
        .pipeline("child", pipeline([task("A", "A")]))
        .refused(json!({}));

    match rejected {
        Rejected::InvalidDefinition { pipeline, findings } => {
            assert_eq!((pipeline.as_str(), findings.len()), ("child", 1));
            assert_eq!(findings[0].activity.as_deref(), Some("A"));
        }
        other => panic!("{other}"),
    }
}

#[test]
fn inactive_activities_are_not_looked_at() {
    let mut broken = activity("E", "ForEach", "", json!({"nothing": 1}));
    broken["state"] = json!("Inactive");

    assert_eq!(World::new(pipeline([broken])).run().status(), "Succeeded");
}

#[test]
fn a_run_wants_its_pipeline_and_its_parameters() {
    let mut main = pipeline([]);
    main["parameters"] = json!({"p": {"type": "string", "defaultValue": null}, "q": {"type": "string", "defaultValue": ""}});

    let missing = World::new(main).refused(json!({"q": 1}));
    let nothing = World::empty(serde_json::Map::new()).refused(json!({}));

    assert_eq!(
        missing.to_string(),
        "pipeline `main`: parameter `p` has no value; give an argument or a default value"
    );
    assert_eq!(
        nothing,
        Rejected::PipelineNotFound {
            pipeline: "main".to_owned()
        }
    );
}

#[test]
fn declarations_are_of_types_that_exist() {
    for (member, value, reason) in [
        (
            "parameters",
            json!({"p": {"type": "Foo"}}),
            "parameter `p` has the type `Foo`",
        ),
        (
            "variables",
            json!({"v": {"type": "Foo"}}),
            "variable `v` has the type `Foo`",
        ),
        (
            "variables",
            json!({"v": {"type": "SecureString"}}),
            "variable `v` has the type `SecureString`",
        ),
        (
            "variables",
            json!({"v": {"type": "Array", "defaultValue": "x"}}),
            "the default value of variable `v` is no Array",
        ),
        ("concurrency", json!(0), "`concurrency` is 0"),
    ] {
        let mut main = pipeline([]);
        main[member] = value;
        let told = World::new(main).refused(json!({})).to_string();
        assert!(told.contains(reason), "{told}");
    }
    let mut main = pipeline([]);
    main["variables"] = json!({"a": {"type": "array", "defaultValue": ["x"]}, "b": {"type": "Bool", "defaultValue": "True"}});
    assert_eq!(World::new(main).run().status(), "Succeeded");
}

#[test]
fn there_is_a_limit_to_parameters_and_user_properties() {
    let many = |count: usize| {
        let mut main = pipeline([]);
        let names = (0..count).map(|at| {
            (
                format!("p{at}"),
                json!({"type": "String", "defaultValue": ""}),
            )
        });
        main["parameters"] = names.collect::<serde_json::Map<_, _>>().into();
        World::new(main)
    };
    let labelled = |count: usize| {
        let mut work = task("T", "");
        let labels = (0..count).map(|at| json!({"name": format!("l{at}"), "value": "x"}));
        work["userProperties"] = labels.collect();
        World::new(pipeline([work]))
    };

    assert_eq!(many(50).run().status(), "Succeeded");
    assert!(
        many(51)
            .refused(json!({}))
            .to_string()
            .contains("has 51 parameters")
    );
    assert_eq!(labelled(5).run().status(), "Succeeded");
    let told = labelled(6).refused(json!({})).to_string();
    assert!(
        told.contains("activity `T`: has 6 user properties"),
        "{told}"
    );
}

#[test]
fn a_switch_has_one_case_for_a_value() {
    let case = |value: &str| json!({"value": value, "activities": []});
    let switch = |cases: Value| activity("S", "Switch", "", json!({"on": "a", "cases": cases}));

    let told = refusal([switch(json!([case("a"), case("b"), case("a")]))]);
    let well = World::new(pipeline([switch(json!([case("a"), case("A")]))]));

    assert!(
        told.contains("activity `S`: has more than one case `a`"),
        "{told}"
    );
    assert_eq!(well.run().status(), "Succeeded");
}
