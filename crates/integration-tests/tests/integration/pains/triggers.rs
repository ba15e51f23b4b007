//! Triggers around a deployment.

use integration_tests::{Counter, Edition};
use serde_json::{Value, json};

use super::{Drill, assert_says};

fn listens_for_other_files(drill: &Drill) {
    drill.edit("adf/trigger/OnCsv.json", |trigger| {
        trigger["typeProperties"]["blobPathEndsWith"] = ".parquet".into();
    });
}

#[test]
fn pain_02_triggers_stay_stopped_after_a_deployment_that_failed() {
    let drill = Drill::wide(Edition::First);
    drill.succeeds(&["deploy"]);
    listens_for_other_files(&drill);
    drill.refuses("PUT */triggers/OnCsv", 1, "BadRequest", "not today");

    let stops = Counter::of(&drill.emulator, "POST */triggers/OnCsv/stop");
    let failed = drill.call(&["deploy"]);

    assert_eq!(failed.code, Some(3), "{failed}");
    assert_eq!(stops.count(), 1);
    assert_says(&failed, &["stopping trigger OnCsv", "not today"]);
    for trigger in ["OnCsv", "OnSame", "Hourly", "Steady", "Windows", "Later"] {
        assert_eq!(drill.state(trigger), "Started", "{trigger}");
    }
}

#[test]
fn pain_02_a_window_that_is_created_anew_runs_again_after_a_deployment_that_failed_in_between() {
    let drill = Drill::wide(Edition::First);
    drill.succeeds(&["deploy"]);
    drill.settings(
        "emulator: true,",
        "emulator: true, triggers: { \"*\": keep },",
    );
    drill.edit("adf/trigger/Later.json", |trigger| {
        trigger["typeProperties"]["interval"] = 7.into();
    });
    drill.refuses("PUT */triggers/Later", 1, "BadRequest", "not today");

    let failed = drill.call(&["deploy", "--consent", "tumbling-window-lineage"]);
    let missing = drill.call(&["triggers", "restore"]);
    drill.succeeds(&["deploy"]);

    assert_eq!(failed.code, Some(3), "{failed}");
    let told = "1 resource is missing, deleted and not created anew: trigger.Later; deploy again, which creates it";
    assert_says(&failed, &["not today", told]);
    assert_eq!(missing.code, Some(5), "{missing}");
    assert_says(&missing, &["Later"]);
    assert_eq!(drill.state("Later"), "Started");
}

#[test]
fn pain_02_a_window_that_is_created_anew_stays_where_something_before_it_fails() {
    let drill = Drill::wide(Edition::First);
    drill.succeeds(&["deploy"]);
    for (file, interval) in [("Later", 7), ("Windows", 10)] {
        let path = format!("adf/trigger/{file}.json");
        drill.edit(&path, |it| {
            it["typeProperties"]["interval"] = interval.into();
        });
    }
    drill.edit("adf/pipeline/flow1.json", |flow| {
        flow["description"] = "another".into();
    });
    drill.refuses("PUT */pipelines/flow1", 1, "BadRequest", "not today");

    let deploy = ["deploy", "--consent", "tumbling-window-lineage"];
    let removals = Counter::of(&drill.emulator, "DELETE */triggers/*");

    let failed = drill.call(&deploy);
    let removed = removals.count();
    let states = ["Later", "Windows"].map(|name| drill.state(name));
    let again = drill.counts("DELETE */triggers/*", || drop(drill.succeeds(&deploy)));

    assert_eq!(failed.code, Some(3), "{failed}");
    assert_says(&failed, &["stopping trigger Later", "not today"]);
    assert_eq!(removed, 0);
    assert_eq!(states, ["Started", "Started"]);
    assert_eq!(again, 2);
    assert_eq!(drill.state("Later"), "Started");
}

#[test]
fn pain_02_windows_that_were_deleted_and_whose_creation_was_not_begun_are_told_as_missing() {
    let drill = Drill::wide(Edition::First);
    drill.succeeds(&["deploy"]);
    for (file, interval) in [("Later", 7), ("Windows", 10)] {
        let path = format!("adf/trigger/{file}.json");
        drill.edit(&path, |it| {
            it["typeProperties"]["interval"] = interval.into();
        });
    }
    listens_for_other_files(&drill);
    let arm = ["deploy", "--method", "arm", "--output", "json"];
    let deploy = [arm.as_slice(), &["--consent", "tumbling-window-lineage"]].concat();
    drill.refuses("PUT */deployments/*", 1, "BadRequest", "not today");

    let failed = drill.call(&deploy);
    let live =
        ["/triggers/Later", "/triggers/Windows", "/triggers/OnCsv"].map(|it| drill.is_live(it));
    drill.succeeds(&deploy);

    assert_eq!(failed.code, Some(3), "{failed}");
    assert_says(&failed, &["not today"]);
    let told: Value = serde_json::from_str(&failed.stdout).unwrap();
    let resources = told["factory"]["resources"].as_array().unwrap().iter();
    let mut told: Vec<_> = resources
        .map(|it| [&it["resource"], &it["status"], &it["missing"]].map(Value::to_string))
        .collect();
    told.sort();
    let gone = |name: &str| {
        [
            format!("\"trigger.{name}\""),
            "\"failed\"".into(),
            "true".into(),
        ]
    };
    let left = ["\"trigger.OnCsv\"", "\"skipped\"", "null"].map(str::to_owned);
    assert_eq!(told, [gone("Later"), left, gone("Windows")]);
    assert_eq!(live, [false, false, true]);
    assert_eq!(drill.state("Later"), "Started");
}

#[test]
fn pain_03_an_event_trigger_that_refuses_to_start_while_it_is_provisioned() {
    let drill = Drill::small();
    let message = "Resource cannot be updated during provisioning";
    drill.refuses("POST */triggers/OnDrop/start", 2, "BadRequest", message);
    let status = json!({"triggerName": "OnDrop", "status": "Provisioning"});
    drill.emulator.order(&json!({
        "pattern": "POST */getEventSubscriptionStatus", "status": 200, "times": 2, "body": status}));

    drill.succeeds(&["deploy"]);

    assert_eq!(drill.state("OnDrop"), "Started");
}

#[test]
fn pain_04_all_triggers_are_stopped_although_one_changed() {
    let drill = Drill::wide(Edition::First);
    drill.succeeds(&["deploy"]);
    listens_for_other_files(&drill);

    let stops = drill.counts("POST */stop", || drop(drill.succeeds(&["deploy"])));

    assert_eq!(stops, 1);
}

#[test]
fn pain_05_the_environment_says_which_triggers_run() {
    let drill = Drill::wide(Edition::First);
    drill.succeeds(&["deploy"]);
    drill.succeeds(&["triggers", "stop", "Steady"]);
    let policy = "triggers: { \"*\": keep, Hourly: \"off\", Asleep: \"on\" },";
    drill.settings("emulator: true,", &format!("emulator: true, {policy}"));

    let planned = drill.succeeds(&["plan"]);
    drill.succeeds(&["deploy"]);

    for trigger in ["Hourly", "Asleep"] {
        assert!(
            planned.stdout.contains(&format!("trigger.{trigger}: ")),
            "{planned}"
        );
    }
    let states = ["Hourly", "Asleep", "Steady", "OnCsv"].map(|name| drill.state(name));
    assert_eq!(states, ["Stopped", "Started", "Stopped", "Started"]);
}
