//! Runs that are asked to stop.

use std::time::Duration;

use adf_runtime::{Clock, RunRequest, RunStatus};
use serde_json::{Map, json};

use crate::world::{Act, Aftermath, Hands, World, activity, call, ex, pipeline, task};

fn wait(name: &str, after: &str) -> serde_json::Value {
    activity(name, "Wait", after, json!({"waitTimeInSeconds": 600}))
}

/// Asks the run `r` to stop after ten seconds.
fn cancelled(world: World, recursive: bool) -> Aftermath {
    let request = RunRequest {
        run_id: "r".to_owned(),
        ..RunRequest::manual("main", Map::new())
    };
    let ask = |hands: Hands| async move {
        hands.clock.sleep(Duration::from_secs(10)).await;
        assert!(hands.engine.cancel("r", recursive));
        assert!(!hands.engine.cancel("another", recursive));
    };
    world.attempt(request, ask).unwrap()
}

#[test]
fn nothing_starts_after_a_cancel() {
    let main = pipeline([
        wait("A", ""),
        task("B", "A"),
        task("H", "A:Failed"),
        task("N", "A:Completed"),
    ]);

    let after = cancelled(World::new(main), false);

    assert_eq!(after.states(), "A Cancelled");
    assert_eq!(
        after.told(),
        ["main InProgress", "main Canceling", "main Cancelled"]
    );
    assert_eq!(after.seconds(), 10);
    assert_eq!(after.message(), "");
}

#[test]
fn containers_stop_with_what_is_inside() {
    let each = activity(
        "E",
        "ForEach",
        "",
        json!({"items": ex("@range(0, 30)"), "batchCount": 2, "activities": [wait("W", "")]}),
    );
    let until = activity(
        "U",
        "Until",
        "",
        json!({"expression": ex("@equals(1, 2)"), "activities": [wait("V", "")]}),
    );
    let branch = activity(
        "I",
        "IfCondition",
        "",
        json!({"expression": ex("@equals(1, 1)"), "ifTrueActivities": [wait("X", "")]}),
    );

    let after = cancelled(World::new(pipeline([each, until, branch])), false);

    assert_eq!(
        after.states(),
        "E Cancelled, I Cancelled, U Cancelled, V Cancelled, W Cancelled Cancelled, X Cancelled"
    );
}

#[test]
fn an_executor_is_asked_to_stop() {
    let after = cancelled(
        World::new(pipeline([task("A", "")])).acts("A", &[Act::Hang]),
        false,
    );

    assert_eq!(after.stopped(), ["A"]);
    assert_eq!(
        (after.states().as_str(), after.seconds()),
        ("A Cancelled", 10)
    );
}

#[test]
fn an_executor_that_does_not_stop_is_left_after_a_while() {
    let after = cancelled(
        World::new(pipeline([task("A", "")])).acts("A", &[Act::Take(100_000)]),
        false,
    );

    assert_eq!(
        (after.states().as_str(), after.seconds()),
        ("A Cancelled", 40)
    );
}

#[test]
fn children_stop_only_when_wanted() {
    let world = || {
        World::new(pipeline([call("C", "", "child", json!({}))]))
            .pipeline("child", pipeline([wait("W", "")]))
    };

    let plain = cancelled(world(), false);
    let recursive = cancelled(world(), true);

    let statuses = |after: &Aftermath| {
        after
            .pipeline_runs()
            .iter()
            .map(|run| run.status)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        statuses(&plain),
        [RunStatus::Cancelled, RunStatus::Succeeded]
    );
    assert_eq!(plain.states(), "C Cancelled, W Succeeded");
    assert_eq!(
        statuses(&recursive),
        [RunStatus::Cancelled, RunStatus::Cancelled]
    );
    assert_eq!(recursive.states(), "C Cancelled, W Cancelled");
}

#[test]
fn a_child_can_be_cancelled_alone() {
    let main = pipeline([call("C", "", "child", json!({})), task("H", "C:Failed")]);
    let world = World::new(main)
        .pipeline("child", pipeline([task("W", "")]))
        .acts("W", &[Act::Hang]);
    let ask = |hands: Hands| async move {
        hands.clock.sleep(Duration::from_secs(10)).await;
        assert!(hands.engine.cancel(&hands.run_of("child"), false));
    };

    let request = RunRequest::manual("main", Map::new());
    let after = world.attempt(request, ask).unwrap();

    assert_eq!(after.stopped(), ["W"]);
    assert_eq!(after.states(), "C Cancelled, H Succeeded, W Cancelled");
    assert_eq!(after.status(), "Succeeded");
}

#[test]
fn a_run_cancelled_beforehand_starts_nothing() {
    let ask = |hands: Hands| {
        hands.cancellation.cancel();
        async {}
    };

    let request = RunRequest::manual("main", Map::new());
    let after = World::new(pipeline([task("A", "")]))
        .attempt(request, ask)
        .unwrap();

    assert_eq!(
        (after.states().as_str(), after.status().as_str()),
        ("", "Cancelled")
    );
}
