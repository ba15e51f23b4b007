//! What the deployments have created that somebody goes back from: it runs no more, and goes when that is asked for.

use integration_tests::write;
use serde_json::{Value, json};

use super::Team;

/// What the triggers of `local` are, by name.
async fn triggers(team: &Team) -> Vec<(String, String)> {
    let client = team.emulator.client("small");
    let mut found = Vec::new();
    for name in ["OnDrop", "everyMinute"] {
        if let Ok(trigger) = client.triggers().get(name, None).await {
            let trigger = trigger.into_model().unwrap().into_json();
            let state = trigger["properties"]["runtimeState"].as_str().unwrap();
            found.push((name.to_owned(), state.to_owned()));
        }
    }
    found
}

fn states(states: &[(&str, &str)]) -> Vec<(String, String)> {
    let states = states.iter();
    let owned = states.map(|(name, state)| ((*name).to_owned(), (*state).to_owned()));
    owned.collect()
}

#[tokio::test]
async fn what_was_created_since_runs_no_more_and_is_listed_with_what_removes_it() {
    let team = Team::new();
    team.set(
        "adf: {",
        "notebooks: { root: notebooks, target: /Shared/small }\nadf: {",
    );
    let notebook = "# Databricks notebook source\nprint(1)\n";
    write(team.path(), "notebooks/first.py", notebook);
    team.build(2, "first");
    team.succeeds(&["deploy", "--bundle", "first"]);
    write(team.path(), "notebooks/second.py", notebook);
    let extra = json!({"name": "extra", "properties": {"activities": []}});
    write(team.path(), "adf/pipeline/extra.json", &extra.to_string());
    let minute = json!({"name": "everyMinute", "properties": {
        "type": "ScheduleTrigger", "runtimeState": "Started",
        "typeProperties": {"recurrence": {"frequency": "Minute", "interval": 1, "startTime": "2099-01-01T00:00:00Z", "timeZone": "UTC"}},
        "pipelines": [{"pipelineReference": {"referenceName": "extra", "type": "PipelineReference"}}]}});
    write(
        team.path(),
        "adf/trigger/everyMinute.json",
        &minute.to_string(),
    );
    team.build(3, "second");
    team.succeeds(&["deploy", "--bundle", "second"]);
    let both = [("OnDrop", "Started"), ("everyMinute", "Started")];
    assert_eq!(triggers(&team).await, states(&both));

    let shown = team.call(&["rollback", "--dry-run"]);
    let back = team.succeeds(&["rollback", "--output", "json"]);

    let why = "trigger.everyMinute: started → stopped: what is undone has created it";
    assert!(shown.stdout.contains(why), "{shown}");
    let stopped = [("OnDrop", "Started"), ("everyMinute", "Stopped")];
    assert_eq!(triggers(&team).await, states(&stopped));
    let told: Value = serde_json::from_str(&back.stdout).unwrap();
    let command =
        "dataops rollback --env local --to 2 --delete-not-in-source --remove-stale-notebooks";
    assert_eq!(
        told["stays"],
        json!({"resources": ["pipeline.extra", "trigger.everyMinute"],
            "notebooks": ["/Shared/small/second"], "command": command})
    );
    team.succeeds(&["drift"]);
    let args: Vec<_> = command.split(' ').skip(1).collect();
    let refused = team.call(&args);
    let removed = team.succeeds(&[args.as_slice(), &["--consent", "mass-delete"]].concat());
    let consent = "--consent mass-delete consents to it";
    assert!(refused.stderr.contains(consent), "{refused}");
    assert!(!removed.stdout.contains("they stay"), "{removed}");
    assert_eq!(triggers(&team).await, states(&stopped[..1]));
}
