//! The factory's own document in the templates.

use serde_json::{Value, json};

use crate::source::{FACTORY, dataset, document, make, repository, service};

fn factory(name: &str, value: &str) -> (String, Value) {
    let globals = json!({"env": {"type": "string", "value": value}});
    let json = json!({"name": name, "properties": {"globalParameters": globals}, "location": "westeurope",
        "identity": {"type": "SystemAssigned", "principalId": "1", "tenantId": "2"}});
    (format!("factory/{name}"), json)
}

fn files(factories: &[(String, Value)], config: Value) -> Vec<(&str, Value)> {
    let factories = factories
        .iter()
        .map(|(path, json)| (path.as_str(), json.clone()));
    let others = [
        ("publish_config", config),
        service(
            "linkedService/ls_web",
            "HttpServer",
            json!({"url": "https://web.test"}),
        ),
        dataset("dataset/ds", "ls_web"),
    ];
    factories.chain(others).collect()
}

#[test]
fn everything_depends_on_a_factory_that_is_in_the_template() {
    let factories = [factory(FACTORY, "dev")];

    let made = make(&repository(&files(
        &factories,
        json!({"includeFactoryTemplate": true}),
    )));

    let whole = made.template["resources"]
        .as_array()
        .unwrap()
        .last()
        .unwrap();
    assert_eq!(whole["name"], "[parameters('factoryName')]");
    assert_eq!(whole["type"], "Microsoft.DataFactory/factories");
    assert_eq!(whole["dependsOn"], json!([]));
    assert_eq!(whole["location"], "[parameters('dataFactory_location')]");
    assert_eq!(
        whole["identity"],
        json!({"type": "[parameters('dataFactory_identity_type')]"})
    );
    let names: Vec<_> = made.names().into_iter().skip(2).collect();
    assert_eq!(
        names,
        [
            "dataFactory_properties_globalParameters_env_value",
            "dataFactory_location",
            "dataFactory_identity_type"
        ]
    );
    assert_eq!(
        made.depends_on("datasets", "ds"),
        ["[variables('factoryId')]", "linkedServices/ls_web"]
    );
    assert_eq!(
        made.depends_on("linkedServices", "ls_web"),
        ["[variables('factoryId')]"]
    );
}

#[test]
fn of_several_factories_the_one_that_is_named_counts() {
    let factories = [
        factory("adf-a", "other"),
        factory("ADF-Dev", "dev"),
        factory("adf-z", "other"),
    ];

    let made = make(&repository(&files(
        &factories,
        json!({"includeGlobalParamsTemplate": true}),
    )));

    assert_eq!(
        made.parameter("default_properties_env_value")["defaultValue"],
        "dev"
    );
}

#[test]
fn an_only_factory_counts_whatever_its_name() {
    let factories = [factory("adf-prod", "prod")];

    let made = make(&repository(&files(
        &factories,
        json!({"includeGlobalParamsTemplate": "true"}),
    )));

    assert_eq!(
        made.parameter("default_properties_env_value")["defaultValue"],
        "prod"
    );
}

#[test]
fn a_factory_without_global_parameters_has_an_empty_resource_for_them() {
    let factories = [
        json!({"name": FACTORY, "location": "westeurope"}),
        json!({"name": FACTORY, "properties": {"globalParameters": {}}}),
    ];
    for factory in factories {
        let files = [
            ("factory/adf-dev", factory),
            (
                "publish_config",
                json!({"includeGlobalParamsTemplate": true}),
            ),
        ];

        let made = make(&repository(&files));

        assert_eq!(
            made.template["resources"],
            json!([{
                "name": "[concat(parameters('factoryName'), '/default')]",
                "type": "Microsoft.DataFactory/factories/globalparameters",
                "apiVersion": "2018-06-01", "properties": {}, "dependsOn": []}])
        );
        assert_eq!(made.names(), ["factoryName"]);
        assert!(made.found().is_empty());
    }
}

#[test]
fn no_factory_of_the_name_among_several_is_found() {
    let factories = [factory("adf-a", "a"), factory("adf-b", "b")];

    let made = make(&repository(&files(
        &factories,
        json!({"includeGlobalParamsTemplate": true}),
    )));

    assert_eq!(made.found(), ["arm-factory"]);
    assert!(made.findings[0].message.ends_with("there are adf-a, adf-b"));
    assert_eq!(
        made.file("globalParameters/adf-dev_GlobalParameters.json"),
        &json!({})
    );
}

#[test]
fn text_that_looks_like_an_expression_stays_one_bracket_longer_in_defaults_too() {
    let globals = json!({"query": {"type": "string", "value": "[dbo].[t]"}});
    let files = [
        document("factory/adf-dev", json!({"globalParameters": globals})),
        (
            "publish_config",
            json!({"includeGlobalParamsTemplate": true}),
        ),
    ];

    let made = make(&repository(&files));

    let name = "default_properties_query_value";
    assert_eq!(made.parameter(name)["defaultValue"], "[[dbo].[t]");
    assert_eq!(made.parameters[name]["value"], "[[dbo].[t]");
    assert_eq!(made.found(), ["arm-parameters-file-bracket"]);
    assert_eq!(
        made.file("globalParameters/adf-dev_GlobalParameters.json"),
        &globals
    );
}
