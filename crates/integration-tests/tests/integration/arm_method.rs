//! `dataops deploy --method arm`: one deployment of Azure Resource Manager in the place of single calls.

use std::path::Path;

use adf_client::Remote;
use adf_model::{Factory, Kind};
use integration_tests::{
    Counter, Edition, Emulator, Ended, Program, Request, edit, example, small, wide, write,
};
use serde_json::{Value, json};

fn dataops(emulator: &Emulator, folder: &Path, args: &[&str]) -> Ended {
    Program::dataops(args).within(folder).at(emulator).run()
}

const BY_ARM: [&str; 3] = ["deploy", "--method", "arm"];

/// All documents of a factory, without what differs by the time of writing.
async fn documents(emulator: &Emulator, factory: &str) -> Vec<(String, Value)> {
    let remote = Remote::new(emulator.client(factory));
    let mut all = Vec::new();
    for kind in Kind::ALL {
        if matches!(kind, Kind::Factory | Kind::PrivateEndpointConnection) {
            continue;
        }
        for (id, document) in remote.list(kind).await.unwrap() {
            let mut properties = document["properties"].clone();
            if let Some(properties) = properties.as_object_mut() {
                properties.remove("lastPublishTime");
            }
            all.push((id.to_string(), properties));
        }
    }
    all
}

/// The deployments of the resource group, newest first.
fn history(emulator: &Emulator) -> Vec<Value> {
    let path = "/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/local/providers/Microsoft.Resources/deployments?api-version=2021-04-01";
    let answer = emulator.send(Request::new("GET", path));
    let said: Value = serde_json::from_str(&answer.body).unwrap();
    said["value"].as_array().unwrap().clone()
}

async fn state_of(emulator: &Emulator, trigger: &str) -> Option<String> {
    let found = emulator.client("small").triggers().get(trigger, None).await;
    let found = found.unwrap().into_model().unwrap();
    found.properties.runtime_state.clone()
}

/// A change of a pipeline, and of the trigger, which is stopped for it.
fn change(folder: &Path) {
    edit(folder, "adf/pipeline/greet.json", |greet| {
        greet["description"] = "says hello".into();
    });
    edit(folder, "adf/trigger/OnDrop.json", |trigger| {
        trigger["typeProperties"]["blobPathEndsWith"] = ".json".into();
    });
}

#[tokio::test]
async fn both_methods_give_equal_factories() {
    let (direct, arm) = (Emulator::start(), Emulator::start());
    for edition in [Edition::First, Edition::Second] {
        let (folder, _solution) = wide(edition);

        let one = dataops(&direct, folder.path(), &["deploy"]);
        let other = dataops(&arm, folder.path(), &BY_ARM);

        assert_eq!((one.code, other.code), (Some(0), Some(0)), "{one}{other}");
        let (one, other) = (
            documents(&direct, "wide").await,
            documents(&arm, "wide").await,
        );
        assert!(one.len() > 50);
        assert_eq!(one, other, "{edition:?}");
    }
    assert_eq!((history(&direct).len(), history(&arm).len()), (0, 2));
}

#[tokio::test]
async fn the_example_is_deployed_alike_and_then_there_is_nothing_to_do() {
    let emulator = Emulator::start();
    let (folder, _solution) = example();
    let call = |args: &[&str]| dataops(&emulator, folder.path(), args);
    let factory = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers/Microsoft.DataFactory/factories/data-ingestion";

    let direct = call(&["deploy"]);
    let one = documents(&emulator, "data-ingestion").await;
    let path = format!("{factory}?api-version=2018-06-01");
    assert_eq!(emulator.send(Request::new("DELETE", &path)).status, 200);
    let arm = call(&BY_ARM);
    let other = documents(&emulator, "data-ingestion").await;
    let expected = call(&["deploy", "--method", "arm", "--what-if"]);

    assert_eq!((direct.code, arm.code), (Some(0), Some(0)), "{direct}{arm}");
    assert!(one.len() > 5);
    assert_eq!(without_ids(one.clone()), without_ids(other));
    assert_eq!(expected.code, Some(0), "{expected}");
    let words = format!("nothing to do: {} unchanged", one.len());
    assert!(expected.stdout.contains(&words), "{words}: {expected}");
    assert_eq!(history(&emulator).len(), 1);
}

/// Documents without the id of the ML pipeline, which each deployment publishes anew on an emulator.
fn without_ids(mut documents: Vec<(String, Value)>) -> Vec<(String, Value)> {
    for (_, properties) in &mut documents {
        if let Some(id) = properties.pointer_mut("/variables/ml_pipeline_id/defaultValue") {
            assert_eq!(id.as_str().map(str::len), Some(36));
            *id = "published".into();
        }
    }
    documents
}

