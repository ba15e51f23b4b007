//! What deployments and tests leave behind, and the commands that live on it: audit, drift, promote, rollback and lease.

use std::fs;

use dataops_ledger::TestOutcome;
use integration_tests::write;
use serde_json::{Value, json};

use crate::chain::{SETTINGS, Team};

#[test]
fn a_deployment_is_recorded_and_what_somebody_changes_afterwards_is_drift() {
    let team = Team::new();
    let before = team.call(&["drift"]);
    let to_come = team.succeeds(&["drift", "--if-deployed", "--format", "markdown"]);
    team.succeeds(&["deploy"]);
    let same = team.succeeds(&["drift"]);
    team.succeeds(&["deploy", "--dry-run"]);
    team.succeeds(&["triggers", "stop", "OnDrop"]);

    let drift = team.call(&["drift"]);

    assert_eq!(before.code, Some(2), "{before}");
    assert_eq!(to_come.stdout, "nothing was deployed to `local` yet\n");
    assert!(
        same.stdout.starts_with("local is as the deployment of "),
        "{same}"
    );
    assert_eq!(drift.code, Some(1), "{drift}");
    assert!(
        drift
            .stdout
            .contains("~ trigger.OnDrop: should be started and is stopped"),
        "{drift}"
    );
    let records = team.records("local");
    assert_eq!(records.len(), 1, "{records:?}");
    let record = &records[0];
    assert_eq!(record["who"]["name"], "ada");
    let deployment = &record["did"]["deployment"];
    assert_eq!(deployment["outcome"], "deployed");
    assert_eq!(deployment["planned"]["create"], 5);
    assert_eq!(
        deployment["triggers"]["trigger.OnDrop"]["observed"],
        "started"
    );
    assert!(deployment["plan"].as_str().is_some_and(|it| it.len() == 64));
}

#[test]
fn a_deployment_of_a_ci_system_is_recorded_with_whoever_started_it_and_its_page() {
    let team = Team::new();
    let deployed = |variables: &[(&str, &str)], args: &[&str]| {
        let program = team.program(args);
        let program = variables
            .iter()
            .fold(program, |program, (name, value)| program.env(name, *value));
        let ended = program.run();
        assert_eq!(ended.code, Some(0), "{ended}");
        ended
    };

    let jenkins = [
        ("JENKINS_URL", "https://jenkins.test/"),
        ("JOB_NAME", "ingest/main"),
        ("BUILD_NUMBER", "42"),
        ("BUILD_URL", "https://jenkins.test/job/ingest/job/main/42/"),
        ("BUILD_USER_ID", "grace"),
    ];
    let gitlab = [
        ("GITLAB_CI", "true"),
        ("GITLAB_USER_LOGIN", "linus"),
        ("CI_JOB_URL", "https://gitlab.test/ingest/-/jobs/7"),
    ];
    let ended = deployed(&jenkins, &["deploy"]);
    deployed(&gitlab, &["deploy", "--env", "qa"]);

    let who = |environment: &str| team.records(environment)[0]["who"].clone();
    assert_eq!(who("local")["name"], "grace");
    assert_eq!(
        who("local")["run"],
        json!({"system": "Jenkins", "name": "ingest/main", "number": "42",
            "url": "https://jenkins.test/job/ingest/job/main/42/"})
    );
    assert_eq!(who("qa")["name"], "linus");
    assert_eq!(
        who("qa")["run"]["url"],
        "https://gitlab.test/ingest/-/jobs/7"
    );
    // Commands in the output are those of Azure Pipelines and GitHub alone.
    assert!(!ended.to_string().contains("##"), "{ended}");
    assert!(!ended.to_string().contains("::group"), "{ended}");
}

#[test]
fn a_deployment_that_fails_is_recorded_with_its_reason() {
    let team = Team::new();
    team.emulator.order(
        &json!({"pattern": "PUT */pipelines/long", "status": 400, "times": 0,
            "body": {"error": {"code": "BadRequest", "message": "no such thing"}}}),
    );

    let failed = team.call(&["deploy", "--env", "qa"]);

    assert_eq!(failed.code, Some(3), "{failed}");
    let records = team.records("qa");
    let deployment = &records[0]["did"]["deployment"];
    assert_eq!(deployment["outcome"], "failed");
    let reason = deployment["reason"].as_str().unwrap();
    assert!(reason.contains("no such thing"), "{reason}");
    let audited = team.succeeds(&["audit", "--env", "qa", "--format", "markdown", "--failures"]);
    assert!(
        audited.stdout.contains("| qa | 2 | deployment |"),
        "{audited}"
    );
}

