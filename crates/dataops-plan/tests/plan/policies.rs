//! What needs consent, and what is denied.

use dataops_plan::{Policy, Request};
use dataops_solution::deployment::{PolicyRule, PolicySettings};
use serde_json::{Value, json};

use crate::support::{
    Documents, dataset, deleting, documents, pipeline, planned, refer, service, shown, tumbling,
};

fn policy(settings: Value, consents: &[&str]) -> Request {
    let settings: PolicySettings = serde_json::from_value(settings).unwrap();
    let mut policy = Policy::new(&settings);
    policy.consents = consents.iter().map(|text| text.parse().unwrap()).collect();
    Request {
        policy,
        ..deleting()
    }
}

fn stateful() -> Documents {
    documents([
        ("pipeline.p", pipeline(&[])),
        ("credential.identity", json!({"type": "ManagedIdentity"})),
        ("integrationRuntime.shir", json!({"type": "SelfHosted"})),
        ("integrationRuntime.azure", json!({"type": "Managed"})),
        (
            "trigger.hourly",
            tumbling("Stopped", "pipeline.p", "2026-01-01T00:00:00Z", &[]),
        ),
        ("managedVirtualNetwork.default", json!({})),
        (
            "managedPrivateEndpoint.default/sql",
            json!({"groupId": "x"}),
        ),
        ("dataset.a", json!({"type": "Binary"})),
    ])
}

