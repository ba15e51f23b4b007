//! A deployment that is refused before it changes anything undoes nothing: what was deployed and tested there stands.

use dataops_ledger::TestOutcome;
use serde_json::json;

use super::Team;

/// A bundle that has passed in `qa`, by a plan of its own.
async fn passed() -> Team {
    let team = Team::new();
    team.build(2, "first");
    team.succeeds(&[
        "plan", "--env", "qa", "--bundle", "first", "--out", "p.json",
    ]);
    team.succeeds(&[
        "deploy", "--env", "qa", "--bundle", "first", "--plan", "p.json",
    ]);
    team.tested("qa", TestOutcome::Passed).await;
    team
}

#[tokio::test]
async fn a_plan_that_was_carried_out_is_done_when_its_job_runs_again() {
    let team = passed().await;
    let before = team.records("qa").len();

    let again = team.succeeds(&[
        "deploy", "--env", "qa", "--bundle", "first", "--plan", "p.json",
    ]);

    let told = "the plan was carried out already, by record 2";
    assert!(again.stderr.contains(told), "{again}");
    assert!(again.stdout.contains(" unchanged"), "{again}");
    assert_eq!(team.records("qa").len(), before);
    team.succeeds(&["promote", "--env", "uat", "--check"]);
}

#[tokio::test]
async fn a_plan_that_no_longer_holds_leaves_what_has_passed() {
    let team = passed().await;
    team.build(3, "second");
    team.succeeds(&[
        "plan", "--env", "qa", "--bundle", "second", "--out", "p.json",
    ]);
    team.succeeds(&["triggers", "stop", "OnDrop", "--env", "qa"]);

    let args = [
        "deploy", "--env", "qa", "--bundle", "second", "--plan", "p.json",
    ];
    team.refuses(&args, 1, "the plan no longer holds");

    let records = team.records("qa");
    let refused = &records.last().unwrap()["did"]["deployment"];
    assert_eq!(refused["outcome"], "not-begun");
    let audited = team.succeeds(&["audit", "--env", "qa", "--failures"]);
    let told = "not begun: the plan no longer holds";
    assert!(audited.stdout.contains(told), "{audited}");
    // What is brought is what was deployed, and not what was refused: that was never kept.
    team.succeeds(&["promote", "--env", "uat"]);
    assert_eq!(team.times("adf-uat").await, 2);
}

#[tokio::test]
async fn a_plan_that_a_policy_denies_leaves_what_has_passed() {
    let team = passed().await;
    let removes = "dataFactory: adf-qa, deleteNotInSource: true, policy: { deny: [delete] },";
    team.set("dataFactory: adf-qa,", removes);
    std::fs::remove_file(team.path().join("adf/pipeline/long.json")).unwrap();
    team.build(3, "second");

    let args = ["deploy", "--env", "qa", "--bundle", "second"];
    team.refuses(&args, 1, "delete");

    let refused = &team.records("qa")[2]["did"]["deployment"];
    assert_eq!(refused["outcome"], json!("not-begun"));
    team.set(removes, "dataFactory: adf-qa,");
    team.succeeds(&["promote", "--env", "uat", "--check"]);
}

/// A plan that was made while nothing was denied, and what it is then carried out by.
fn planned() -> (Team, [&'static str; 5]) {
    let team = Team::new();
    team.set(
        "dataFactory: adf-qa,",
        "dataFactory: adf-qa, deleteNotInSource: true, policy: { requireConsent: [] },",
    );
    team.succeeds(&["deploy", "--env", "qa"]);
    std::fs::remove_file(team.path().join("adf/pipeline/long.json")).unwrap();
    team.succeeds(&["plan", "--env", "qa", "--out", "p.json"]);
    (team, ["deploy", "--env", "qa", "--plan", "p.json"])
}

#[test]
fn a_plan_does_not_pass_what_the_environment_denies_by_now() {
    for policy in ["deny: [delete]", "requireConsent: [delete]"] {
        let (team, by_plan) = planned();
        team.set("requireConsent: []", policy);

        team.refuses(&by_plan, 1, "pipeline.long: it is deleted (delete: ");

        team.set(policy, "requireConsent: []");
        let applied = team.succeeds(&by_plan);
        assert!(applied.stdout.contains("1 deleted"), "{applied}");
    }
}

#[test]
fn a_plan_does_not_start_what_is_off_by_now() {
    let (team, by_plan) = planned();
    team.set("policy: {", "triggers: { OnDrop: \"off\" }, policy: {");

    let told = "trigger.OnDrop is to be stopped afterwards by the environment's policy, and started by the plan";
    team.refuses(&by_plan, 1, told);
}
