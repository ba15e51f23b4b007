//! Deployments of a part.

use dataops_plan::{Request, Selection};
use serde_json::json;

use crate::support::{
    dataset, documents, pipeline, planned, refer, schedule, service, shown, shown_triggers,
};

fn selecting(only: &[&str], except: &[&str]) -> Request {
    let parsed = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
    Request {
        selection: Selection {
            only: parsed(only),
            except: parsed(except),
        },
        delete_not_in_source: true,
        ..Request::default()
    }
}

#[test]
fn what_the_factory_lacks_comes_along() {
    let source = documents([
        ("linkedService.s", service("a.test")),
        ("dataset.d", dataset("linkedService.s", "x")),
        (
            "pipeline.p",
            json!({"activities": [{"inputs": [refer("dataset.d")]}]}),
        ),
        ("pipeline.other", pipeline(&[])),
    ]);
    let live = documents([("pipeline.old", pipeline(&[]))]);

    let plan = planned(&source, &live, &selecting(&["pipeline.p"], &[]));

    insta::assert_snapshot!(shown(&plan), @r"
    create linkedService.s: dataset.d needs it, and the factory does not have it
    create dataset.d: pipeline.p needs it, and the factory does not have it
    skip pipeline.old: it is not selected
    skip pipeline.other: it is not selected
    create pipeline.p: the factory does not have it
    ");
    assert!(plan.is_applicable());
}

#[test]
fn what_is_left_out_by_name_does_not_come_along() {
    let source = documents([
        ("linkedService.s", service("a.test")),
        ("dataset.d", dataset("linkedService.s", "x")),
    ]);

    let plan = planned(
        &source,
        &[],
        &selecting(&["dataset.*"], &["linkedService.*"]),
    );

    insta::assert_snapshot!(shown(&plan), @r"
    skip linkedService.s: it is not selected
    create dataset.d: the factory does not have it
    ! dataset.d: it refers to linkedService.s, which the factory lacks and the selection leaves out
    ");
    assert!(!plan.is_applicable());
}

#[test]
fn what_a_part_leaves_inconsistent_is_told() {
    let all = |host: &str, folder: &str, calls: &[&str]| {
        documents([
            ("linkedService.s", service(host)),
            ("dataset.d", dataset("linkedService.s", folder)),
            (
                "pipeline.p",
                json!({"activities": [{"inputs": [refer("dataset.d")]}], "calls": calls}),
            ),
        ])
    };

    let plan = planned(
        &all("b.test", "new", &["x"]),
        &all("a.test", "old", &[]),
        &selecting(&["dataset.d"], &[]),
    );

    insta::assert_snapshot!(shown(&plan), @r"
    skip linkedService.s: it is not selected
    update dataset.d: it differs
    skip pipeline.p: it is not selected
    allowed: data-location dataset.d: it points at other data: typeProperties.location.folderPath differs
    warning: dataset.d: it uses linkedService.s, which differs too and is not selected
    warning: dataset.d: pipeline.p uses it, differs too, and is not selected
    ");
}

#[test]
fn a_folder_can_be_selected() {
    let inside = |folder: &str| json!({"activities": [], "folder": {"name": folder}});
    let source = documents([
        ("pipeline.a", inside("Finance/Daily")),
        ("pipeline.b", inside("Sales")),
    ]);

    let plan = planned(&source, &[], &selecting(&["@finance/*"], &[]));

    insta::assert_snapshot!(shown(&plan), @r"
    create pipeline.a: the factory does not have it
    skip pipeline.b: it is not selected
    ");
}

#[test]
fn a_trigger_that_is_not_selected_is_not_touched() {
    let all = |state: &str, starts: &[&str]| {
        documents([
            ("pipeline.p", pipeline(&[])),
            ("trigger.t", schedule(state, starts)),
        ])
    };

    let plan = planned(
        &all("Started", &["pipeline.p"]),
        &all("Stopped", &[]),
        &selecting(&["pipeline.*"], &[]),
    );

    assert_eq!(shown_triggers(&plan), "");
    assert!(!plan.has_work());
}