#[tokio::test]
async fn an_unchanged_solution_is_not_deployed_at_all() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    assert_eq!(dataops(&emulator, folder.path(), &BY_ARM).code, Some(0));

    let puts = Counter::of(&emulator, "PUT /subscriptions/*");
    let again = dataops(&emulator, folder.path(), &BY_ARM);

    assert_eq!(puts.count(), 0);
    assert!(
        again.stdout.contains("deployed small: 5 unchanged"),
        "{again}"
    );
    assert_eq!(history(&emulator).len(), 1);
}

#[tokio::test]
async fn the_history_tells_what_was_deployed_and_by_whom() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();

    let deployed = dataops(&emulator, folder.path(), &BY_ARM);

    assert_eq!(deployed.code, Some(0), "{deployed}");
    let history = history(&emulator);
    let name = history[0]["name"].as_str().unwrap();
    assert!(name.starts_with("dataops-local-2"), "{name}");
    let words = format!("in the history of resource group local as {name}, correlation id ");
    assert!(deployed.stdout.contains(&words), "{deployed}");
    let tags = &history[0]["tags"];
    assert_eq!(tags["dataops-factory"], "small");
    let digest = tags["dataops-plan"].as_str().unwrap();
    assert_eq!(digest.len(), 64, "{tags}");
    for line in [
        "deploying 4 resources as `dataops-local-",
        "created pipeline.greet",
        "starting trigger OnDrop",
    ] {
        assert!(deployed.stderr.contains(line), "{line}: {deployed}");
    }
    assert!(
        deployed.stdout.contains("deployed small: 5 created"),
        "{deployed}"
    );
}

#[tokio::test]
async fn what_if_tells_properties_and_does_nothing() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    assert_eq!(dataops(&emulator, folder.path(), &BY_ARM).code, Some(0));
    change(folder.path());
    let added = json!({"name": "more", "properties": {"activities": []}});
    write(folder.path(), "adf/pipeline/more.json", &added.to_string());
    std::fs::remove_file(folder.path().join("adf/pipeline/long.json")).unwrap();
    let before = documents(&emulator, "small").await;
    let what_if = [
        "deploy",
        "--method",
        "arm",
        "--what-if",
        "--delete-not-in-source",
        "--consent",
        "mass-delete",
    ];

    let told = dataops(&emulator, folder.path(), &what_if);
    let json = dataops(
        &emulator,
        folder.path(),
        &["deploy", "--method", "arm", "--what-if", "--output", "json"],
    );
    let without = dataops(&emulator, folder.path(), &["deploy", "--what-if"]);

    assert_eq!(told.code, Some(0), "{told}");
    for line in [
        "~ pipeline.greet",
        "+ description: \"says hello\"",
        "+ pipeline.more",
        "~ typeProperties.blobPathEndsWith: \".csv\" → \".json\"",
        "- pipeline.long: deleted beside the deployment",
        "trigger.OnDrop is stopped meanwhile",
        "1 to create, 2 to change, 1 unchanged, 1 to delete beside it",
    ] {
        assert!(told.stdout.contains(line), "{line}: {told}");
    }
    let said: Value = serde_json::from_str(&json.stdout).unwrap();
    let greet = &said["resources"][1];
    assert_eq!(greet["resource"], "pipeline.greet", "{said}");
    assert_eq!(
        (&greet["change"], &greet["isPut"]),
        (&json!("Modify"), &json!(true))
    );
    assert_eq!(without.code, Some(2), "{without}");
    assert!(without.stderr.contains("add --method arm"), "{without}");
    assert_eq!(documents(&emulator, "small").await, before);
    assert_eq!(history(&emulator).len(), 1);
}

#[tokio::test]
async fn each_failed_operation_is_told_and_triggers_run_again() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    assert_eq!(dataops(&emulator, folder.path(), &BY_ARM).code, Some(0));
    change(folder.path());
    emulator.order(&json!({"pattern": "PUT */pipelines/greet", "status": 409,
        "body": {"error": {"code": "Conflict", "message": "another operation is in progress"}}}));

    let failed = dataops(&emulator, folder.path(), &BY_ARM);
    let state = state_of(&emulator, "OnDrop").await;
    emulator.forget_faults();
    let next = dataops(&emulator, folder.path(), &BY_ARM);

    assert_eq!(failed.code, Some(3), "{failed}");
    let words = "✘ pipeline.greet: Conflict: another operation is in progress";
    assert!(failed.stdout.contains(words), "{failed}");
    assert!(
        failed.stderr.contains("failed pipeline.greet: Conflict"),
        "{failed}"
    );
    // What depends on it was not begun.
    assert!(failed.stdout.contains("1 failed, 1 not begun"), "{failed}");
    assert_eq!(state.as_deref(), Some("Started"));
    assert_eq!(
        history(&emulator)[1]["properties"]["provisioningState"],
        "Failed"
    );
    assert_eq!(next.code, Some(0), "{next}");
    assert!(next.stdout.contains("2 updated"), "{next}");
}

