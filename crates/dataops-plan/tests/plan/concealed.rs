//! What stands openly on either side is compared, and what the service conceals is no difference.

use dataops_plan::{Action, Because, Plan, Request, STARS, SecretState};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{Documents, document, documents, planned, refer, shown};

const PIPELINE: &str = "pipeline.call";
pub(crate) const SERVICE: &str = "linkedService.store";

fn expression(text: &str) -> Value {
    json!({"value": text, "type": "Expression"})
}

pub(crate) fn secure(text: &str) -> Value {
    json!({"type": "SecureString", "value": text})
}

fn vault(name: &str) -> Value {
    json!({"type": "AzureKeyVaultSecret", "secretName": name, "store": refer("linkedService.vault")})
}

/// A document with a value in a place for secrets.
type Holding = fn(&Value) -> Value;

/// Places where the service shows what is no `SecureString`.
const PLACES: [(&str, Holding); 8] = [
    (PIPELINE, |it| {
        web(&json!({"headers": {"Authorization": it}}))
    }),
    (PIPELINE, |it| {
        web(&json!({"headers": {"x-functions-key": it}}))
    }),
    (PIPELINE, |it| web(&json!({"body": {"password": it}}))),
    (PIPELINE, |it| {
        web(&json!({"authentication": {"type": "Basic", "password": it}}))
    }),
    (SERVICE, |it| store("HttpServer", &json!({"password": it}))),
    (SERVICE, |it| {
        store("AzureBlobStorage", &json!({"sasUri": it}))
    }),
    (SERVICE, |it| {
        store("RestService", &json!({"authHeaders": {"x-key": it}}))
    }),
    (SERVICE, |it| {
        store("AzureBlobStorage", &json!({"connectionString": it}))
    }),
];

fn web(details: &Value) -> Value {
    json!({"parameters": {"t": {"type": "String"}},
        "activities": [{"name": "call", "type": "WebActivity", "typeProperties": details}]})
}

pub(crate) fn store(kind: &str, details: &Value) -> Value {
    json!({"type": kind, "typeProperties": details})
}

pub(crate) fn all_forms(plan: &Plan) -> String {
    format!("{plan:?}{}{}", plan.to_json(), shown(plan))
}

pub(crate) fn plan_of(key: &str, source: Value, live: Value) -> Plan {
    let (source, live) = (documents([(key, source)]), documents([(key, live)]));
    planned(&source, &live, &Request::default())
}

#[test]
fn a_secret_that_becomes_an_expression_is_written_and_so_is_the_reverse() {
    let open = json!("Bearer canary-abcdefgh");
    let read = expression("@pipeline().parameters.t");
    for (key, holding) in PLACES {
        for (source, live) in [(&read, &open), (&open, &read)] {
            let plan = plan_of(key, holding(source), holding(live));

            let resource = &plan.resources[0];
            assert_eq!(resource.action, Action::Update, "{}", holding(source));
            let text = all_forms(&plan);
            assert!(!text.contains("canary"), "{text}");
            assert!(!text.contains("cannot be compared"), "{text}");
            assert!(
                !planned(
                    &documents([(key, holding(source))]),
                    &documents([(key, holding(source))]),
                    &Request::default()
                )
                .has_work()
            );
        }
    }
}

#[test]
fn an_expression_that_is_written_as_a_text_is_the_same_one() {
    for (key, holding) in PLACES {
        let text = "@pipeline().parameters.t";
        let plan = plan_of(key, holding(&expression(text)), holding(&json!(text)));

        assert!(!plan.has_work(), "{}", holding(&json!(text)));
    }
}

