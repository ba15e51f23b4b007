//! Containers: `IfCondition`, `Switch`, `ForEach`, `Until`; and `Filter`.

use adf_runtime::ActivityStatus;
use serde_json::{Value, json};

use crate::world::{Act, World, activity, append, ex, fail, pipeline, set, task};

fn if_condition(name: &str, after: &str, condition: &str, yes: Value, no: Value) -> Value {
    activity(
        name,
        "IfCondition",
        after,
        json!({"expression": ex(condition), "ifTrueActivities": yes, "ifFalseActivities": no}),
    )
}

fn for_each(items: &str, more: Value, activities: Value) -> Value {
    let mut properties = json!({"items": ex(items), "activities": activities});
    for (name, value) in more.as_object().unwrap() {
        properties[name] = value.clone();
    }
    activity("Each", "ForEach", "", properties)
}

fn until(condition: &str, timeout: &str, activities: Value) -> Value {
    let properties =
        json!({"expression": ex(condition), "timeout": timeout, "activities": activities});
    activity("Loop", "Until", "", properties)
}

fn wait(name: &str, seconds: Value) -> Value {
    activity(name, "Wait", "", json!({"waitTimeInSeconds": seconds}))
}

#[test]
fn one_branch_runs() {
    let run = |condition: &str| {
        let yes = json!([set("Y", "", "out", "yes")]);
        let no = json!([set("N", "", "out", "no")]);
        World::new(pipeline([if_condition("If", "", condition, yes, no)])).run()
    };

    let (yes, no, text) = (
        run("@equals(1, 1)"),
        run("@greater(1, 2)"),
        run("@string('true')"),
    );

    assert_eq!(
        (yes.variable("out"), yes.states().as_str()),
        (&json!("yes"), "If Succeeded, Y Succeeded")
    );
    assert_eq!(
        (no.variable("out"), no.states().as_str()),
        (&json!("no"), "If Succeeded, N Succeeded")
    );
    assert_eq!(text.only("If").error.error_code, "InvalidTemplate");
    assert!(text.message().contains("'String'"), "{}", text.message());
}

#[test]
fn a_container_fails_with_what_is_inside() {
    let yes = json!([fail("T", "")]);
    let after = World::new(pipeline([if_condition(
        "If",
        "",
        "@bool(1)",
        yes,
        json!([]),
    )]))
    .run();

    let error = after.only("If").error;
    assert_eq!(error.error_code, "ActionFailed");
    assert_eq!(
        error.message,
        "Activity failed because an inner activity failed; Inner activity name: T, Error: T broke"
    );
}

#[test]
fn inner_activities_see_what_is_before_their_container() {
    let inner = json!([set("Y", "", "out", "@activity('A').output.v")]);
    let after = World::new(pipeline([
        task("A", ""),
        if_condition(
            "If",
            "A",
            "@equals(activity('A').output.v, 'x')",
            inner,
            json!([]),
        ),
    ]))
    .acts("A", &[Act::Give(json!({"v": "x"}))])
    .run();

    assert_eq!(after.variable("out"), "x");
}

#[test]
fn what_was_inside_is_seen_behind_a_condition_and_an_until() {
    let reads = |container: Value| {
        World::new(pipeline([
            container,
            set("S", "Loop", "out", "@activity('Inner').output.v"),
        ]))
        .acts("Inner", &[Act::Give(json!({"v": "x"}))])
        .run()
    };
    let inner = json!([task("Inner", "")]);
    let mut branch = if_condition("Loop", "", "@equals(1, 1)", inner.clone(), json!([]));
    branch = json!({"name": "Loop", "type": "Until", "typeProperties": {
        "expression": ex("@equals(1, 1)"),
        "activities": [{"name": "If", "type": branch["type"], "typeProperties": branch["typeProperties"]}],
    }});
    let mut each = for_each("@createArray(1)", json!({}), inner.clone());
    each["name"] = json!("Loop");

    assert_eq!(
        reads(until("@equals(1, 1)", "0.00:01:00", inner)).variable("out"),
        "x"
    );
    assert_eq!(reads(branch).variable("out"), "x");
    let from_each = reads(each);
    let told = from_each.message();
    assert!(
        told.contains("no finished activity named `Inner`"),
        "{told}"
    );
}

