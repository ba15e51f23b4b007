//! Batch endpoints, their deployments and jobs.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Answer, Emulator, until};

const WORKSPACE: &str =
    "/subscriptions/s1/resourceGroups/g1/providers/Microsoft.MachineLearningServices/workspaces/w1";
const VERSION: &str = "api-version=2025-12-01";

async fn arm(emulator: &Emulator, method: &str, below: &str, body: Value) -> Answer {
    let mark = if below.contains('?') { '&' } else { '?' };
    let path = format!("{WORKSPACE}/{below}{mark}{VERSION}");
    emulator.call(method, &path, &[], body.to_string()).await
}

async fn get(emulator: &Emulator, below: &str) -> Value {
    let answer = arm(emulator, "GET", below, json!({})).await;
    assert_eq!(answer.status, 200, "{below}: {}", answer.text());
    answer.json()
}

/// The code of the error, and that of its first detail.
fn codes(answer: &Answer) -> (u16, String, Option<String>) {
    let error = &answer.json()["error"];
    let code = error["code"].as_str().unwrap().to_owned();
    let detail = error["details"][0]["code"].as_str().map(str::to_owned);
    (answer.status.as_u16(), code, detail)
}

fn endpoint(defaults: &Value) -> Value {
    json!({"location": "westeurope", "tags": {"team": "ml"}, "identity": {"type": "SystemAssigned"},
        "properties": {"authMode": "aadToken", "description": "trains", "properties": {"p1": "v1"}, "defaults": defaults}})
}

fn component(id: &str) -> Value {
    json!({"location": "westeurope", "properties": {"deploymentConfiguration": {
        "deploymentConfigurationType": "PipelineComponent",
        "componentId": {"referenceType": "Id", "assetId": id}, "settings": {"default_compute": "cpu"}}}})
}

