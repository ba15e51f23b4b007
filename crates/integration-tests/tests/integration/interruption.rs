//! Ctrl-C: exit code 130, and a word on what goes on without the program.

use integration_tests::{Emulator, Program, small};

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
