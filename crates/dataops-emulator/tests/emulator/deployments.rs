//! Deployments of templates to a resource group.

use serde_json::{Value, json};

use crate::support::{Answer, Emulator, until};

const GROUP: &str = "/subscriptions/s1/resourcegroups/g1";

impl Emulator {
    /// A call below the deployments of the group.
    async fn deployments(&self, method: &str, below: &str, body: Value) -> Answer {
        let path = format!("{GROUP}/providers/Microsoft.Resources/deployments{below}");
        self.versioned(method, &path, body).await
    }

    async fn versioned(&self, method: &str, path: &str, body: Value) -> Answer {
        let mark = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{mark}api-version=2021-04-01");
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        self.call(method, &path, &[], body).await
    }

    /// Deploys, and gives the deployment as it has ended.
    async fn deployed(&self, name: &str, body: Value) -> Value {
        let answer = self.deployments("PUT", &format!("/{name}"), body).await;
        assert!(answer.status.is_success(), "{}", answer.text());
        self.ended_deployment(name).await
    }

    async fn ended_deployment(&self, name: &str) -> Value {
        until(|| async {
            let found = self
                .deployments("GET", &format!("/{name}"), Value::Null)
                .await
                .json();
            let state = found["properties"]["provisioningState"].as_str().unwrap();
            ["Succeeded", "Failed", "Canceled"]
                .contains(&state)
                .then_some(found)
        })
        .await
    }

    /// What each operation did: the last part of the resource's name, its state, and what was said.
    async fn operations(&self, name: &str) -> Vec<(String, String, Value)> {
        let path = format!("{GROUP}/deployments/{name}/operations");
        let page = self.versioned("GET", &path, Value::Null).await.json();
        let operations = page["value"].as_array().unwrap().iter().map(|it| {
            let it = &it["properties"];
            let name = it["targetResource"]["resourceName"]
                .as_str()
                .unwrap_or_default();
            let name = name.rsplit('/').next().unwrap().to_owned();
            let state = it["provisioningState"].as_str().unwrap().to_owned();
            (name, state, it["statusMessage"]["error"]["code"].clone())
        });
        operations.collect()
    }

    async fn order_fault(&self, fault: Value) {
        let answer = self
            .call("POST", "/_emulator/faults", &[], fault.to_string())
            .await;
        assert!(answer.status.is_success(), "{}", answer.text());
    }
}

fn resource(kind: &str, name: &str, properties: &Value, depends_on: &[&str]) -> Value {
    let depends_on: Vec<_> = depends_on
        .iter()
        .map(|it| format!("[concat(variables('factoryId'), '/{it}')]"))
        .collect();
    json!({
        "name": format!("[concat(parameters('factoryName'), '/{name}')]"),
        "type": format!("Microsoft.DataFactory/factories/{kind}"),
        "apiVersion": "2018-06-01",
        "properties": properties,
        "dependsOn": depends_on,
    })
}

/// A linked service with a secret, a dataset that refers to it, and a pipeline.
fn resources() -> Vec<Value> {
    let service = json!({"type": "HttpServer", "typeProperties": {"url": "https://x.test", "password": {"type": "SecureString", "value": "[parameters('Web_password')]"}}});
    let dataset = json!({"type": "Json", "linkedServiceName": {"referenceName": "Web", "type": "LinkedServiceReference"}});
    vec![
        resource("datasets", "Page", &dataset, &["linkedServices/Web"]),
        resource("linkedServices", "Web", &service, &[]),
        resource(
            "pipelines",
            "load",
            &json!({"activities": [], "concurrency": 2}),
            &[],
        ),
    ]
}

fn body(resources: &[Value]) -> Value {
    json!({"tags": {"commit": "3f2a9c1"}, "properties": {
        "mode": "Incremental",
        "parameters": {"factoryName": {"value": "f-one"}, "Web_password": {"value": "hunter2"}},
        "template": {
            "$schema": "http://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "parameters": {"factoryName": {"type": "string"}, "Web_password": {"type": "secureString"}},
            "variables": {"factoryId": "[concat('Microsoft.DataFactory/factories/', parameters('factoryName'))]"},
            "resources": resources,
        },
    }})
}

