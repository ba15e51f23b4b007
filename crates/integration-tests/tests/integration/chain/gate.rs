//! What lets a bundle into an environment that asks for something, whichever command brings it.

use std::fs;

use dataops_ledger::TestOutcome;
use serde_json::{Value, json};

use super::Team;

const DEPLOY: [&str; 5] = ["deploy", "--env", "uat", "--bundle", "out"];

#[tokio::test]
async fn a_deployment_does_not_go_past_what_a_promotion_asks_for() {
    let team = Team::new();
    team.build(2, "out");
    team.refuses(&DEPLOY, 3, "`dataops promote --env uat`");
    team.refuses(
        &["deploy", "--env", "uat"],
        3,
        "only a bundle can have passed",
    );
    team.succeeds(&["deploy", "--env", "qa", "--bundle", "out"]);
    team.refuses(&DEPLOY, 3, "qa, test contract: it did not run since");
    assert!(team.emulator.client("adf-uat").get(None).await.is_err());
    team.succeeds(&["deploy", "--env", "uat", "--dry-run"]);

    team.tested("qa", TestOutcome::Passed).await;
    team.succeeds(&DEPLOY);

    let uat = team.records("uat");
    let evidence = uat[0]["did"]["deployment"]["evidence"].as_array().unwrap();
    let numbers: Vec<_> = evidence
        .iter()
        .map(|it| it["record"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, [2, 3], "{evidence:?}");
    assert_eq!(evidence[0]["environment"], "qa");
}

#[test]
fn who_deletes_conditions_has_them_in_the_bundle_still() {
    let team = Team::new();
    team.build(2, "out");
    team.succeeds(&["deploy", "--env", "qa", "--bundle", "out"]);
    team.set(
        ", after: qa, promote: { tests: [contract], maxAge: 7d }",
        "",
    );
    team.refuses(&DEPLOY, 3, "qa, test contract: it did not run");
    team.refuses(
        &["promote", "--env", "uat", "--from", "qa"],
        3,
        "✗ qa, test contract: it did not run",
    );
    // And the other way round: what the bundle does not know yet is asked for all the same.
    team.build(3, "lax");
    team.set("dataFactory: adf-uat", "dataFactory: adf-uat, after: qa");
    let lax = ["deploy", "--env", "uat", "--bundle", "lax"];
    team.refuses(&lax, 3, "this bundle was never deployed there");
}

#[test]
fn an_override_needs_a_reason_and_is_recorded_with_what_did_not_hold() {
    let team = Team::new();
    team.build(2, "out");
    team.refuses(
        &[&DEPLOY[..], &["--override", " "]].concat(),
        2,
        "a reason is expected",
    );
    team.refuses(
        &["deploy", "--env", "qa", "--override", "none"],
        2,
        "`qa` asks for nothing that could be overridden",
    );

    team.succeeds(&[&DEPLOY[..], &["--override", "INC-7: qa is down"]].concat());

    let deployed = &team.records("uat")[0]["did"]["deployment"];
    assert_eq!(deployed["overridden"]["reason"], "INC-7: qa is down");
    let unmet = deployed["overridden"]["unmet"].as_array().unwrap();
    assert!(
        unmet[0]
            .as_str()
            .unwrap()
            .starts_with("qa, deployed: nothing"),
        "{unmet:?}"
    );
    let audited = team.succeeds(&["audit", "--env", "uat"]);
    assert!(audited.stdout.contains("INC-7"), "{audited}");
}

#[tokio::test]
async fn a_bundle_that_is_not_kept_as_it_was_sealed_may_go_nowhere() {
    let team = Team::new();
    team.build(2, "out");
    team.succeeds(&["deploy", "--env", "qa", "--bundle", "out"]);
    team.tested("qa", TestOutcome::Passed).await;
    let check = ["promote", "--env", "uat", "--check"];
    let whole = team.succeeds(&check);
    assert!(
        whole
            .stdout
            .contains("✓ qa, bundle: kept there as it was sealed"),
        "{whole}"
    );
    let files = team.path().join("records/files");
    let greet = fs::read_dir(&files).unwrap().map(|it| it.unwrap().path());
    let greet = greet.into_iter().find(|path| {
        fs::read_to_string(path)
            .unwrap()
            .starts_with("{\"name\":\"greet\"")
    });
    let greet = greet.unwrap();
    let text = fs::read_to_string(&greet).unwrap();

    fs::write(&greet, text.replace("all", "none")).unwrap();
    team.refuses(&check, 3, "is not what was sealed");
    fs::remove_file(&greet).unwrap();
    let gone = team.refuses(&check, 3, "✗ qa, bundle: the bundle sha256:");
    team.refuses(&["promote", "--env", "uat"], 3, "is not kept in ");

    // The other conditions are told beside it.
    assert!(
        gone.stdout.contains("✓ qa, test contract: passed"),
        "{gone}"
    );
    // Whoever has the folder helps.
    team.succeeds(&["promote", "--env", "uat", "--bundle", "out"]);
}

#[test]
fn a_test_speaks_for_no_other_one() {
    let team = Team::new();

    team.refuses(
        &["test", "--run-id", "none", "--record=smoke"],
        2,
        "speaks for `smoke`",
    );

    let kept = team.succeeds(&["audit", "--format", "json"]);
    let kept: Value = serde_json::from_str(&kept.stdout).unwrap();
    assert_eq!(kept["records"].as_array().unwrap().len(), 0);
}

/// Deploys the bundle `out`, whose triggers cannot be started meanwhile.
fn deploy_but_triggers(team: &Team, told: &str) {
    let stuck = json!({"triggerName": "OnDrop", "status": "Provisioning"});
    for action in ["subscribeToEvents", "getEventSubscriptionStatus"] {
        team.emulator.order(&json!({"pattern": format!("POST */{action}"), "status": 200, "times": 0, "body": stuck}));
    }
    let deploy = ["deploy", "--env", "qa", "--bundle", "out"];
    let deploy = [&deploy[..], &["--trigger-timeout", "1s"]].concat();
    team.refuses(&deploy, 5, told);
}

#[tokio::test]
async fn a_deployment_whose_triggers_are_restored_is_a_whole_one() {
    let team = Team::new();
    team.build(2, "out");
    deploy_but_triggers(&team, "1 trigger is not in its state");
    team.refuses(
        &["drift", "--env", "qa"],
        1,
        "trigger.OnDrop: should be started and is stopped",
    );
    team.emulator.forget_faults();
    team.refuses(
        &["promote", "--to", "uat"],
        3,
        "left triggers in another state",
    );

    let restored = team.succeeds(&["triggers", "restore", "--env", "qa"]);

    assert!(
        restored.stderr.contains("recorded as 3 of qa"),
        "{restored}"
    );
    team.succeeds(&["drift", "--env", "qa"]);
    team.refuses(&["promote", "--to", "uat"], 3, "it did not run since");
    team.tested("qa", TestOutcome::Passed).await;
    team.succeeds(&["promote", "--to", "uat"]);
    let again = team.succeeds(&["triggers", "restore", "--env", "qa"]);
    assert!(!again.stderr.contains("recorded"), "{again}");
}

#[test]
fn triggers_that_are_restored_one_by_one_make_a_deployment_whole() {
    let team = Team::new();
    let path = team.path().join("adf/trigger");
    let trigger = fs::read_to_string(path.join("OnDrop.json")).unwrap();
    let twin = trigger.replace("\"OnDrop\"", "\"OnFall\"");
    fs::write(path.join("OnFall.json"), twin).unwrap();
    team.build(2, "out");
    deploy_but_triggers(&team, "2 triggers are not in their states");
    team.emulator.forget_faults();

    let one = team.succeeds(&["triggers", "restore", "--env", "qa", "OnDrop"]);
    let other = team.succeeds(&["triggers", "restore", "--env", "qa"]);

    assert!(!one.stderr.contains("recorded as"), "{one}");
    assert!(other.stderr.contains("recorded as 3 of qa"), "{other}");
    let records = team.records("qa");
    let whole = &records.last().unwrap()["did"]["deployment"];
    assert_eq!(whole["outcome"], "deployed");
    for trigger in ["trigger.OnDrop", "trigger.OnFall"] {
        assert_eq!(whole["triggers"][trigger]["observed"], "started");
    }
}

#[test]
fn triggers_that_a_refused_plan_starts_make_a_deployment_whole() {
    let team = Team::new();
    team.build(2, "out");
    deploy_but_triggers(&team, "1 trigger is not in its state");
    team.succeeds(&["plan", "--env", "qa", "--out", "plan.json"]);
    team.build(3, "other");
    team.emulator.forget_faults();

    let plan = ["deploy", "--env", "qa", "--plan", "plan.json"];
    team.refuses(&plan, 1, "the plan no longer holds");

    let records = team.records("qa");
    let outcomes = records.iter().map(|it| &it["did"]["deployment"]["outcome"]);
    let outcomes: Vec<_> = outcomes.collect();
    assert_eq!(outcomes, ["deployed-but-triggers", "deployed", "not-begun"]);
}
