//! `dataops deploy` and `dataops triggers` as programs: what they do, what they leave alone, and what they say.

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

#[tokio::test]
async fn a_stuck_subscription_ends_with_five_and_is_finished_later() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    let call = |args: &[&str]| dataops(&emulator, folder.path(), args);
    let stuck = json!({"triggerName": "OnDrop", "status": "Provisioning"});
    for action in ["subscribeToEvents", "getEventSubscriptionStatus"] {
        emulator.order(&json!({"pattern": format!("POST */{action}"), "status": 200, "times": 0, "body": stuck}));
    }

    let deployed = call(&["deploy", "--trigger-timeout", "1s"]);
    let status = call(&["triggers", "status"]);
    emulator.forget_faults();
    let restored = call(&["triggers", "restore"]);

    assert_eq!(deployed.code, Some(5), "{deployed}");
    assert!(
        deployed
            .stdout
            .contains("deployed small, but 1 trigger is not in its state: 5 created"),
        "{deployed}"
    );
    let words = "subscribing trigger `OnDrop` to its events took longer than 1s; its subscription is Provisioning";
    assert!(deployed.stdout.contains(words), "{deployed}");
    assert!(
        status.stdout.contains("was not finished has stopped it"),
        "{status}"
    );
    assert_eq!(restored.code, Some(0), "{restored}");
    assert_eq!(
        state_of(&emulator, "OnDrop").await.as_deref(),
        Some("Started")
    );
    let again = call(&["triggers", "restore"]);
    assert!(
        again.stderr.contains("no deployment has left a journal"),
        "{again}"
    );
}

#[tokio::test]
async fn a_trigger_that_takes_too_long_is_told_with_what_the_service_says() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    let message = "Resource cannot be updated during provisioning";
    emulator.order(
        &json!({"pattern": "POST */triggers/OnDrop/start", "status": 400, "times": 0,
        "body": {"error": {"code": "BadRequest", "message": message}}}),
    );

    let deployed = dataops(
        &emulator,
        folder.path(),
        &["deploy", "--trigger-timeout", "1s"],
    );

    assert_eq!(deployed.code, Some(5), "{deployed}");
    let words = "starting trigger `OnDrop` took longer than 1s; the service says: Resource cannot be updated during provisioning; \
                 its subscription is Enabled";
    assert!(deployed.stdout.contains(words), "{deployed}");
}

#[tokio::test]
async fn a_stuck_trigger_keeps_no_other_waiting() {
    let emulator = Emulator::start();
    let (folder, _solution) = wide(Edition::First);
    let stuck = json!({"triggerName": "OnCsv", "status": "Provisioning"});
    for action in ["subscribeToEvents", "getEventSubscriptionStatus"] {
        emulator.order(&json!({"pattern": format!("POST */triggers/OnCsv/{action}"), "status": 200, "times": 0, "body": stuck}));
    }
    let program = Program::dataops(["deploy"])
        .within(folder.path())
        .at(&emulator)
        .start();

    // It depends on another one, and is in a later wave than the one that is stuck.
    let triggers = emulator.client("wide").triggers();
    let triggers = &triggers;
    integration_tests::eventually("a trigger of the second wave", || {
        let has_ended = program.has_ended();
        async move {
            let found = triggers.get("Later", None).await.ok();
            let found = found.and_then(|it| it.into_model().ok());
            let state = found.and_then(|it| it.properties.runtime_state.clone());
            (state.as_deref() == Some("Started") || has_ended).then_some(())
        }
    })
    .await;
    assert!(!program.has_ended(), "{}", program.end());
    program.kill();
}

#[test]
fn a_deployment_that_failed_shows_new_triggers_too() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    emulator.order(
        &json!({"pattern": "PUT */pipelines/greet", "status": 400, "times": 0,
        "body": {"error": {"code": "BadRequest", "message": "not today"}}}),
    );

    for method in ["direct", "arm"] {
        let failed = dataops(&emulator, folder.path(), &["deploy", "--method", method]);

        assert_eq!(failed.code, Some(3), "{failed}");
        let words = "OnDrop    started   absent";
        assert!(failed.stdout.contains(words), "{method}: {failed}");
        let words = "it was not begun, because something before it failed";
        assert!(failed.stdout.contains(words), "{method}: {failed}");
    }
    let status = dataops(&emulator, folder.path(), &["triggers", "restore"]);
    let words = "no deployment has left a journal";
    assert!(status.stderr.contains(words), "{status}");
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

