//! What is done with each resource, and why.

use dataops_plan::{Action, Because, Plan, Request, What};
use serde_json::json;

use crate::support::{documents, pipeline, planned, service, shown};

#[test]
fn a_factory_that_is_as_it_ought_to_be_needs_nothing() {
    let source = documents([
        ("linkedService.Store", service("a.test")),
        ("pipeline.load", pipeline(&[])),
    ]);

    let plan = planned(&source, &source, &Request::default());

    assert!(!plan.has_work() && plan.is_applicable());
    insta::assert_snapshot!(shown(&plan), @r"
    unchanged linkedService.Store: it is as it ought to be
    unchanged pipeline.load: it is as it ought to be
    ");
}

#[test]
fn what_is_missing_is_created_and_what_differs_is_updated() {
    let source = documents([
        ("linkedService.Store", service("b.test")),
        ("pipeline.load", pipeline(&[])),
    ]);
    let live = documents([
        ("linkedService.store", service("a.test")),
        ("pipeline.old", pipeline(&[])),
    ]);

    let plan = planned(&source, &live, &Request::default());

    insta::assert_snapshot!(shown(&plan), @r"
    update linkedService.Store: it differs
    create pipeline.load: the factory does not have it
    skip pipeline.old: the source does not have it, and nothing is deleted unasked
    allowed: data-location linkedService.Store: it points at other data: typeProperties.host differs
    ");
    let update = &plan.resources[0];
    assert_eq!(update.etag.as_deref(), Some("etag-0"));
    let [change] = &update.changes[..] else {
        panic!("{:?}", update.changes);
    };
    assert_eq!(change.path, "typeProperties.host");
    assert_eq!(
        change.what,
        What::Changed {
            old: json!("a.test"),
            new: json!("b.test")
        }
    );
}

#[test]
fn what_is_only_written_differently_is_left_alone() {
    let source = documents([(
        "pipeline.load",
        json!({"annotations": ["b", "a"], "activities": [
            {"name": "One", "type": "Wait"}, {"name": "Two", "type": "Wait", "dependsOn": []}]}),
    )]);
    let live = documents([(
        "pipeline.load",
        json!({"annotations": ["a", "b"], "activities": [
            {"name": "Two", "type": "Wait"}, {"name": "One", "type": "Wait"}]}),
    )]);

    let plan = planned(&source, &live, &Request::default());

    let [load] = &plan.resources[..] else {
        panic!("{:?}", plan.resources);
    };
    assert_eq!(
        (load.action, &load.because),
        (Action::Unchanged, &Because::SameMeaning)
    );
}

#[test]
fn a_change_of_a_private_endpoint_replaces_it() {
    let endpoint = |group: &str| json!({"privateLinkResourceId": "/x", "groupId": group});
    let source = documents([
        ("managedVirtualNetwork.default", json!({})),
        ("managedPrivateEndpoint.default/sql", endpoint("sqlServer")),
        ("managedPrivateEndpoint.default/same", endpoint("blob")),
    ]);
    let mut live = documents([
        (
            "managedVirtualNetwork.default",
            json!({"vNetId": "1", "alias": "a"}),
        ),
        ("managedPrivateEndpoint.default/sql", endpoint("sql")),
        (
            "managedPrivateEndpoint.default/same",
            json!({"privateLinkResourceId": "/x", "groupId": "blob", "fqdns": ["a.test"],
                "provisioningState": "Succeeded", "connectionState": {"status": "Approved"}}),
        ),
    ]);

    let plan = planned(&source, &live, &Request::default());

    insta::assert_snapshot!(shown(&plan), @r"
    unchanged managedVirtualNetwork.default: it is only written differently
    unchanged managedPrivateEndpoint.default/same: it is only written differently
    replace managedPrivateEndpoint.default/sql: the service does not change groupId in place
    needs consent: private-endpoint-replacement managedPrivateEndpoint.default/sql: groupId differs: it is deleted and created, and has to be approved again
    ");
    assert!(!plan.is_applicable());
    live.pop();
    assert!(planned(&live, &live, &Request::default()).is_applicable());
}

#[test]
fn references_that_lead_nowhere_are_told() {
    let source = documents([
        ("pipeline.a", pipeline(&["pipeline.gone"])),
        (
            "linkedService.s",
            json!({"type": "Sftp", "connectVia": {
                "referenceName": "AutoResolveIntegrationRuntime", "type": "IntegrationRuntimeReference"}}),
        ),
    ]);

    let plan = planned(&source, &[], &Request::default());

    insta::assert_snapshot!(shown(&plan), @r"
    create linkedService.s: the factory does not have it
    create pipeline.a: the factory does not have it
    ! pipeline.a: it refers to pipeline.gone, which neither the source nor the factory has
    ");
    assert!(!plan.is_applicable());
}

#[test]
fn a_plan_is_read_as_it_was_written() {
    let source = documents([
        ("linkedService.Store", service("b.test")),
        ("pipeline.load", pipeline(&["pipeline.gone"])),
    ]);
    let live = documents([
        ("linkedService.Store", service("a.test")),
        ("pipeline.old", pipeline(&[])),
    ]);
    let plan = planned(&source, &live, &crate::support::deleting());

    let text = plan.to_json();

    assert_eq!(Plan::read(&text).unwrap(), plan);
    assert_eq!(
        planned(&source, &live, &crate::support::deleting()).to_json(),
        text
    );
    let error = Plan::read(&text.replace("b.test", "c.test")).unwrap_err();
    // What the digest ought to be is nothing to tell whoever has edited it.
    assert_eq!(
        error.to_string(),
        format!(
            "it was changed after it was written: {} is not the digest of its contents",
            plan.digest
        )
    );
    let error = Plan::read(&text.replace("\"schema\": 1", "\"schema\": 2")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "its schema is 2, and this program reads 1; make the plan again"
    );
    assert_eq!(Plan::read("[]").unwrap_err().to_string(), "it is no plan");
}

#[test]
fn the_lists_name_resources_by_what_is_done_with_them() {
    let source = documents([
        ("linkedService.Same", service("a.test")),
        ("pipeline.new", pipeline(&[])),
    ]);
    let live = documents([
        ("linkedService.Same", service("a.test")),
        ("pipeline.old", pipeline(&[])),
    ]);

    let plan = planned(&source, &live, &crate::support::deleting());

    let lists = serde_json::to_value(&plan.lists).unwrap();
    assert_eq!(
        lists,
        json!({"create": ["pipeline.new"], "update": [], "replace": [], "delete": ["pipeline.old"],
            "unchanged": ["linkedService.Same"], "skip": []})
    );
}

#[test]
fn a_private_endpoint_that_nobody_has_approved_is_told_though_nothing_is_done() {
    let endpoint = json!({"groupId": "dfs", "privateLinkResourceId": "/subscriptions/s/lake"});
    let source = documents([("managedPrivateEndpoint.default/lake", endpoint)]);
    let told = |status: &str| {
        let mut live = source.clone();
        live[0].1["properties"]["connectionState"] = json!({"status": status});
        let plan = planned(&source, &live, &Request::default());
        assert!(!plan.has_work());
        let warnings = plan.warnings.iter();
        warnings.map(|it| it.text.clone()).collect::<Vec<_>>()
    };

    let waits = "it waits for approval: the owner of /subscriptions/s/lake has to approve the private endpoint connection";
    assert_eq!(told("Pending"), [waits]);
    assert!(told("Approved").is_empty());
}

#[test]
fn a_private_endpoint_that_was_rejected_is_made_anew_where_somebody_consents() {
    let endpoint = json!({"groupId": "dfs", "privateLinkResourceId": "/subscriptions/s/lake"});
    let source = documents([
        ("managedPrivateEndpoint.default/lake", endpoint),
        ("managedVirtualNetwork.default", json!({})),
    ]);
    let with = |member: &str, value: serde_json::Value| {
        let mut live = source.clone();
        live[0].1["properties"][member] = value;
        planned(&source, &live, &Request::default())
    };

    let rejected = with("connectionState", json!({"status": "Rejected"}));

    assert!(!rejected.is_applicable());
    insta::assert_snapshot!(shown(&rejected), @"
    unchanged managedVirtualNetwork.default: it is only written differently
    replace managedPrivateEndpoint.default/lake: its connection is Rejected, and leads nowhere
    needs consent: private-endpoint-replacement managedPrivateEndpoint.default/lake: its connection is Rejected and leads nowhere: once the owner of /subscriptions/s/lake agrees to it, it is deleted and created, and has to be approved again
    ");
    let others = [
        with("connectionState", json!({"status": "Disconnected"})),
        with("provisioningState", json!("Failed")),
    ];
    for other in others {
        assert_eq!(other.resources[1].action, Action::Replace);
    }
    let left = Request {
        selection: "pipeline.*".parse().map(only).unwrap(),
        ..Request::default()
    };
    let mut live = source.clone();
    live[0].1["properties"]["connectionState"] = json!({"status": "Rejected"});
    assert!(!planned(&source, &live, &left).has_work());
}

fn only(selector: dataops_plan::Selector) -> dataops_plan::Selection {
    dataops_plan::Selection {
        only: vec![selector],
        ..dataops_plan::Selection::default()
    }
}