#[test]
fn a_switch_takes_the_case_with_the_same_text() {
    let run = |on: &str| {
        let case = |value: Value, name: &str| json!({"value": value, "activities": [set(name, "", "out", name)]});
        let properties = json!({
            "on": ex(on),
            "cases": [case(json!("a"), "a1"), case(json!("1"), "one"), case(json!("A"), "upper")],
            "defaultActivities": [set("D", "", "out", "default")],
        });
        World::new(pipeline([activity("Sw", "Switch", "", properties)])).run()
    };

    assert_eq!(run("@concat('', 'a')").variable("out"), "a1");
    assert_eq!(run("@concat('', 'A')").variable("out"), "upper");
    assert_eq!(run("@add(0, 1)").variable("out"), "one");
    assert_eq!(run("@concat('', 'b')").variable("out"), "default");
    assert_eq!(
        run("@createArray('a')").only("Sw").status,
        ActivityStatus::Failed
    );
}

#[test]
fn a_sequential_loop_keeps_the_order() {
    for sequential in [json!(true), json!("true"), json!("True")] {
        let body = json!([
            wait("W", ex("@item()")),
            append("Add", "W", "log", "@item()")
        ]);
        let each = for_each(
            "@createArray(3, 1, 2)",
            json!({"isSequential": sequential}),
            body,
        );

        let after = World::new(pipeline([each])).run();

        assert_eq!(after.variable("log"), &json!([3, 1, 2]));
        assert_eq!(after.seconds(), 6);
    }
}

#[test]
fn a_parallel_loop_deals_its_items_out_to_queues() {
    let body = json!([
        wait("W", ex("@item()")),
        append("Add", "W", "log", "@item()")
    ]);
    let run = |batch: Value| {
        let each = for_each("@createArray(1, 5, 9, 1)", batch, body.clone());
        World::new(pipeline([each])).run()
    };

    let two = run(json!({"batchCount": 2}));
    let all = run(json!({}));

    assert_eq!((two.seconds(), all.seconds()), (10, 9));
    assert_eq!(two.variable("log"), &json!([1, 5, 1, 9]));
    assert_eq!(all.variable("log"), &json!([1, 1, 5, 9]));
}

#[test]
fn a_failed_iteration_stops_no_other() {
    for sequential in [true, false] {
        let body = json!([append("Add", "", "log", "@int(item())")]);
        let each = for_each(
            "@createArray('1', 'x', '3', 'y')",
            json!({"isSequential": sequential}),
            body,
        );

        let after = World::new(pipeline([each])).run();

        assert_eq!(after.variable("log"), &json!([1, 3]));
        assert_eq!(
            after.states(),
            "Add Succeeded Failed Succeeded Failed, Each Failed"
        );
        let error = after.only("Each").error;
        assert_eq!(error.error_code, "ActionFailed");
        assert!(error.message.contains("int(item())"), "{}", error.message);
    }
}

#[test]
fn an_iteration_is_a_flow_of_its_own() {
    let body = json!([
        append("Add", "", "log", "@int(item())"),
        if_condition(
            "If",
            "Add:Completed",
            "@equals(activity('Add').status, 'Failed')",
            json!([append("Note", "", "log", "@concat('not ', item())")]),
            json!([])
        ),
    ]);
    let after = World::new(pipeline([for_each(
        "@createArray('1', 'x')",
        json!({"isSequential": true}),
        body,
    )]))
    .run();

    assert_eq!(after.variable("log"), &json!([1, "not x"]));
    assert_eq!(after.status(), "Succeeded");
    let hashes: Vec<_> = after
        .activity("Add")
        .into_iter()
        .map(|run| run.iteration_hash)
        .collect();
    assert_ne!(hashes[0], hashes[1]);
    assert_eq!(after.only("Note").iteration_hash, hashes[1]);
    assert_eq!(after.only("Each").iteration_hash, None);
}

