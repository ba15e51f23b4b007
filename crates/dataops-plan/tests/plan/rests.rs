//! Whether a plan made now is what is left of one that was begun.

use adf_model::ResourceId;
use dataops_plan::{Live, Plan, Request};
use dataops_solution::deployment::TriggerPolicy::Off;
use serde_json::{Value, json};

use crate::support::{
    Documents, deleting, desired, documents, events, id, key, pipeline, planned, service,
    with_triggers,
};

fn source() -> Documents {
    documents([
        ("linkedService.s", service("new.test")),
        ("pipeline.new", pipeline(&[])),
        ("pipeline.same", pipeline(&[])),
        ("trigger.t", events("Started", &["pipeline.same"], "/new/")),
    ])
}

fn live() -> Documents {
    documents([
        ("linkedService.s", service("old.test")),
        ("pipeline.old", pipeline(&[])),
        ("pipeline.same", pipeline(&[])),
        ("trigger.t", events("Started", &["pipeline.same"], "/old/")),
    ])
}

fn plan() -> Plan {
    planned(&source(), &live(), &deleting())
}

/// The live factory after something was done with it; the trigger is one that a journal tells to be stopped.
fn later(change: impl FnOnce(&mut Vec<(ResourceId, Value)>)) -> Live {
    let mut documents = live();
    for (at, (_, document)) in documents.iter_mut().enumerate() {
        document["etag"] = format!("etag-{at}").into();
    }
    change(&mut documents);
    let live = Live::new(Some(json!({"name": "adf-qa", "properties": {}})), documents);
    live.with_started([&key("trigger.t")])
}

fn is_left(live: &Live, request: &Request) -> bool {
    let rest = dataops_plan::plan(&desired(&source()), live, request);
    assert!(rest.has_work());
    plan().has_left(&rest, live)
}

/// What a run does before it is killed: the service is written, the trigger is stopped.
fn begun(documents: &mut [(ResourceId, Value)]) {
    documents[0].1 = json!({"name": "s", "etag": "etag-9", "properties": service("new.test")});
    documents[3].1["etag"] = "etag-10".into();
    documents[3].1["properties"]["runtimeState"] = "Stopped".into();
}

#[test]
fn what_a_killed_run_has_begun_is_finished_by_the_rest() {
    assert!(is_left(&later(|all| begun(all)), &deleting()));
    let more = later(|all| {
        begun(all);
        all[3].1["properties"] = source()[3].1["properties"].clone();
        all[3].1["properties"]["runtimeState"] = "Stopped".into();
        all.remove(1);
        all.push((id("pipeline.new"), json!({"properties": pipeline(&[])})));
    });
    assert!(is_left(&more, &deleting()));
}

/// What somebody does to the live factory meanwhile.
type Edit = fn(&mut Vec<(ResourceId, Value)>);

#[test]
fn what_somebody_else_has_done_is_not_finished_over() {
    let edits: [Edit; 5] = [
        |all| all[0].1["properties"]["description"] = "by hand".into(),
        |all| all[2].1["properties"]["description"] = "by hand".into(),
        |all| drop(all.remove(2)),
        |all| all.push((id("pipeline.theirs"), json!({"properties": {}}))),
        |all| all[1].1["etag"] = "another".into(),
    ];
    for (at, edit) in edits.into_iter().enumerate() {
        let later = later(|all| {
            begun(all);
            edit(all);
        });
        assert!(!is_left(&later, &deleting()), "edit {at}");
    }
}

#[test]
fn what_was_asked_otherwise_is_no_rest() {
    let later = later(|all| begun(all));
    let off = Request {
        triggers: with_triggers([("t", Off)]).triggers,
        ..deleting()
    };
    assert!(!is_left(&later, &off));
}

#[test]
fn a_trigger_that_the_environment_wants_otherwise_by_now_is_named() {
    let again = |request: &Request| {
        let again = planned(&source(), &live(), request);
        let moved = plan().verify_triggers(&again);
        moved.iter().map(ToString::to_string).collect::<Vec<_>>()
    };

    assert!(again(&deleting()).is_empty());
    let words = "trigger.t is to be stopped afterwards by the environment's policy, and started by the plan";
    assert_eq!(again(&with_triggers([("t", Off)])), [words]);
}