#[test]
fn a_deployment_that_fails_leaves_triggers_as_it_found_them() {
    let team = Team::new();
    team.build(2, "first");
    team.build(3, "second");
    team.succeeds(&["deploy", "--env", "qa", "--bundle", "first"]);
    team.succeeds(&["triggers", "stop", "--env", "qa", "OnDrop"]);
    team.refuses(
        &["drift", "--env", "qa"],
        1,
        "~ trigger.OnDrop: should be started and is stopped",
    );
    team.emulator.order(
        &json!({"pattern": "PUT */pipelines/greet", "status": 400, "times": 0,
            "body": {"error": {"code": "BadRequest", "message": "no such thing"}}}),
    );
    let second = ["deploy", "--env", "qa", "--bundle", "second"];
    team.refuses(&second, 3, "no such thing");

    let drift = team.succeeds(&["drift", "--env", "qa"]);

    assert!(
        drift.stdout.starts_with("qa is as the deployment of "),
        "{drift}"
    );
}

#[test]
fn records_that_were_edited_are_told() {
    let team = Team::new();
    team.succeeds(&["deploy", "--env", "qa"]);
    team.succeeds(&["deploy", "--env", "qa"]);
    let record = team.path().join("records/records/qa/00000001.json");
    let text = fs::read_to_string(&record).unwrap();
    fs::write(&record, text.replace("\"ada\"", "\"bob\"")).unwrap();

    let audited = team.call(&["audit", "--env", "qa", "--format", "jsonl"]);

    assert_eq!(audited.code, Some(1), "{audited}");
    assert!(audited.stderr.contains("qa, record 1: "), "{audited}");
    assert_eq!(audited.stdout.lines().count(), 3, "{audited}");
}

#[tokio::test]
async fn a_bundle_goes_on_when_it_has_passed_and_not_before() {
    let team = Team::new();
    team.build(2, "out");
    let promote = ["promote", "--env", "uat"];
    let nothing = team.call(&promote);
    team.succeeds(&["deploy", "--env", "qa", "--bundle", "out"]);
    let untested = team.call(&promote);
    team.tested("qa", TestOutcome::Failed).await;
    let failed = team.call(&promote);
    team.tested("qa", TestOutcome::Passed).await;
    // Nobody has to have the folder.
    fs::remove_dir_all(team.path().join("out")).unwrap();
    let checked = team.succeeds(&["promote", "--to", "uat", "--check", "--output", "json"]);
    let absent = team.emulator.client("adf-uat").get(None).await;

    let promoted = team.succeeds(&promote);

    for (refused, why) in [
        (&nothing, "nothing was deployed to `qa` yet"),
        (&untested, "✗ qa, test contract: it did not run since"),
        (&failed, "✗ qa, test contract: failed on "),
    ] {
        assert_eq!(refused.code, Some(3), "{refused}");
        let said = refused.stdout.clone() + &refused.stderr;
        assert!(said.contains(why), "{refused}");
    }
    assert!(absent.is_err(), "{absent:?}");
    let checked: Value = serde_json::from_str(&checked.stdout).unwrap();
    assert_eq!(checked["allowed"], true);
    assert!(
        promoted.stderr.contains("✓ qa, test contract: passed on "),
        "{promoted}"
    );
    assert_eq!(team.times("adf-uat").await, 2);
    let (qa, uat) = (team.records("qa"), team.records("uat"));
    let deployed = &uat[0]["did"]["deployment"];
    assert_eq!(deployed["cause"]["promotion"]["from"], "qa");
    assert_eq!(deployed["bundle"], qa[0]["did"]["deployment"]["bundle"]);
}

#[tokio::test]
async fn a_rollback_brings_back_the_bundle_that_was_there_before() {
    let team = Team::new();
    for (times, out) in [(2, "first"), (3, "second")] {
        team.build(times, out);
        team.succeeds(&["deploy", "--env", "qa", "--bundle", out]);
        fs::remove_dir_all(team.path().join(out)).unwrap();
    }
    assert_eq!(team.times("adf-qa").await, 3);

    team.succeeds(&["rollback", "--env", "qa"]);
    assert_eq!(team.times("adf-qa").await, 2);
    let nowhere = team.call(&["rollback", "--env", "qa"]);
    team.succeeds(&["rollback", "--env", "qa", "--to", "4"]);

    assert_eq!(nowhere.code, Some(3), "{nowhere}");
    assert_eq!(team.times("adf-qa").await, 3);
    let causes: Vec<_> = team
        .records("qa")
        .iter()
        .map(|record| record["did"]["deployment"]["cause"].clone())
        .collect();
    assert_eq!(causes[2]["rollback"]["to"], 2, "{causes:?}");
    assert_eq!(causes[3]["rollback"]["to"], 4, "{causes:?}");
}

#[test]
fn a_second_deployment_is_refused_and_told_who_has_the_lease() {
    let team = Team::new();
    let slow = json!({"pattern": "PUT */pipelines/greet", "delayMs": 4_000});
    team.emulator.order(&slow);
    let first = team.program(&["deploy"]).start();
    first.until_stderr_has("pipeline.long");

    let second = team.call(&["deploy"]);
    let shown = team.succeeds(&["lease", "show"]);
    let unbroken = team.call(&["lease", "break"]);
    let first = first.end();

    assert_eq!(second.code, Some(3), "{second}");
    assert!(second.stderr.contains("`local` is held by ada"), "{second}");
    assert!(
        second
            .stderr
            .contains("dataops lease break --env local --holder "),
        "{second}"
    );
    assert!(
        shown.stdout.starts_with("ada has the lease of local\n"),
        "{shown}"
    );
    assert_eq!(unbroken.code, Some(3), "{unbroken}");
    assert_eq!(first.code, Some(0), "{first}");
    let free = team.succeeds(&["lease", "show"]);
    assert_eq!(free.stdout, "nobody has the lease of local\n");
    assert_eq!(team.records("local").len(), 1);
}

