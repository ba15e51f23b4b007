//! `invoke-adf-pipeline` in place of `Invoke-ADFPipeline.ps1`.

use integration_tests::{Emulator, Ended, Program, eventually, small};
use serde_json::Value;

async fn emulator() -> Emulator {
    let (_folder, solution) = small();
    let emulator = Emulator::start();
    emulator.deploy(&solution).await;
    emulator
}

fn invoke(emulator: &Emulator, args: &[&str]) -> Program {
    Program::invoke_adf_pipeline(args).at(emulator)
}

/// The value of the pipeline variable that a step sets.
fn run_id(ended: &Ended) -> String {
    let command = "##vso[task.setvariable variable=AdfPipeline.RunId]";
    let found: Vec<_> = ended
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix(command))
        .collect();
    assert_eq!(found.len(), 1, "{ended}");
    found[0].to_owned()
}

/// Lines that Azure Pipelines or GitHub would take for a command.
fn commands(ended: &Ended) -> Vec<&str> {
    let lines = ended.stdout.lines().chain(ended.stderr.lines());
    lines
        .filter(|line| {
            line.contains("##vso[") || line.contains("##[") || line.trim_start().starts_with("::")
        })
        .collect()
}

#[tokio::test]
async fn the_parameters_of_the_script_and_of_gnu_do_the_same() {
    let emulator = emulator().await;
    let spellings: [&[&str]; 4] = [
        &[
            "-ResourceGroupName",
            "local",
            "-DataFactoryName",
            "small",
            "-PipelineName",
            "greet",
        ],
        &[
            "-resourcegroupname:local",
            "-datafactoryname:small",
            "-PIPELINENAME:greet",
        ],
        &[
            "--resource-group",
            "local",
            "--factory",
            "small",
            "--pipeline",
            "greet",
        ],
        &["-g", "local", "-f", "small", "--pipeline=greet"],
    ];
    for args in spellings {
        let ended = invoke(&emulator, args).run();

        assert_eq!(ended.code, Some(0), "{args:?}: {ended}");
        assert!(ended.stdout.contains("Succeeded"), "{args:?}: {ended}");
        assert_eq!(commands(&ended), [] as [&str; 0], "there is no CI system");
    }
    assert_eq!(emulator.state()["pipelineRuns"]["Succeeded"], 4);
}

