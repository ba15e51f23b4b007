//! What an export tells about its source.

use serde_json::{Value, json};

use crate::source::{Made, dataset, document, make, reference, repository, service};

fn first(made: &Made) -> (&str, String) {
    let finding = &made.findings[0];
    (finding.id, finding.message.clone())
}

fn starts(path: &'static str, other: &str) -> (&'static str, Value) {
    document(
        path,
        json!({"activities": [{"name": "start", "type": "ExecutePipeline",
        "typeProperties": {"pipeline": reference(other, "Pipeline")}}]}),
    )
}

#[test]
fn a_circle_is_named() {
    let files = [
        starts("pipeline/a", "b"),
        starts("pipeline/b", "c"),
        starts("pipeline/c", "b"),
    ];

    let made = make(&repository(&files));

    let message = "ARM deploys no circle: pipeline `b` needs pipeline `c` needs pipeline `b`";
    assert_eq!(first(&made), ("arm-circle", message.to_owned()));
    let part = made.file("linkedTemplates/ArmTemplate_0.json");
    assert_eq!(part["resources"].as_array().unwrap().len(), 3);
}

#[test]
fn a_pipeline_that_refers_to_itself_does_not_depend_on_itself() {
    let made = make(&repository(&[starts("pipeline/a", "A")]));

    assert!(made.findings.is_empty());
    assert_eq!(made.depends_on("pipelines", "a"), [] as [&str; 0]);
}

#[test]
fn references_match_whatever_their_case_and_are_listed_once() {
    let files = [
        dataset("dataset/ds", "LS_web"),
        service(
            "linkedService/ls_Web",
            "HttpServer",
            json!({"url": "https://web.test"}),
        ),
        document(
            "pipeline/p",
            json!({"activities": [{"name": "copy", "type": "Copy",
            "inputs": [reference("ds", "Dataset"), reference("DS", "Dataset")],
            "linkedServiceName": reference("ls_web", "LinkedService")}]}),
        ),
    ];

    let made = make(&repository(&files));

    assert_eq!(made.depends_on("datasets", "ds"), ["linkedServices/ls_Web"]);
    assert_eq!(
        made.depends_on("pipelines", "p"),
        ["linkedServices/ls_Web", "datasets/ds"]
    );
}

#[test]
fn the_runtime_that_is_always_there_is_not_missed() {
    let connected = |runtime: &str| {
        document(
            "linkedService/ls",
            json!({"type": "HttpServer", "typeProperties": {},
            "connectVia": reference(runtime, "IntegrationRuntime")}),
        )
    };

    assert!(
        make(&repository(&[connected("AutoResolveIntegrationRuntime")]))
            .findings
            .is_empty()
    );
    let message = "the linked service `ls` refers to the integration runtime `shir`, which has no file; \
        Data Factory does not publish the reference";
    assert_eq!(
        first(&make(&repository(&[connected("shir")]))),
        ("arm-reference", message.to_owned())
    );
    let file = document(
        "integrationRuntime/AutoResolveIntegrationRuntime",
        json!({"type": "Managed"}),
    );
    let made = make(&repository(&[
        connected("AutoResolveIntegrationRuntime"),
        file,
    ]));
    assert_eq!(
        made.depends_on("linkedServices", "ls"),
        ["integrationRuntimes/AutoResolveIntegrationRuntime"]
    );
}

#[test]
fn a_limit_of_arm_that_is_exceeded_is_told_with_its_figure() {
    let long = format!("[{}]", "x".repeat(30_000));
    let files = [document(
        "pipeline/p",
        json!({"activities": [], "description": long}),
    )];

    let made = make(&repository(&files));

    let message = "ARMTemplateForFactory.json (pipeline `p`) has 30003 characters of an expression, and ARM accepts 24576";
    assert_eq!(first(&made), ("arm-expression-length", message.to_owned()));
}

#[test]
fn a_document_without_properties_is_exported_empty() {
    let made = make(&repository(&[(
        "pipeline/p",
        json!({"name": "p", "properties": []}),
    )]));

    assert_eq!(first(&made).0, "arm-properties");
    assert_eq!(made.resource("pipelines", "p")["properties"], json!({}));
}

