//! A team's own definition, and what is wrong with it.

use adf_arm::Severity;
use adf_source::{Files, Repository};
use serde_json::{Value, json};

use crate::source::{
    Made, dataset, document, make, parameter, reference, repository, secret, service, shown, text,
    with_definition,
};

const SERVICES: &str = "Microsoft.DataFactory/factories/linkedServices";

fn web_service() -> (&'static str, Value) {
    service(
        "linkedService/ls_web",
        "HttpServer",
        json!({"url": "https://web.test"}),
    )
}

/// The template of one linked service and what a definition file says.
fn with_text(definition: &str) -> Made {
    let (path, json) = web_service();
    let files: Files = [
        (format!("{path}.json"), json.to_string()),
        (
            "arm-template-parameters-definition.json".to_owned(),
            definition.to_owned(),
        ),
    ]
    .into_iter()
    .collect();
    make(&Repository::read(&files))
}

fn found(made: &Made) -> Vec<String> {
    let finding = |finding: &adf_arm::Finding| {
        let position = finding.place.as_ref().and_then(|place| place.position);
        let position = position.map(|place| format!("{}:{}", place.line, place.column));
        format!(
            "{} {} {}",
            finding.severity,
            finding.id,
            position.unwrap_or_default()
        )
    };
    made.findings.iter().map(finding).collect()
}

#[test]
fn a_definition_that_is_not_json_is_an_error_and_the_default_one_takes_its_place() {
    let made = with_text("{\n  \"a\": {,}\n}");

    assert_eq!(found(&made), ["error arm-definition-unreadable 2:9"]);
    assert_eq!(
        made.names(),
        ["factoryName", "ls_web_properties_typeProperties_url"]
    );
    let made = with_text("[]");
    assert_eq!(found(&made), ["error arm-definition-unreadable 1:1"]);
    assert_eq!(made.names().len(), 2);
}

#[test]
fn a_definition_that_javascript_refuses_is_an_error_too() {
    let made = with_text("{\n  // nothing yet\n}");

    assert_eq!(found(&made), ["error arm-definition-unreadable 2:3"]);
    assert_eq!(made.names().len(), 2);
}

#[test]
fn a_definition_takes_the_place_of_the_default_one_as_a_whole() {
    let made = with_text("{}");

    assert_eq!(made.names(), ["factoryName"]);
    assert!(made.findings.is_empty());
}

#[test]
fn what_looks_like_a_rule_and_is_none_is_found() {
    let made = with_text(
        r#"{
"Microsoft.DataFactory/factories/linkedServices": {
  "properties": {"typeProperties": {"url": "="}},
  "*": {"properties": {"typeProperties": {"url": "string", "host": 1}}}},
"Microsoft.DataFactory/factories/pipelines": {
  "*": {"properties": {}}},
"Microsoft.DataFactory/factories/linkedservices": {}
}"#,
    );

    assert_eq!(
        found(&made),
        [
            "warning arm-definition 3:17",
            "warning arm-definition 4:50",
            "warning arm-definition 4:68",
            "warning arm-definition 6:8",
            "warning arm-definition 7:51",
        ]
    );
    assert_eq!(made.names(), ["factoryName"]);
    let hint = made.findings[4].hint.as_deref().unwrap();
    assert_eq!(
        hint,
        "case matters: Microsoft.DataFactory/factories/linkedServices"
    );
}

#[test]
fn a_type_that_arm_does_not_know_is_an_error() {
    let marks = json!({"properties": {"typeProperties": {"url": "=::number"}}});

    let made = make(&with_definition(
        json!({SERVICES: {"*": marks}}),
        &[web_service()],
    ));

    assert_eq!(made.found(), ["arm-parameter-type"]);
    assert_eq!(made.findings[0].severity, Severity::Error);
    assert_eq!(
        made.parameter("ls_web_properties_typeProperties")["type"],
        "number"
    );
}

