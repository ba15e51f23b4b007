//! What holds for every repository.

use std::collections::BTreeSet;

use adf_arm::{escape, unescape};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::source::{make, repository};

/// Any JSON, with words that mean something to an export.
fn value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        Just("[x]".to_owned()),
        Just("@pipeline().x".to_owned()),
        Just("SecureString".to_owned()),
        Just("AzureKeyVaultSecret".to_owned()),
        Just("Expression".to_owned()),
        Just("n1".to_owned()),
        ".{0,6}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        text.prop_map(Value::from),
        reference(),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            fields(inner).prop_map(Value::Object),
        ]
    })
}

fn fields(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
    let key = prop_oneof![
        prop::sample::select(vec![
            "type",
            "value",
            "typeProperties",
            "connectionString",
            "encryptedCredential",
            "url",
            "userName",
            "secretName",
            "pipelines",
            "pipelineReference",
            "parameters",
            "activities",
            "scope",
            "password",
            "store",
            "linkedServiceName",
        ])
        .prop_map(str::to_owned),
        "[a-z\\[\\]']{1,4}",
    ];
    prop::collection::vec((key, inner), 0..6).prop_map(|fields| fields.into_iter().collect())
}

fn reference() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(vec![
        "Dataset",
        "LinkedService",
        "Pipeline",
        "IntegrationRuntime",
        "Credential",
    ]);
    (kind, 0..4).prop_map(|(kind, number)| json!({"referenceName": format!("n{number}"), "type": format!("{kind}Reference")}))
}

/// A mark, or something that looks like one.
fn mark() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        "=",
        "-",
        "|",
        "=:x",
        "=:-x:int",
        "-::int",
        "|:-s:secureString",
        "*",
        "",
        "::",
        "=:-",
    ])
    .prop_map(Value::from)
}

fn definition() -> impl Strategy<Value = Value> {
    let rule = mark().prop_recursive(4, 30, 4, |inner| {
        let key = prop::sample::select(vec![
            "*",
            "type",
            "typeProperties",
            "connectionString",
            "url",
            "pipelines",
            "activities",
            "a",
        ]);
        prop_oneof![
            prop::collection::vec((key, inner.clone()), 0..5).prop_map(|fields| json!(
                fields
                    .into_iter()
                    .map(|(key, rule)| (key.to_owned(), rule))
                    .collect::<Map<_, _>>()
            )),
            inner.prop_map(|rule| json!([rule, "pipelineReference.referenceName"])),
        ]
    });
    (rule.clone(), rule).prop_map(|(first, second)| {
        let of = |kind: &str| format!("Microsoft.DataFactory/factories/{kind}");
        json!({of("linkedServices"): {"*": {"properties": first}}, of("pipelines"): {"properties": second, "dependsOn": "="},
            of("triggers"): {"properties": second}})
    })
}

fn documents() -> impl Strategy<Value = Vec<(String, Value)>> {
    let folder = prop::sample::select(vec![
        "pipeline",
        "dataset",
        "linkedService",
        "trigger",
        "integrationRuntime",
        "credential",
    ]);
    let document = (folder, 0..4, fields(value()), any::<bool>()).prop_map(
        |(folder, number, properties, sealed)| {
            let mut properties = properties;
            if sealed {
                properties.insert("type".into(), json!("AzureSqlDatabase"));
                properties.insert(
                    "typeProperties".into(),
                    json!({"connectionString": "server=s", "encryptedCredential": "x"}),
                );
            }
            let name = format!("n{number}");
            (
                format!("{folder}/{name}"),
                json!({"name": name, "properties": properties}),
            )
        },
    );
    prop::collection::vec(document, 0..8)
}

/// Everything that is called in expressions of a template.
fn used(template: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut open = vec![&template["resources"]];
    open.extend(template["parameters"].as_object().unwrap().values());
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) if unescape(text).is_none() => {
                let name = text
                    .strip_prefix("[parameters('")
                    .and_then(|rest| rest.strip_suffix("')]"));
                let within = text.split_once(", parameters('");
                let within = within.and_then(|(_, rest)| rest.strip_suffix("'))]"));
                let name = name.or(within);
                names.extend(name.map(|name| name.replace("''", "'")));
            }
            Value::Array(items) => open.extend(items),
            Value::Object(fields) => open.extend(fields.values()),
            _ => {}
        }
    }
    names.insert("factoryName".to_owned());
    names
}

/// How a resource of a template is depended on.
fn targets(template: &Value) -> BTreeSet<String> {
    let resources = template["resources"].as_array().unwrap().iter();
    resources
        .map(|resource| {
            let kind = resource["type"]
                .as_str()
                .unwrap()
                .strip_prefix("Microsoft.DataFactory/factories/")
                .unwrap();
            let name = resource["name"]
                .as_str()
                .unwrap()
                .strip_prefix("[concat(parameters('factoryName'), '")
                .unwrap();
            format!("[concat(variables('factoryId'), '/{kind}{name}")
        })
        .collect()
}

proptest! {
    #[test]
    fn escaping_round_trips(text in "[\\[\\]a']{0,6}|.{0,8}") {
        let escaped = escape(&text);

        prop_assert_eq!(unescape(&escaped), Some(text.as_str()));
    }

    #[test]
    fn templates_are_whole(documents in documents(), definition in prop::option::of(definition())) {
        let mut files: Vec<_> = documents.iter().map(|(path, json)| (path.as_str(), json.clone())).collect();
        files.extend(definition.map(|definition| ("arm-template-parameters-definition", definition)));

        let made = make(&repository(&files));

        let declared: BTreeSet<_> = made.names().into_iter().map(str::to_owned).collect();
        let used = used(&made.template);
        prop_assert!(used.is_subset(&declared), "{:?}", used.difference(&declared));
        if !made.found().iter().any(|id| ["arm-definition-secret", "arm-parameter-shared"].contains(id)) {
            prop_assert_eq!(&used, &declared);
        }
        let targets = targets(&made.template);
        for path in made.paths().into_iter().filter(|path| path.contains("ArmTemplate_")) {
            for resource in made.file(path)["resources"].as_array().unwrap() {
                let depends_on = resource["dependsOn"].as_array().into_iter().flatten();
                for target in depends_on.filter(|_| !path.contains("master")) {
                    let text = target.as_str().unwrap();
                    prop_assert!(targets.contains(text) || text.contains(", parameters("), "{target} of {path}");
                }
            }
        }
    }
}