#[tokio::test]
async fn a_step_of_azure_pipelines_sets_the_run_id() {
    let emulator = emulator().await;

    let ended = invoke(
        &emulator,
        &["-g", "local", "-f", "small", "--pipeline", "greet"],
    )
    .env("TF_BUILD", "True")
    .run();

    assert_eq!(ended.code, Some(0), "{ended}");
    let run = emulator
        .client("small")
        .runs()
        .get(&run_id(&ended), None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    assert_eq!(run.pipeline_name, "greet");
}

#[tokio::test]
async fn a_failed_run_is_exit_code_1_and_its_text_forges_no_command() {
    let emulator = emulator().await;
    let args = ["-g", "local", "-f", "small", "--pipeline", "broken"];

    let azure = invoke(&emulator, &args).env("TF_BUILD", "True").run();
    let github = invoke(&emulator, &args).env("GITHUB_ACTIONS", "true").run();
    let quiet = invoke(&emulator, &args)
        .args(["--quiet", "--output", "json"])
        .env("TF_BUILD", "True")
        .run();

    for ended in [&azure, &github, &quiet] {
        assert_eq!(ended.code, Some(1), "{ended}");
        assert!(ended.stdout.contains("no luck"), "{ended}");
    }
    let ours = [
        "##vso[task.setvariable variable=AdfPipeline.RunId]",
        "##[group]run ",
        "##[endgroup]",
        "::group::run ",
        "::endgroup::",
        "##vso[task.logissue type=error]invoke-adf-pipeline: ",
        "::error::invoke-adf-pipeline: ",
    ];
    for ended in [&azure, &github, &quiet] {
        for command in commands(ended) {
            let known = ours.iter().any(|ours| command.starts_with(ours));
            // Azure Pipelines looks for its commands anywhere in a line.
            let alone = command.matches("##").count() <= 1;
            assert!(known && alone, "forged: {command}\n{ended}");
        }
    }
}

#[tokio::test]
async fn parameters_are_read_as_the_pipeline_declares_them() {
    let emulator = emulator().await;
    let args = [
        "-g",
        "local",
        "-f",
        "small",
        "--pipeline",
        "greet",
        "-p",
        "who=a=b",
        "-p",
        "TIMES=3",
        "--output",
        "json",
    ];

    let ended = invoke(&emulator, &args).run();

    assert_eq!(ended.code, Some(0), "{ended}");
    let run: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(run["parameters"]["who"], "a=b");
    assert_eq!(
        run["parameters"]["times"], "3",
        "the service gives all values as text"
    );
}

#[tokio::test]
async fn a_run_that_somebody_else_cancels_is_exit_code_1() {
    let emulator = emulator().await;
    let program = invoke(
        &emulator,
        &["-g", "local", "-f", "small", "--pipeline", "long"],
    )
    .env("TF_BUILD", "True")
    .start();
    program.until_stderr_has("linger");
    let run = run_id(&program.so_far());

    emulator
        .client("small")
        .runs()
        .cancel(&run, None)
        .await
        .unwrap();
    let ended = tokio::task::spawn_blocking(|| program.end()).await.unwrap();

    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(ended.stdout.contains("Cancelled"), "{ended}");
}

#[tokio::test]
async fn a_lost_answer_to_the_start_is_told_and_starts_no_second_run() {
    let emulator = emulator().await;
    emulator.order_once("POST */createRun", 500, true);

    let ended = invoke(
        &emulator,
        &["-g", "local", "-f", "small", "--pipeline", "greet"],
    )
    .run();

    assert_eq!(ended.code, Some(3), "{ended}");
    assert!(
        ended.stderr.contains("pipeline `greet` was not started")
            || ended.stderr.contains("may have been started"),
        "{ended}"
    );
    let ended_runs = eventually("the one run", || async {
        let runs = emulator.state()["pipelineRuns"].clone();
        (runs["Succeeded"] == 1).then_some(runs)
    })
    .await;
    assert_eq!(ended_runs.as_object().unwrap().len(), 1, "{ended_runs}");
}

#[tokio::test]
async fn a_service_that_fails_for_a_while_is_outlasted() {
    let emulator = emulator().await;
    for status in [429, 503] {
        emulator.order_once("GET */pipelineruns/*", status, false);
    }
    emulator.order_once("POST */createRun", 429, false);

    let ended = invoke(
        &emulator,
        &["-g", "local", "-f", "small", "--pipeline", "greet"],
    )
    .run();

    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(emulator.state()["pipelineRuns"]["Succeeded"], 1);
}

#[test]
fn what_is_missing_is_named_without_asking_any_service() {
    let none = Program::invoke_adf_pipeline([] as [&str; 0]).run();
    let lacking =
        Program::invoke_adf_pipeline(["-ResourceGroupName", "rg", "-PipelineName", "p"]).run();
    let subscription =
        Program::invoke_adf_pipeline(["-g", "rg", "-f", "f", "--pipeline", "p"]).run();

    assert_eq!(
        [none.code, lacking.code, subscription.code],
        [Some(2); 3],
        "{none}\n{lacking}\n{subscription}"
    );
    assert!(lacking.stderr.contains("--factory"), "{lacking}");
    assert!(
        subscription
            .stderr
            .contains("the subscription is not known"),
        "{subscription}"
    );
    assert!(
        subscription.stderr.contains("AZURE_SUBSCRIPTION_ID"),
        "{subscription}"
    );
}