#[test]
fn a_connection_string_that_is_none_is_another_than_one_that_shows() {
    let string = |text: &str| store("AzureBlobStorage", &json!({"connectionString": text}));
    let open = "DefaultEndpointsProtocol=https;AccountName=acc;EndpointSuffix=x.test";
    for (source, live) in [
        (open.to_owned(), "hello".to_owned()),
        ("hello".to_owned(), open.to_owned()),
        (open.to_owned(), format!("{open};AccountKey=canary")),
        (open.to_owned(), format!("{open};AccountKey=***")),
        (open.to_owned(), format!("{open};AccountKey={STARS}")),
        (
            format!("{open};AccountKey=canary"),
            format!("{open};SharedAccessKey={STARS}"),
        ),
        (open.to_owned(), String::new()),
        ("hello".to_owned(), String::new()),
    ] {
        let plan = plan_of(SERVICE, string(&source), string(&live));

        assert_eq!(plan.resources[0].action, Action::Update, "{source} {live}");
        assert!(!all_forms(&plan).contains("canary"), "{}", all_forms(&plan));
    }
    let same = format!("{open};AccountKey=canary");
    let spelled = format!("AccountKey={STARS};{open};");
    for live in [
        same.clone(),
        format!("{open};AccountKey={STARS};"),
        STARS.to_owned(),
    ] {
        assert!(
            !plan_of(SERVICE, string(&same), string(&live)).has_work(),
            "{live}"
        );
    }
    assert!(plan_of(SERVICE, string("hello"), string(&spelled)).has_work());
}

#[test]
fn what_the_service_hides_of_a_text_that_has_no_secret_is_told_as_unknown() {
    let string = |text: &str| store("AzureBlobStorage", &json!({"connectionString": text}));

    let plan = plan_of(SERVICE, string("AccountName=acc"), string(STARS));

    assert_eq!(plan.resources[0].because, Because::SameButSecrets);
    assert_eq!(plan.resources[0].secrets[0].state, SecretState::Unknown);
    let asked = Request {
        put_secrets: true,
        ..Request::default()
    };
    let (source, live) = (string("AccountName=acc"), string(STARS));
    let plan = planned(
        &documents([(SERVICE, source)]),
        &documents([(SERVICE, live)]),
        &asked,
    );
    assert_eq!(plan.resources[0].because, Because::SecretsAsked);
}

#[test]
fn what_a_linked_service_has_concealed_is_no_difference_in_whatever_way_it_is() {
    let service = |details: Value| store("SqlServer", &details);
    let source = service(json!({"server": "s", "password": secure("canary")}));
    for live in [
        json!({"server": "s", "password": secure(STARS)}),
        json!({"server": "s", "password": {"type": "SecureString", "value": null}}),
        json!({"server": "s", "password": {"type": "SecureString"}}),
        json!({"server": "s", "password": STARS}),
        json!({"server": "s", "password": null, "encryptedCredential": "sealed"}),
        json!({"server": "s", "encryptedCredential": "sealed"}),
    ] {
        let plan = plan_of(SERVICE, source.clone(), service(live.clone()));

        assert_eq!(plan.resources[0].because, Because::SameButSecrets, "{live}");
    }
    for live in [
        json!({"server": "s"}),
        json!({"server": "s", "password": null}),
        json!({"server": "s", "password": secure("canary-other")}),
        json!({"server": "s", "password": "canary"}),
        json!({"server": "s", "password": expression("@linkedService().p")}),
        json!({"server": "s", "password": vault("n")}),
        json!({"server": "t", "encryptedCredential": "sealed"}),
    ] {
        let plan = plan_of(SERVICE, source.clone(), service(live.clone()));

        assert_eq!(plan.resources[0].action, Action::Update, "{live}");
        assert!(!all_forms(&plan).contains("canary"), "{}", all_forms(&plan));
    }
    // Pipelines are shown as they are.
    let plan = plan_of(
        PIPELINE,
        web(&json!({"headers": {"Authorization": "canary"}})),
        web(&json!({"headers": {"Authorization": null}})),
    );
    assert!(plan.has_work());
}

#[test]
fn a_secret_of_a_list_that_the_service_calls_otherwise_is_found() {
    let run = |key: &str| {
        let flow = json!({"referenceName": "f", "type": "DataFlowReference", "parameters": {"apiToken": "canary"}});
        json!({"activities": [{"name": "a", "type": "ExecuteDataFlow", "typeProperties": {key: flow}}]})
    };
    let flow = json!({"type": "MappingDataFlow"});
    let all = |key: &str| documents([(PIPELINE, run(key)), ("dataflow.f", flow.clone())]);

    let plan = planned(&all("dataflow"), &all("dataFlow"), &Request::default());

    assert!(!plan.has_work(), "{}", shown(&plan));
}

