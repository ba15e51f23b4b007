//! What becomes of references, and of what they hand over.

use serde_json::{Value, json};

use crate::source::{
    asking, document, key_vault, make, parameter, reference, repository, service, vault_secret,
};

#[expect(
    clippy::needless_pass_by_value,
    reason = "a literal reads better without a reference"
)]
fn starting(pipelines: Value) -> (&'static str, Value) {
    document(
        "trigger/t",
        json!({"type": "ScheduleTrigger", "pipelines": pipelines, "typeProperties": {}}),
    )
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "a literal reads better without a reference"
)]
fn starts(pipeline: &str, arguments: Value) -> Value {
    json!({"pipelineReference": reference(pipeline, "Pipeline"), "parameters": arguments})
}

#[test]
fn a_runtime_without_a_file_is_not_published_but_a_credential_is() {
    let credential = reference("who", "Credential");
    let connected = |runtime: &str| {
        document(
            "linkedService/ls",
            json!({"type": "HttpServer", "typeProperties": {"credential": credential},
                "connectVia": reference(runtime, "IntegrationRuntime")}),
        )
    };
    let shir = document("integrationRuntime/shir", json!({"type": "SelfHosted"}));

    for missing in ["AutoResolveIntegrationRuntime", "other"] {
        let made = make(&repository(&[connected(missing), shir.clone()]));

        let properties = &made.resource("linkedServices", "ls")["properties"];
        assert_eq!(properties.get("connectVia"), None, "{missing}");
        assert_eq!(properties["typeProperties"]["credential"], credential);
    }
    let made = make(&repository(&[connected("SHIR"), shir]));
    let properties = &made.resource("linkedServices", "ls")["properties"];
    assert_eq!(properties["connectVia"]["referenceName"], "SHIR");
}

#[test]
fn a_trigger_starts_only_pipelines_that_are_there() {
    let made = make(&repository(&[
        starting(json!([starts("gone", json!({})), starts("p", json!({}))])),
        asking("pipeline/p", [""; 0]),
    ]));

    let pipelines = &made.resource("triggers", "t")["properties"]["pipelines"];
    assert_eq!(*pipelines, json!([starts("p", json!({}))]));
    assert_eq!(made.found(), ["arm-reference"]);
}

#[test]
fn arguments_that_nobody_asks_for_are_not_published() {
    let mut secret = vault_secret("pwd");
    secret["store"]["parameters"] = json!({"url": "https://other.test"});
    let calls = json!({"activities": [{"name": "call", "type": "ExecutePipeline", "typeProperties":
        {"pipeline": reference("p", "Pipeline"), "parameters": {"surplus": 1}}}]});
    let made = make(&repository(&[
        starting(json!([starts("p", json!({"Day": 1, "surplus": 2}))])),
        asking("pipeline/p", ["day"]),
        document("pipeline/caller", calls),
        service(
            "linkedService/ftp",
            "FtpServer",
            json!({"password": secret}),
        ),
        key_vault(),
    ]));

    let started = &made.resource("triggers", "t")["properties"]["pipelines"][0];
    let day = parameter("t_properties_p_parameters_Day");
    assert_eq!(started["parameters"], json!({"Day": day}));
    let password =
        &made.resource("linkedServices", "ftp")["properties"]["typeProperties"]["password"];
    assert_eq!(password["store"]["parameters"], json!({}));
    let called = &made.resource("pipelines", "caller")["properties"]["activities"][0];
    assert_eq!(
        called["typeProperties"]["parameters"],
        json!({"surplus": 1})
    );
    assert_eq!(made.found(), ["arm-argument", "arm-argument"]);
    let messages = made.findings.iter().map(|finding| finding.message.as_str());
    assert_eq!(
        messages.collect::<Vec<_>>()[1],
        "the trigger `t` gives `surplus` to the pipeline `p`, which has no such parameter; Data Factory does not publish it"
    );
}

#[test]
fn a_secret_for_a_parameter_that_is_none_is_plain_text() {
    let pipeline = json!({"activities": [], "parameters":
        {"open": {"type": "string"}, "sealed": {"type": "SecureString"}}});
    let secret = json!({"type": "SecureString", "value": "**********"});
    let made = make(&repository(&[
        starting(json!([starts(
            "p",
            json!({"open": secret, "sealed": secret})
        )])),
        document("pipeline/p", pipeline),
    ]));

    let started = &made.resource("triggers", "t")["properties"]["pipelines"][0]["parameters"];
    let name = |which: &str| parameter(&format!("t_properties_p_parameters_{which}"));
    assert_eq!(started["open"], name("open"));
    assert_eq!(
        started["sealed"],
        json!({"type": "SecureString", "value": name("sealed")})
    );
}

#[test]
fn of_two_files_of_one_name_the_last_counts_and_lends_references_its_spelling() {
    let dataset = |path, folder: &str| {
        document(
            path,
            json!({"type": "Binary", "typeProperties": {"location": {"folderPath": folder}}}),
        )
    };
    let copies = json!({"activities": [{"name": "copy", "type": "Copy",
        "outputs": [reference("Lake", "Dataset")], "typeProperties": {}}]});
    let made = make(&repository(&[
        dataset("dataset/Lake", "first"),
        dataset("dataset/lake", "last"),
        document("pipeline/p", copies),
    ]));

    let location = &made.resource("datasets", "lake")["properties"]["typeProperties"]["location"];
    assert_eq!(location["folderPath"], "last");
    let copy = &made.resource("pipelines", "p")["properties"]["activities"][0];
    assert_eq!(copy["outputs"], json!([reference("lake", "Dataset")]));
    assert_eq!(made.depends_on("pipelines", "p"), ["datasets/lake"]);
    assert_eq!(
        made.findings[0].message,
        "the dataset `Lake` is in `dataset/lake.json` too, which Data Factory takes; this one is left out"
    );
}