#[test]
fn a_loop_wants_an_array() {
    let body = || json!([task("T", "")]);
    let empty = World::new(pipeline([for_each("@json('[]')", json!({}), body())])).run();
    let text = World::new(pipeline([for_each(
        "@concat('[1', ']')",
        json!({}),
        body(),
    )]))
    .run();
    let huge = World::new(pipeline([for_each(
        "@union(range(0, 100000), range(100000, 1))",
        json!({}),
        body(),
    )]))
    .run();

    assert_eq!(empty.states(), "Each Succeeded");
    assert!(
        text.message()
            .contains("is of type 'String'; the result must be a valid array"),
        "{}",
        text.message()
    );
    assert!(
        huge.message().contains("at most 100000"),
        "{}",
        huge.message()
    );
}

#[test]
fn item_is_known_in_loops_alone() {
    let after = World::new(pipeline([set("S", "", "out", "@item()")])).run();

    assert_eq!(after.only("S").error.error_code, "InvalidTemplate");
}

#[test]
fn until_asks_after_each_pass() {
    let body = json!([append("Add", "", "log", "x"), task("T", "Add")]);
    let give = |done: bool| Act::Give(json!({"done": done}));
    let after = World::new(pipeline([until(
        "@activity('T').output.done",
        "0.01:00:00",
        body,
    )]))
    .acts("T", &[give(false), give(false), give(true)])
    .run();

    assert_eq!(after.variable("log"), &json!(["x", "x", "x"]));
    assert_eq!(
        after.states(),
        "Add Succeeded Succeeded Succeeded, Loop Succeeded, T Succeeded Succeeded Succeeded"
    );
}

#[test]
fn until_ends_when_its_time_is_over() {
    let body = json!([wait("W", json!(40))]);
    let slow = World::new(pipeline([until("@equals(1, 2)", "00:01:00", body)])).run();
    let instant = World::new(pipeline([until("@equals(1, 2)", "00:00:10", json!([]))])).run();
    let wrong = World::new(pipeline([until("@equals(1, 2)", "1 hour", json!([]))])).run();

    assert_eq!(
        (slow.status().as_str(), slow.activity("W").len()),
        ("Failed", 2)
    );
    assert!(slow.message().contains("within 60 s"), "{}", slow.message());
    assert_eq!(instant.only("Loop").error.error_code, "ActionTimedOut");
    assert!(
        wrong.message().contains("`timeout` is \"1 hour\""),
        "{}",
        wrong.message()
    );
}

#[test]
fn until_goes_on_after_a_failed_pass() {
    let body = json!([append("Add", "", "log", "x"), task("T", "Add")]);
    let run = |last: Act| {
        let condition = "@equals(length(variables('log')), 2)";
        World::new(pipeline([until(condition, "0.01:00:00", body.clone())]))
            .acts("T", &[Act::Fail("no"), last])
            .run()
    };

    assert_eq!(run(Act::Give(json!({}))).status(), "Succeeded");
    assert_eq!(run(Act::Fail("no")).status(), "Failed");
}

#[test]
fn a_filter_keeps_what_meets_its_condition() {
    let filter = |condition: &str| {
        let properties = json!({"items": ex("@range(1, 5)"), "condition": ex(condition)});
        let read = set("S", "F", "out", "@string(activity('F').output.value)");
        World::new(pipeline([activity("F", "Filter", "", properties), read])).run()
    };

    let odd = filter("@equals(mod(item(), 2), 1)");

    assert_eq!(
        odd.only("F").output,
        json!({"ItemsCount": 5, "FilteredItemsCount": 3, "Value": [1, 3, 5]})
    );
    assert_eq!(odd.variable("out"), "[1,3,5]");
    assert_eq!(
        filter("@item()").only("F").error.error_code,
        "InvalidTemplate"
    );
}

#[test]
fn long_loops_end() {
    let body = json!([set("S", "", "out", "@string(item())")]);
    let each = for_each("@range(0, 3000)", json!({"batchCount": 50}), body);

    let after = World::new(pipeline([each])).run();

    assert_eq!(after.status(), "Succeeded");
}
