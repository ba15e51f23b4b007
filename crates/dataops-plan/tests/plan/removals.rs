//! A solution that goes: its resources, and nothing else.

use std::collections::BTreeSet;

use dataops_plan::{Desired, Live, Plan, Policy, Request};
use dataops_solution::deployment::PolicySettings;
use serde_json::json;

use crate::support::{
    Documents, dataset, documents, events, id, listed, pipeline, planned, schedule, service, shown,
    shown_levels, tumbling,
};

fn removing(ids: &[&str]) -> Request {
    Request {
        removes: Some(ids.iter().map(|key| id(key)).collect::<BTreeSet<_>>()),
        ..Request::default()
    }
}

fn remove(live: &Documents, ids: &[&str]) -> Plan {
    planned(&Vec::new(), live, &removing(ids))
}

#[test]
fn only_what_is_of_the_solution_goes_referrers_first() {
    let live = documents([
        ("linkedService.s", service("a.test")),
        ("linkedService.theirs", service("b.test")),
        ("dataset.d", dataset("linkedService.s", "x")),
        (
            "pipeline.p",
            json!({"activities": [], "x": {"referenceName": "d", "type": "DatasetReference"}}),
        ),
        ("pipeline.theirs", pipeline(&[])),
        ("trigger.OnFile", events("Started", &["pipeline.p"], "/in")),
        ("trigger.Theirs", schedule("Started", &["pipeline.theirs"])),
    ]);

    let plan = remove(
        &live,
        &[
            "linkedService.s",
            "dataset.d",
            "pipeline.p",
            "trigger.OnFile",
            "pipeline.gone",
        ],
    );

    insta::assert_snapshot!(shown(&plan), @"
    delete linkedService.s: it is removed with the solution
    skip linkedService.theirs: it is not of the solution
    delete dataset.d: it is removed with the solution
    delete pipeline.p: it is removed with the solution
    skip pipeline.theirs: it is not of the solution
    delete trigger.OnFile: it is removed with the solution
    skip trigger.Theirs: it is not of the solution
    allowed: delete linkedService.s: it is deleted
    allowed: delete dataset.d: it is deleted
    allowed: delete pipeline.p: it is deleted
    allowed: delete trigger.OnFile: it is deleted
    allowed: destroy: 4 of 7 resources are removed with the solution
    ");
    insta::assert_snapshot!(shown_levels(&plan.order.delete), @"
    trigger.OnFile
    pipeline.p
    dataset.d
    linkedService.s
    ");
    assert!(plan.is_applicable() && plan.order.put.is_empty() && plan.order.start.is_empty());
    assert_eq!(plan.order.stop.len(), 1);
}

#[test]
fn what_others_refer_to_stays_with_all_that_it_needs() {
    let live = documents([
        ("linkedService.s", service("a.test")),
        ("dataset.d", dataset("linkedService.s", "x")),
        ("pipeline.callee", pipeline(&[])),
        ("pipeline.theirs", pipeline(&["pipeline.callee"])),
    ]);

    let plan = remove(&live, &["linkedService.s", "dataset.d", "pipeline.callee"]);

    insta::assert_snapshot!(shown(&plan), @"
    delete linkedService.s: it is removed with the solution
    delete dataset.d: it is removed with the solution
    skip pipeline.callee: it is not deleted, because pipeline.theirs refers to it
    skip pipeline.theirs: it is not of the solution
    allowed: delete linkedService.s: it is deleted
    allowed: delete dataset.d: it is deleted
    allowed: destroy: 2 of 4 resources are removed with the solution
    ");
}

#[test]
fn what_belongs_to_the_factory_stays() {
    let live = documents([
        (
            "globalParameters.default",
            json!({"p": {"type": "String", "value": "v"}}),
        ),
        ("managedVirtualNetwork.default", json!({})),
        ("pipeline.p", pipeline(&[])),
    ]);

    let plan = remove(
        &live,
        &[
            "globalParameters.default",
            "managedVirtualNetwork.default",
            "pipeline.p",
        ],
    );

    insta::assert_snapshot!(shown(&plan), @"
    skip managedVirtualNetwork.default: the service has no deletion of its kind
    delete pipeline.p: it is removed with the solution
    skip globalParameters.default: it belongs to the factory, which stays
    allowed: delete pipeline.p: it is deleted
    allowed: destroy: 1 of 1 resources are removed with the solution
    ");
}

#[test]
fn to_remove_is_to_consent_to_how_much_it_is_and_not_to_what_has_a_state() {
    let live = documents([
        ("pipeline.p", pipeline(&[])),
        (
            "trigger.Hourly",
            tumbling("Stopped", "pipeline.p", "2026-01-01T00:00:00Z", &[]),
        ),
    ]);
    let ids = ["pipeline.p", "trigger.Hourly"];

    let plan = remove(&live, &ids);
    let mut denied = removing(&ids);
    let settings: PolicySettings =
        serde_json::from_str(r#"{"deny": ["destroy", "mass-delete"], "requireConsent": []}"#)
            .unwrap();
    denied.policy = Policy::new(&settings);
    denied.policy.consents = vec!["destroy".parse().unwrap()];
    let denied = planned(&Vec::new(), &live, &denied);

    insta::assert_snapshot!(shown(&plan), @"
    delete pipeline.p: it is removed with the solution
    delete trigger.Hourly: it is removed with the solution
    allowed: delete pipeline.p: it is deleted
    allowed: delete trigger.Hourly: it is deleted
    needs consent: delete-stateful trigger.Hourly: which windows it has run is forgotten
    allowed: destroy: 2 of 2 resources are removed with the solution
    ");
    insta::assert_snapshot!(shown(&denied), @"
    delete pipeline.p: it is removed with the solution
    delete trigger.Hourly: it is removed with the solution
    allowed: delete pipeline.p: it is deleted
    allowed: delete trigger.Hourly: it is deleted
    allowed: delete-stateful trigger.Hourly: which windows it has run is forgotten
    denied: mass-delete: 2 of 2 resources are removed with the solution
    denied: destroy: 2 of 2 resources are removed with the solution
    ");
    assert!(!plan.is_applicable() && !denied.is_applicable());
}

#[test]
fn where_there_is_no_factory_there_is_nothing_to_do() {
    let plan = dataops_plan::plan(
        &Desired::default(),
        &Live::default(),
        &removing(&["pipeline.p"]),
    );

    assert!(plan.is_applicable() && !plan.has_work() && !plan.order.create_factory);
}

#[test]
fn what_others_do_meanwhile_does_not_matter() {
    let live = documents([
        ("pipeline.p", pipeline(&[])),
        ("pipeline.theirs", pipeline(&[])),
    ]);
    let plan = remove(&live, &["pipeline.p"]);
    let mut now = live.clone();
    now[1].1["properties"]["description"] = "new".into();

    assert_eq!(plan.verify(&listed(&now)), []);
    now[0].1["properties"]["description"] = "new".into();
    assert_eq!(plan.verify(&listed(&now)).len(), 1);
}
