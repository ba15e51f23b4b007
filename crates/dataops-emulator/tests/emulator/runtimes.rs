use serde_json::{Value, json};

use crate::support::Emulator;

async fn state(emulator: &Emulator, name: &str) -> Value {
    let path = format!("/integrationRuntimes/{name}/getStatus");
    let answer = emulator.arm("POST", &path, Value::Null).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["properties"].clone()
}

#[tokio::test]
async fn a_runtime_tells_its_state() {
    let emulator = Emulator::new().with_factory().await;
    for (name, properties) in [
        ("hosted", json!({"type": "SelfHosted"})),
        (
            "managed",
            json!({"type": "Managed", "typeProperties": {"computeProperties": {"location": "AutoResolve"}}}),
        ),
    ] {
        let path = format!("/integrationRuntimes/{name}");
        emulator.put(&path, properties).await;
    }

    let hosted = state(&emulator, "HOSTED").await;
    let managed = state(&emulator, "managed").await;
    let absent = emulator
        .arm("POST", "/integrationRuntimes/other/getStatus", Value::Null)
        .await;
    let node = emulator
        .arm("GET", "/integrationRuntimes/hosted/nodes/n", Value::Null)
        .await;

    assert_eq!(
        (
            &hosted["type"],
            &hosted["state"],
            &hosted["dataFactoryName"]
        ),
        (
            &json!("SelfHosted"),
            &json!("NeedRegistration"),
            &json!("f-one")
        )
    );
    assert_eq!(hosted["typeProperties"]["nodes"], json!([]));
    assert_eq!(managed["state"], "Online");
    assert_eq!(absent.error(), (404, "ResourceNotFound".into()));
    assert_eq!(node.error(), (404, "ResourceNotFound".into()));
}

#[tokio::test]
async fn keys_of_a_self_hosted_runtime_stay_until_they_are_renewed() {
    let emulator = Emulator::new().with_factory().await;
    let path = "/integrationRuntimes/hosted";
    emulator.put(path, json!({"type": "SelfHosted"})).await;
    let keys = async |action: &str, body| {
        let path = format!("{path}/{action}");
        emulator.arm("POST", &path, body).await
    };

    let first = keys("listAuthKeys", Value::Null).await.json();
    emulator.put(path, json!({"type": "SelfHosted"})).await;
    let same = keys("listAuthKeys", Value::Null).await.json();
    let renewed = keys("regenerateAuthKey", json!({"keyName": "authKey2"}))
        .await
        .json();
    let unnamed = keys("regenerateAuthKey", json!({})).await;
    let got = emulator.arm("GET", path, Value::Null).await;

    assert!(first["authKey1"].as_str().unwrap().starts_with("IR@"));
    assert_eq!(same, first);
    assert_eq!(renewed["authKey1"], first["authKey1"]);
    assert_ne!(renewed["authKey2"], first["authKey2"]);
    assert_eq!(unnamed.error(), (400, "InvalidRequestContent".into()));
    assert!(!got.text().contains("IR@"), "{}", got.text());
}

#[tokio::test]
async fn settings_of_a_self_hosted_runtime_are_changed() {
    let emulator = Emulator::new().with_factory().await;
    let path = "/integrationRuntimes/hosted";
    emulator.put(path, json!({"type": "SelfHosted"})).await;
    let change = json!({"autoUpdate": "On", "updateDelayOffset": "\"PT5H\""});

    let changed = emulator.arm("PATCH", path, change).await;

    assert_eq!(changed.json()["name"], "hosted");
    let details = &state(&emulator, "hosted").await["typeProperties"];
    assert_eq!(
        (&details["autoUpdate"], &details["updateDelayOffset"]),
        (&json!("On"), &json!("PT5H"))
    );
}

#[tokio::test]
async fn a_runtime_for_ssis_is_started_and_stopped_in_the_long_way() {
    let emulator = Emulator::new().with_factory().await;
    let ssis =
        json!({"type": "Managed", "typeProperties": {"ssisProperties": {"edition": "Standard"}}});
    emulator.put("/integrationRuntimes/ssis", ssis).await;
    let plain = json!({"type": "Managed"});
    emulator.put("/integrationRuntimes/plain", plain).await;
    let follow = async |link: &str| {
        let path = link.strip_prefix("http://127.0.0.1:9999").unwrap();
        emulator.call("GET", path, &[], "").await
    };

    let initial = state(&emulator, "ssis").await["state"].clone();
    let started = emulator
        .arm("POST", "/integrationRuntimes/ssis/start", Value::Null)
        .await;
    let how = follow(started.header("azure-asyncoperation")).await.json();
    let result = follow(started.header("location")).await.json();
    let stopped = emulator
        .arm("POST", "/integrationRuntimes/ssis/stop", Value::Null)
        .await;
    follow(stopped.header("azure-asyncoperation")).await;
    let refused = emulator
        .arm("POST", "/integrationRuntimes/plain/start", Value::Null)
        .await;

    assert_eq!(initial, "Initial");
    assert_eq!(
        (started.status.as_u16(), started.header("retry-after")),
        (202, "1")
    );
    assert_eq!(how["status"], "Succeeded");
    assert_eq!(result["properties"]["state"], "Started");
    assert_eq!(state(&emulator, "ssis").await["state"], "Stopped");
    assert_eq!(refused.error(), (400, "BadRequest".into()));
}

#[tokio::test]
async fn a_capture_is_started_and_stopped() {
    let emulator = Emulator::new().with_factory().await;
    let capture = || json!({"policy": {"mode": "Microbatch"}});
    emulator.put("/adfcdcs/c", capture()).await;
    let status = async || {
        let answer = emulator.arm("GET", "/adfcdcs/c/status", Value::Null).await;
        answer.json()
    };

    let before = status().await;
    let started = emulator.arm("POST", "/adfcdcs/c/start", Value::Null).await;
    let running = status().await;
    let changed = emulator.put("/adfcdcs/c", capture()).await;
    emulator.arm("POST", "/adfcdcs/c/stop", Value::Null).await;
    let absent = emulator.arm("POST", "/adfcdcs/d/start", Value::Null).await;

    assert_eq!(before, "Stopped");
    assert_eq!((started.status.as_u16(), started.bytes.len()), (200, 0));
    assert_eq!(running, "Running");
    assert_eq!(changed["properties"]["status"], "Running");
    assert_eq!(status().await, "Stopped");
    assert_eq!(absent.error(), (404, "ResourceNotFound".into()));
}

#[tokio::test]
async fn identities_have_ids_that_stay() {
    let emulator = Emulator::new();
    let user = "/subscriptions/s1/resourceGroups/g1/providers/Microsoft.ManagedIdentity/userAssignedIdentities/u";
    let body = json!({"location": "westeurope", "identity": {
        "type": "SystemAssigned,UserAssigned", "userAssignedIdentities": {user: {}}}});

    let put = emulator.arm("PUT", "", body).await.json();
    let got = emulator.arm("GET", "", Value::Null).await.json();

    let identity = &put["identity"];
    assert_eq!(identity["principalId"].as_str().unwrap().len(), 36);
    assert_eq!(identity["tenantId"].as_str().unwrap().len(), 36);
    assert_ne!(
        identity["principalId"],
        identity["userAssignedIdentities"][user]["principalId"]
    );
    assert_eq!(&got["identity"], identity);
}