#[tokio::test]
async fn triggers_are_started_and_stopped_by_name() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    let call = |args: &[&str]| dataops(&emulator, folder.path(), args);
    let absent = call(&["triggers", "status"]);
    assert_eq!(call(&["deploy"]).code, Some(0));

    let stopped = call(&["triggers", "stop", "ondrop"]);
    let status = call(&["triggers", "status", "--output", "json"]);
    let started = call(&["triggers", "start", "--all"]);
    let unknown = call(&["triggers", "start", "OnDrap"]);
    let unnamed = call(&["triggers", "start"]);

    assert_eq!(absent.code, Some(3), "{absent}");
    assert_eq!(
        (stopped.code, started.code),
        (Some(0), Some(0)),
        "{stopped}{started}"
    );
    let said: Value = serde_json::from_str(&status.stdout).unwrap();
    assert_eq!(said["triggers"][0]["state"], "stopped");
    assert_eq!(unknown.code, Some(3), "{unknown}");
    assert!(
        unknown.stderr.contains("did you mean `OnDrop`?"),
        "{unknown}"
    );
    assert_eq!(unnamed.code, Some(2), "{unnamed}");
    assert_eq!(
        state_of(&emulator, "OnDrop").await.as_deref(),
        Some("Started")
    );
}

/// A change that stops `OnDrop`, and a PUT that takes its time.
fn slow_change(emulator: &Emulator, folder: &Path) {
    edit(folder, "adf/trigger/OnDrop.json", |trigger| {
        trigger["typeProperties"]["blobPathEndsWith"] = ".json".into();
    });
    emulator.order(&json!({"pattern": "PUT */triggers/*", "delayMs": 3_000}));
}

#[tokio::test]
async fn what_a_deployment_at_work_has_stopped_is_not_restored() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    assert_eq!(dataops(&emulator, folder.path(), &["deploy"]).code, Some(0));
    edit(folder.path(), "adf/trigger/OnDrop.json", |trigger| {
        trigger["typeProperties"]["blobPathEndsWith"] = ".json".into();
    });
    emulator.order(&json!({"pattern": "PUT */triggers/*", "delayMs": 6_000}));
    let program = Program::dataops(["deploy"])
        .within(folder.path())
        .at(&emulator)
        .start();
    program.until_stderr_has("stopping trigger OnDrop");

    let refused = ["restore", "start", "stop"].map(|action| {
        let names: &[&str] = if action == "restore" {
            &[]
        } else {
            &["OnDrop"]
        };
        let call = [&["triggers", action], names].concat();
        dataops(&emulator, folder.path(), &call)
    });
    let ended = program.end();

    for refused in refused {
        assert_eq!(refused.code, Some(3), "{refused}");
        assert!(refused.stderr.contains("`local` is held by"), "{refused}");
    }
    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(
        state_of(&emulator, "OnDrop").await.as_deref(),
        Some("Started")
    );
}

#[cfg(unix)]
#[tokio::test]
async fn an_interrupted_deployment_starts_what_it_stopped() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    assert_eq!(dataops(&emulator, folder.path(), &["deploy"]).code, Some(0));
    slow_change(&emulator, folder.path());
    let program = Program::dataops(["deploy"])
        .within(folder.path())
        .at(&emulator)
        .start();
    program.until_stderr_has("stopping trigger OnDrop");

    program.interrupt();
    let ended = program.end();

    assert_eq!(ended.code, Some(130), "{ended}");
    assert!(
        ended
            .stderr
            .contains("triggers that were stopped are started"),
        "{ended}"
    );
    assert_eq!(
        state_of(&emulator, "OnDrop").await.as_deref(),
        Some("Started")
    );
    let restored = dataops(&emulator, folder.path(), &["triggers", "restore"]);
    assert!(
        restored.stderr.contains("no deployment has left a journal"),
        "{restored}"
    );
}

