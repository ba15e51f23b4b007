//! The order in which resources are put.

use dataops_plan::Request;
use serde_json::json;

use crate::support::{dataset, documents, pipeline, planned, refer, shown, shown_levels, tumbling};

#[test]
fn what_is_referred_to_is_put_first_and_the_rest_at_once() {
    let source = documents([
        ("managedVirtualNetwork.default", json!({})),
        (
            "managedPrivateEndpoint.default/sql",
            json!({"groupId": "sqlServer"}),
        ),
        (
            "integrationRuntime.linked",
            json!({"type": "SelfHosted", "typeProperties": {"linkedInfo": {"resourceId": "/x", "authorizationType": "RBAC"}}}),
        ),
        ("integrationRuntime.own", json!({"type": "SelfHosted"})),
        (
            "integrationRuntime.managed",
            json!({"type": "Managed", "managedVirtualNetwork": refer("managedVirtualNetwork.default")}),
        ),
        (
            "linkedService.Vault",
            json!({"type": "AzureKeyVault", "typeProperties": {"baseUrl": "https://v.test"}}),
        ),
        (
            "linkedService.A",
            json!({"type": "Sftp", "connectVia": refer("integrationRuntime.managed"), "typeProperties": {
                "password": {"type": "AzureKeyVaultSecret", "secretName": "n", "store": refer("linkedService.Vault")}}}),
        ),
        ("linkedService.Plain", json!({"type": "Sftp"})),
        ("dataset.d", dataset("linkedService.A", "x")),
        ("pipeline.a", pipeline(&["pipeline.b"])),
        ("pipeline.b", pipeline(&[])),
    ]);

    let plan = planned(&source, &[], &Request::default());

    insta::assert_snapshot!(shown_levels(&plan.order.put), @r"
    managedVirtualNetwork.default integrationRuntime.own integrationRuntime.linked linkedService.Vault linkedService.Plain pipeline.b
    managedPrivateEndpoint.default/sql integrationRuntime.managed pipeline.a
    linkedService.A
    dataset.d
    ");
}

#[test]
fn what_is_there_already_is_not_waited_for() {
    let live = documents([
        ("linkedService.s", json!({"type": "Sftp"})),
        ("dataset.d", dataset("linkedService.s", "old")),
    ]);
    let source = documents([
        ("linkedService.s", json!({"type": "Sftp"})),
        ("dataset.d", dataset("linkedService.s", "new")),
        (
            "pipeline.p",
            json!({"activities": [{"inputs": [refer("dataset.d")]}]}),
        ),
    ]);

    let plan = planned(&source, &live, &Request::default());

    insta::assert_snapshot!(shown_levels(&plan.order.put), @r"
    dataset.d
    pipeline.p
    ");
}

#[test]
fn a_circle_of_new_resources_is_a_problem() {
    let source = documents([
        ("pipeline.a", pipeline(&["pipeline.b"])),
        ("pipeline.b", pipeline(&["pipeline.c"])),
        ("pipeline.c", pipeline(&["pipeline.a"])),
        ("pipeline.caller", pipeline(&["pipeline.a"])),
    ]);

    let plan = planned(&source, &[], &Request::default());

    insta::assert_snapshot!(shown(&plan), @r"
    create pipeline.a: the factory does not have it
    create pipeline.b: the factory does not have it
    create pipeline.c: the factory does not have it
    create pipeline.caller: the factory does not have it
    ! pipeline.a: it refers to itself, so that none can be created first: pipeline.a → pipeline.b → pipeline.c → pipeline.a
    ");
    assert!(!plan.is_applicable());
}

#[test]
fn a_circle_through_what_is_there_can_be_put() {
    let source = documents([
        ("pipeline.a", pipeline(&["pipeline.b"])),
        ("pipeline.b", pipeline(&["pipeline.a"])),
    ]);
    let live = documents([("pipeline.a", pipeline(&[]))]);

    let plan = planned(&source, &live, &Request::default());

    assert!(plan.is_applicable(), "{}", shown(&plan));
    insta::assert_snapshot!(shown_levels(&plan.order.put), @r"
    pipeline.b
    pipeline.a
    ");
}

#[test]
fn what_is_deleted_to_be_created_comes_after_all_else() {
    let windows = |start: &str| {
        [
            ("pipeline.p", pipeline(&[])),
            (
                "trigger.first",
                tumbling("Stopped", "pipeline.p", start, &[]),
            ),
            (
                "trigger.second",
                tumbling("Stopped", "pipeline.p", start, &["trigger.first"]),
            ),
        ]
    };
    let others = [
        ("pipeline.new", pipeline(&["pipeline.p"])),
        ("pipeline.newer", pipeline(&["pipeline.new"])),
    ];
    let mut source = documents(windows("2026-02-01T00:00:00Z"));
    source.extend(documents(others));
    let live = documents(windows("2026-01-01T00:00:00Z"));

    let plan = planned(&source, &live, &Request::default());

    insta::assert_snapshot!(shown_levels(&plan.order.put), @r"
    pipeline.new
    pipeline.newer
    trigger.first
    trigger.second
    ");
    let rounds = plan.order.rounds();
    assert!(
        rounds[..2]
            .iter()
            .all(|round| round.remove.is_empty() && round.anew.is_empty())
    );
    insta::assert_snapshot!(shown_levels(&rounds[2].remove), @"trigger.second");
    assert_eq!(rounds[2].anew, rounds[2].put.iter().cloned().collect());
    assert!(rounds[3].remove.is_empty() && rounds[3].anew.is_empty());
}
