//! Execution activities: attempts, time limits, secrecy.

use serde_json::{Value, json};

use crate::world::{Act, World, activity, ex, pipeline, set, task};

fn with_policy(policy: Value) -> Value {
    let mut task = task("A", "");
    task["policy"] = policy;
    task
}

#[test]
fn an_executor_is_given_evaluated_properties() {
    let mut task = activity(
        "A",
        "Task",
        "",
        json!({"path": ex("@concat('/', pipeline().Pipeline)"), "kept": {"n": [1, "a@b"]}}),
    );
    task["userProperties"] = json!([{"name": "who", "value": "@pipeline().DataFactory"}]);

    let after = World::new(pipeline([task])).run();

    let call = after.calls().remove(0);
    assert_eq!(
        call.properties,
        json!({"path": "/main", "kept": {"n": [1, "a@b"]}})
    );
    assert_eq!(
        (call.factory.as_str(), call.pipeline.as_str(), call.attempt),
        ("adf-test", "main", 0)
    );
    let run = after.only("A");
    assert_eq!(run.activity_run_id, call.activity_run_id);
    assert_eq!(run.input, call.properties);
    assert_eq!(run.user_properties["who"], "adf-test");
}

#[test]
fn a_failed_attempt_is_repeated() {
    let policy = json!({"retry": 2, "retryIntervalInSeconds": 60});
    let world = || World::new(pipeline([with_policy(policy.clone())]));

    let second = world()
        .acts("A", &[Act::Fail("busy"), Act::Give(json!({"v": 1}))])
        .run();
    let never = world().acts("A", &[Act::Fail("busy")]).run();

    assert_eq!(
        (second.status().as_str(), second.seconds()),
        ("Succeeded", 60)
    );
    let attempts: Vec<_> = second
        .activity("A")
        .iter()
        .map(|run| run.retry_attempt)
        .collect();
    assert_eq!(attempts, [None, Some(1)]);
    assert_eq!(never.states(), "A Failed Failed Failed");
    assert_eq!(never.seconds(), 120);
    let ids: std::collections::HashSet<_> = never
        .calls()
        .into_iter()
        .map(|call| call.activity_run_id)
        .collect();
    assert_eq!(ids.len(), 3);
}

#[test]
fn the_number_of_attempts_and_the_pause_may_be_expressions() {
    for (policy, pause) in [
        (json!({"retry": ex("@add(0, 1)")}), 30),
        (
            json!({"retry": "1", "retryIntervalInSeconds": ex("@mul(20, 3)")}),
            60,
        ),
        (json!({"retry": 1, "retryIntervalInSeconds": "45"}), 45),
    ] {
        let after = World::new(pipeline([with_policy(policy)]))
            .acts("A", &[Act::Fail("busy")])
            .run();

        assert_eq!(
            (after.states().as_str(), after.seconds()),
            ("A Failed Failed", pause)
        );
    }
}

#[test]
fn each_attempt_has_the_time_limit() {
    let policy = json!({"timeout": "0.00:10:00", "retry": 1});
    let after = World::new(pipeline([with_policy(policy)]))
        .acts("A", &[Act::Hang, Act::Take(599)])
        .run();

    assert_eq!(after.stopped(), ["A"]);
    assert_eq!(after.states(), "A Failed Succeeded");
    assert_eq!(
        after.activity("A")[0].error.message,
        "the activity took longer than 600 s"
    );
    assert_eq!(after.seconds(), 600 + 30 + 599);
}

#[test]
fn a_wrong_policy_is_named() {
    for (policy, place) in [
        (json!({"timeout": "soon"}), "`policy.timeout` is \"soon\""),
        (json!({"retry": -1}), "`policy.retry` is -1"),
    ] {
        let after = World::new(pipeline([with_policy(policy)])).run();
        assert!(after.message().contains(place), "{}", after.message());
        assert!(after.calls().is_empty());
    }
}

#[test]
fn an_unknown_activity_type_fails_by_its_name() {
    let after = World::new(pipeline([activity("A", "Teleport", "", json!({}))])).run();

    assert_eq!(
        after.message(),
        "Operation on target A failed: activity type `Teleport` is not supported here"
    );
}

#[test]
fn an_expression_without_a_value_fails_its_activity_once() {
    let mut task = activity(
        "A",
        "Task",
        "",
        json!({"x": "@pipeline().parameters.nothing"}),
    );
    task["policy"] = json!({"retry": 3});

    let after = World::new(pipeline([task])).run();

    let error = after.only("A").error;
    assert_eq!(
        (error.error_code.as_str(), error.failure_type.as_str()),
        ("InvalidTemplate", "UserError")
    );
    assert!(after.calls().is_empty());
}

#[test]
fn secret_input_and_output_are_not_recorded() {
    let mut task = with_policy(json!({"secureInput": true, "secureOutput": true}));
    task["typeProperties"] = json!({"token": "hush"});
    let main = pipeline([task, set("S", "A", "out", "@activity('A').output.secret")]);

    let after = World::new(main)
        .acts("A", &[Act::Give(json!({"secret": "s3"}))])
        .run();

    let run = after.only("A");
    assert_eq!((run.input, run.output), (json!({}), json!({})));
    assert_eq!(after.calls()[0].properties["token"], "hush");
    assert_eq!(after.variable("out"), "s3");
}

#[test]
fn secure_strings_are_hidden_in_records() {
    let password = json!({"type": "SecureString", "value": "hush"});
    let mut main = pipeline([activity(
        "A",
        "Task",
        "",
        json!({"auth": {"password": password}}),
    )]);
    main["parameters"] = json!({"key": {"type": "SecureString"}});

    let after = World::new(main).run_with(json!({"key": "hush"}));

    let recorded = format!("{:?}{:?}", after.only("A"), after.outcome.run);
    assert!(!recorded.contains("hush"), "{recorded}");
    assert_eq!(
        after.calls()[0].properties["auth"]["password"]["value"],
        "hush"
    );
}

#[test]
fn an_output_has_a_largest_size() {
    let run = |size: usize| {
        let output = json!({"text": "x".repeat(size)});
        World::new(pipeline([task("A", "")]))
            .acts("A", &[Act::Give(output)])
            .run()
    };

    assert_eq!(run(4_000_000).status(), "Succeeded");
    assert_eq!(run(5_000_000).only("A").error.error_code, "2001");
}
