//! What shows that records were removed, and what they tell of deployments that were killed.

use std::fs;
use std::time::Duration;

use dataops_core::ledger::now;
use dataops_ledger::TestOutcome;
use integration_tests::write;
use serde_json::json;

use super::Team;

/// Removes the newest record and what names it.
fn cut(team: &Team, environment: &str, number: u64) {
    let records = team.path().join("records");
    fs::remove_file(records.join(format!("records/{environment}/{number:08}.json"))).unwrap();
    fs::remove_file(records.join(format!("heads/{environment}.json"))).unwrap();
}

#[tokio::test]
async fn the_newest_record_is_missed_by_who_rests_on_it_and_beside_an_export() {
    let team = Team::new();
    team.build(2, "out");
    team.succeeds(&["deploy", "--env", "qa", "--bundle", "out"]);
    team.tested("qa", TestOutcome::Passed).await;
    team.succeeds(&["promote", "--env", "uat"]);
    let export = team.succeeds(&["audit", "--env", "qa", "--format", "jsonl"]);
    fs::write(team.path().join("export.jsonl"), &export.stdout).unwrap();
    let against = ["audit", "--env", "qa", "--against", "export.jsonl"];
    team.succeeds(&against);

    cut(&team, "qa", 3);

    team.succeeds(&["audit", "--env", "qa"]);
    team.refuses(&against, 1, "qa, record 3: it was exported earlier");
    team.refuses(
        &["audit", "--env", "qa,uat"],
        1,
        "qa, record 3: record 1 of uat rests on it",
    );
    // A promotion sees it too.
    team.refuses(
        &["promote", "--env", "uat", "--check"],
        3,
        "✗ qa, records: qa, record 3",
    );
}

#[test]
fn an_export_that_is_none_is_told_with_its_line() {
    let team = Team::new();
    fs::write(team.path().join("export.jsonl"), "\n{}\n").unwrap();

    let args = ["audit", "--env", "qa", "--against", "export.jsonl"];
    team.refuses(&args, 2, "export.jsonl: line 2: ");
}

#[tokio::test]
async fn a_killed_deployment_is_told_and_gone_back_from() {
    let team = Team::new();
    team.build(2, "first");
    team.succeeds(&["deploy", "--env", "qa", "--bundle", "first"]);
    let extra = json!({"name": "extra", "properties": {"activities": []}});
    write(team.path(), "adf/pipeline/extra.json", &extra.to_string());
    team.build(3, "second");
    let slow = json!({"pattern": "PUT */pipelines/greet", "delayMs": 60_000, "times": 1});
    team.emulator.order(&slow);
    let args = ["deploy", "--env", "qa", "--bundle", "second"];
    let killed = team.program(&args).start();
    killed.until_stderr_has("pipeline.extra");
    killed.kill();
    team.emulator.forget_faults();

    let audited = team.succeeds(&["audit", "--env", "qa", "--failures"]);
    let drift = team.call(&["drift", "--env", "qa"]);
    let back = team.succeeds(&["rollback", "--env", "qa"]);

    assert!(audited.stdout.contains("begun, and not ended"), "{audited}");
    assert!(
        drift.stderr.contains("(record 3 of qa) did not end"),
        "{drift}"
    );
    assert!(
        back.stderr.contains("going back to record 2 of qa"),
        "{back}"
    );
    assert_eq!(team.times("adf-qa").await, 2);
}

#[tokio::test]
async fn what_a_clock_that_was_ahead_has_written_lets_nothing_in_and_is_told() {
    let team = Team::new();
    team.build(2, "out");
    team.succeeds(&["deploy", "--env", "qa", "--bundle", "out"]);
    let later = now().plus(Duration::from_secs(3 * 86_400));
    team.tested_at("qa", TestOutcome::Passed, later).await;
    let promote = ["promote", "--to", "uat"];

    team.refuses(&promote, 3, "by a clock that was 2 days ahead of this one");

    let audited = team.succeeds(&["audit", "--env", "qa"]);
    let told = "qa, record 3: it was written on ";
    assert!(audited.stderr.contains(told), "{audited}");
    team.tested("qa", TestOutcome::Passed).await;
    team.succeeds(&promote);
}
