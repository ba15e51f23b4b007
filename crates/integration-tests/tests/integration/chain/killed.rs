//! A run that was killed while triggers were stopped: the next one starts them whatever it then decides, and a plan goes on where its own
//! run was killed.
#![cfg(unix)]

use integration_tests::{Ended, edit, eventually};
use serde_json::json;

use super::Team;

const FIRST: [&str; 5] = ["deploy", "--env", "qa", "--bundle", "first"];
const BY_PLAN: [&str; 7] = [
    "deploy", "--env", "qa", "--bundle", "second", "--plan", "p.json",
];

/// A team whose first bundle runs in `qa`, and who has changed a pipeline and the trigger since.
fn changed() -> Team {
    let team = Team::new();
    team.build(2, "first");
    team.succeeds(&FIRST);
    edit(team.path(), "adf/trigger/OnDrop.json", |trigger| {
        trigger["typeProperties"]["blobPathEndsWith"] = ".json".into();
    });
    team.build(3, "second");
    team
}

/// Runs something that is killed while a call is on its way, when the trigger is stopped.
async fn killed_at(team: &Team, pattern: &str, args: &[&str]) {
    team.emulator
        .order(&json!({"pattern": pattern, "delayMs": 600_000}));
    let program = team.program(args).start();
    eventually("the call at which it is killed", || {
        let seen = team.emulator.faults()[0]["seen"].as_u64();
        std::future::ready((seen == Some(1) || program.has_ended()).then_some(()))
    })
    .await;
    assert!(!program.has_ended(), "{}", program.end());
    program.kill();
    team.emulator.forget_faults();
    assert_eq!(state(team).await, "Stopped");
}

async fn state(team: &Team) -> String {
    let client = team.emulator.client("adf-qa");
    let found = client.triggers().get("OnDrop", None).await.unwrap();
    let found = found.into_model().unwrap();
    found.properties.runtime_state.clone().unwrap_or_default()
}

async fn runs_again(team: &Team, refused: &Ended) {
    let told = "1 trigger that it stopped will run again";
    assert!(refused.stderr.contains(told), "{refused}");
    assert_eq!(state(team).await, "Started", "{refused}");
    let restored = team.succeeds(&["triggers", "restore", "--env", "qa"]);
    let told = "no deployment has left a journal";
    assert!(restored.stderr.contains(told), "{restored}");
}

#[tokio::test]
async fn the_plan_of_a_bundle_goes_on_with_what_its_killed_run_has_begun() {
    for call in ["PUT */triggers/OnDrop", "PUT */pipelines/greet"] {
        let team = changed();
        team.succeeds(&[
            "plan", "--env", "qa", "--bundle", "second", "--out", "p.json",
        ]);
        killed_at(&team, call, &BY_PLAN).await;

        let again = team.succeeds(&BY_PLAN);

        // What nobody has written yet is still as the plan saw it.
        let is_begun = call != "PUT */pipelines/greet";
        let told = "the plan was begun already: what is left of it is carried out";
        assert_eq!(again.stderr.contains(told), is_begun, "{call}: {again}");
        assert_eq!(team.times("adf-qa").await, 3, "{call}");
        runs_again(&team, &again).await;
    }
}

#[tokio::test]
async fn what_is_left_of_a_plan_says_nothing_of_consents_to_what_is_done() {
    let team = changed();
    std::fs::remove_file(team.path().join("adf/pipeline/long.json")).unwrap();
    team.build(3, "less");
    let bundle = ["--env", "qa", "--bundle", "less"];
    let consent = [
        "--delete-not-in-source",
        "--consent",
        "delete=pipeline.long",
    ];
    team.succeeds(&[&["plan", "--out", "p.json"], bundle.as_slice(), &consent].concat());
    let by_plan = [&["deploy", "--plan", "p.json"], bundle.as_slice()].concat();
    killed_at(&team, "POST */triggers/OnDrop/start", &by_plan).await;

    let again = team.succeeds(&by_plan);

    assert!(!again.stderr.contains("is to nothing"), "{again}");
    let client = team.emulator.client("adf-qa");
    assert!(client.pipelines().get("long", None).await.is_err());
    // A call that is no such plan is told.
    let asked = team.succeeds(&[&["deploy"], bundle.as_slice(), &consent].concat());
    let told = "the consent `delete=pipeline.long` is to nothing that this plan does";
    assert!(asked.stderr.contains(told), "{asked}");
}