/// A value that may stand in a place for secrets; nothing where the place is not there.
fn held() -> impl Strategy<Value = Option<Value>> {
    let texts = [
        "canary-one",
        "canary-two",
        "@pipeline().parameters.t",
        "@linkedService().p",
        "Bearer canary-one",
        "",
    ];
    let text = proptest::sample::select(texts.to_vec());
    (text, 0..6_u8).prop_map(|(text, form)| match form {
        0 => None,
        1 | 2 => Some(json!(text)),
        3 => Some(expression(text)),
        4 => Some(secure(text)),
        _ => Some(vault("name")),
    })
}

fn connection() -> impl Strategy<Value = Option<Value>> {
    let texts = [
        "AccountName=a;EndpointSuffix=x.test",
        "AccountName=a;EndpointSuffix=x.test;AccountKey=canary-one",
        "AccountName=a;EndpointSuffix=x.test;AccountKey=canary-two",
        "AccountName=b;EndpointSuffix=x.test;AccountKey=canary-one",
        "canary-opaque",
        "canary-other",
        "@linkedService().s",
    ];
    proptest::sample::select(texts.to_vec()).prop_map(|text| Some(json!(text)))
}

/// The value without what is not there.
fn without_nothing(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let members = object.iter().filter(|(_, value)| !value.is_null());
            let members = members.map(|(key, value)| (key.clone(), without_nothing(value)));
            Value::Object(members.collect())
        }
        other => other.clone(),
    }
}

/// One document for each place, with what stands there.
fn factory(values: &[Option<Value>]) -> Documents {
    let all = PLACES.iter().zip(values).enumerate();
    let all = all.map(|(at, ((key, holding), value))| {
        document(
            &format!("{key}{at}"),
            &without_nothing(&holding(value.as_ref().unwrap_or(&Value::Null))),
        )
    });
    let vault = document(
        "linkedService.vault",
        &store(
            "AzureKeyVault",
            &json!({"baseUrl": "https://v.vault.azure.net"}),
        ),
    );
    all.chain([vault]).collect()
}

fn values() -> impl Strategy<Value = Vec<Option<Value>>> {
    let others = proptest::collection::vec(held(), PLACES.len() - 1);
    (others, connection()).prop_map(|(mut all, last)| {
        all.push(last);
        all
    })
}

/// What the service shows of a value.
fn concealed(value: &Value) -> Value {
    match value {
        Value::String(text) if text.starts_with("AccountName=") => {
            let parts = text.split(';').map(|part| match part.split_once('=') {
                Some(("AccountKey", _)) => format!("AccountKey={STARS}"),
                _ => part.to_owned(),
            });
            parts.collect::<Vec<_>>().join(";").into()
        }
        Value::Object(object) if object["type"] == "SecureString" => secure(STARS),
        other => other.clone(),
    }
}

/// What of a value is seen, in one spelling.
fn seen(value: Option<&Value>) -> Value {
    match value.map(concealed) {
        Some(Value::Object(object)) if object["type"] == "Expression" => object["value"].clone(),
        other => other.unwrap_or_default(),
    }
}

fn shown_by_service(values: &[Option<Value>]) -> Vec<Option<Value>> {
    let values = values.iter();
    values.map(|value| value.as_ref().map(concealed)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_was_deployed_needs_nothing(source in values()) {
        let plan = planned(&factory(&source), &factory(&shown_by_service(&source)), &Request::default());

        prop_assert!(!plan.has_work(), "{}", plan.to_json());
    }

    #[test]
    fn whatever_is_seen_to_differ_is_changed_and_no_secret_is_told(source in values(), live in values()) {
        let plan = planned(&factory(&source), &factory(&shown_by_service(&live)), &Request::default());

        for (at, (own, there)) in source.iter().zip(&live).enumerate() {
            let (key, _) = PLACES[at];
            let key = crate::support::key(&format!("{key}{at}"));
            let (own, there) = (own.as_ref(), there.as_ref());
            let differs = seen(own) != seen(there);
            let resource = plan.resources.iter().find(|it| it.resource == key).unwrap();
            prop_assert_eq!(resource.action == Action::Update, differs, "{:?} {:?}", own, there);
        }
        let text = plan.to_json() + &shown(&plan);
        prop_assert!(!text.contains("canary"), "{}", text);
    }
}