#[tokio::test]
async fn what_a_killed_deployment_stopped_is_restored_from_elsewhere() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    assert_eq!(dataops(&emulator, folder.path(), &["deploy"]).code, Some(0));
    slow_change(&emulator, folder.path());
    let program = Program::dataops(["deploy"])
        .within(folder.path())
        .at(&emulator)
        .start();
    program.until_stderr_has("stopping trigger OnDrop");
    integration_tests::eventually("the trigger's PUT", || {
        let seen = emulator.faults()[0]["seen"].as_u64();
        std::future::ready((seen == Some(1)).then_some(()))
    })
    .await;
    program.kill();
    assert_eq!(
        state_of(&emulator, "OnDrop").await.as_deref(),
        Some("Stopped")
    );

    let (elsewhere, _solution) = small();
    let keeping = "emulator: true, triggers: { \"*\": keep }";
    let settings = fs::read_to_string(elsewhere.path().join("dataops.yaml")).unwrap();
    let settings = settings.replace("emulator: true", keeping);
    fs::write(elsewhere.path().join("dataops.yaml"), settings).unwrap();
    let planned = dataops(&emulator, elsewhere.path(), &["plan", "--exit-code"]);
    let status = dataops(&emulator, elsewhere.path(), &["triggers", "status"]);
    let restored = dataops(&emulator, elsewhere.path(), &["triggers", "restore"]);

    assert_eq!(planned.code, Some(1), "{planned}");
    let words =
        "trigger.OnDrop: → started: an earlier deployment has stopped it and was not finished";
    assert!(planned.stdout.contains(words), "{planned}");
    assert!(
        status.stdout.contains("was not finished has stopped it"),
        "{status}"
    );
    assert_eq!(restored.code, Some(0), "{restored}");
    assert_eq!(
        state_of(&emulator, "OnDrop").await.as_deref(),
        Some("Started")
    );
}

#[tokio::test]
async fn what_somebody_else_creates_during_a_deployment_is_not_overwritten() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    let factory = emulator.client("small");
    emulator.order(&json!({"pattern": "PUT */pipelines/greet", "delayMs": 2_000}));
    let program = Program::dataops(["deploy"])
        .within(folder.path())
        .at(&emulator)
        .start();
    integration_tests::eventually("our PUT", || {
        let seen = emulator.faults()[0]["seen"].as_u64();
        std::future::ready((seen == Some(1)).then_some(()))
    })
    .await;
    // The trigger comes after the pipelines.
    let theirs = json!({"name": "OnDrop", "properties": {"type": "ScheduleTrigger", "description": "theirs",
        "typeProperties": {"recurrence": {"frequency": "Day", "interval": 1}}}});
    let theirs = adf_model::Document::<adf_model::Trigger>::parse(theirs).unwrap();
    let triggers = factory.triggers();
    triggers.put("OnDrop", &theirs, None).await.unwrap();
    let ended = program.end();

    assert_eq!(ended.code, Some(3), "{ended}");
    let words = "trigger.OnDrop was created by somebody else since the plan was made";
    assert!(ended.stdout.contains(words), "{ended}");
    let now = triggers.get("OnDrop", None).await.unwrap();
    let now = now.into_model().unwrap();
    assert_eq!(now.json()["properties"]["description"], "theirs");
}

#[tokio::test]
async fn somebody_elses_change_during_a_deployment_is_not_overwritten() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    assert_eq!(dataops(&emulator, folder.path(), &["deploy"]).code, Some(0));
    edit(folder.path(), "adf/pipeline/greet.json", |greet| {
        greet["description"] = "ours".into();
    });
    // The first PUT is told that another version is there, as it is when somebody was faster.
    let factory = emulator.client("small");
    emulator.order(&json!({"pattern": "PUT */pipelines/greet", "delayMs": 2_000}));
    let program = Program::dataops(["deploy"])
        .within(folder.path())
        .at(&emulator)
        .start();
    integration_tests::eventually("our PUT", || {
        let seen = emulator.faults()[0]["seen"].as_u64();
        std::future::ready((seen == Some(1)).then_some(()))
    })
    .await;
    let theirs =
        json!({"name": "greet", "properties": {"description": "theirs", "activities": []}});
    let theirs = adf_model::Document::<adf_model::Pipeline>::parse(theirs).unwrap();
    factory
        .pipelines()
        .put("greet", &theirs, None)
        .await
        .unwrap();
    let ended = program.end();

    assert_eq!(ended.code, Some(3), "{ended}");
    let words = "pipeline.greet was changed by somebody else since the plan was made";
    assert!(ended.stdout.contains(words), "{ended}");
    let now = factory
        .pipelines()
        .get("greet", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    assert_eq!(now.json()["properties"]["description"], "theirs");
}