#[test]
fn a_type_that_arm_does_not_know_does_no_harm_without_a_parameter() {
    let marks = json!({"properties": {"typeProperties": {"url": "=::number"}}});

    let made = make(&with_definition(
        json!({SERVICES: {"HttpServer1": marks}}),
        &[web_service()],
    ));

    assert_eq!(made.found(), [] as [&str; 0]);
}

#[test]
fn a_mark_that_hands_a_secret_on_is_an_error() {
    let sealed = || {
        service(
            "linkedService/ls",
            "AzureSqlDatabase",
            json!({"connectionString": "server=s", "encryptedCredential": "x"}),
        )
    };
    let marked = |mark: &str| {
        let marks = json!({"properties": {"typeProperties": {"connectionString": mark}}});
        make(&with_definition(
            json!({SERVICES: {"*": marks}}),
            &[sealed()],
        ))
    };
    let used = |made: &Made| {
        made.resource("linkedServices", "ls")["properties"]["typeProperties"]["connectionString"]
            .clone()
    };

    let made = marked("=");
    let name = "ls_properties_typeProperties_connectionString";
    assert_eq!(made.found(), ["arm-definition-secret"]);
    assert_eq!(made.parameter(name), &json!({"type": "string"}));
    assert_eq!(used(&made), secret(name));

    let made = marked("=:-connectionString:secureString");
    let itself = json!({"type": "secureString", "defaultValue": parameter("ls_connectionString")});
    assert_eq!(
        made.found(),
        ["arm-definition-secret", "arm-parameter-shared"]
    );
    assert_eq!(
        made.declared(),
        shown(json!({"ls_connectionString": itself}))
    );
    assert_eq!(used(&made), secret("ls_connectionString"));

    let made = marked("|:-connectionString:secureString");
    assert!(made.findings.is_empty());
    assert_eq!(used(&made), parameter("ls_connectionString"));
}

#[test]
fn a_secret_without_a_mark_stays_an_object() {
    let sealed = json!({"connectionString": "server=s", "encryptedCredential": "x"});

    let made = make(&with_definition(
        json!({}),
        &[service("linkedService/ls", "AzureSqlDatabase", sealed)],
    ));

    let properties = &made.resource("linkedServices", "ls")["properties"]["typeProperties"];
    assert_eq!(
        properties,
        &json!({"connectionString": secret("ls_connectionString")})
    );
    assert_eq!(made.names(), ["factoryName", "ls_connectionString"]);
}

#[test]
fn the_last_of_several_values_has_the_parameter_and_the_first_its_place() {
    let definition = json!({"Microsoft.DataFactory/factories/pipelines": {"properties": {"activities": [
        {"typeProperties": {"a": "=:-one", "b": "=:-two", "c": "=:-one"}}]}}});
    let pipeline =
        json!({"activities": [{"name": "x", "typeProperties": {"a": 1, "b": 2, "c": true}}]});

    let made = make(&with_definition(
        definition,
        &[document("pipeline/p", pipeline)],
    ));

    assert_eq!(
        made.declared(),
        shown(json!({
            "p_one": {"type": "bool", "defaultValue": true},
            "p_two": {"type": "int", "defaultValue": 2}}))
    );
    assert_eq!(made.found(), ["arm-parameter-shared"]);
}

#[test]
fn names_and_dependencies_can_be_parameters() {
    let definition = json!({
        "Microsoft.DataFactory/factories/integrationRuntimes": {"name": "="},
        "Microsoft.DataFactory/factories/datasets": {"*": {"dependsOn": "="}}});
    let runtime = document("integrationRuntime/ir", json!({"type": "SelfHosted"}));
    let files = [runtime, dataset("dataset/ds", "ls_web"), web_service()];

    let made = make(&with_definition(definition, &files));

    assert_eq!(
        made.declared(),
        shown(json!({
            "ds_dependsOn": {"type": "array",
                "defaultValue": ["[concat(variables('factoryId'), '/linkedServices/ls_web')]"]},
            "ir_name": text("[concat(parameters('factoryName'), '/ir')]")}))
    );
    assert_eq!(
        made.resource("datasets", "ds")["dependsOn"],
        parameter("ds_dependsOn")
    );
}

