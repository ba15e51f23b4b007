//! What a way back brings again, and what it passes over: triggers that ran, and bundles of which nobody knows whether they hold.

use std::fs;

use integration_tests::edit;
use serde_json::json;

use super::Team;

/// The state of the trigger of `local`; nothing where it is gone.
async fn state(team: &Team) -> Option<String> {
    let found = team.emulator.client("small").triggers();
    let trigger = found.get("OnDrop", None).await.ok()?;
    let trigger = trigger.into_model().unwrap().into_json();
    let state = trigger["properties"]["runtimeState"].as_str();
    state.map(str::to_owned)
}

#[tokio::test]
async fn a_trigger_that_ran_before_it_was_deleted_runs_again() {
    let team = Team::new();
    let settings = "emulator: true, triggers: { '*': keep }, deleteNotInSource: true, policy: { requireConsent: [] }, \
                    smoke: { pipeline: greet, rollback: true }";
    team.set("emulator: true", settings);
    team.build(2, "good");
    team.succeeds(&["deploy", "--bundle", "good", "--no-smoke"]);
    assert_eq!(state(&team).await.as_deref(), Some("Stopped"));
    team.succeeds(&["triggers", "start", "OnDrop"]);
    fs::remove_file(team.path().join("adf/trigger/OnDrop.json")).unwrap();
    edit(team.path(), "adf/pipeline/greet.json", |greet| {
        greet["activities"] = json!([{"name": "stop", "type": "Fail", "typeProperties": {"message": "no", "errorCode": "E"}}]);
    });
    team.build(3, "bad");

    team.refuses(&["deploy", "--bundle", "bad"], 1, "went back:");
    let by_itself = state(&team).await;
    team.succeeds(&["deploy", "--bundle", "bad", "--no-smoke"]);
    let gone = state(&team).await;
    let shown = team.call(&["rollback", "--dry-run"]);
    team.succeeds(&["rollback"]);

    assert_eq!(by_itself.as_deref(), Some("Started"));
    assert_eq!(gone, None);
    let why = "trigger.OnDrop: absent → started: it ran before it went";
    assert!(shown.stdout.contains(why), "{shown}");
    assert_eq!(state(&team).await.as_deref(), Some("Started"));
}

#[tokio::test]
async fn a_bundle_whose_smoke_test_was_killed_is_passed_over() {
    let team = Team::new();
    team.set(
        "emulator: true",
        "emulator: true, smoke: { pipeline: long }",
    );
    team.build(2, "first");
    team.succeeds(&["deploy", "--bundle", "first", "--no-smoke"]);
    team.build(3, "second");
    let second = team.program(&["deploy", "--bundle", "second"]).start();
    second.until_stderr_has("linger");
    second.kill();
    let records = team.records("local");
    team.build(4, "third");
    team.succeeds(&["deploy", "--bundle", "third", "--no-smoke"]);

    team.succeeds(&["rollback"]);
    let passed_over = team.times("small").await;
    let number = records.last().unwrap()["number"].to_string();
    let named = team.succeeds(&["rollback", "--to", &number]);

    assert_eq!(records.len(), 2, "{records:?}");
    assert_eq!(records[0]["did"]["deployment"].get("smokeFollows"), None);
    assert_eq!(records[1]["did"]["deployment"]["smokeFollows"], true);
    assert_eq!(passed_over, 2);
    let warned = format!(
        "warning: the smoke test of that bundle was due and never ended (after record {number} of local)"
    );
    assert!(named.stderr.contains(&warned), "{named}");
    assert_eq!(team.times("small").await, 3);
}
