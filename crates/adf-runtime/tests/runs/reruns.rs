//! Runs that take over what went well before.

use std::sync::Arc;

use adf_runtime::{Recovery, RunRequest};
use serde_json::{Map, Value, json};

use crate::world::{Act, Aftermath, World, activity, call, ex, pipeline, set, task};

fn again(world: World, first: &Aftermath, start_activity: Option<&str>) -> Aftermath {
    let run = &first.outcome.run;
    world.request(RunRequest {
        group_id: run.run_group_id.clone(),
        recovery: Some(Recovery {
            run_id: run.run_id.clone(),
            earlier: Arc::new(first.all_activities()),
            start_activity: start_activity.map(str::to_owned),
        }),
        ..RunRequest::manual("main", Map::new())
    })
}

fn called(after: &Aftermath) -> Vec<String> {
    after
        .calls()
        .into_iter()
        .map(|call| call.activity)
        .collect()
}

fn chain() -> Value {
    pipeline([
        task("A", ""),
        set("S", "A", "out", "@activity('A').output.v"),
        task("B", "S"),
        task("C", "B"),
    ])
}

#[test]
fn a_rerun_starts_from_what_failed() {
    let first = World::new(chain())
        .acts("A", &[Act::Give(json!({"v": "first"}))])
        .acts("B", &[Act::Fail("busy")])
        .run();

    let second = again(World::new(chain()), &first, None);

    assert_eq!(called(&second), ["B", "C"]);
    assert_eq!(second.variable("out"), "first");
    assert_eq!(second.only("A").recovery_status, "Recovered");
    assert_eq!(second.only("A").pipeline_run_id, second.outcome.run.run_id);
    assert_eq!(second.only("B").recovery_status, "None");
    assert_eq!(
        second.outcome.run.run_group_id,
        first.outcome.run.run_group_id
    );
}

#[test]
fn a_rerun_may_start_from_an_activity() {
    let world = || World::new(chain()).acts("A", &[Act::Give(json!({"v": "x"}))]);
    let first = world().run();

    assert_eq!(called(&again(world(), &first, Some("b"))), ["B", "C"]);
    assert_eq!(called(&again(world(), &first, Some("S"))), ["B", "C"]);
    assert_eq!(called(&again(world(), &first, Some("C"))), ["C"]);
    assert_eq!(called(&again(world(), &first, Some("A"))), ["A", "B", "C"]);
    assert_eq!(called(&again(world(), &first, None)), Vec::<String>::new());
}

#[test]
fn iterations_are_taken_over_one_by_one() {
    let body = json!([activity("T", "Task", "", json!({"n": ex("@item()")}))]);
    let each = activity(
        "E",
        "ForEach",
        "",
        json!({"items": ex("@range(1, 3)"), "isSequential": true, "activities": body}),
    );
    let main = pipeline([each]);
    let first = World::new(main.clone())
        .acts(
            "T",
            &[
                Act::Give(json!({})),
                Act::Fail("busy"),
                Act::Give(json!({})),
            ],
        )
        .run();

    let second = again(World::new(main), &first, None);

    let numbers: Vec<Value> = second
        .calls()
        .into_iter()
        .map(|call| call.properties["n"].clone())
        .collect();
    assert_eq!(numbers, [2]);
    assert_eq!(second.status(), "Succeeded");
}

#[test]
fn children_take_over_too() {
    let world = || {
        World::new(pipeline([call("P", "", "child", json!({}))]))
            .pipeline("child", pipeline([task("A", ""), task("B", "A")]))
    };
    let first = world().acts("B", &[Act::Fail("busy")]).run();

    let second = again(world(), &first, None);

    assert_eq!(called(&second), ["B"]);
    assert_eq!(second.status(), "Succeeded");
}