#[tokio::test]
async fn a_template_that_is_refused_stops_no_trigger() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    assert_eq!(dataops(&emulator, folder.path(), &BY_ARM).code, Some(0));
    change(folder.path());
    emulator.order(&json!({"pattern": "POST */validate", "status": 400,
        "body": {"error": {"code": "InvalidTemplate", "message": "it is not liked"}}}));
    let stops = Counter::of(&emulator, "POST */stop");

    let refused = dataops(&emulator, folder.path(), &BY_ARM);

    assert_eq!(stops.count(), 0);
    assert_eq!(refused.code, Some(3), "{refused}");
    let words = "Azure Resource Manager refuses the template: InvalidTemplate: it is not liked";
    assert!(refused.stdout.contains(words), "{refused}");
    assert_eq!(history(&emulator).len(), 1);
}

/// A deployment that has stopped the trigger, and is at work on a pipeline.
fn at_work(emulator: &Emulator, folder: &Path, delay: u64) -> integration_tests::Started {
    change(folder);
    emulator.order(&json!({"pattern": "PUT */pipelines/greet", "delayMs": delay}));
    let program = Program::dataops(BY_ARM).within(folder).at(emulator).start();
    program.until_stderr_has("deploying 2 resources as");
    program
}

#[tokio::test]
async fn after_a_kill_the_next_run_waits_for_what_goes_on_and_starts_the_triggers() {
    for method in ["direct", "arm"] {
        let emulator = Emulator::start();
        let (folder, _solution) = small();
        assert_eq!(dataops(&emulator, folder.path(), &BY_ARM).code, Some(0));
        let program = at_work(&emulator, folder.path(), 4_000);

        program.kill();
        let stopped = state_of(&emulator, "OnDrop").await;
        let next = dataops(&emulator, folder.path(), &["deploy", "--method", method]);

        assert_eq!(stopped.as_deref(), Some("Stopped"));
        assert_eq!(next.code, Some(0), "{next}");
        assert!(
            next.stderr
                .contains("waiting for the deployment dataops-local-"),
            "{next}"
        );
        assert!(
            next.stdout.contains("OnDrop    started   started"),
            "{next}"
        );
        assert_eq!(
            state_of(&emulator, "OnDrop").await.as_deref(),
            Some("Started")
        );
        let states: Vec<_> = history(&emulator)
            .iter()
            .map(|it| it["properties"]["provisioningState"].clone())
            .collect();
        assert_eq!(states, ["Succeeded", "Succeeded"]);
    }
}

#[tokio::test]
async fn triggers_are_restored_when_nobody_writes_any_more() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    assert_eq!(dataops(&emulator, folder.path(), &BY_ARM).code, Some(0));
    let program = at_work(&emulator, folder.path(), 8_000);
    program.kill();

    let impatient = dataops(
        &emulator,
        folder.path(),
        &["triggers", "restore", "--timeout", "1s"],
    );
    let meanwhile = state_of(&emulator, "OnDrop").await;
    let patient = dataops(&emulator, folder.path(), &["triggers", "restore"]);

    assert_eq!(impatient.code, Some(4), "{impatient}");
    assert!(
        impatient
            .stderr
            .contains("which an earlier run has left, goes on"),
        "{impatient}"
    );
    assert!(impatient.stderr.contains("wait for its end"), "{impatient}");
    assert_eq!(meanwhile.as_deref(), Some("Stopped"));
    assert_eq!(patient.code, Some(0), "{patient}");
    assert!(
        patient
            .stderr
            .contains("waiting for the deployment dataops-local-"),
        "{patient}"
    );
    assert_eq!(
        state_of(&emulator, "OnDrop").await.as_deref(),
        Some("Started")
    );
    assert_eq!(
        history(&emulator)[0]["properties"]["provisioningState"],
        "Succeeded"
    );
}