#[test]
fn a_quote_in_a_name_is_doubled() {
    let files = [
        service(
            "linkedService/bob's",
            "HttpServer",
            json!({"url": "https://web.test"}),
        ),
        dataset("dataset/ds", "bob's"),
    ];

    let made = make(&repository(&files));

    assert_eq!(made.depends_on("datasets", "ds"), ["linkedServices/bob''s"]);
    let properties = &made.resource("linkedServices", "bob''s")["properties"]["typeProperties"];
    assert_eq!(
        properties["url"],
        "[parameters('bob''s_properties_typeProperties_url')]"
    );
    assert_eq!(made.names()[1], "bob's_properties_typeProperties_url");
}

#[test]
fn a_secret_that_nobody_asks_for_is_deployed_as_asterisks() {
    let mask = json!({"type": "SecureString", "value": "**********"});
    let services = json!({"authHeaders": {"X-Key": mask}, "password": mask});

    let made = make(&repository(&[service(
        "linkedService/ls",
        "HttpServer",
        services,
    )]));

    assert_eq!(made.names(), ["factoryName", "ls_password"]);
    let properties = &made.resource("linkedServices", "ls")["properties"]["typeProperties"];
    assert_eq!(properties["authHeaders"]["X-Key"], mask);
    assert_eq!(made.found(), ["arm-masked-secret"]);
}

#[test]
fn a_parameter_that_arm_takes_for_another_is_an_error() {
    let files = [
        service(
            "linkedService/a",
            "HttpServer",
            json!({"url": "https://a.test"}),
        ),
        service(
            "linkedService/b",
            "HttpServer",
            json!({"url": "https://b.test"}),
        ),
    ];
    let marks = json!({"properties": {"typeProperties": {"url": "=:-x"}}});
    let definition = json!({"Microsoft.DataFactory/factories/linkedServices": {"*": marks}});
    let long = "x".repeat(260);
    let long = json!({"Microsoft.DataFactory/factories/linkedServices": {"*": {"properties": {"typeProperties": {"url": format!("=:-{long}")}}}}});

    assert!(
        make(&crate::source::with_definition(definition, &files))
            .findings
            .is_empty()
    );
    let made = make(&crate::source::with_definition(long, &files));
    assert_eq!(made.found(), ["arm-parameter-name", "arm-parameter-name"]);
    let mut mixed = service(
        "linkedService/A_properties",
        "HttpServer",
        json!({"url": "https://a.test"}),
    );
    mixed.1["name"] = json!("A_properties");
    let marks = json!({"properties": {"typeProperties": {"url": "=:-typeProperties_url"}}});
    let definition = json!({"Microsoft.DataFactory/factories/linkedServices": {"*": marks, "HttpServer": marks,
        "Web": {"properties": {"typeProperties": {"url": "="}}}}});
    let web = service("linkedService/a", "Web", json!({"url": "https://a.test"}));
    let made = make(&crate::source::with_definition(definition, &[mixed, web]));
    assert_eq!(
        first(&made).1,
        "ARM takes the parameters `A_properties_typeProperties_url` and `a_properties_typeProperties_url` for one"
    );
}

#[test]
fn a_value_that_arm_has_no_type_for_stays_a_literal() {
    let globals = json!({"rate": {"type": "float", "value": 1.5}, "none": {"type": "string", "value": null}, "n": {"type": "int", "value": 2}});
    let files = [
        document("factory/adf-dev", json!({"globalParameters": globals})),
        (
            "publish_config",
            json!({"includeGlobalParamsTemplate": true}),
        ),
    ];

    let made = make(&repository(&files));

    assert_eq!(made.names(), ["factoryName", "default_properties_n_value"]);
    let properties = &made.resource("globalparameters", "default")["properties"];
    assert_eq!(
        (&properties["rate"], &properties["none"]),
        (&globals["rate"], &globals["none"])
    );
    assert_eq!(
        made.found(),
        ["arm-parameter-untyped", "arm-parameter-untyped"]
    );
}
