//! What is deleted, and what is not.

use dataops_plan::Request;
use serde_json::json;

use crate::support::{
    dataset, deleting, documents, pipeline, planned, refer, service, shown, shown_levels,
};

#[test]
fn nothing_is_deleted_unasked() {
    let source = documents([("pipeline.new", pipeline(&[]))]);
    let live = documents([("pipeline.old", pipeline(&[]))]);

    let plan = planned(&source, &live, &Request::default());

    insta::assert_snapshot!(shown(&plan), @r"
    create pipeline.new: the factory does not have it
    skip pipeline.old: the source does not have it, and nothing is deleted unasked
    ");
}

#[test]
fn referrers_are_deleted_before_what_they_refer_to() {
    let source = documents([("pipeline.stays", pipeline(&[]))]);
    let live = documents([
        ("linkedService.s", service("a.test")),
        ("dataset.d", dataset("linkedService.s", "x")),
        (
            "pipeline.caller",
            json!({"activities": [{"inputs": [refer("dataset.d")], "x": refer("pipeline.callee")}]}),
        ),
        ("pipeline.callee", pipeline(&[])),
        ("pipeline.stays", pipeline(&["pipeline.callee"])),
    ]);

    let plan = planned(&source, &live, &deleting());

    insta::assert_snapshot!(shown(&plan), @r"
    delete linkedService.s: the source does not have it
    delete dataset.d: the source does not have it
    delete pipeline.callee: the source does not have it
    delete pipeline.caller: the source does not have it
    update pipeline.stays: it differs
    allowed: delete linkedService.s: it is deleted
    allowed: delete dataset.d: it is deleted
    allowed: delete pipeline.callee: it is deleted
    allowed: delete pipeline.caller: it is deleted
    needs consent: mass-delete: 4 of 5 resources are deleted, more than 25 %
    ");
    insta::assert_snapshot!(shown_levels(&plan.order.delete), @r"
    pipeline.caller
    dataset.d pipeline.callee
    linkedService.s
    ");
    insta::assert_snapshot!(shown_levels(&plan.order.put), @"pipeline.stays");
}

#[test]
fn what_something_that_stays_refers_to_is_kept_with_all_that_it_needs() {
    let source = documents([("pipeline.stays", pipeline(&["pipeline.callee"]))]);
    let live = documents([
        ("linkedService.s", service("a.test")),
        ("dataset.d", dataset("linkedService.s", "x")),
        (
            "pipeline.callee",
            json!({"activities": [{"inputs": [refer("dataset.d")]}]}),
        ),
        ("pipeline.stays", pipeline(&[])),
        ("pipeline.free", pipeline(&["pipeline.callee"])),
    ]);

    let plan = planned(&source, &live, &deleting());

    insta::assert_snapshot!(shown(&plan), @r"
    skip linkedService.s: it is not deleted, because dataset.d refers to it
    skip dataset.d: it is not deleted, because pipeline.callee refers to it
    skip pipeline.callee: it is not deleted, because pipeline.stays refers to it
    delete pipeline.free: the source does not have it
    update pipeline.stays: it differs
    allowed: delete pipeline.free: it is deleted
    ");
    assert!(plan.problems.is_empty());
}

#[test]
fn resources_that_refer_to_each_other_are_not_deleted() {
    let live = documents([
        ("pipeline.a", pipeline(&["pipeline.b"])),
        ("pipeline.b", pipeline(&["pipeline.a", "pipeline.c"])),
        ("pipeline.c", pipeline(&[])),
        ("pipeline.d", pipeline(&["pipeline.a"])),
        ("pipeline.stays", pipeline(&[])),
    ]);
    let source = documents([("pipeline.stays", pipeline(&[]))]);

    let plan = planned(&source, &live, &deleting());

    insta::assert_snapshot!(shown(&plan), @r"
    skip pipeline.a: it is not deleted, because pipeline.b refers to it
    skip pipeline.b: it is not deleted, because pipeline.a refers to it
    skip pipeline.c: it is not deleted, because pipeline.b refers to it
    delete pipeline.d: the source does not have it
    unchanged pipeline.stays: it is as it ought to be
    allowed: delete pipeline.d: it is deleted
    ");
}

#[test]
fn some_things_are_never_deleted() {
    let source = documents([("pipeline.stays", pipeline(&[]))]);
    let live = documents([
        ("managedVirtualNetwork.default", json!({})),
        (
            "integrationRuntime.AutoResolveIntegrationRuntime",
            json!({"type": "Managed"}),
        ),
        (
            "globalParameters.default",
            json!({"mode": {"type": "String", "value": "x"}}),
        ),
        ("pipeline.stays", pipeline(&[])),
    ]);

    let plan = planned(&source, &live, &deleting());

    insta::assert_snapshot!(shown(&plan), @r"
    skip managedVirtualNetwork.default: the service has no deletion of its kind
    skip integrationRuntime.AutoResolveIntegrationRuntime: every factory has it
    unchanged pipeline.stays: it is as it ought to be
    skip globalParameters.default: the source has no global parameters, and an empty set is written only when asked for
    ");
}