#[test]
fn a_dependency_has_the_parameter_that_a_reference_has_for_its_name() {
    let marks = json!({"connectVia": {"referenceName": "="}});
    let definition = json!({
        SERVICES: {"*": {"properties": marks}},
        "Microsoft.DataFactory/factories/pipelines": {"properties": {"activities": [{"linkedServiceName": {"referenceName": "="}}]}}});
    let near = json!({"type": "HttpServer", "typeProperties": {}, "connectVia": reference("ir", "IntegrationRuntime")});
    let step =
        |name: &str| json!({"name": name, "linkedServiceName": reference("near", "LinkedService")});
    let each = json!({"name": "c", "typeProperties": {"activities": [step("d")]}});
    let files = [
        document("integrationRuntime/ir", json!({"type": "SelfHosted"})),
        document("linkedService/near", near),
        document(
            "pipeline/all",
            json!({"activities": [step("a"), step("b")]}),
        ),
        document("pipeline/most", json!({"activities": [step("a"), each]})),
    ];

    let made = make(&with_definition(definition, &files));

    let depends_on = |kind: &str, name: &str| made.resource(kind, name)["dependsOn"].clone();
    let on = |kind: &str, parameter: &str| {
        format!("[concat(variables('factoryId'), '/{kind}/', parameters('{parameter}'))]")
    };
    assert_eq!(
        depends_on("linkedServices", "near"),
        json!([on(
            "integrationRuntimes",
            "near_properties_connectVia_referenceName"
        )])
    );
    let of = |pipeline: &str, number: usize| {
        let name = format!("{pipeline}_properties_{number}_linkedServiceName_referenceName");
        on("linkedServices", &name)
    };
    assert_eq!(
        depends_on("pipelines", "all"),
        json!([of("all", 0), of("all", 1)])
    );
    // The one that is left is referred to by its name.
    assert_eq!(
        depends_on("pipelines", "most"),
        json!([
            "[concat(variables('factoryId'), '/linkedServices/near')]",
            of("most", 0)
        ])
    );
}

#[test]
fn a_star_takes_a_vault_secret_as_a_whole() {
    let definition = json!({SERVICES: {"*": {"properties": {"typeProperties": {"*": "="}}}}});
    let secret = crate::source::vault_secret("key");
    let files = [
        service(
            "linkedService/ls",
            "AzureBlobFS",
            json!({"url": "https://a.test", "accountKey": secret}),
        ),
        crate::source::key_vault(),
    ];

    let made = make(&with_definition(definition, &files));

    let key = made.parameter("ls_properties_typeProperties_accountKey");
    assert_eq!(key, &json!({"type": "object", "defaultValue": secret}));
    assert_eq!(
        made.depends_on("linkedServices", "ls"),
        ["linkedServices/ls_kv"]
    );
}

#[test]
fn the_default_definition_marks_what_it_always_has() {
    let node = json!({"type": "Managed", "typeProperties": {"ssisProperties": {"runtimeVersion": "1",
        "catalogInfo": {"catalogServerEndpoint": "s.test", "catalogAdminPassword": {"type": "SecureString", "value": "**********"}}}}});
    let cluster = json!({"hostSubscriptionId": "S", "linkedServiceName": reference("ls_web", "LinkedService")});
    let made = make(&repository(&[
        document("integrationRuntime/ssis", node),
        service("linkedService/hdi", "HDInsightOnDemand", cluster),
        web_service(),
    ]));

    let password = "ssis_properties_typeProperties_ssisProperties_catalogInfo_catalogAdminPassword";
    assert_eq!(made.parameter(password), &json!({"type": "secureString"}));
    let properties = &made.resource("integrationRuntimes", "ssis")["properties"]["typeProperties"]
        ["ssisProperties"];
    assert_eq!(
        properties["catalogInfo"]["catalogAdminPassword"],
        secret(password)
    );
    assert!(properties.get("runtimeVersion").is_none());
    assert!(
        made.names()
            .contains(&"hdi_properties_typeProperties_hostSubscriptionId")
    );
}