#[tokio::test]
async fn the_record_names_the_deployment_also_where_it_was_killed() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    let deployed = dataops(&emulator, folder.path(), &BY_ARM);
    let first = history(&emulator)[0]["name"].as_str().unwrap().to_owned();
    let program = at_work(&emulator, folder.path(), 1_000);
    program.kill();

    let audited = dataops(&emulator, folder.path(), &["audit"]);
    let json = dataops(&emulator, folder.path(), &["audit", "--format", "json"]);
    let markdown = dataops(&emulator, folder.path(), &["audit", "--format", "markdown"]);

    assert_eq!(deployed.code, Some(0), "{deployed}");
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    let records = json["records"].as_array().unwrap();
    let arm = |at: usize| &records[at]["did"]["deployment"]["arm"];
    let [done, killed] = [records.len() - 2, records.len() - 1];
    assert_eq!(arm(done)["name"], first.as_str());
    assert_eq!(arm(done)["resourceGroup"], "local");
    assert!(arm(done)["correlationId"].is_string(), "{json}");
    assert_eq!(arm(killed)["name"], history(&emulator)[0]["name"]);
    assert!(
        markdown
            .stdout
            .contains(&format!("ARM deployment {first}").replace('_', "\\_")),
        "{markdown}"
    );
    assert!(audited.stdout.contains("; ARM deployment "), "{audited}");
}

#[tokio::test]
async fn an_interrupted_deployment_is_cancelled_and_starts_what_it_stopped() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    assert_eq!(dataops(&emulator, folder.path(), &BY_ARM).code, Some(0));
    let program = at_work(&emulator, folder.path(), 3_600_000);

    program.interrupt();
    let ended = program.end();

    assert_eq!(ended.code, Some(130), "{ended}");
    assert!(
        ended.stderr.contains("cancelling the deployment"),
        "{ended}"
    );
    assert_eq!(
        state_of(&emulator, "OnDrop").await.as_deref(),
        Some("Started")
    );
    assert_eq!(
        history(&emulator)[0]["properties"]["provisioningState"],
        "Canceled"
    );
}

#[tokio::test]
async fn secrets_are_secure_parameters_and_shown_nowhere() {
    const SECRET: &str = "canary-arm-4711";
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    let service = |host: &str| {
        let properties = json!({"type": "HttpServer", "typeProperties": {"url": host, "userName": "u", "authenticationType": "Basic",
            "password": {"type": "SecureString", "value": SECRET}}});
        let document = json!({"name": "web", "properties": properties});
        write(
            folder.path(),
            "adf/linkedService/web.json",
            &document.to_string(),
        );
    };
    service("https://one.test");
    let first = dataops(&emulator, folder.path(), &BY_ARM);
    service("https://two.test");
    let told = dataops(
        &emulator,
        folder.path(),
        &["deploy", "--method", "arm", "--what-if"],
    );
    let history = json!(history(&emulator)).to_string();
    emulator.order(&json!({"pattern": "PUT */linkedservices/web", "status": 400,
        "body": {"error": {"code": "BadRequest", "message": format!("cannot sign in with {SECRET}")}}}));
    let failed = dataops(
        &emulator,
        folder.path(),
        &["deploy", "--method", "arm", "--output", "json"],
    );

    assert_eq!(
        (first.code, told.code, failed.code),
        (Some(0), Some(0), Some(3)),
        "{first}{told}{failed}"
    );
    assert!(
        told.stdout
            .contains("~ typeProperties.url: \"https://one.test\" → \"https://two.test\""),
        "{told}"
    );
    assert!(
        failed.stdout.contains("cannot sign in with **********"),
        "{failed}"
    );
    assert!(
        history.contains("\"web_password\":{\"type\":\"SecureString\"}"),
        "{history}"
    );
    for text in [
        first.to_string(),
        told.to_string(),
        failed.to_string(),
        history,
    ] {
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[test]
fn a_template_over_four_megabytes_is_refused_by_name_before_anything_is_done() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    let long = "x".repeat(900 << 10);
    for at in 0..5 {
        let document = json!({"name": format!("big{at}"), "properties": {"activities": [], "description": long}});
        write(
            folder.path(),
            &format!("adf/pipeline/big{at}.json"),
            &document.to_string(),
        );
    }

    let refused = dataops(&emulator, folder.path(), &BY_ARM);

    assert_eq!(refused.code, Some(1), "{refused}");
    let words = "template bytes, and Azure Resource Manager takes 4194304 in one deployment";
    assert!(refused.stderr.contains(words), "{refused}");
    assert!(
        refused.stderr.contains("needs a storage account"),
        "{refused}"
    );
    assert!(history(&emulator).is_empty());
}
