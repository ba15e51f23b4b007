//! A smoke test that is ended.

use super::*;

#[tokio::test]
async fn a_run_that_takes_too_long_is_cancelled() {
    let emulator = Emulator::start();
    let folder = solution("{ pipeline: long, input: canary.txt, limits: { time: 2s } }");

    let late = dataops(&emulator, folder.path(), &["deploy"]);

    assert_eq!(late.code, Some(1), "{late}");
    assert!(
        late.stdout
            .contains("it took longer than 2s, and was cancelled"),
        "{late}"
    );
    assert_eq!(blobs(&emulator, folder.path()).await, Vec::<String>::new());
}

#[tokio::test]
async fn too_many_activities_end_the_run() {
    let emulator = Emulator::start();
    let folder = solution("{ pipeline: long, limits: { activityRuns: 0 } }");

    let dear = dataops(&emulator, folder.path(), &["deploy"]);

    assert_eq!(dear.code, Some(1), "{dear}");
    assert!(
        dear.stdout.contains("few activities run   1 ran, 0 may"),
        "{dear}"
    );
    assert!(
        dear.stdout
            .contains("was cancelled, because it passed a limit of `smoke.limits`"),
        "{dear}"
    );
}

#[tokio::test]
async fn an_interrupted_test_cancels_its_run_and_removes_what_it_made() {
    let emulator = Emulator::start();
    let folder = solution("{ pipeline: long, input: canary.txt }");
    assert_eq!(
        dataops(&emulator, folder.path(), &["deploy", "--no-smoke"]).code,
        Some(0)
    );
    let program = Program::dataops(["smoke"])
        .within(folder.path())
        .at(&emulator)
        .start();
    program.until_stderr_has("linger");

    program.interrupt();
    let ended = program.end();

    assert_eq!(ended.code, Some(130), "{ended}");
    assert!(
        ended
            .stdout
            .contains("was cancelled, because the smoke test was interrupted"),
        "{ended}"
    );
    assert_eq!(blobs(&emulator, folder.path()).await, Vec::<String>::new());
    let smoked = smoked(&emulator, folder.path());
    assert!(smoked[0].to_string().contains("\"error\""), "{smoked:?}");
    assert!(
        smoked[0].to_string().contains("\"interrupted\":true"),
        "{smoked:?}"
    );
    let runs = dataops(&emulator, folder.path(), &["deploy", "--no-smoke"]);
    assert_eq!(runs.code, Some(0), "{runs}");
}