#[test]
fn advised_commands_name_the_place_that_was_named_for_records() {
    let team = Team::new();
    let place = team.path().join("elsewhere");
    let place = place.to_str().unwrap();
    let slow = json!({"pattern": "PUT */pipelines/greet", "delayMs": 4_000});
    team.emulator.order(&slow);
    let first = team.program(&["deploy", "--records", place]).start();
    first.until_stderr_has("pipeline.long");

    let second = team.call(&["deploy", "--records", place]);
    let first = first.end();
    let nothing = team.call(&["promote", "--env", "uat", "--records", place]);

    assert_eq!(first.code, Some(0), "{first}");
    let lease = format!("dataops lease break --env local --records {place} --holder ");
    assert!(second.stderr.contains(&lease), "{second}");
    let deploy = format!("dataops deploy --env qa --records {place} --bundle DIR");
    assert!(nothing.stderr.contains(&deploy), "{nothing}");
}

#[cfg(target_os = "linux")]
#[test]
fn the_lease_of_a_killed_deployment_keeps_nobody_waiting_on_its_machine() {
    let team = Team::new();
    let slow = json!({"pattern": "PUT */pipelines/greet", "delayMs": 60_000, "times": 1});
    team.emulator.order(&slow);
    let first = team.program(&["deploy"]).start();
    first.until_stderr_has("pipeline.long");
    first.kill();
    team.emulator.forget_faults();

    let second = team.succeeds(&["deploy"]);

    assert!(
        second
            .stderr
            .contains("ada did not give back the lease of `local`"),
        "{second}"
    );
    assert!(
        second.stderr.contains("(record 1 of local) did not end"),
        "{second}"
    );
    let audited = team.succeeds(&["audit"]);
    let killed = "begun, and not ended: it was killed, or goes on";
    assert!(audited.stdout.contains(killed), "{audited}");
    team.succeeds(&["drift"]);
}

#[test]
fn a_test_is_recorded_when_asked_for_also_when_it_cannot_be_made() {
    let team = Team::new();
    let args = ["test", "--run-id", "none", "--record"];
    let plain = team.call(&args[..3]);
    let recorded = team.call(&args);

    assert_eq!(recorded.code, plain.code, "{recorded}");
    let records = team.records("local");
    assert_eq!(records.len(), 1, "{records:?}");
    assert_eq!(records[0]["did"]["test"]["name"], "contract");
    assert_eq!(records[0]["did"]["test"]["outcome"], "error");
}

#[tokio::test]
async fn no_secret_is_in_what_is_kept() {
    let team = Team::new();
    let settings = SETTINGS.replace(
        "dataFactory: adf-qa,",
        "dataFactory: adf-qa, overrides: { linkedService.Store.typeProperties.connectionString: { secret: '${STORE}' }, \
         pipeline.greet.parameters.who.defaultValue: { secret: '${STORE}' } },",
    );
    write(team.path(), "dataops.yaml", &settings);
    let store = json!({"name": "Store", "properties": {"type": "AzureSqlDatabase",
        "typeProperties": {"connectionString": "Server=s"}}});
    write(
        team.path(),
        "adf/linkedService/Store.json",
        &store.to_string(),
    );
    team.succeeds(&["build", "--out", "out"]);
    let args = ["deploy", "--env", "qa", "--bundle", "out"];
    let canary = "Server=s;Password=c4n4ry";

    let ended = team.program(&args).env("STORE", canary).run();

    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(!ended.to_string().contains("c4n4ry"), "{ended}");
    let mut open = vec![team.path().join("records")];
    let mut files = 0;
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            files += 1;
            let bytes = fs::read(&path).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("c4n4ry"), "{}", path.display());
        }
    }
    assert!(files > 8, "{files}");
    // What was edited by hand beside it is told, and the secret is not.
    let pipelines = team.emulator.client("adf-qa").pipelines();
    let greet = pipelines.get("greet", None).await.unwrap();
    let mut greet = greet.into_model().unwrap().into_json();
    greet["properties"]["parameters"]["times"]["defaultValue"] = 9.into();
    let greet = adf_model::Document::<adf_model::Pipeline>::parse(greet).unwrap();
    pipelines.put("greet", &greet, None).await.unwrap();
    let drifted = team
        .program(&["drift", "--env", "qa"])
        .env("STORE", canary)
        .run();
    assert_eq!(drifted.code, Some(1), "{drifted}");
    assert!(drifted.stdout.contains("pipeline.greet"), "{drifted}");
    assert!(!drifted.to_string().contains("c4n4ry"), "{drifted}");
}