#[tokio::test]
async fn a_template_makes_what_single_calls_make() {
    let emulator = Emulator::new().with_factory().await;

    let ended = emulator.deployed("d1", body(&resources())).await;

    assert_eq!(
        ended["properties"]["provisioningState"], "Succeeded",
        "{ended}"
    );
    assert_eq!(ended["tags"], json!({"commit": "3f2a9c1"}));
    assert_eq!(
        ended["properties"]["outputResources"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    let page = emulator
        .arm("GET", "/datasets/Page", Value::Null)
        .await
        .json();
    assert_eq!(
        page["properties"]["linkedServiceName"]["referenceName"],
        "Web"
    );
    let names: Vec<_> = emulator
        .operations("d1")
        .await
        .into_iter()
        .map(|(name, state, _)| format!("{name} {state}"))
        .collect();
    let place = |name: &str| {
        names
            .iter()
            .position(|it| it == name)
            .unwrap_or_else(|| panic!("{name}: {names:?}"))
    };
    assert!(place("Web Succeeded") < place("Page Succeeded"));
    assert_eq!(names.last().unwrap(), " Succeeded");
    let listed = emulator
        .deployments(
            "GET",
            "?$filter=provisioningState%20eq%20'Succeeded'",
            Value::Null,
        )
        .await
        .json();
    assert_eq!(listed["value"][0]["name"], "d1");
    let none = emulator
        .deployments(
            "GET",
            "?$filter=provisioningState%20eq%20'Running'",
            Value::Null,
        )
        .await
        .json();
    assert_eq!(none["value"], json!([]));
}

#[tokio::test]
async fn secure_parameters_are_used_and_never_shown() {
    let emulator = Emulator::new().with_factory().await;
    let ended = emulator.deployed("d1", body(&resources())).await;

    assert_eq!(
        ended["properties"]["parameters"]["Web_password"],
        json!({"type": "SecureString"})
    );
    assert_eq!(
        ended["properties"]["parameters"]["factoryName"]["value"],
        "f-one"
    );
    let path = format!("{GROUP}/deployments/d1/operations");
    let operations = emulator.versioned("GET", &path, Value::Null).await.text();
    let template = emulator
        .deployments("POST", "/d1/exportTemplate", Value::Null)
        .await;
    let kept = std::fs::read_dir(emulator.dir.path().join("adf/deployments")).unwrap();
    let kept: String = kept
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    for text in [ended.to_string(), operations, template.text(), kept] {
        assert!(text.len() > 100 && !text.contains("hunter2"), "{text}");
    }
}

#[tokio::test]
async fn what_fails_is_told_and_keeps_back_what_depends_on_it() {
    let emulator = Emulator::new().with_factory().await;
    let mut resources = resources();
    let broken = json!({"type": "HttpServer", "connectVia": {"referenceName": "none", "type": "IntegrationRuntimeReference"}, "typeProperties": {}});
    resources[1]["properties"] = broken;

    let ended = emulator.deployed("d1", body(&resources)).await;

    let error = &ended["properties"]["error"];
    assert_eq!(error["code"], "DeploymentFailed");
    assert!(
        error["details"][0]["message"]
            .as_str()
            .unwrap()
            .contains("invalid reference 'none'"),
        "{error}"
    );
    let mut operations = emulator.operations("d1").await;
    operations.sort_by(|left, right| left.0.cmp(&right.0));
    let seen: Vec<_> = operations
        .iter()
        .map(|(name, state, code)| format!("{name} {state} {code}"))
        .collect();
    assert_eq!(seen, ["Web Failed \"BadRequest\"", "load Succeeded null"]);
    let answer = emulator
        .deployments("GET", "/d1/operationStatuses/none", Value::Null)
        .await;
    assert_eq!(answer.status, 501);
}

#[tokio::test]
async fn a_fault_can_be_ordered_for_an_operation() {
    let emulator = Emulator::new().with_factory().await;
    let fault = json!({"pattern": "PUT */pipelines/load", "status": 409, "body": {"error": {"code": "Conflict", "message": "busy"}}});
    emulator.order_fault(fault).await;

    let ended = emulator.deployed("d1", body(&resources())).await;

    assert_eq!(
        ended["properties"]["error"]["details"],
        json!([{"code": "Conflict", "message": "busy"}])
    );
}

#[tokio::test]
async fn a_deployment_is_followed_and_ended_early() {
    let emulator = Emulator::new().with_factory().await;
    emulator
        .order_fault(json!({"pattern": "PUT */linkedServices/Web", "delayMs": 3_600_000}))
        .await;

    let begun = emulator.deployments("PUT", "/d1", body(&resources())).await;

    assert_eq!(begun.status, 201);
    let link = begun.header("azure-asyncoperation").to_owned();
    let path = link.split_once("9999").unwrap().1.to_owned();
    let status = emulator.call("GET", &path, &[], "").await.json();
    assert!(
        ["Accepted", "Running"].contains(&status["status"].as_str().unwrap()),
        "{status}"
    );
    let again = emulator.deployments("PUT", "/d1", body(&resources())).await;
    assert_eq!(again.error(), (409, "DeploymentActive".to_owned()));
    let cancelled = emulator
        .deployments("POST", "/d1/cancel", Value::Null)
        .await;
    assert_eq!(cancelled.status, 204);
    let ended = emulator.ended_deployment("d1").await;
    assert_eq!(ended["properties"]["provisioningState"], "Canceled");
    assert_eq!(
        emulator
            .arm("GET", "/datasets/Page", Value::Null)
            .await
            .status,
        404
    );
    let late = emulator
        .deployments("POST", "/d1/cancel", Value::Null)
        .await;
    assert_eq!(
        late.error(),
        (409, "DeploymentCannotBeCancelled".to_owned())
    );
    assert_eq!(
        emulator
            .deployments("DELETE", "/d1", Value::Null)
            .await
            .status,
        204
    );
    let gone = emulator.deployments("GET", "/d1", Value::Null).await;
    assert_eq!(gone.error(), (404, "DeploymentNotFound".to_owned()));
}

/// The properties of a change, and what would become of each.
fn paths(change: &Value) -> Vec<String> {
    let delta = change["delta"].as_array().unwrap().iter();
    let text = |it: &Value, name: &str| it[name].as_str().unwrap().to_owned();
    let paths = delta.map(|it| format!("{} {}", text(it, "path"), text(it, "propertyChangeType")));
    paths.collect()
}

#[tokio::test]
async fn what_if_tells_each_property_and_changes_nothing() {
    let emulator = Emulator::new().with_factory().await;
    let mut changed = resources();
    changed[2]["properties"] = json!({"activities": [{"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}], "description": "new"});
    changed.push(resource(
        "pipelines",
        "more",
        &json!({"activities": []}),
        &[],
    ));
    emulator.deployed("d1", body(&resources())).await;

    let answer = emulator
        .deployments("POST", "/d2/whatIf", body(&changed))
        .await;
    assert_eq!(answer.status, 202);
    let path = answer
        .header("location")
        .split_once("9999")
        .unwrap()
        .1
        .to_owned();
    let result = emulator.call("GET", &path, &[], "").await.json();

    assert_eq!(result["status"], "Succeeded");
    let changes = result["properties"]["changes"].as_array().unwrap();
    let kinds: Vec<_> = changes
        .iter()
        .map(|it| it["changeType"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        ["NoChange", "NoChange", "Modify", "Create", "Ignore"]
    );
    assert_eq!(
        paths(&changes[2]),
        [
            "properties.activities Array",
            "properties.description Create",
            "properties.concurrency Delete"
        ]
    );
    assert!(!result.to_string().contains("hunter2"));
    assert_eq!(
        emulator
            .arm("GET", "/pipelines/more", Value::Null)
            .await
            .status,
        404
    );
    assert_eq!(
        emulator.deployments("GET", "/d2", Value::Null).await.status,
        404
    );
}

#[tokio::test]
async fn what_would_be_refused_is_refused_before_anything_is_done() {
    let emulator = Emulator::new().with_factory().await;
    let mut circle = resources();
    circle[1]["dependsOn"] = json!(["f-one/Page"]);
    let mut linked = body(&[]);
    linked["properties"]["templateLink"] = json!({"uri": "https://x.test/t.json"});
    let mut complete = body(&[]);
    complete["properties"]["mode"] = "Complete".into();

    for (body, status, code) in [
        (body(&circle), 400, "InvalidTemplate"),
        (linked, 501, "NotImplemented"),
        (complete, 501, "NotImplemented"),
        (json!({}), 400, "InvalidRequestContent"),
    ] {
        for (method, below) in [
            ("POST", "/d1/validate"),
            ("POST", "/d1/whatIf"),
            ("PUT", "/d1"),
        ] {
            let answer = emulator.deployments(method, below, body.clone()).await;
            assert_eq!(answer.error(), (status, code.to_owned()), "{below}");
        }
    }
    let valid = emulator
        .deployments("POST", "/d1/validate", body(&resources()))
        .await;
    assert_eq!(
        valid.json()["properties"]["validatedResources"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    let elsewhere =
        "/subscriptions/s1/resourcegroups/other/providers/Microsoft.Resources/deployments/d1";
    let elsewhere = emulator.versioned("PUT", elsewhere, body(&[])).await;
    assert_eq!(elsewhere.error(), (404, "ResourceGroupNotFound".to_owned()));
    assert_eq!(
        emulator
            .arm("GET", "/pipelines/load", Value::Null)
            .await
            .status,
        404
    );
}
