//! Programs that are told to stop.

use std::io::{BufRead, BufReader, Read};

use rustix::process::{Pid, Signal, kill_process};
use test_support::{Reply, Service};

use crate::environment::{Ended, Program, TestEnvironment};
use crate::factory::{args, at, with_pipeline, with_run};

/// Starts the program, waits for a line on stderr that holds `mark`, and sends it `signal`.
fn interrupted(
    environment: &TestEnvironment,
    further: &[&str],
    mark: &str,
    signal: Signal,
) -> Ended {
    let mut child = environment.start(Program::Invoke, &args(further));
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains(mark) {
        assert_ne!(
            stderr.read_line(&mut said).unwrap(),
            0,
            "no `{mark}` in {said}"
        );
    }
    kill_process(Pid::from_child(&child), signal).unwrap();
    stderr.read_to_string(&mut said).unwrap();
    let mut output = child.wait_with_output().unwrap();
    output.stderr = said.into_bytes();
    environment.ended(&output)
}

async fn endless() -> Service {
    with_run(&["InProgress"]).await
}

#[tokio::test]
async fn an_interrupted_program_says_which_run_goes_on() {
    for signal in [Signal::INT, Signal::TERM] {
        let service = endless().await;
        let environment = TestEnvironment::at(&service);

        let ended = interrupted(&environment, &[], "InProgress", signal);

        ended.refused(130).says(
            "error: interrupted: run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f goes on in its factory",
        );
    }
}

#[tokio::test]
async fn an_interrupted_step_closes_its_group_and_lists_the_error() {
    let service = endless().await;
    let environment = TestEnvironment::at(&service).with("TF_BUILD", "True");

    let ended = interrupted(&environment, &[], "InProgress", Signal::INT);

    assert_eq!(ended.code, Some(130), "{ended}");
    assert_eq!(ended.stderr.matches("##[endgroup]").count(), 1, "{ended}");
    ended.says("##vso[task.logissue type=error]invoke-adf-pipeline: interrupted: run 7d3f2c1a");
}

#[tokio::test]
async fn a_start_that_is_interrupted_says_that_a_run_may_have_been_started() {
    let service = with_pipeline().await;
    let late = Reply::empty(200).late(std::time::Duration::from_secs(60));
    service
        .on("POST", &at("pipelines/ingest/createRun"))
        .reply(late)
        .await;
    let environment = TestEnvironment::at(&service);

    // Requests are told as they are sent.
    let ended = interrupted(&environment, &["-vv"], "createRun", Signal::TERM);

    assert_eq!(ended.code, Some(130), "{ended}");
    ended.says("interrupted: pipeline ingest may have been started");
}