#[tokio::test]
async fn what_somebody_else_did_since_the_kill_stops_the_plan_and_not_the_triggers() {
    let team = changed();
    team.succeeds(&[
        "plan", "--env", "qa", "--bundle", "second", "--out", "p.json",
    ]);
    killed_at(&team, "PUT */triggers/OnDrop", &BY_PLAN).await;
    let theirs = json!({"name": "long", "properties": {"description": "theirs", "activities": []}});
    let theirs = adf_model::Document::<adf_model::Pipeline>::parse(theirs).unwrap();
    let client = team.emulator.client("adf-qa");
    client.pipelines().put("long", &theirs, None).await.unwrap();

    let refused = team.refuses(&BY_PLAN, 1, "pipeline.long was changed in the factory");

    runs_again(&team, &refused).await;
}

#[tokio::test]
async fn what_a_killed_run_did_is_told_as_its_work_after_a_part_was_deployed() {
    let team = changed();
    let second = ["deploy", "--env", "qa", "--bundle", "second"];
    killed_at(&team, "PUT */triggers/OnDrop", &second).await;
    let part = [second.as_slice(), &["--only", "pipeline.long"]].concat();
    team.succeeds(&part);

    let drift = ["drift", "--env", "qa"];
    let told = team.refuses(&drift, 1, "pipeline.greet");
    let json = team.call(&["drift", "--env", "qa", "--format", "json"]);
    let markdown = team.call(&["drift", "--env", "qa", "--format", "markdown"]);
    team.succeeds(&second);
    let whole = team.succeeds(&drift);

    let says = "(record 3) did not end: what it did until then counts as changed";
    assert!(told.stdout.contains(says), "{told}");
    assert!(markdown.stdout.contains(says), "{markdown}");
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["unfinished"]["record"], 3, "{json}");
    assert!(!whole.stdout.contains("did not end"), "{whole}");
}

#[tokio::test]
async fn triggers_run_again_when_the_next_run_is_refused() {
    let team = changed();
    let (from, out) = ("dataFactory: adf-qa,", "p.json");
    team.succeeds(&["plan", "--env", "qa", "--out", out]);
    let by_plan = ["deploy", "--env", "qa", "--plan", out];
    let deploy = ["deploy", "--env", "qa"];

    killed_at(&team, "PUT */triggers/OnDrop", &by_plan).await;
    let stale = team.refuses(&by_plan, 1, "the plan no longer holds");
    runs_again(&team, &stale).await;

    killed_at(&team, "PUT */triggers/OnDrop", &deploy).await;
    let unknown =
        "dataFactory: adf-qa, overrides: { pipeline.greet.parameters.none.defaultValue: 1 },";
    team.set(from, unknown);
    let unusable = team.refuses(&deploy, 2, "none");
    runs_again(&team, &unusable).await;
    team.set(unknown, from);

    killed_at(&team, "PUT */triggers/OnDrop", &deploy).await;
    let denying = "dataFactory: adf-qa, deleteNotInSource: true, policy: { deny: [delete] },";
    team.set(from, denying);
    std::fs::remove_file(team.path().join("adf/pipeline/long.json")).unwrap();
    let denied = team.refuses(&deploy, 1, "denied");
    runs_again(&team, &denied).await;
}

#[tokio::test]
async fn who_cannot_start_them_says_how_it_is_done() {
    let team = changed();
    killed_at(&team, "PUT */triggers/OnDrop", &["deploy", "--env", "qa"]).await;
    team.emulator.order(
        &json!({"pattern": "POST */triggers/OnDrop/start", "status": 403, "times": 0,
        "body": {"error": {"code": "AuthorizationFailed", "message": "not you"}}}),
    );
    let unknown =
        "dataFactory: adf-qa, overrides: { pipeline.greet.parameters.none.defaultValue: 1 },";
    team.set("dataFactory: adf-qa,", unknown);

    let refused = team.refuses(&["deploy", "--env", "qa"], 2, "not you");

    let told = "`dataops triggers restore --env qa` starts";
    assert!(refused.stderr.contains(told), "{refused}");
    assert_eq!(state(&team).await, "Stopped");
    let status = team.succeeds(&["triggers", "status", "--env", "qa"]);
    let told = "was not finished has stopped it";
    assert!(status.stdout.contains(told), "{status}");
}

#[tokio::test]
async fn who_is_not_let_in_is_told_of_stopped_triggers() {
    let team = changed();
    killed_at(&team, "PUT */triggers/OnDrop", &["deploy", "--env", "qa"]).await;
    let gated = "dataFactory: adf-qa, promote: { tests: [contract] },";
    team.set("dataFactory: adf-qa,", gated);

    let refused = team.call(&["deploy", "--env", "qa"]);

    assert_ne!(refused.code, Some(0), "{refused}");
    let told = "1 trigger that it stopped is not started";
    assert!(refused.stderr.contains(told), "{refused}");
}
