//! `dataops deploy` and `dataops triggers` as programs: what they do, what they leave alone, and what they say.

mod others;
mod triggers;
mod unfinished;

use std::fs;
use std::path::Path;

use integration_tests::{Counter, Edition, Emulator, Ended, Program, edit, small, wide};
use serde_json::{Value, json};

fn dataops(emulator: &Emulator, folder: &Path, args: &[&str]) -> Ended {
    Program::dataops(args).within(folder).at(emulator).run()
}

async fn state_of(emulator: &Emulator, trigger: &str) -> Option<String> {
    let found = emulator.client("small").triggers().get(trigger, None).await;
    let found = found.unwrap().into_model().unwrap();
    found.properties.runtime_state.clone()
}

#[tokio::test]
async fn a_deployment_brings_everything_and_the_next_one_writes_nothing() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();

    let first = dataops(&emulator, folder.path(), &["deploy"]);
    let writes = Counter::of(&emulator, "PUT /subscriptions/*");
    let second = dataops(&emulator, folder.path(), &["deploy"]);

    assert_eq!(
        (first.code, second.code),
        (Some(0), Some(0)),
        "{first}{second}"
    );
    assert_eq!(writes.count(), 0);
    assert!(
        first.stdout.contains("deployed small: 5 created"),
        "{first}"
    );
    assert!(
        second.stdout.contains("deployed small: 5 unchanged"),
        "{second}"
    );
    assert!(
        second.stdout.contains("OnDrop    started   started"),
        "{second}"
    );
    assert_eq!(
        state_of(&emulator, "OnDrop").await.as_deref(),
        Some("Started")
    );
}

#[test]
fn a_factory_is_listed_once_for_a_deployment() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    assert_eq!(dataops(&emulator, folder.path(), &["deploy"]).code, Some(0));

    let lists = Counter::of(&emulator, "GET */factories/small/pipelines");
    let unchanged = dataops(&emulator, folder.path(), &["deploy"]);
    let lists_unchanged = lists.count();
    edit(folder.path(), "adf/pipeline/greet.json", |greet| {
        greet["description"] = "says hello".into();
    });
    let lists = Counter::of(&emulator, "GET */factories/small/pipelines");
    let changed = dataops(&emulator, folder.path(), &["deploy"]);
    let lists_changed = lists.count();
    let drift = dataops(&emulator, folder.path(), &["drift"]);

    assert_eq!(unchanged.code, Some(0), "{unchanged}");
    assert!(changed.stdout.contains("1 updated"), "{changed}");
    assert_eq!((lists_unchanged, lists_changed), (1, 1));
    // What was recorded is the factory as the deployment has left it.
    assert_eq!(drift.code, Some(0), "{drift}");
}

#[tokio::test]
async fn only_the_trigger_that_is_written_is_stopped() {
    let emulator = Emulator::start();
    let (folder, _solution) = wide(Edition::First);
    let first = dataops(&emulator, folder.path(), &["deploy"]);
    assert_eq!(first.code, Some(0), "{first}");
    edit(folder.path(), "adf/trigger/OnCsv.json", |trigger| {
        trigger["typeProperties"]["blobPathEndsWith"] = ".parquet".into();
    });

    let stops = Counter::of(&emulator, "POST */stop");
    let second = dataops(&emulator, folder.path(), &["deploy", "--output", "json"]);

    assert_eq!(second.code, Some(0), "{second}");
    assert_eq!(stops.count(), 1);
    let said: Value = serde_json::from_str(&second.stdout).unwrap();
    let done = &said["factory"]["resources"];
    assert_eq!(done.as_array().map(Vec::len), Some(1), "{done}");
    assert_eq!(done[0]["resource"], "trigger.OnCsv");
    assert_eq!(done[0]["status"], "done");
    let triggers = said["factory"]["triggers"].as_array().unwrap();
    assert!(
        triggers.iter().all(|it| it["desired"] == it["observed"]),
        "{triggers:?}"
    );
}