#[test]
fn what_has_a_state_of_its_own_is_deleted_only_with_consent() {
    let source = documents([("pipeline.p", pipeline(&[]))]);

    let asks = planned(
        &source,
        &stateful(),
        &policy(json!({"maxDeletePercent": 100}), &[]),
    );
    let consented = planned(
        &source,
        &stateful(),
        &policy(json!({}), &["delete-stateful", "mass-delete"]),
    );

    insta::assert_snapshot!(shown(&asks), @r"
    delete credential.identity: the source does not have it
    skip managedVirtualNetwork.default: the service has no deletion of its kind
    delete managedPrivateEndpoint.default/sql: the source does not have it
    delete integrationRuntime.azure: the source does not have it
    delete integrationRuntime.shir: the source does not have it
    delete dataset.a: the source does not have it
    unchanged pipeline.p: it is as it ought to be
    delete trigger.hourly: the source does not have it
    allowed: delete credential.identity: it is deleted
    allowed: delete managedPrivateEndpoint.default/sql: it is deleted
    allowed: delete integrationRuntime.azure: it is deleted
    allowed: delete integrationRuntime.shir: it is deleted
    allowed: delete dataset.a: it is deleted
    allowed: delete trigger.hourly: it is deleted
    needs consent: delete-stateful credential.identity: what signs in with it no longer can
    needs consent: delete-stateful managedPrivateEndpoint.default/sql: a new one has to be approved again
    needs consent: delete-stateful integrationRuntime.shir: its nodes lose their registration
    needs consent: delete-stateful trigger.hourly: which windows it has run is forgotten
    ");
    assert!(!asks.is_applicable() && consented.is_applicable());
}

/// A linked service that reads its password from a vault, or has other details.
fn sql(details: &Value) -> Value {
    json!({"type": "SqlServer", "typeProperties": details})
}

fn kept(name: &str, version: &str, store: &str) -> Value {
    let store = refer(&format!("linkedService.{store}"));
    let password = json!({"type": "AzureKeyVaultSecret", "secretName": name, "secretVersion": version, "store": store});
    sql(&json!({"server": "s", "password": password}))
}

fn with_vaults(url: &str, service: Value) -> Documents {
    let vault = |url: &str| json!({"type": "AzureKeyVault", "typeProperties": {"baseUrl": url}});
    documents([
        ("linkedService.used", service),
        ("linkedService.vault", vault(url)),
        ("linkedService.other", vault("https://other.test")),
    ])
}

#[test]
fn who_guards_secrets_is_asked_which_one_is_read_too() {
    let scope = |key: &str| {
        let spark = json!({"spark.password": format!("{{{{secrets/scope/{key}}}}}")});
        json!({"type": "AzureDatabricks", "typeProperties": {"newClusterSparkConf": spark}})
    };
    let (here, there) = ("https://v.test", "https://w.test");
    let deny = policy(json!({"deny": ["secret-change"]}), &[]);
    let denied = |source: &Documents, live: &Documents| {
        let plan = planned(source, live, &deny);
        let findings = plan.findings.iter();
        let findings = findings.filter(|it| it.rule == PolicyRule::SecretChange);
        findings.map(|it| it.text.clone()).collect::<Vec<_>>()
    };
    let live = with_vaults(here, kept("a", "1", "vault"));

    for (source, place) in [
        (
            with_vaults(here, kept("b", "1", "vault")),
            "typeProperties.password.secretName",
        ),
        (
            with_vaults(here, kept("a", "2", "vault")),
            "typeProperties.password.secretVersion",
        ),
        (
            with_vaults(here, kept("a", "1", "other")),
            "typeProperties.password.store.referenceName",
        ),
        (
            with_vaults(there, kept("a", "1", "vault")),
            "typeProperties.baseUrl",
        ),
        (
            with_vaults(here, sql(&json!({"server": "s"}))),
            "typeProperties.password",
        ),
    ] {
        let told = format!("another secret is read: {place} differs");
        assert_eq!(denied(&source, &live), [told]);
        assert!(!planned(&source, &live, &deny).is_applicable());
    }
    let scopes = denied(
        &with_vaults(here, scope("x")),
        &with_vaults(here, scope("y")),
    );
    assert!(
        scopes[0].starts_with("another secret is read: "),
        "{scopes:?}"
    );
    let open = denied(
        &live,
        &with_vaults(here, sql(&json!({"server": "s", "password": "hunter2"}))),
    );
    assert_eq!(
        open,
        ["another secret is read: typeProperties.password differs"]
    );
    let mut other = kept("a", "1", "vault");
    other["typeProperties"]["server"] = "t".into();
    assert!(denied(&with_vaults(here, other), &live).is_empty());
}

#[test]
fn a_secret_that_is_read_anew_is_one_wherever_its_place_comes_from() {
    let vault = |name: &str| json!({"type": "AzureKeyVaultSecret", "secretName": name, "store": refer("linkedService.vault")});
    let rest = |headers: Value| {
        let mut details = json!({"url": "https://a.test"});
        if !headers.is_null() {
            details["authHeaders"] = headers;
        }
        with_vaults(
            "https://v.test",
            json!({"type": "RestService", "typeProperties": details}),
        )
    };
    let call = |details: Value| {
        let activity = json!({"name": "call", "type": "WebActivity", "typeProperties": details});
        let pipeline = json!({"activities": [activity]});
        let mut all = with_vaults("https://v.test", service("s"));
        all.extend(documents([("pipeline.p", pipeline)]));
        all
    };
    let basic = json!({"type": "Basic", "username": "u", "password": vault("a")});
    let none = rest(Value::Null);
    let keyed = rest(json!({"x-key": vault("a"), "x-other": vault("b")}));
    let signed = call(json!({"url": "https://a.test", "authentication": basic}));
    let open = call(json!({"url": "https://a.test"}));
    let scope = call(json!({"url": "https://a.test", "body": {"a": ["{{secrets/scope/key}}"]}}));
    let deny = policy(json!({"deny": ["secret-change"]}), &[]);

    for (source, live) in [
        (&keyed, &none),
        (&none, &keyed),
        (&signed, &open),
        (&open, &signed),
        (&scope, &open),
    ] {
        let plan = planned(source, live, &deny);

        assert!(!plan.is_applicable(), "{}", shown(&plan));
        let mut findings = plan.findings.iter();
        let is_told = findings.any(|it| it.rule == PolicyRule::SecretChange);
        assert!(is_told, "{}", shown(&plan));
    }
    let moved = call(json!({"url": "https://b.test"}));
    assert!(planned(&moved, &open, &deny).is_applicable());
}

#[test]
fn an_empty_source_never_deletes_everything() {
    let all = policy(json!({}), &["delete", "mass-delete", "empty-source"]);

    let plan = planned(&[], &documents([("pipeline.p", pipeline(&[]))]), &all);

    insta::assert_snapshot!(shown(&plan), @r"
    delete pipeline.p: the source does not have it
    allowed: delete pipeline.p: it is deleted
    consented: mass-delete: 1 of 1 resources are deleted, more than 25 %
    denied: empty-source: the source is empty, and 1 of 1 resources would be deleted
    ");
    assert!(!plan.is_applicable());
}

#[test]
fn too_many_deletions_need_consent() {
    let names = ["a", "b", "c", "d"].map(|name| format!("pipeline.{name}"));
    let all = |count: usize| {
        let names = names.iter().take(count);
        let all = names.map(|name| crate::support::document(name, &pipeline(&[])));
        all.collect::<Documents>()
    };

    let one = planned(&all(3), &all(4), &deleting());
    let two = planned(&all(2), &all(4), &deleting());

    assert!(one.is_applicable() && !two.is_applicable());
    assert_eq!(
        two.findings.last().unwrap().text,
        "2 of 4 resources are deleted, more than 25 %"
    );
}

#[test]
fn an_integration_runtime_never_changes_its_kind() {
    let runtime = |properties: Value| documents([("integrationRuntime.r", properties)]);
    let own = runtime(json!({"type": "SelfHosted"}));
    let linked = runtime(json!({"type": "SelfHosted", "typeProperties": {
        "linkedInfo": {"authorizationType": "RBAC", "resourceId": "/x"}}}));
    let azure = runtime(json!({"type": "Managed"}));
    let ssis = runtime(
        json!({"type": "Managed", "typeProperties": {"ssisProperties": {"edition": "Standard"}}}),
    );
    let larger = runtime(
        json!({"type": "Managed", "typeProperties": {"computeProperties": {"location": "x"}}}),
    );
    let consents = policy(json!({}), &["integration-runtime-kind"]);
    let text = |source: &Documents, live: &Documents| {
        let plan = planned(source, live, &consents);
        let finding = plan.findings.first().map(|found| found.text.clone());
        (plan.is_applicable(), finding.unwrap_or_default())
    };

    assert_eq!(
        text(&own, &linked),
        (
            false,
            "it is linked to a shared one and would become self-hosted".to_owned()
        )
    );
    assert!(!text(&linked, &own).0 && !text(&azure, &own).0 && !text(&ssis, &azure).0);
    assert_eq!(text(&larger, &azure), (true, String::new()));
}

#[test]
fn other_data_can_need_consent() {
    let all = |host: &str, folder: &str| {
        documents([
            ("linkedService.s", service(host)),
            ("dataset.d", dataset("linkedService.s", folder)),
        ])
    };
    let (source, live) = (all("b.test", "new"), all("a.test", "old"));

    let by_default = planned(&source, &live, &Request::default());
    let asked = planned(
        &source,
        &live,
        &policy(
            json!({"requireConsent": ["data-location"]}),
            &["data-location=linkedService.*"],
        ),
    );

    assert!(by_default.is_applicable());
    insta::assert_snapshot!(shown(&asked), @r"
    update linkedService.s: it differs
    update dataset.d: it differs
    consented: data-location linkedService.s: it points at other data: typeProperties.host differs
    needs consent: data-location dataset.d: it points at other data: typeProperties.location.folderPath differs
    ");
}

#[test]
fn a_consent_to_an_endpoint_is_written_as_plans_write_it() {
    let source = documents([
        ("pipeline.p", pipeline(&[])),
        ("managedVirtualNetwork.default", json!({})),
    ]);
    let endpoint = "managedPrivateEndpoint.default/sql";
    let live = documents([
        ("pipeline.p", pipeline(&[])),
        ("managedVirtualNetwork.default", json!({})),
        (endpoint, json!({"groupId": "x"})),
    ]);
    let plan = |consent: &str| {
        let settings = json!({"maxDeletePercent": 100});
        planned(&source, &live, &policy(settings, &[consent]))
    };

    let meant = plan(&format!("delete-stateful={endpoint}"));
    let other = plan("delete-stateful=managedPrivateEndpoint.other/sql");

    assert!(meant.is_applicable() && meant.warnings.is_empty());
    assert!(!other.is_applicable());
    let hint = format!("did you mean `delete-stateful={endpoint}`?");
    assert_eq!(other.warnings[0].hint.as_deref(), Some(hint.as_str()));
}

#[test]
fn a_consent_to_nothing_is_told() {
    let source = documents([("pipeline.p", pipeline(&[]))]);
    let told = |consent: &str| {
        let settings = json!({"maxDeletePercent": 100});
        let plan = planned(&source, &stateful(), &policy(settings, &[consent]));
        let mut warnings = plan.warnings.into_iter();
        let told = warnings.next().map(|it| (it.text, it.hint.unwrap()));
        assert_eq!(warnings.next(), None);
        told
    };

    assert_eq!(told("delete-stateful"), None);
    assert_eq!(
        told("delete-stateful=integrationRuntime.shr"),
        Some((
            "the consent `delete-stateful=integrationRuntime.shr` is to nothing that this plan does"
                .to_owned(),
            "did you mean `delete-stateful=integrationRuntime.shir`?".to_owned()
        ))
    );
    let (_, hint) = told("data-location").unwrap();
    assert!(
        hint.starts_with("what needs consent: `delete-stateful=credential.identity`, "),
        "{hint}"
    );
}
