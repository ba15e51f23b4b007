//! The factory itself, and its global parameters.

use dataops_plan::{Desired, Live, Overlay, Request, Selection};
use serde_json::{Value, json};

use crate::support::{Documents, documents, id, pipeline, shown};

fn source(factory: &Value) -> Documents {
    let mut source = documents([("pipeline.p", pipeline(&[]))]);
    source.push((id("factory.adf-dev"), factory.clone()));
    source
}

fn planned(factory: &Value, live: &Live, request: &Request) -> dataops_plan::Plan {
    let overlay = Overlay {
        factory: Some("adf-qa".to_owned()),
        ..Overlay::default()
    };
    let desired = Desired::of_documents(source(factory), &overlay).unwrap();
    dataops_plan::plan(&desired, live, request)
}

#[test]
fn a_factory_is_created_before_anything_else() {
    let factory = json!({"name": "adf-dev", "location": "westeurope", "properties": {
        "globalParameters": {"mode": {"type": "String", "value": "dev"}}}});

    let plan = planned(&factory, &Live::default(), &Request::default());

    assert!(plan.order.create_factory);
    insta::assert_snapshot!(shown(&plan), @r"
    create factory.adf-dev: the factory does not have it
    create pipeline.p: the factory does not have it
    create globalParameters.default: the factory does not have it
    allowed: public-network-access factory.adf-dev: it can be reached from every network
    ");
}

#[test]
fn a_factory_that_exists_is_never_put() {
    let factory = json!({"name": "adf-dev", "location": "westeurope", "identity": {"type": "SystemAssigned"},
        "properties": {"publicNetworkAccess": "Disabled", "purviewConfiguration": {"purviewResourceId": "/x"}}});
    let live = |purview: &str| {
        let live = json!({"name": "adf-qa", "location": "westeurope", "eTag": "\"e\"",
            "identity": {"type": "SystemAssigned", "principalId": "p"},
            "properties": {"publicNetworkAccess": "Disabled", "purviewConfiguration": {"purviewResourceId": purview},
                "encryption": {"keyName": "k"}, "createTime": "now"}});
        Live::new(Some(live), documents([("pipeline.p", pipeline(&[]))]))
    };

    let same = planned(&factory, &live("/x"), &Request::default());
    let other = planned(&factory, &live("/y"), &Request::default());

    assert!(!same.has_work() && !other.has_work());
    insta::assert_snapshot!(shown(&same), @r"
    unchanged factory.adf-qa: it is as it ought to be
    unchanged pipeline.p: it is as it ought to be
    ");
    insta::assert_snapshot!(shown(&other), @r"
    skip factory.adf-qa: an existing factory is never written as a whole
    unchanged pipeline.p: it is as it ought to be
    warning: factory.adf-qa: not written, because an existing factory is never written as a whole: purviewConfiguration.purviewResourceId
    ");
    assert_eq!(
        other.resources[0].changes[0].path,
        "purviewConfiguration.purviewResourceId"
    );
    let told = dataops_plan::human(&other, false);
    let last = told
        .iter()
        .rev()
        .find(|line| !line.text.is_empty())
        .unwrap();
    assert!(
        last.text
            .ends_with("; the factory itself differs, and is left as it is"),
        "{}",
        last.text
    );
}

#[test]
fn a_factory_that_nobody_can_create_is_a_problem() {
    let desired = Desired::of_documents(
        documents([("pipeline.p", pipeline(&[]))]),
        &Overlay::default(),
    );

    let plan = dataops_plan::plan(&desired.unwrap(), &Live::default(), &Request::default());

    insta::assert_snapshot!(shown(&plan), @r"
    create pipeline.p: the factory does not have it
    ! factory.factory: the factory does not exist, and the source has no factory file that says where to create it
    ");
    assert!(!plan.is_applicable());
}

#[test]
fn global_parameters_are_a_resource_of_their_own() {
    let parameters = |days: i64| json!({"days": {"type": "int", "value": days}});
    let factory = json!({"name": "adf-dev", "properties": {"globalParameters": parameters(2)}});
    let own = json!({"name": "default", "properties": {"days": {"type": "Int", "value": 1}}});
    let live = Live::new(
        Some(json!({"name": "adf-qa", "properties": {}})),
        [(id("globalParameters.default"), own)],
    );
    // The service shows one set in two places.
    let shown_by_factory = Live::new(
        Some(json!({"name": "adf-qa", "properties": {"globalParameters": parameters(2)}})),
        [],
    );

    let differs = planned(&factory, &live, &Request::default());
    let same = planned(&factory, &shown_by_factory, &Request::default());

    insta::assert_snapshot!(shown(&differs), @r"
    unchanged factory.adf-qa: it is as it ought to be
    create pipeline.p: the factory does not have it
    update globalParameters.default: it differs
    ");
    insta::assert_snapshot!(shown(&same), @r"
    unchanged factory.adf-qa: it is as it ought to be
    create pipeline.p: the factory does not have it
    unchanged globalParameters.default: it is as it ought to be
    ");
}

#[test]
fn an_empty_set_of_global_parameters_is_put_only_when_asked_for() {
    let factory = json!({"name": "adf-dev", "properties": {}});
    let own = json!({"name": "default", "properties": {"days": {"type": "Int", "value": 1}}});
    let live = Live::new(
        Some(json!({"name": "adf-qa", "properties": {}})),
        [(id("globalParameters.default"), own)],
    );
    let asked = Request {
        put_empty_global_parameters: true,
        delete_not_in_source: true,
        ..Request::default()
    };

    insta::assert_snapshot!(shown(&planned(&factory, &live, &Request::default())), @r"
    unchanged factory.adf-qa: it is as it ought to be
    create pipeline.p: the factory does not have it
    skip globalParameters.default: the source has no global parameters, and an empty set is written only when asked for
    ");
    insta::assert_snapshot!(shown(&planned(&factory, &live, &asked)), @r"
    unchanged factory.adf-qa: it is as it ought to be
    create pipeline.p: the factory does not have it
    update globalParameters.default: it differs
    ");
    let empty = Live::new(Some(json!({"name": "adf-qa"})), []);
    insta::assert_snapshot!(shown(&planned(&factory, &empty, &asked)), @r"
    unchanged factory.adf-qa: it is as it ought to be
    create pipeline.p: the factory does not have it
    ");
}

#[test]
fn nothing_is_said_of_global_parameters_that_are_not_meant() {
    let desired = Desired::of_documents(
        documents([("pipeline.p", pipeline(&[]))]),
        &Overlay::default(),
    );
    let own = json!({"name": "default", "properties": {"days": {"type": "Int", "value": 1}}});
    let live = Live::new(
        Some(json!({"name": "adf-qa", "properties": {}})),
        [(id("globalParameters.default"), own)],
    );
    let request = Request {
        selection: Selection {
            only: vec!["pipeline.p".parse().unwrap()],
            ..Selection::default()
        },
        ..Request::default()
    };

    let plan = dataops_plan::plan(&desired.unwrap(), &live, &request);

    insta::assert_snapshot!(shown(&plan), @r"
    create pipeline.p: the factory does not have it
    skip globalParameters.default: it is not selected
    ");
}

#[test]
fn what_can_be_changed_in_place_is_and_the_rest_is_told() {
    let factory = json!({"name": "adf-dev", "location": "westeurope", "tags": {"stage": "qa"},
        "identity": {"type": "SystemAssigned"},
        "properties": {"publicNetworkAccess": "Enabled", "encryption": {"keyName": "k"}}});
    let live = |properties: Value| {
        let live = json!({"name": "adf-qa", "location": "westeurope", "tags": {"cost": "1"},
            "identity": {"type": "SystemAssigned,UserAssigned"}, "properties": properties});
        Live::new(Some(live), documents([("pipeline.p", pipeline(&[]))]))
    };

    let plan = planned(
        &factory,
        &live(json!({"publicNetworkAccess": "Disabled"})),
        &Request::default(),
    );
    let bare = planned(&factory, &live(json!({})), &Request::default());

    assert!(plan.order.patch_factory && plan.has_work());
    insta::assert_snapshot!(shown(&plan), @r"
    update factory.adf-qa: what of it is changed in place differs
    unchanged pipeline.p: it is as it ought to be
    allowed: public-network-access factory.adf-qa: it can be reached from every network
    warning: factory.adf-qa: not written, because an existing factory is never written as a whole: encryption
    ");
    let paths = |plan: &dataops_plan::Plan| {
        let changes = plan.resources[0].changes.iter();
        changes
            .map(|change| change.path.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        paths(&plan),
        ["tags.stage", "publicNetworkAccess", "encryption"]
    );
    assert_eq!(paths(&bare), paths(&plan));
    let only = Request {
        selection: Selection {
            only: vec!["pipeline.p".parse().unwrap()],
            ..Selection::default()
        },
        ..Request::default()
    };
    let part = planned(&factory, &live(json!({})), &only);
    assert!(!part.order.patch_factory && !part.has_work());
}

#[test]
fn identities_that_are_missing_are_brought_and_those_of_others_stay() {
    let factory = |users: &[&str]| {
        let users: serde_json::Map<_, _> = users
            .iter()
            .map(|id| {
                (
                    (*id).to_owned(),
                    json!({"clientId": "c", "principalId": "p"}),
                )
            })
            .collect();
        json!({"name": "adf-qa", "location": "westeurope",
            "identity": {"type": "UserAssigned", "userAssignedIdentities": users}, "properties": {}})
    };
    let plan = |wanted: &[&str], there: &[&str]| {
        let live = Live::new(Some(factory(there)), []);
        let plan = planned(&factory(wanted), &live, &Request::default());
        let changes = plan.resources[0].changes.iter();
        let paths: Vec<_> = changes.map(|change| change.path.clone()).collect();
        (plan.order.patch_factory, paths)
    };

    let (patches, paths) = plan(&["/ids/Two"], &["/ids/one"]);

    assert!(patches);
    assert_eq!(paths, ["userAssignedIdentities[\"/ids/two\"]"]);
    assert_eq!(
        plan(&["/IDS/one"], &["/ids/One", "/ids/two"]),
        (false, Vec::new())
    );
    assert!(plan(&["/ids/one"], &[]).0);
}
