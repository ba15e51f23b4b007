//! What goes to stdout, what to stderr, and what becomes of a reader that goes away.

use std::fs::File;
use std::process::Stdio;

use crate::environment::{Program, TestEnvironment, shows};
use crate::factory::{activity, args, failed, invoke, with_activities, with_run};

#[tokio::test]
async fn json_is_one_document_on_stdout() {
    let looks = vec![vec![activity("prepare", "DatabricksNotebook", "Succeeded")]];
    let service = with_activities(&["Queued", "Succeeded"], looks).await;

    let ended = invoke(&service, &["--output", "json"]);

    shows!(ended, @r#"
    exit: 0
    ----- stdout
    {
      "factory": "adf",
      "pipeline": "ingest",
      "runId": "7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f",
      "status": "Succeeded",
      "message": "",
      "invokedBy": "Manual",
      "parameters": {
        "rows": "5"
      },
      "start": "2026-01-02T03:04:05Z",
      "end": "2026-01-02T03:04:17.3Z",
      "activities": [
        {
          "id": "id of prepare",
          "name": "prepare",
          "type": "DatabricksNotebook",
          "status": "Succeeded",
          "start": "2026-01-02T03:04:06Z",
          "end": "2026-01-02T03:04:08.5Z",
          "input": {},
          "output": {},
          "error": null,
          "retry": null
        }
      ],
      "url": null
    }
    ----- stderr
    ingest: run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f
    [CLOCK] ingest  Queued
    [CLOCK]   prepare  DatabricksNotebook  Succeeded  2.5s
    [CLOCK] ingest  Succeeded  12.3s
    "#);
    assert_eq!(ended.json()["status"], "Succeeded");
}

#[tokio::test]
async fn json_of_a_failed_run_has_the_reasons() {
    let looks = vec![vec![failed("prepare", "DatabricksNotebook", "no column")]];
    let service = with_activities(&["Failed"], looks).await;

    let ended = invoke(&service, &["--output", "json", "--quiet"]);

    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(1), ""),
        "{ended}"
    );
    let error = &ended.json()["activities"][0]["error"];
    assert_eq!(
        *error,
        serde_json::json!({"code": "2011", "message": "no column"})
    );
}

#[tokio::test]
async fn quiet_leaves_only_the_result_and_verbose_tells_the_decisions() {
    let service = with_run(&["Succeeded"]).await;
    let quiet = invoke(&service, &["-q"]);
    let service = with_run(&["Succeeded"]).await;
    let verbose = invoke(&service, &["-vv"]);

    assert_eq!(quiet.stderr, "", "{quiet}");
    assert!(
        quiet
            .stdout
            .contains("ingest run 7d3f2c1a-0b5e-4f7e-9c55-1b2a3c4d5e6f: Succeeded"),
        "{quiet}"
    );
    assert_eq!(verbose.stdout, quiet.stdout);
    assert!(verbose.stderr.contains("createRun"), "{verbose}");
}

#[tokio::test]
async fn outputs_that_are_no_terminal_are_not_painted() {
    for color in [None, Some("NO_COLOR")] {
        let looks = vec![vec![failed("prepare", "DatabricksNotebook", "no column")]];
        let service = with_activities(&["Failed"], looks).await;
        let mut environment = TestEnvironment::at(&service).with("TERM", "xterm-256color");
        if let Some(name) = color {
            environment = environment.with(name, "1");
        }

        let ended = environment.run(Program::Invoke, &args(&[]));

        assert!(!ended.to_string().contains('\u{1b}'), "{ended}");
    }
}

#[tokio::test]
async fn a_reader_that_goes_away_is_no_failure() {
    for output in ["human", "json"] {
        let service = with_run(&["Succeeded"]).await;
        let environment = TestEnvironment::at(&service);
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);

        let output = environment
            .command(Program::Invoke, &args(&["--output", output]))
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .unwrap();

        let ended = environment.ended(&output);
        assert_eq!(ended.code, Some(0), "{ended}");
        assert!(!ended.stderr.contains("error"), "{ended}");
    }
}

#[test]
fn help_to_a_reader_that_goes_away_is_no_failure() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);

    let status = TestEnvironment::new()
        .command(Program::Dataops, &["--help"])
        .stdout(writer)
        .status();

    assert_eq!(status.unwrap().code(), Some(0));
}

#[tokio::test]
async fn a_progress_that_nobody_reads_stops_no_run() {
    let service = with_run(&["InProgress", "Succeeded"]).await;
    let environment = TestEnvironment::at(&service);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);

    let output = environment
        .command(Program::Invoke, &args(&[]))
        .stderr(writer)
        .output()
        .unwrap();

    let ended = environment.ended(&output);
    assert_eq!(ended.code, Some(0), "{ended}");
    ended.says("Succeeded");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_disk_that_is_full_is_a_failure() {
    let service = with_run(&["Succeeded"]).await;
    let environment = TestEnvironment::at(&service);

    let output = environment
        .command(Program::Invoke, &args(&["-q"]))
        .stdout(File::options().write(true).open("/dev/full").unwrap())
        .stderr(Stdio::piped())
        .output()
        .unwrap();

    let ended = environment.ended(&output);
    ended
        .refused(2)
        .says("error: the result cannot be written: No space left on device");
}
