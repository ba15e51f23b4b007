//! What a deployment has stopped that is at work, interrupted or killed.

use super::*;

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
