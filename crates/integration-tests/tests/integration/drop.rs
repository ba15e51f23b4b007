//! `dataops drop`, `dataops run` and `dataops test` on the small solution.

use integration_tests::{Emulator, Program, small, write};
use serde_json::Value;

#[tokio::test]
async fn a_dropped_file_is_waited_for_until_its_run_has_ended() {
    let (folder, solution) = small();
    let emulator = Emulator::start();
    emulator.deploy(&solution).await;
    write(folder.path(), "claims.csv", "a\n1\n");

    let ended = Program::dataops(["drop", "claims.csv", "--wait", "--output", "json"])
        .within(folder.path())
        .at(&emulator)
        .run();

    assert_eq!(ended.code, Some(0), "{ended}");
    let report: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(
        (&report["container"], &report["blob"], &report["bytes"]),
        (&"input".into(), &"claims.csv".into(), &4.into())
    );
    assert_eq!(report["run"]["status"], "Succeeded");
    assert_eq!(report["run"]["invokedBy"], "OnDrop");
    assert_eq!(report["run"]["parameters"]["who"], "claims.csv");
}

#[tokio::test]
async fn a_file_that_no_trigger_listens_to_is_waited_for_as_long_as_asked_and_told() {
    let (folder, solution) = small();
    let emulator = Emulator::start();
    emulator.deploy(&solution).await;
    write(folder.path(), "notes.txt", "hello");

    let ended = Program::dataops(["drop", "notes.txt", "--as", "a/b.txt", "--timeout", "1s"])
        .within(folder.path())
        .at(&emulator)
        .run();

    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(
        ended.stderr.contains("input/a/b.txt is uploaded"),
        "{ended}"
    );
    assert!(
        ended
            .stderr
            .contains("no trigger has started pipeline `greet`"),
        "{ended}"
    );
    assert!(ended.stderr.contains("blobPathEndsWith"), "{ended}");
}

#[tokio::test]
async fn a_trigger_that_the_factory_does_not_have_is_refused_and_nothing_is_dropped() {
    let (folder, solution) = small();
    let settings = std::fs::read_to_string(folder.path().join("dataops.yaml")).unwrap();
    let settings = settings.replace("trigger: OnDrop", "trigger: OnDorp");
    write(folder.path(), "dataops.yaml", &settings);
    write(folder.path(), "claims.csv", "a\n1\n");
    let emulator = Emulator::start();

    let ended = Program::dataops(["drop", "claims.csv"])
        .within(folder.path())
        .at(&emulator)
        .run();

    assert_eq!(ended.code, Some(2), "{ended}");
    for said in [
        "error: there is no trigger `OnDorp` in factory `small`",
        " 5 | trigger: OnDorp",
        "hint: did you mean `OnDrop`?",
        "hint: `trigger` of dataops.yaml names it; nothing was dropped",
    ] {
        assert!(ended.stderr.contains(said), "no `{said}`\n{ended}");
    }
    let storage = emulator.connection(&solution).storage().unwrap();
    assert!(storage.list("input", "").await.unwrap().is_empty());
}

#[test]
fn the_local_environment_needs_no_emulator_of_its_own() {
    let (folder, _) = small();
    write(folder.path(), "claims.csv", "a\n1\n");
    let dataops = |args: &[&str]| Program::dataops(args).within(folder.path()).run();

    let dropped = dataops(&["drop", "claims.csv"]);
    let run = dataops(&["run", "-p", "who=you"]);
    let failed = dataops(&["run", "--pipeline", "broken"]);

    assert_eq!(dropped.code, Some(0), "{dropped}");
    assert!(dropped.stdout.contains("Succeeded"), "{dropped}");
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(failed.code, Some(1), "{failed}");
    assert!(failed.stdout.contains("no luck"), "{failed}");
}

#[tokio::test]
async fn a_report_is_written_as_html_and_runs_nothing() {
    let (folder, solution) = small();
    let emulator = Emulator::start();
    emulator.deploy(&solution).await;

    let ended = Program::dataops([
        "run",
        "-p",
        "who=<script>alert(1)</script>",
        "--report",
        "report.html",
    ])
    .within(folder.path())
    .at(&emulator)
    .run();

    assert_eq!(ended.code, Some(0), "{ended}");
    let page = std::fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(page.contains("greet") && page.contains("<svg"), "{page}");
    assert!(!page.contains("<script"), "{page}");
}
