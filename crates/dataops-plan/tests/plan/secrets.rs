//! Secrets: compared where they can be, never shown.

use dataops_plan::{Action, Because, Desired, Live, Overlay, Plan, Request, SecretState};
use dataops_solution::overrides::{OverridePath, OverrideValue};
use dataops_solution::secret::Secret;
use serde_json::{Value, json};

use crate::support::{documents, id, key, planned, refer, shown};

fn service(password: &str, server: &str) -> Value {
    json!({"type": "SqlServer", "typeProperties": {"server": server,
        "password": {"type": "SecureString", "value": password}}})
}

const SQL: &str = "linkedService.Sql";

#[test]
fn a_secret_that_cannot_be_compared_is_written_only_when_asked_for() {
    let source = documents([(SQL, service("hunter2", "a"))]);
    let live = documents([(SQL, service("**********", "a"))]);
    let moved = documents([(SQL, service("**********", "b"))]);
    let asked = Request {
        put_secrets: true,
        ..Request::default()
    };

    let plan = planned(&source, &live, &Request::default());

    assert_eq!(
        (plan.resources[0].action, &plan.resources[0].because),
        (Action::Unchanged, &Because::SameButSecrets)
    );
    assert_eq!(plan.resources[0].secrets[0].state, SecretState::Unknown);
    let plan = planned(&source, &live, &asked);
    assert_eq!(plan.resources[0].because, Because::SecretsAsked);
    let plan = planned(&source, &moved, &Request::default());
    assert_eq!(plan.resources[0].because, Because::Differs);
}

