//! Ctrl-C: exit code 130, and a word on what goes on without the program.

use std::os::unix::fs::PermissionsExt as _;

use integration_tests::{Emulator, Program, eventually, small, write};
use serde_json::json;

#[tokio::test]
async fn an_interrupted_watch_says_that_the_run_goes_on() {
    let (folder, solution) = small();
    let emulator = Emulator::start();
    emulator.deploy(&solution).await;
    let program = Program::dataops(["run", "--pipeline", "long"])
        .within(folder.path())
        .at(&emulator)
        .start();
    program.until_stderr_has("linger");

    program.interrupt();
    let ended = program.end();

    assert_eq!(ended.code, Some(130), "{ended}");
    assert!(ended.stderr.contains("error: interrupted"), "{ended}");
    assert!(ended.stderr.contains("goes on in its factory"), "{ended}");
    assert_eq!(emulator.state()["pipelineRuns"]["InProgress"], 1);
}

#[test]
fn a_local_run_is_cancelled_when_its_program_is_interrupted() {
    let (folder, _) = small();
    let program = Program::dataops(["run", "--pipeline", "long"])
        .within(folder.path())
        .start();
    program.until_stderr_has("linger");

    program.interrupt();
    let ended = program.end();

    assert_eq!(ended.code, Some(130), "{ended}");
    assert!(
        ended
            .stderr
            .contains("was cancelled, its local Azure ends here"),
        "{ended}"
    );
    let data = folder.path().join(".dataops/local");
    let emulator = Emulator::start_in(&data, &[], &[]);
    assert_eq!(emulator.state()["pipelineRuns"], json!({"Cancelled": 1}));
}

#[tokio::test]
async fn who_is_interrupted_while_signing_in_has_started_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let asked = folder.path().join("asked");
    let az = format!("#!/bin/sh\n: > '{}'\nexec sleep 60\n", asked.display());
    write(folder.path(), "az", &az);
    let path = folder.path().join("az");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let program = Program::invoke_adf_pipeline(["-g", "rg", "-f", "adf", "--pipeline", "ingest"])
        .args(["--subscription", "11111111-1111-1111-1111-111111111111"])
        .env("PATH", format!("{}:/usr/bin:/bin", folder.path().display()))
        .start();
    eventually("the question to the Azure CLI", || async {
        asked.exists().then_some(())
    })
    .await;
    program.until_stderr_has("signing in by azure-cli; there is no answer yet");

    program.interrupt();
    let ended = program.end();

    assert_eq!(ended.code, Some(130), "{ended}");
    let said = "error: interrupted: nothing was started, signing in had not ended";
    assert!(ended.stderr.contains(said), "{ended}");
}

#[tokio::test]
async fn an_interrupted_step_says_so_to_the_ci_system() {
    let (_folder, solution) = small();
    let emulator = Emulator::start();
    emulator.deploy(&solution).await;
    let program =
        Program::invoke_adf_pipeline(["-g", "local", "-f", "small", "--pipeline", "long"])
            .at(&emulator)
            .env("TF_BUILD", "True")
            .start();
    program.until_stderr_has("linger");

    program.interrupt();
    let ended = program.end();

    assert_eq!(ended.code, Some(130), "{ended}");
    assert!(
        ended
            .stdout
            .contains("##vso[task.logissue type=error]invoke-adf-pipeline: interrupted"),
        "{ended}"
    );
}
