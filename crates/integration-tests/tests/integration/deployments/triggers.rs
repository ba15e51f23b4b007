//! Triggers that do not start, and those that somebody starts and stops.

use super::*;

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