#[test]
fn what_is_put_without_its_secret_is_told() {
    let sealed =
        json!({"type": "SqlServer", "typeProperties": {"server": "s", "encryptedCredential": "x"}});
    let source = documents([
        ("linkedService.Masked", service("**********", "a")),
        ("linkedService.Sealed", sealed),
    ]);

    let plan = planned(&source, &[], &Request::default());

    insta::assert_snapshot!(shown(&plan), @r"
    create linkedService.Masked: the factory does not have it
    create linkedService.Sealed: the factory does not have it
    warning: linkedService.Masked: the source has only stars at /properties/typeProperties/password/value: what is put cannot sign in; give the secret by an override
    warning: linkedService.Sealed: its credential is sealed for the source's own factory and is not put; give the secret by an override
    ");
    assert!(plan.resources[1].secrets.is_empty());
}

/// A document with a secret wherever one can stand.
fn canaries(kind: &str) -> Value {
    json!({
        "type": kind,
        "parameters": {"apiPassword": {"type": "String", "defaultValue": "CANARY"}, "pin": {"type": "SecureString", "defaultValue": "CANARY"}},
        "variables": {"sqlPwd": {"type": "String", "defaultValue": "CANARY"}},
        "typeProperties": {
            "server": "s",
            "accessToken": {"type": "SecureString", "value": "CANARY"},
            "connectionString": "Server=s;Password=CANARY",
            "serviceBusConnectionString": "CANARY",
            "sasUri": "https://a.test/?sig=CANARY",
            "headers": {"Authorization": "CANARY"},
            "authHeaders": {"x": "CANARY", "y": {"type": "SecureString", "value": "CANARY"}},
            "encryptedCredential": "CANARY",
            "scriptLines": ["parameters{ apiToken as string ('CANARY') }"],
            "newClusterSparkConf": {"fs.azure.account.key.st.dfs.core.windows.net": "CANARY"},
        },
        "activities": [
            {"name": "call", "type": "WebActivity", "typeProperties": {
                "url": "https://f.test/?code=CANARY", "headers": {"x-functions-key": "CANARY", "other": "Bearer CANARY-CANARY-1"},
                "body": "{\"client_secret\": \"CANARY\"}",
                "authentication": {"type": "Basic", "password": {"type": "SecureString", "value": "CANARY"}}}},
            {"name": "set", "type": "SetVariable", "typeProperties": {"variableName": "apiToken", "value": "CANARY"}},
            {"name": "more", "type": "SetVariable", "typeProperties": {"variableName": "pipelineReturnValue",
                "value": [{"key": "token", "value": {"type": "String", "content": "CANARY"}}]}},
            {"name": "note", "type": "DatabricksNotebook", "typeProperties": {"baseParameters": {"password": {"type": "Expression", "value": "CANARY"}}},
                "userProperties": [{"name": "clientSecret", "value": "CANARY"}]},
        ],
        "links": {"https://b.test?sig=CANARY": "x"},
        "description": "call it with password='CANARY'",
    })
}

fn all_forms(plan: &Plan) -> String {
    format!("{plan:?}{}{}", plan.to_json(), shown(plan))
}

#[test]
fn no_secret_is_in_any_form_of_a_plan() {
    let keys = [
        SQL,
        "pipeline.p",
        "trigger.t",
        "credential.c",
        "integrationRuntime.r",
    ];
    let source = keys.map(|key| (key, canaries("SqlServer")));
    let mut live = source.clone();
    for (_, properties) in &mut live {
        let text = properties.to_string().replace("CANARY", "OTHER-CANARY");
        *properties = serde_json::from_str(&text).unwrap();
        properties["typeProperties"]["server"] = "t".into();
        properties["activities"].as_array_mut().unwrap().reverse();
    }
    let overlay = Overlay {
        overrides: vec![(
            OverridePath::parse("pipeline.p.odd.place").unwrap(),
            OverrideValue::Secret(Secret::new("CANARY")),
        )],
        ..Overlay::default()
    };
    let mut source = documents(source);
    source[1].1["properties"]["odd"] = json!({});
    let desired = Desired::of_documents(source, &overlay).unwrap();
    let live = Live::new(Some(json!({"name": "f"})), documents(live));
    let request = Request::default();

    for live in [&live, &Live::new(Some(json!({"name": "f"})), [])] {
        let plan = dataops_plan::plan(&desired, live, &request);

        let text = all_forms(&plan) + &format!("{desired:?}{live:?}");
        let at = text.find("CANARY");
        assert_eq!(at.map(|at| &text[at.saturating_sub(80)..at + 6]), None);
    }
    let body = desired.get(&id("pipeline.p")).unwrap().body();
    assert_eq!(body["properties"]["odd"]["place"], "CANARY");
}

#[test]
fn a_secret_that_can_be_read_is_compared_and_not_shown() {
    let pipeline = |token: &str| json!({"activities": [{"name": "call", "type": "WebActivity", "typeProperties": {"headers": {"Authorization": token}}}]});
    let source = documents([("pipeline.p", pipeline("new-token"))]);
    let live = documents([("pipeline.p", pipeline("old-token"))]);

    let plan = planned(&source, &live, &Request::default());

    assert_eq!(plan.resources[0].because, Because::SecretDiffers);
    assert_eq!(plan.resources[0].secrets[0].state, SecretState::Changed);
    assert!(!all_forms(&plan).contains("-token"));
    assert!(!planned(&source, &source, &Request::default()).has_work());
}

/// The plan of one linked service whose connection string an environment sets as a secret.
fn with_secret_connection(secret: &str, live: &Value) -> Plan {
    let source = documents([(
        SQL,
        json!({"type": "AzureSqlDatabase", "typeProperties": {"connectionString": "set by each environment"}}),
    )]);
    let overlay = Overlay {
        overrides: vec![(
            OverridePath::parse("linkedService.Sql.typeProperties.connectionString").unwrap(),
            OverrideValue::Secret(Secret::new(secret)),
        )],
        ..Overlay::default()
    };
    let desired = Desired::of_documents(source, &overlay).unwrap();
    let live = json!({"type": "AzureSqlDatabase", "typeProperties": live});
    let live = Live::new(Some(json!({"name": "f"})), documents([(SQL, live)]));
    dataops_plan::plan(&desired, &live, &Request::default())
}

#[test]
fn a_connection_string_that_is_a_secret_settles_however_much_of_it_the_service_shows() {
    let secret = "Server=CANARY-host;Password=CANARY-word;Database=d";
    for (live, because) in [
        (json!({"connectionString": secret}), Because::Same),
        (
            json!({"connectionString": "Server=CANARY-host;Password=**********;Database=d"}),
            Because::SameButSecrets,
        ),
        (
            json!({"connectionString": "Server=CANARY-host;Database=d;", "encryptedCredential": "x"}),
            Because::SameButSecrets,
        ),
        (
            json!({"connectionString": "**********"}),
            Because::SameButSecrets,
        ),
        (
            json!({"connectionString": "Server=CANARY-old;Database=d"}),
            Because::SecretDiffers,
        ),
        (
            json!({"connectionString": "Server=CANARY-host;Password=CANARY-old;Database=d"}),
            Because::SecretDiffers,
        ),
    ] {
        let plan = with_secret_connection(secret, &live);

        assert_eq!(plan.resources[0].because, because, "{live}");
        assert!(!all_forms(&plan).contains("CANARY"), "{}", all_forms(&plan));
    }
}

#[test]
fn a_secret_of_an_environment_is_hidden_wherever_it_stood_in_the_factory() {
    let activity = |name: &str, value: &str| json!({"name": name, "type": "Wait", "typeProperties": {"note": value}});
    let source = documents([(
        "pipeline.p",
        json!({"activities": [activity("first", "open"), activity("renamed", "set by each environment")]}),
    )]);
    let live = documents([(
        "pipeline.p",
        json!({"activities": [activity("third", "x CANARY-word"), activity("renamed", "CANARY-old"), activity("first", "shown")]}),
    )]);
    let overlay = Overlay {
        overrides: vec![(
            OverridePath::parse("pipeline.p.activities.renamed.typeProperties.note").unwrap(),
            OverrideValue::Secret(Secret::new("CANARY-word")),
        )],
        ..Overlay::default()
    };
    let desired = Desired::of_documents(source, &overlay).unwrap();
    let live = Live::new(Some(json!({"name": "f"})), live);

    let plan = dataops_plan::plan(&desired, &live, &Request::default());

    let text = all_forms(&plan);
    assert!(!text.contains("CANARY"), "{text}");
    assert!(text.contains("shown"), "{text}");
    assert_eq!(plan.resources[0].secrets[0].state, SecretState::Changed);
}

#[test]
fn a_secret_that_moves_into_the_right_form_is_written() {
    let details =
        |password: Value| json!({"type": "SqlServer", "typeProperties": {"password": password}});
    let open = details(json!("hunter2"));
    let secure = details(json!({"type": "SecureString", "value": "hunter2"}));
    let vault = details(json!({"type": "AzureKeyVaultSecret", "secretName": "n",
        "store": {"referenceName": "Sql", "type": "LinkedServiceReference"}}));

    for (source, live) in [
        (&secure, &open),
        (&vault, &open),
        (&vault, &secure),
        (&open, &vault),
    ] {
        let (source, live) = (
            documents([(SQL, source.clone())]),
            documents([(SQL, live.clone())]),
        );
        let plan = planned(&source, &live, &Request::default());

        assert_eq!(plan.resources[0].because, Because::Differs, "{live:?}");
        assert!(!all_forms(&plan).contains("hunter2"));
    }
}

#[test]
fn what_is_given_to_a_secure_parameter_of_another_document_is_a_secret() {
    let ingest =
        json!({"parameters": {"key": {"type": "SecureString"}, "day": {"type": "String"}}});
    let trigger = |key: &str, day: &str| {
        json!({"type": "ScheduleTrigger", "pipelines": [
            {"pipelineReference": refer("pipeline.ingest"), "parameters": {"key": key, "day": day}}]})
    };
    let all = |key: &str, day: &str| {
        documents([
            ("pipeline.ingest", ingest.clone()),
            ("trigger.daily", trigger(key, day)),
        ])
    };

    let plan = planned(
        &all("hunter1", "monday"),
        &all("hunter2", "friday"),
        &Request::default(),
    );

    let text = serde_json::to_string(&plan).unwrap();
    assert!(!text.contains("hunter"), "{text}");
    assert!(text.contains("monday") && text.contains("friday"), "{text}");
    let trigger = plan
        .resources
        .iter()
        .find(|it| it.resource == key("trigger.daily"));
    assert_eq!(trigger.unwrap().secrets[0].state, SecretState::Changed);
}
