//! What the service shows of secrets in its own way: their settings in another order or form, or nothing but that it has sealed something.

use dataops_plan::{Action, Because, Request, STARS, SecretState};
use serde_json::{Value, json};

use crate::concealed::{SERVICE, all_forms, plan_of, secure, store};
use crate::support::{documents, planned, shown};

#[test]
fn a_key_that_a_connection_string_gets_is_written() {
    let open = "Server=s;Database=d";
    let keyed = format!("{open};Password=canary");
    let sql = |details: Value| store("AzureSqlDatabase", &details);
    let source = sql(json!({"connectionString": keyed}));

    let plan = plan_of(
        SERVICE,
        source.clone(),
        sql(json!({"connectionString": open})),
    );

    let resource = &plan.resources[0];
    assert_eq!(resource.action, Action::Update);
    assert_eq!(resource.because, Because::SecretDiffers);
    let sealed = sql(json!({"connectionString": open, "encryptedCredential": "sealed"}));
    let plan = plan_of(SERVICE, source, sealed);
    assert_eq!(plan.resources[0].because, Because::SameButSecrets);
}

#[test]
fn a_setting_that_the_service_hides_is_none_that_differs_though_an_expression_gives_it() {
    let string = |text: &str| store("AzureSqlDatabase", &json!({"connectionString": text}));
    let source = "Server=@{linkedService().s};Password=@{linkedService().p}";
    let hidden = format!("Server=@{{linkedService().s}};Password={STARS}");

    let plan = plan_of(SERVICE, string(source), string(&hidden));

    let resource = &plan.resources[0];
    assert_eq!(resource.because, Because::SameButSecrets);
    assert_eq!(resource.secrets[0].state, SecretState::Unknown);
    assert!(plan.findings.is_empty(), "{}", shown(&plan));
    let other = hidden.replace("().s", "().t");
    let plan = plan_of(SERVICE, string(source), string(&other));
    assert_eq!(plan.resources[0].because, Because::Differs);
}

#[test]
fn a_connection_string_that_the_service_shows_in_another_form_is_the_same() {
    let sql = |details: Value| store("AzureSqlDatabase", &details);
    let keyed = "Server=s;Password=canary;Database=d";
    let open = "Server=s;Database=d";
    let sealed = |text: &str| sql(json!({"connectionString": text, "encryptedCredential": "x"}));
    for (source, live) in [
        (
            json!(keyed),
            sql(json!({"connectionString": secure(STARS)})),
        ),
        (secure(keyed), sealed(open)),
    ] {
        let source = sql(json!({"connectionString": source}));
        let plan = plan_of(SERVICE, source, live.clone());

        assert_eq!(plan.resources[0].because, Because::SameButSecrets, "{live}");
    }
    for (source, live) in [
        (json!(open), sql(json!({"connectionString": secure(STARS)}))),
        (secure(keyed), sealed("Server=t;Database=d")),
        (secure(keyed), sql(json!({"connectionString": open}))),
        (secure(keyed), sealed(keyed)),
    ] {
        let source = sql(json!({"connectionString": source}));
        let plan = plan_of(SERVICE, source, live.clone());

        assert_eq!(plan.resources[0].action, Action::Update, "{live}");
        assert!(!all_forms(&plan).contains("canary"), "{}", all_forms(&plan));
    }
}

#[test]
fn the_order_and_case_of_settings_is_no_difference_and_an_open_one_tells_nothing_of_the_secret() {
    let string = |text: &str| store("AzureSqlDatabase", &json!({"connectionString": text}));
    let source = "Server=s;Password=canary;Initial Catalog=d";
    for live in [
        format!("initial catalog=d;server=s;password={STARS}"),
        "PASSWORD=canary;Initial Catalog=d;SERVER=s".to_owned(),
    ] {
        let plan = plan_of(SERVICE, string(source), string(&live));

        assert!(!plan.has_work(), "{live} {}", shown(&plan));
    }
    let plain = plan_of(
        SERVICE,
        string("Server=s;Database=d"),
        string("database=d;SERVER=s"),
    );
    assert!(!plain.has_work(), "{}", shown(&plain));
    let other = format!("server=t;password={STARS};initial catalog=d");
    let plan = plan_of(SERVICE, string(source), string(&other));
    let resource = &plan.resources[0];
    assert_eq!(resource.because, Because::Differs);
    assert_eq!(resource.secrets[0].state, SecretState::Unknown);
    let another = "initial catalog=d;server=s;password=older";
    let plan = plan_of(SERVICE, string(source), string(another));
    assert_eq!(plan.resources[0].because, Because::SecretDiffers);
}

#[test]
fn what_an_integration_runtime_does_not_show_of_its_secrets_is_no_difference() {
    const RUNTIME: &str = "integrationRuntime.ssis";
    let ssis = |catalog: Value| json!({"type": "Managed", "typeProperties": {"ssisProperties": {"catalogInfo": catalog}}});
    let source = ssis(json!({"catalogServerEndpoint": "s", "password": secure("canary")}));
    for live in [
        json!({"catalogServerEndpoint": "s"}),
        json!({"catalogServerEndpoint": "s", "password": null}),
        json!({"catalogServerEndpoint": "s", "password": {"type": "SecureString"}}),
        json!({"catalogServerEndpoint": "s", "password": secure(STARS)}),
    ] {
        let plan = plan_of(RUNTIME, source.clone(), ssis(live.clone()));

        assert_eq!(plan.resources[0].because, Because::SameButSecrets, "{live}");
    }
    for live in [
        json!({"catalogServerEndpoint": "t"}),
        json!({"catalogServerEndpoint": "s", "password": secure("older")}),
    ] {
        assert!(plan_of(RUNTIME, source.clone(), ssis(live)).has_work());
    }
}

#[test]
fn a_credential_that_ought_to_go_and_is_only_seen_as_sealed_is_told() {
    let source = store("SqlServer", &json!({"server": "s"}));
    let live = store(
        "SqlServer",
        &json!({"server": "s", "encryptedCredential": "x"}),
    );
    let (source, live) = (documents([(SERVICE, source)]), documents([(SERVICE, live)]));

    let plan = planned(&source, &live, &Request::default());

    let resource = &plan.resources[0];
    assert_eq!(resource.because, Because::SameButSecrets);
    assert_eq!(resource.secrets[0].state, SecretState::Unknown);
    let asked = Request {
        put_secrets: true,
        ..Request::default()
    };
    let plan = planned(&source, &live, &asked);
    assert_eq!(plan.resources[0].because, Because::SecretsAsked);
    let both = planned(&live, &live, &Request::default());
    assert_eq!(both.resources[0].because, Because::Same);
}