/// An endpoint `training` with the deployments `blue`, which is the default, and `green`, of versions 1 and 2 of a component.
async fn with_training() -> Emulator {
    let emulator = Emulator::new();
    for (below, body) in [
        ("batchEndpoints/training", endpoint(&json!({}))),
        (
            "batchEndpoints/training/deployments/blue",
            component(&format!("{WORKSPACE}/components/train/versions/1")),
        ),
        (
            "batchEndpoints/training/deployments/green",
            component("azureml:train:2"),
        ),
    ] {
        let answer = arm(&emulator, "PUT", below, body).await;
        assert_eq!(answer.status, 201, "{below}: {}", answer.text());
    }
    let body = endpoint(&json!({"deploymentName": "blue"}));
    let answer = arm(&emulator, "PUT", "batchEndpoints/training", body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    emulator
}

#[tokio::test]
async fn an_endpoint_is_made_as_an_operation_that_is_followed() {
    let emulator = Emulator::new();

    let made = arm(
        &emulator,
        "PUT",
        "batchEndpoints/training",
        endpoint(&json!({})),
    )
    .await;

    assert_eq!(made.status, 201);
    assert_eq!(made.json()["properties"]["provisioningState"], "Creating");
    assert_eq!(made.json()["properties"]["scoringUri"], Value::Null);
    assert_eq!(made.header("x-ms-async-operation-timeout"), "PT30M");
    assert!(
        made.header("location")
            .ends_with("/w1/batchEndpoints/training?api-version=2025-12-01")
    );
    let link = made.header("azure-asyncoperation").to_owned();
    let path = link.strip_prefix("http://127.0.0.1:9999").unwrap();
    assert!(
        path.starts_with("/subscriptions/s1/providers/Microsoft.MachineLearningServices/locations/local/mfeOperationsStatus/be:"),
        "{path}"
    );
    let status = emulator.call("GET", path, &[], "").await;
    assert_eq!(status.json()["status"], "Succeeded");
    let endpoint = get(&emulator, "batchendpoints/TRAINING").await;
    assert_eq!(
        endpoint["properties"],
        json!({
            "description": "trains",
            "properties": {
                "BatchEndpointCreationApiVersion": "2025-12-01",
                "azureml.onlineendpointid": format!("{WORKSPACE}/batchEndpoints/training"),
                "p1": "v1",
            },
            "scoringUri": "http://localhost/batchEndpoints/training/jobs",
            "swaggerUri": null,
            "authMode": "AADToken",
            "defaults": {"deploymentName": null},
            "provisioningState": "Succeeded",
        })
    );
    assert_eq!(
        endpoint["id"],
        format!("{WORKSPACE}/batchEndpoints/training")
    );
    assert_eq!(
        endpoint["type"],
        "Microsoft.MachineLearningServices/workspaces/batchEndpoints"
    );
    assert_eq!(endpoint["identity"]["type"], "SystemAssigned");
    assert_eq!(endpoint["tags"], json!({"team": "ml"}));
    let stranger = path.replace("be:", "be:x");
    assert_eq!(emulator.call("GET", &stranger, &[], "").await.status, 404);
}

#[tokio::test]
async fn the_default_deployment_is_switched_by_writing_the_whole_endpoint() {
    let emulator = with_training().await;
    let mut endpoint = get(&emulator, "batchEndpoints/training").await;
    assert_eq!(endpoint["properties"]["defaults"]["deploymentName"], "blue");

    endpoint["properties"]["defaults"]["deploymentName"] = "Green".into();
    let written = arm(
        &emulator,
        "PUT",
        "batchEndpoints/training",
        endpoint.clone(),
    )
    .await;

    assert_eq!(written.status, 200);
    assert_eq!(
        written.json()["properties"]["provisioningState"],
        "Updating"
    );
    let now = get(&emulator, "batchEndpoints/training").await;
    assert_eq!(now["properties"]["defaults"]["deploymentName"], "green");
    assert_eq!(now["identity"], endpoint["identity"]);
    assert_eq!(
        now["systemData"]["createdAt"],
        endpoint["systemData"]["createdAt"]
    );
    for (defaults, word) in [
        (json!({"deploymentName": "gren"}), "`gren` is none of"),
        (
            json!({"deployment_name": "blue"}),
            "has no `deployment_name`",
        ),
    ] {
        endpoint["properties"]["defaults"] = defaults;
        let refused = arm(
            &emulator,
            "PUT",
            "batchEndpoints/training",
            endpoint.clone(),
        )
        .await;
        assert_eq!(refused.status, 400);
        assert!(refused.message().contains(word), "{}", refused.message());
    }
    let patch = json!({"properties": {"defaults": {"deploymentName": "blue"}}});
    let patched = arm(&emulator, "PATCH", "batchEndpoints/training", patch).await;
    assert_eq!(patched.status, 400);
    let kept = get(&emulator, "batchEndpoints/training").await;
    assert_eq!(kept["properties"]["defaults"]["deploymentName"], "green");
}

#[tokio::test]
async fn a_deployment_has_what_the_service_fills_in() {
    let emulator = with_training().await;
    let model = json!({"location": "westeurope", "tags": {}, "properties": {
        "compute": "cpu", "loggingLevel": "debug", "miniBatchSize": 3,
        "model": {"referenceType": "Id", "assetId": "azureml:m:1"}}});

    let made = arm(
        &emulator,
        "PUT",
        "batchEndpoints/training/deployments/model",
        model,
    )
    .await;

    assert_eq!(made.status, 201);
    assert!(
        made.header("azure-asyncoperation")
            .contains("/mfeOperationsStatus/bd:")
    );
    let model = get(&emulator, "batchEndpoints/training/deployments/model").await;
    assert_eq!(
        model["properties"],
        json!({
            "description": null, "properties": {}, "codeConfiguration": null, "environmentId": null,
            "environmentVariables": {}, "compute": "cpu", "errorThreshold": -1,
            "retrySettings": {"maxRetries": 3, "timeout": "PT30S"}, "miniBatchSize": 3, "loggingLevel": "Debug",
            "model": {"referenceType": "Id", "assetId": "azureml:m:1"}, "maxConcurrencyPerInstance": 1,
            "outputAction": "AppendRow", "outputFileName": "predictions.csv",
            "resources": {"instanceCount": 1, "instanceType": null, "properties": null},
            "provisioningState": "Succeeded",
        })
    );
    let green = get(&emulator, "batchEndpoints/training/deployments/green").await;
    let configuration = &green["properties"]["deploymentConfiguration"];
    assert_eq!(configuration["componentId"]["assetId"], "azureml:train:2");
    let patch = json!({"tags": {"a": "b"}, "properties": {"description": "new"}});
    let patched = arm(
        &emulator,
        "PATCH",
        "batchEndpoints/training/deployments/green",
        patch,
    )
    .await;
    assert_eq!(patched.json()["properties"]["description"], "new");
    assert_eq!(patched.json()["tags"], json!({"a": "b"}));
    for body in [
        json!({"properties": {"compute": "cpu", "model": {"referenceType": "Id"}}}),
        json!({"location": "l", "properties": {"compute": "cpu"}}),
        json!({"location": "l", "properties": {"model": {"referenceType": "Id"}}}),
        json!({"location": "l", "properties": {"deploymentConfiguration": {"deploymentConfigurationType": "Other"}}}),
        json!({"location": "l", "properties": {"deploymentConfiguration": {"deploymentConfigurationType": "PipelineComponent"}}}),
        json!({"location": "l", "properties": {"compute": "cpu", "errorThreshold": "1", "model": {"referenceType": "Id"}}}),
    ] {
        let below = "batchEndpoints/training/deployments/wrong";
        let refused = arm(&emulator, "PUT", below, body.clone()).await;
        assert_eq!(refused.status, 400, "{body}");
    }
}

#[tokio::test]
async fn what_is_missing_is_told_by_its_name() {
    let emulator = with_training().await;

    let endpoint = arm(&emulator, "GET", "batchEndpoints/trainnig", json!({})).await;
    let below = "batchEndpoints/trainnig/deployments/blue";
    let behind = arm(&emulator, "PUT", below, component("azureml:train:1")).await;
    let below = "batchEndpoints/training/deployments/bleu";
    let deployment = arm(&emulator, "GET", below, json!({})).await;
    let keys = arm(
        &emulator,
        "POST",
        "batchEndpoints/training/listkeys",
        json!({}),
    )
    .await;
    let unversioned = format!("{WORKSPACE}/batchEndpoints/training");
    let unversioned = emulator.call("GET", &unversioned, &[], "").await;

    let absent = (
        404,
        "NotFound".to_owned(),
        Some("NoSuchEndpoint".to_owned()),
    );
    assert_eq!(codes(&endpoint), absent);
    assert_eq!(codes(&behind), absent);
    let error = &endpoint.json()["error"];
    assert_eq!(error["message"], "The specified resource was not found.");
    assert_eq!(
        error["details"][0]["message"],
        "There is no endpoint with name: trainnig in w1"
    );
    let about: Vec<_> = error["additionalInfo"].as_array().unwrap().iter().collect();
    let about: Vec<_> = about
        .iter()
        .map(|it| it["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        about,
        [
            "ComponentName",
            "Correlation",
            "Environment",
            "Location",
            "Time"
        ]
    );
    assert_eq!(codes(&deployment).2.as_deref(), Some("NoSuchDeployment"));
    assert_eq!(codes(&keys).0, 501);
    assert!(keys.message().contains("batchEndpoints/training/listkeys"));
    assert_eq!(codes(&unversioned).1, "MissingApiVersionParameter");
}

#[tokio::test]
async fn names_tags_and_modes_are_looked_at() {
    let emulator = Emulator::new();
    let mut tagged = endpoint(&json!({}));
    tagged["tags"]["empty"] = "".into();
    let mut keyed = endpoint(&json!({}));
    keyed["properties"]["authMode"] = "Key".into();
    let mut nowhere = endpoint(&json!({}));
    nowhere.as_object_mut().unwrap().remove("location");

    for (name, body, word) in [
        ("a", endpoint(&json!({})), "`a` is no name"),
        ("tagged", tagged, "Tag values must not be null or empty"),
        ("keyed", keyed, "`Key` is no authMode"),
        ("nowhere", nowhere, "`location` is missing"),
        ("bare", json!({"location": "l"}), "`properties` is missing"),
    ] {
        let refused = arm(&emulator, "PUT", &format!("batchEndpoints/{name}"), body).await;
        assert_eq!(refused.status, 400, "{name}");
        assert!(refused.message().contains(word), "{}", refused.message());
    }
    assert_eq!(get(&emulator, "batchEndpoints").await, json!({"value": []}));
}

#[tokio::test]
async fn lists_come_in_pages() {
    let emulator = with_training().await;
    for name in ["scoring", "other"] {
        let below = format!("batchEndpoints/{name}");
        arm(&emulator, "PUT", &below, endpoint(&json!({}))).await;
    }
    let names = |page: &Value| -> Vec<String> {
        let items = page["value"].as_array().unwrap().iter();
        items
            .map(|it| it["name"].as_str().unwrap().to_owned())
            .collect()
    };

    let first = get(&emulator, "batchEndpoints?count=2").await;
    let next = first["nextLink"].as_str().unwrap();
    let next = next.strip_prefix("http://127.0.0.1:9999").unwrap();
    let second = emulator.call("GET", next, &[], "").await.json();

    assert_eq!(names(&first), ["other", "scoring"]);
    assert_eq!(names(&second), ["training"]);
    assert_eq!(second.get("nextLink"), None);
    let behind = get(&emulator, "batchEndpoints/training/deployments").await;
    assert_eq!(names(&behind), ["blue", "green"]);
    let one = get(&emulator, "batchEndpoints/training/deployments?$top=1").await;
    assert_eq!(names(&one), ["blue"]);
    let wrong = arm(&emulator, "GET", "batchEndpoints?count=many", json!({})).await;
    assert_eq!(wrong.status, 400);
}

#[tokio::test]
async fn an_endpoint_goes_with_what_is_behind_it() {
    let emulator = with_training().await;
    let gone = async |below: &str| arm(&emulator, "DELETE", below, Value::Null).await;

    let default = gone("batchEndpoints/training/deployments/blue").await;
    let other = gone("batchEndpoints/training/deployments/green").await;
    let again = gone("batchEndpoints/training/deployments/green").await;
    let endpoint = gone("batchEndpoints/training").await;

    assert_eq!(default.status, 501);
    assert!(default.message().contains("default deployment"));
    assert_eq!(
        (other.status.as_u16(), other.text().as_str()),
        (202, "null")
    );
    assert_eq!(again.status, 204);
    assert_eq!(endpoint.status, 202);
    let result = endpoint.header("location").to_owned();
    assert!(result.contains("/mfeOperationResults/be:"), "{result}");
    let result = result.strip_prefix("http://127.0.0.1:9999").unwrap();
    assert_eq!(emulator.call("GET", result, &[], "").await.status, 204);
    arm(
        &emulator,
        "PUT",
        "batchEndpoints/training",
        self::endpoint(&json!({})),
    )
    .await;
    let behind = get(&emulator, "batchEndpoints/training/deployments").await;
    assert_eq!(behind, json!({"value": []}));
    assert_eq!(gone("batchEndpoints/none").await.status, 204);
}

#[tokio::test]
async fn endpoints_outlive_the_emulator() {
    let emulator = with_training().await;
    let before = get(&emulator, "batchEndpoints/training").await;

    let emulator = Emulator::on(emulator.closed());

    assert_eq!(get(&emulator, "batchEndpoints/training").await, before);
    let behind = get(&emulator, "batchEndpoints/training/deployments").await;
    assert_eq!(behind["value"].as_array().unwrap().len(), 2);
}

/// Publishes a version of the pipeline that stands for the component.
async fn publish(emulator: &Emulator, version: &str) {
    let source = emulator.dir.path().join("source");
    fs::create_dir_all(&source).unwrap();
    let script = format!("import sys; print('version {version}', *sys.argv[1:])");
    fs::write(source.join("train.py"), script).unwrap();
    let body = json!({"Name": "train", "Version": version, "ParameterAssignments": {"data": "", "rate": "1"}, "Properties": {
        "dataops.sourceDirectory": source, "dataops.entryScript": "train.py"}});
    let path = format!("/pipelines/v1.0{WORKSPACE}/Pipelines/Create");
    let published = emulator.call("POST", &path, &[], body.to_string()).await;
    assert_eq!(published.status, 200, "{}", published.text());
}

async fn invoke(emulator: &Emulator, headers: &[(&str, &str)], inputs: Value) -> Answer {
    let body = json!({"properties": {"inputData": inputs, "properties": {"experimentName": "e"}}});
    let path = "/batchEndpoints/training/jobs";
    emulator.call("POST", path, headers, body.to_string()).await
}

#[tokio::test]
async fn a_job_runs_the_default_deployment_or_the_one_that_a_header_names() {
    let emulator = with_training().await;
    publish(&emulator, "1").await;
    publish(&emulator, "2").await;
    let inputs = json!({
        "data": {"jobInputType": "UriFolder", "uri": "azureml://datastores/training/paths/r1/"},
        "rate": {"JobInputType": "Literal", "Value": "0.5"},
    });

    for (headers, version, name) in [
        (vec![], "1", "blue"),
        (vec![("azureml-model-deployment", "green")], "2", "green"),
    ] {
        let started = invoke(&emulator, &headers, inputs.clone()).await;

        assert_eq!(started.status, 201, "{}", started.text());
        assert_eq!(started.header("azureml-model-deployment"), name);
        let job = started.json()["name"].as_str().unwrap().to_owned();
        let path = format!("/batchEndpoints/training/jobs/{job}");
        let ended = until(|| async {
            let told = emulator.call("GET", &path, &[], "").await.json();
            (told["properties"]["status"] == "Completed").then_some(told)
        });
        let ended = ended.await;
        assert_eq!(
            ended["properties"]["tags"],
            json!({"azureml.deploymentname": name})
        );
        let finished = emulator.state.aml().wait(&job).await.unwrap();
        let data = emulator.dir.path().join("blob/training/r1");
        assert_eq!(
            fs::read_to_string(finished.stdout)
                .unwrap()
                .trim_end()
                .trim_end_matches('/'),
            format!("version {version} --data {}/ --rate 0.5", data.display())
        );
        let arm = get(&emulator, &format!("jobs/{job}")).await;
        assert_eq!(arm["properties"]["experimentName"], "e");
    }
}

#[tokio::test]
async fn a_repeated_request_starts_no_second_job() {
    let emulator = with_training().await;
    publish(&emulator, "1").await;
    let id = |answer: Answer| answer.json()["name"].as_str().unwrap().to_owned();

    let first = invoke(&emulator, &[("repeatability_request-id", "r1")], json!({})).await;
    let again = invoke(&emulator, &[("repeatability_request-id", "r1")], json!({})).await;
    let other = invoke(&emulator, &[("repeatability_request-id", "r2")], json!({})).await;

    let first = id(first);
    assert_eq!(id(again), first);
    assert_ne!(id(other), first);
}

#[tokio::test]
async fn jobs_that_cannot_be_are_refused_in_words() {
    let emulator = with_training().await;
    let lacking = invoke(&emulator, &[], json!({})).await;
    publish(&emulator, "1").await;
    let secret = json!({"data": {"jobInputType": "UriFile", "uri": "https://acct.blob.core.windows.net/c/b?sig=canary"}});
    let foreign = invoke(&emulator, &[], secret).await;
    let unknown = json!({"none": {"jobInputType": "Literal", "value": "1"}});
    let unknown = invoke(&emulator, &[], unknown).await;
    let absent = invoke(&emulator, &[("azureml-model-deployment", "red")], json!({})).await;
    let stranger = emulator
        .call("GET", "/batchEndpoints/training/jobs/none", &[], "")
        .await;
    let elsewhere = emulator
        .call("POST", "/batchEndpoints/none/jobs", &[], "{}")
        .await;

    assert_eq!(lacking.status, 501);
    assert!(
        lacking.message().contains("components/train/versions/1"),
        "{}",
        lacking.message()
    );
    assert_eq!(foreign.status, 501);
    assert!(!foreign.text().contains("canary"), "{}", foreign.text());
    assert_eq!(unknown.status, 400);
    assert!(
        unknown.message().contains("no parameter `none`"),
        "{}",
        unknown.message()
    );
    assert_eq!(absent.status, 404);
    assert_eq!(stranger.status, 404);
    assert_eq!(elsewhere.status, 404);
}
