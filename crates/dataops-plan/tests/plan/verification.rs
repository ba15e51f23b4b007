//! Whether a plan still holds.

use adf_model::ResourceId;
use dataops_plan::{Live, Plan, Request, Selection};
use serde_json::{Value, json};

use crate::support::{
    Documents, deleting, desired, documents, id, pipeline, planned, schedule, service,
};

fn source() -> Documents {
    documents([
        ("linkedService.s", service("new.test")),
        ("pipeline.new", pipeline(&[])),
        ("pipeline.same", pipeline(&[])),
        ("trigger.t", schedule("Started", &["pipeline.same"])),
    ])
}

fn live() -> Documents {
    documents([
        ("linkedService.s", service("old.test")),
        ("pipeline.same", pipeline(&[])),
        ("pipeline.old", pipeline(&[])),
        ("trigger.t", schedule("Started", &["pipeline.same"])),
    ])
}

/// The live factory after somebody has changed something; entity tags are kept unless `change` writes them.
fn later(change: impl FnOnce(&mut Vec<(ResourceId, Value)>)) -> Live {
    let mut documents = live();
    for (at, (_, document)) in documents.iter_mut().enumerate() {
        document["etag"] = format!("etag-{at}").into();
    }
    change(&mut documents);
    Live::new(Some(json!({"name": "adf-qa"})), documents)
}

fn moved(plan: &Plan, live: &Live) -> String {
    let moved = plan.verify(live);
    moved
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_factory_that_nobody_touched_has_not_moved() {
    let plan = planned(&source(), &live(), &deleting());

    assert_eq!(moved(&plan, &later(|_| ())), "");
}

#[test]
fn what_somebody_did_meanwhile_is_named() {
    let plan = planned(&source(), &live(), &deleting());

    let later = later(|documents| {
        documents[0].1["etag"] = "another".into();
        documents[1].1["properties"]["description"] = "by hand".into();
        documents.remove(2);
        documents[2].1["properties"]["runtimeState"] = "Stopped".into();
        documents.push((id("pipeline.NEW"), json!({"properties": {}})));
        documents.push((id("pipeline.more"), json!({"properties": {}})));
    });

    insta::assert_snapshot!(moved(&plan, &later), @r"
    linkedService.s was written again in the factory
    pipeline.new is in the factory now
    pipeline.old is no longer in the factory
    pipeline.same was changed in the factory
    pipeline.more is in the factory now
    trigger.t was started and is stopped
    ");
}

#[test]
fn a_resource_that_is_left_alone_may_be_written_again() {
    let plan = planned(&source(), &live(), &deleting());

    let later = later(|documents| documents[1].1["etag"] = "another".into());

    assert_eq!(moved(&plan, &later), "");
}

#[test]
fn what_was_not_selected_does_not_count() {
    let request = Request {
        selection: Selection {
            only: vec!["linkedService.*".parse().unwrap()],
            except: Vec::new(),
        },
        ..Request::default()
    };
    let plan = planned(&source(), &live(), &request);

    let later = later(|documents| {
        documents[1].1["properties"]["description"] = "by hand".into();
        documents.push((id("pipeline.more"), json!({"properties": {}})));
    });

    assert_eq!(moved(&plan, &later), "");
}

#[test]
fn another_source_is_told() {
    let plan = planned(&source(), &live(), &deleting());
    let mut other = source();
    other[0].1["properties"]["typeProperties"]["host"] = "other.test".into();
    other.remove(1);
    other.extend(documents([("pipeline.more", pipeline(&[]))]));

    let moved = plan.verify_source(&desired(&other));
    let moved: Vec<_> = moved.iter().map(ToString::to_string).collect();

    insta::assert_snapshot!(moved.join("\n"), @r"
    linkedService.s is not what the plan was made of
    pipeline.more is not what the plan was made of
    pipeline.new is not what the plan was made of
    ");
    assert!(plan.verify_source(&desired(&source())).is_empty());
}

/// A plan after somebody has edited its file, with the digest that belongs to it then.
fn edited(plan: &Plan, edit: impl FnOnce(&mut Value)) -> Plan {
    let mut json = serde_json::to_value(plan).unwrap();
    edit(&mut json);
    serde_json::from_value(json).unwrap()
}

#[test]
fn a_plan_that_was_edited_does_what_none_made_now_would() {
    let keeping = Request::default();
    let plan = planned(&source(), &live(), &keeping);
    let again = planned(&source(), &live(), &keeping);
    let index = |key: &str| {
        let mut resources = plan.resources.iter();
        resources
            .position(|it| it.resource.to_string() == key)
            .unwrap()
    };
    let old = index("pipeline.old");

    let smuggled = edited(&plan, |json| {
        json["resources"][old]["action"] = "delete".into();
        json["order"]["delete"] = json!([["pipeline.old"]]);
    });
    let ordered = edited(&plan, |json| {
        json["order"]["delete"] = json!([["pipeline.old"]]);
    });
    let emptied = edited(&plan, |json| json["order"]["put"] = json!([]));

    assert!(plan.departures(&again).is_empty());
    assert_eq!(
        smuggled.departures(&again),
        ["pipeline.old: the plan says to delete it, and one made now to leave it"]
    );
    let others = "its steps are others than those of one made now, as of a plan that another version has made or somebody has edited";
    assert_eq!(ordered.departures(&again), [format!("{others}: delete")]);
    assert_eq!(emptied.departures(&again), [format!("{others}: put")]);
}
