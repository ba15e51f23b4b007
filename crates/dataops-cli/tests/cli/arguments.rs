//! Arguments, as GNU and as PowerShell write them.

use crate::environment::{Program, TestEnvironment, shows};
use crate::factory::with_run;

#[tokio::test]
async fn the_spellings_of_powershell_are_taken() {
    let spellings: [&[&str]; 4] = [
        &[
            "-ResourceGroupName",
            "rg",
            "-DataFactoryName",
            "adf",
            "-PipelineName",
            "ingest",
        ],
        &[
            "-resourcegroupname:rg",
            "-DATAFACTORYNAME:adf",
            "-pipelinename:ingest",
        ],
        &[
            "-Res", "rg", "-Data", "adf", "-Pipe", "ingest", "-Timeout", "60",
        ],
        &["--resource-group=rg", "-f", "adf", "--pipeline", "ingest"],
    ];
    for args in spellings {
        let service = with_run(&["Succeeded"]).await;

        let ended = TestEnvironment::at(&service).run(Program::Invoke, args);

        assert_eq!(ended.code, Some(0), "{args:?}: {ended}");
    }
}

#[test]
fn what_is_missing_is_named() {
    let ended = TestEnvironment::new().run(Program::Invoke, &["-ResourceGroupName", "rg"]);

    shows!(ended.refused(2), @r#"
    exit: 2
    ----- stdout
    ----- stderr
    error: the following required arguments were not provided:
      --factory <NAME>
      --pipeline <NAME>

    Usage: invoke-adf-pipeline --resource-group <NAME> --factory <NAME> --pipeline <NAME>

    For more information, try '--help'.
    "#);
}

#[test]
fn a_row_of_letters_is_no_way_around_a_run() {
    for unknown in ["-Version", "-WhatIf", "-help"] {
        let arguments = ["-ResourceGroupName", "rg", "-PipelineName", "p", unknown];
        TestEnvironment::new()
            .run(Program::Invoke, &arguments)
            .refused(2)
            .says(&format!("there is no parameter `{unknown}`"));
    }
    for empty in ["-ResourceGroupName", "-DataFactoryName", "-PipelineName"] {
        let arguments = ["-g", "rg", "-f", "f", "--pipeline", "p", empty, ""];
        let ended = TestEnvironment::new().run(Program::Invoke, &arguments);
        assert_eq!(ended.code, Some(2), "{ended}");
    }
}

#[test]
fn a_parameter_that_nobody_knows_is_named() {
    let ended = TestEnvironment::new().run(
        Program::Invoke,
        &[
            "-ResourceGroupName",
            "rg",
            "-Bogus",
            "x",
            "-PipelineName",
            "p",
        ],
    );

    shows!(ended.refused(2), @r#"
    exit: 2
    ----- stdout
    ----- stderr
    error: there is no parameter `-Bogus`; there are -ResourceGroupName, -DataFactoryName, -PipelineName, -SubscriptionId, -Parameter, -Timeout

    Usage: invoke-adf-pipeline [OPTIONS] --resource-group <NAME> --factory <NAME> --pipeline <NAME>

    For more information, try '--help'.
    "#);
}

#[test]
fn the_subscription_must_be_known() {
    let ended = TestEnvironment::new().run(
        Program::Invoke,
        &["-g", "rg", "-f", "adf", "--pipeline", "p"],
    );

    shows!(ended.refused(2), @r#"
    exit: 2
    ----- stdout
    ----- stderr
    error: the subscription is not known
    hint: name it by --subscription or AZURE_SUBSCRIPTION_ID
    "#);
}

#[test]
fn a_wrong_way_to_sign_in_is_named_with_those_that_exist() {
    let ended = TestEnvironment::new().run(Program::Dataops, &["run", "--auth", "magic"]);

    ended
        .refused(2)
        .says("magic")
        .says("azure-pipelines, github, workload-identity");
}

#[test]
fn a_time_that_is_none_is_named() {
    let ended = TestEnvironment::new().run(Program::Dataops, &["run", "--timeout", "soon"]);

    ended
        .refused(2)
        .says("`soon` is no time; expected one such as 90s, 30m, 2h or 1d");
}

#[test]
fn a_command_that_is_misspelt_is_suggested() {
    let ended = TestEnvironment::new().run(Program::Dataops, &["dorp"]);

    ended.refused(2).says("drop");
}

#[test]
fn no_arguments_show_the_help() {
    for program in [Program::Dataops, Program::Invoke, Program::TestData] {
        let ended = TestEnvironment::new().run(program, &[]);

        assert_eq!(ended.code, Some(2), "{ended}");
        assert!(
            ended.stderr.contains("Usage:") && ended.stdout.is_empty(),
            "{ended}"
        );
    }
}

#[test]
fn an_emulator_is_on_this_machine_and_wants_a_token() {
    let none = TestEnvironment::new().with("DATAOPS_EMULATOR", "http://127.0.0.1:1");
    let far = TestEnvironment::new()
        .with("DATAOPS_EMULATOR", "https://example.test")
        .with("DATAOPS_EMULATOR_TOKEN", "t");
    let args = ["-g", "rg", "-f", "adf", "--pipeline", "p"];

    none.run(Program::Invoke, &args)
        .refused(2)
        .says("DATAOPS_EMULATOR_TOKEN is not")
        .says("hint: ");
    far.run(Program::Invoke, &args)
        .refused(2)
        .says("`https://example.test/` is not on this machine");
}

#[test]
fn a_demo_takes_no_folder_that_holds_other_things() {
    let environment = TestEnvironment::new()
        .file("mine/solution/keep.txt", "precious")
        .file("demo/.dataops-demo", "")
        .file("demo/solution/own.csv", "a,target\n1,0\n");
    let demo =
        |args: &[&str]| environment.run(Program::Dataops, &[&["demo", "--dir"], args].concat());

    let other = demo(&["mine"]);
    let inside = demo(&["demo", "--input", "demo/solution/own.csv"]);

    other.refused(2).says("error: mine: it holds other things");
    inside
        .refused(2)
        .says("error: demo: demo/solution/own.csv lies in it, and would be lost");
    assert!(environment.path("mine/solution/keep.txt").exists());
    assert!(environment.path("demo/solution/own.csv").exists());
}
