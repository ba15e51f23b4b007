//! `dataops runs`: what has run, how it ended, ending it, and running it again.

use std::path::Path;

use dataops_core::run::Runs;
use integration_tests::{Emulator, Ended, Program, eventually, small, write};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

/// A factory with runs: `greet` for two people, `broken`, and `steps`, whose second activity fails.
struct Stage {
    emulator: Emulator,
    folder: TempDir,
    runs: Runs,
}

impl Stage {
    async fn new() -> Self {
        let (folder, solution) = small();
        let steps = json!({"name": "steps", "properties": {
            "parameters": {"token": {"type": "String", "defaultValue": "none"}},
            "variables": {"said": {"type": "String"}},
            "activities": [
                {"name": "prepare", "type": "SetVariable", "typeProperties": {"variableName": "said", "value": "ready"}},
                {"name": "call", "type": "Fail", "dependsOn": [{"activity": "prepare", "dependencyConditions": ["Succeeded"]}],
                 "typeProperties": {"message": "no answer", "errorCode": "E2"}}]}});
        write(folder.path(), "adf/pipeline/steps.json", &steps.to_string());
        let emulator = Emulator::start();
        emulator.deploy(&solution).await;
        let runs = Runs::new(&emulator.connection(&solution)).unwrap();
        Self {
            emulator,
            folder,
            runs,
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn call(&self, args: &[&str]) -> Ended {
        let args = ["runs"].iter().chain(args);
        Program::dataops(args)
            .within(self.path())
            .at(&self.emulator)
            .run()
    }

    fn json(&self, args: &[&str]) -> Value {
        let ended = self.call(&[args, &["--output", "json"]].concat());
        serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended}"))
    }

    async fn start(&self, pipeline: &str, parameters: &[(&str, &str)]) -> String {
        let parameters = parameters.iter();
        let parameters: Map<_, _> = parameters
            .map(|(name, value)| ((*name).to_owned(), (*value).into()))
            .collect();
        self.runs.start(pipeline, &parameters).await.unwrap()
    }

    /// Runs a pipeline to its end.
    async fn ran(&self, pipeline: &str, parameters: &[(&str, &str)]) -> String {
        let run_id = self.start(pipeline, parameters).await;
        eventually("the end of the run", || async {
            self.runs
                .get(&run_id)
                .await
                .unwrap()
                .is_final()
                .then_some(())
        })
        .await;
        run_id
    }
}

fn ids(listed: &Value) -> Vec<&str> {
    let runs = listed["runs"].as_array().unwrap().iter();
    runs.map(|run| run["runId"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn runs_are_listed_newest_first_and_by_what_is_asked_for() {
    let stage = Stage::new().await;
    let first = stage.ran("greet", &[("who", "ada")]).await;
    let broken = stage.ran("broken", &[]).await;
    let last = stage.ran("greet", &[("who", "bob")]).await;

    let all = stage.json(&["list"]);
    let failed = stage.json(&["list", "--status", "failed,cancelled"]);
    let greet = stage.json(&["list", "--pipeline", "greet", "--limit", "1"]);
    let before = greet["before"].as_str().unwrap();
    let next = stage.json(&["list", "--pipeline", "greet", "--before", before]);
    let shown = stage.call(&["list", "--limit", "2"]);

    assert_eq!(ids(&all), [&last, &broken, &first]);
    assert_eq!(ids(&failed), [&broken]);
    assert!(
        failed["runs"][0]["message"]
            .as_str()
            .unwrap()
            .contains("no luck")
    );
    assert_eq!(
        (ids(&greet), &greet["hasMore"]),
        (vec![last.as_str()], &json!(true))
    );
    assert_eq!(
        (ids(&next), &next["hasMore"]),
        (vec![first.as_str()], &json!(false))
    );
    assert_eq!(all["runs"][0]["invokedByType"], "Manual");
    assert_eq!(shown.code, Some(0), "{shown}");
    assert!(shown.stdout.contains("started (UTC)"), "{shown}");
    assert!(
        shown.stdout.contains("there are more: --before 2"),
        "{shown}"
    );
    assert!(!shown.stdout.contains(&first), "{shown}");
}

#[tokio::test]
async fn no_runs_are_told_as_such_and_a_mistyped_pipeline_is_not() {
    let stage = Stage::new().await;

    let none = stage.call(&[
        "list",
        "--pipeline",
        "greet",
        "--status",
        "in-progress",
        "--last",
        "7d",
    ]);
    let mistyped = stage.call(&["list", "--pipeline", "gret"]);
    let status = stage.call(&["list", "--status", "broken"]);

    assert_eq!(none.code, Some(0), "{none}");
    assert_eq!(
        none.stdout,
        "no runs of pipeline greet that are InProgress within the last 7d\n"
    );
    assert_eq!(mistyped.code, Some(3), "{mistyped}");
    assert!(
        mistyped.stderr.contains("did you mean `greet`?"),
        "{mistyped}"
    );
    assert_eq!(status.code, Some(2), "{status}");
    assert!(status.stderr.contains("is no status of a run"), "{status}");
}

#[tokio::test]
async fn a_run_is_shown_with_what_went_wrong_and_inputs_only_when_asked() {
    let stage = Stage::new().await;
    let run = stage.ran("steps", &[("token", "CANARY-4711")]).await;

    let shown = stage.call(&["show", &run]);
    let strict = stage.call(&["show", &run, "--exit-status"]);
    let inputs = stage.call(&["show", &run, "--inputs", "--outputs"]);
    let json = stage.json(&["show", &run]);
    let with_inputs = stage.json(&["show", &run, "--inputs"]);
    let report = stage.path().join("run.html");
    let written = stage.call(&["show", &run, "--report", report.to_str().unwrap()]);

    assert_eq!(
        (shown.code, strict.code),
        (Some(0), Some(1)),
        "{shown}{strict}"
    );
    for text in [
        "prepare",
        "SetVariable",
        "call failed (E2)",
        "no answer",
        "started by Manual",
        "steps run ",
    ] {
        assert!(shown.stdout.contains(text), "{text}: {shown}");
    }
    assert!(!shown.stdout.contains("call input"), "{shown}");
    assert!(inputs.stdout.contains("prepare input"), "{inputs}");
    assert_eq!(json["activities"][0]["input"], Value::Null);
    assert!(
        with_inputs["activities"][0]["input"].is_object(),
        "{with_inputs}"
    );
    let page = std::fs::read_to_string(&report).unwrap();
    assert!(page.contains("no answer"), "{written}");
    // What is called a token is a secret, though the pipeline does not say so.
    for text in [
        shown.stdout,
        inputs.stdout,
        json.to_string(),
        with_inputs.to_string(),
        page,
    ] {
        assert!(!text.contains("CANARY-4711"), "{text}");
    }
}

#[tokio::test]
async fn a_run_that_is_not_there_is_named() {
    let stage = Stage::new().await;

    for action in ["show", "cancel", "rerun"] {
        let absent = stage.call(&[action, "no-such-run"]);

        assert_eq!(absent.code, Some(3), "{absent}");
        assert!(
            absent
                .stderr
                .contains("there is no run `no-such-run` in factory `small`"),
            "{absent}"
        );
    }
}

#[tokio::test]
async fn a_run_is_cancelled_and_cancelling_it_again_is_fine() {
    let stage = Stage::new().await;
    let long = stage.start("long", &[]).await;
    let ended = stage.ran("greet", &[]).await;

    let cancelled = stage.call(&["cancel", &long, &ended]);
    let again = stage.json(&["cancel", &long]);
    let partly = stage.call(&["cancel", &ended, "no-such-run"]);

    assert_eq!(cancelled.code, Some(0), "{cancelled}");
    let words = format!("run {long} of pipeline long is cancelled");
    assert!(cancelled.stdout.contains(&words), "{cancelled}");
    assert!(
        cancelled
            .stdout
            .contains("had ended before: Succeeded; nothing was cancelled"),
        "{cancelled}"
    );
    assert_eq!(stage.runs.get(&long).await.unwrap().status, "Cancelled");
    assert_eq!(again["runs"][0]["outcome"], "alreadyCancelled");
    assert_eq!(partly.code, Some(3), "{partly}");
    assert!(
        partly.stderr.contains("had ended before: Succeeded"),
        "{partly}"
    );
}

#[tokio::test]
async fn a_run_that_does_not_end_in_time_is_told() {
    let stage = Stage::new().await;
    let long = stage.start("long", &[]).await;
    stage
        .emulator
        .order(&json!({"pattern": "POST */cancel", "status": 200, "times": 0}));

    let late = stage.call(&["cancel", &long, "--timeout", "1s"]);
    let asked = stage.call(&["cancel", &long, "--no-wait"]);

    assert_eq!(late.code, Some(4), "{late}");
    assert!(
        late.stderr
            .contains("was asked to end, and is still InProgress after 1 s"),
        "{late}"
    );
    assert_eq!(asked.code, Some(0), "{asked}");
    assert!(
        asked.stdout.contains("was asked to end: InProgress"),
        "{asked}"
    );
}

#[tokio::test]
async fn a_run_is_repeated_with_its_parameters_as_a_whole_or_in_parts() {
    let stage = Stage::new().await;
    let greet = stage.ran("greet", &[("who", "ada")]).await;
    let steps = stage.ran("steps", &[]).await;

    let whole = stage.json(&["rerun", &greet]);
    let failed = stage.call(&["rerun", &steps, "--from-failed"]);
    let part = stage.call(&["rerun", &steps, "--from-activity", "call"]);
    let started = stage.json(&["rerun", &greet, "--no-wait"]);

    assert_eq!(whole["status"], "Succeeded");
    assert_eq!(whole["parameters"]["who"], "ada");
    assert_ne!(whole["runId"], greet.as_str());
    for ended in [&failed, &part] {
        assert_eq!(ended.code, Some(1), "{ended}");
        assert!(ended.stderr.contains("call  Fail  Failed"), "{ended}");
    }
    assert_eq!(
        (&started["of"], &started["pipeline"]),
        (&json!(greet), &json!("greet"))
    );
    let listed = stage.json(&["list", "--pipeline", "greet"]);
    let runs = listed["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 3);
    assert!(
        runs.iter().all(|run| run["runGroupId"] == greet.as_str()),
        "{listed}"
    );
}

#[tokio::test]
async fn what_cannot_be_repeated_is_refused_by_name() {
    let stage = Stage::new().await;
    let greet = stage.ran("greet", &[]).await;
    let steps = stage.ran("steps", &[]).await;
    let long = stage.start("long", &[]).await;

    let going = stage.call(&["rerun", &long]);
    let whole = stage.call(&["rerun", &greet, "--from-failed"]);
    let typo = stage.call(&["rerun", &steps, "--from-activity", "prepar"]);

    assert_eq!(going.code, Some(3), "{going}");
    assert!(
        going.stderr.contains("has not ended: it is InProgress"),
        "{going}"
    );
    assert_eq!(whole.code, Some(2), "{whole}");
    assert!(
        whole.stderr.contains("has failed: it is Succeeded"),
        "{whole}"
    );
    assert_eq!(typo.code, Some(2), "{typo}");
    assert!(typo.stderr.contains("did you mean `prepare`?"), "{typo}");
    let runs = stage.json(&["list"]);
    assert_eq!(runs["runs"].as_array().unwrap().len(), 3);
    assert_eq!(stage.call(&["cancel", &long]).code, Some(0));
}