#[tokio::test]
async fn a_plan_is_carried_out_once_and_never_after_something_moved() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    let call = |args: &[&str]| dataops(&emulator, folder.path(), args);
    assert_eq!(call(&["deploy"]).code, Some(0));
    edit(folder.path(), "adf/pipeline/greet.json", |greet| {
        greet["description"] = "says hello".into();
    });
    let planned = call(&["plan", "--out", "plan.json"]);
    assert_eq!(planned.code, Some(0), "{planned}");

    let applied = call(&["deploy", "--plan", "plan.json"]);
    let again = call(&["deploy", "--plan", "plan.json"]);

    assert_eq!(applied.code, Some(0), "{applied}");
    assert!(applied.stdout.contains("~ pipeline.greet"), "{applied}");
    assert_eq!(again.code, Some(1), "{again}");
    let words = "the plan no longer holds, and nothing was changed:\n    pipeline.greet was changed in the factory";
    assert!(again.stderr.contains(words), "{again}");
}

#[tokio::test]
async fn a_plan_is_of_one_environment_source_and_bundle() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    let call = |args: &[&str]| dataops(&emulator, folder.path(), args);
    assert_eq!(call(&["plan", "--out", "plan.json"]).code, Some(0));

    let elsewhere = call(&["deploy", "--env", "qa", "--plan", "plan.json"]);
    edit(folder.path(), "adf/pipeline/greet.json", |greet| {
        greet["description"] = "another source".into();
    });
    let changed = call(&["deploy", "--plan", "plan.json"]);
    let text = fs::read_to_string(folder.path().join("plan.json")).unwrap();
    let forged = text.replace("pipeline.long", "pipeline.lung");
    fs::write(folder.path().join("plan.json"), forged).unwrap();
    let forged = call(&["deploy", "--plan", "plan.json"]);

    assert_eq!(elsewhere.code, Some(2), "{elsewhere}");
    assert!(
        elsewhere
            .stderr
            .contains("the plan is of environment `local`"),
        "{elsewhere}"
    );
    assert_eq!(changed.code, Some(1), "{changed}");
    let words = "pipeline.greet is not what the plan was made of";
    assert!(changed.stderr.contains(words), "{changed}");
    assert_eq!(forged.code, Some(2), "{forged}");
    assert!(
        forged
            .stderr
            .contains("it was changed after it was written"),
        "{forged}"
    );
    assert!(emulator.client("small").get(None).await.is_err());
}

#[tokio::test]
async fn what_a_policy_stands_against_is_not_begun() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    let call = |args: &[&str]| dataops(&emulator, folder.path(), args);
    assert_eq!(call(&["deploy"]).code, Some(0));
    for pipeline in ["long", "broken"] {
        fs::remove_file(folder.path().join(format!("adf/pipeline/{pipeline}.json"))).unwrap();
    }
    let deletions = Counter::of(&emulator, "DELETE /subscriptions/*");

    let refused = call(&["deploy", "--delete-not-in-source"]);
    let shown = call(&[
        "deploy",
        "--delete-not-in-source",
        "--consent",
        "mass-delete",
        "--dry-run",
    ]);
    assert_eq!(deletions.count(), 0);
    let consented = call(&[
        "deploy",
        "--delete-not-in-source",
        "--consent",
        "mass-delete",
    ]);

    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(
        refused
            .stderr
            .contains("--consent mass-delete consents to it"),
        "{refused}"
    );
    assert_eq!(shown.code, Some(0), "{shown}");
    assert!(shown.stdout.contains("- pipeline.long: "), "{shown}");
    assert_eq!(consented.code, Some(0), "{consented}");
    assert!(consented.stdout.contains("2 deleted"), "{consented}");
}

#[test]
fn a_service_that_is_not_reached_is_told_once() {
    let emulator = Emulator::start();
    let (folder, _solution) = wide(Edition::First);
    emulator.order(&json!({"pattern": "GET */factories/wide/triggers", "reset": true, "times": 0}));

    let deployed = dataops(&emulator, folder.path(), &["deploy"]);

    assert_eq!(deployed.code, Some(5), "{deployed}");
    let unknown = deployed
        .stdout
        .matches("unknown    the service was not reached");
    assert_eq!(unknown.count(), 8, "{deployed}");
    let why = deployed.stdout.matches("its state cannot be told");
    assert_eq!(why.count(), 1, "{deployed}");
}
