//! Wrong names, wrong files, wrong settings: each is one clear message with a hint, the documented exit code, and no effect.

use integration_tests::{Emulator, Ended, Program, small, write};
use tempfile::TempDir;

/// A program that failed as it should: one error, and nothing on stdout.
fn refused(ended: &Ended, code: i32, message: &str, hint: &str) {
    assert_eq!(ended.code, Some(code), "{ended}");
    assert_eq!(ended.stdout, "", "{ended}");
    assert_eq!(ended.stderr.matches("error: ").count(), 1, "{ended}");
    assert!(ended.stderr.contains(message), "no `{message}`\n{ended}");
    assert!(
        hint.is_empty() || ended.stderr.contains("hint: "),
        "no hint\n{ended}"
    );
    assert!(ended.stderr.contains(hint), "no `{hint}`\n{ended}");
    assert!(!ended.stderr.contains("panicked"), "{ended}");
}

struct World {
    emulator: Emulator,
    folder: TempDir,
}

/// The small solution, deployed.
async fn world() -> World {
    let (folder, solution) = small();
    let emulator = Emulator::start();
    emulator.deploy(&solution).await;
    World { emulator, folder }
}

impl World {
    fn dataops(&self, args: &[&str]) -> Ended {
        Program::dataops(args)
            .within(self.folder.path())
            .at(&self.emulator)
            .run()
    }

    fn runs(&self) -> usize {
        let state = self.emulator.state();
        let counts = state["pipelineRuns"].as_object().unwrap();
        counts
            .values()
            .map(|count| usize::try_from(count.as_u64().unwrap()).unwrap())
            .sum()
    }
}

#[tokio::test]
async fn a_pipeline_that_is_not_there_is_named_with_those_that_are() {
    let world = world().await;

    let ended = world.dataops(&["run", "--pipeline", "great"]);

    refused(
        &ended,
        3,
        "there is no pipeline `great` in factory `small`",
        "broken, greet, long",
    );
    assert_eq!(world.runs(), 0);
}

#[tokio::test]
async fn a_factory_that_is_not_there_is_named_with_its_group() {
    let world = world().await;

    let ended =
        Program::invoke_adf_pipeline(["-g", "rg-none", "-f", "none", "--pipeline", "greet"])
            .at(&world.emulator)
            .run();

    refused(
        &ended,
        3,
        "there is no factory `none` in resource group `rg-none`",
        "check the names",
    );
}

#[tokio::test]
async fn a_run_that_is_not_there_is_named() {
    let world = world().await;
    let none = "00000000-0000-0000-0000-000000000001";

    let ended = world.dataops(&["test", "--run-id", none]);

    refused(
        &ended,
        3,
        &format!("there is no run `{none}` in factory `small`"),
        "45 days",
    );
}

#[tokio::test]
async fn a_container_that_is_not_there_is_named() {
    let world = world().await;
    write(world.folder.path(), "claims.csv", "a\n1\n");

    let ended = world.dataops(&["drop", "claims.csv", "--container", "nowhere"]);

    refused(&ended, 3, "container `nowhere` does not exist", "");
}

#[tokio::test]
async fn a_file_that_is_not_there_is_named() {
    let world = world().await;

    let missing = world.dataops(&["drop", "claims.csv"]);
    let folder = world.dataops(&["drop", "adf"]);

    refused(&missing, 2, "claims.csv: No such file", "");
    refused(&folder, 2, "adf is no file", "");
}

#[tokio::test]
async fn an_environment_that_is_not_there_is_named_with_those_that_are() {
    let world = world().await;

    let ended = world.dataops(&["run", "--env", "prod"]);

    refused(
        &ended,
        2,
        "there is no environment `prod`; dataops.yaml has local, qa, lacking",
        "",
    );
}

#[tokio::test]
async fn a_variable_without_a_value_is_named_with_its_place() {
    let world = world().await;

    let ended = world.dataops(&["run", "--env", "lacking"]);

    refused(
        &ended,
        2,
        "environment `lacking`: `subscription` needs the variable `NOT_SET_ANYWHERE`",
        "set NOT_SET_ANYWHERE",
    );
}

#[tokio::test]
async fn parameters_that_do_not_fit_start_nothing() {
    let world = world().await;

    let unknown = world.dataops(&["run", "-p", "whom=you"]);
    let wrong = world.dataops(&["run", "-p", "times=often"]);
    let form = world.dataops(&["run", "-p", "times"]);

    refused(
        &unknown,
        2,
        "the pipeline has no parameter `whom`; it has times, who",
        "-p NAME=VALUE",
    );
    refused(
        &wrong,
        2,
        "parameter `times` is an int, and `often` is not",
        "",
    );
    refused(&form, 2, "NAME=VALUE", "");
    assert_eq!(world.runs(), 0);
}

#[tokio::test]
async fn malformed_settings_are_shown_with_line_and_column() {
    let world = world().await;
    write(
        world.folder.path(),
        "dataops.yaml",
        "name: small\nadf:\n  rooot: adf\n",
    );

    let ended = world.dataops(&["run"]);

    refused(&ended, 2, "dataops.yaml:3:3: ", "");
    assert!(ended.stderr.contains("rooot"), "{ended}");
    assert!(
        ended.stderr.contains(" 3 |   rooot: adf"),
        "no excerpt\n{ended}"
    );
}

#[test]
fn a_malformed_document_is_shown_with_line_and_column_and_nothing_is_deployed() {
    let (folder, _) = small();
    write(
        folder.path(),
        "adf/pipeline/greet.json",
        "{\n  \"name\": \"greet\",\n  \"properties\": oops\n}",
    );

    let ended = Program::dataops(["run"]).within(folder.path()).run();

    refused(
        &ended,
        2,
        "error: adf/pipeline/greet.json:3:17: ",
        "nothing was deployed",
    );
    assert!(
        ended.stderr.contains(" 3 |   \"properties\": oops"),
        "no excerpt\n{ended}"
    );
}

/// The small solution with an ML pipeline that has this description.
fn with_description(text: &[u8]) -> TempDir {
    let (folder, _) = small();
    let settings = std::fs::read_to_string(folder.path().join("dataops.yaml")).unwrap();
    let settings = format!("{settings}ml: {{ pipelines: [ml/training/pipeline.yaml] }}\n");
    write(folder.path(), "dataops.yaml", &settings);
    write(folder.path(), "ml/training/train.py", "");
    std::fs::write(folder.path().join("ml/training/pipeline.yaml"), text).unwrap();
    folder
}

#[test]
fn a_description_of_an_ml_pipeline_is_shown_at_its_fault_and_nothing_is_deployed() {
    for (text, place, excerpt) in [
        (
            &b"name: t\nversion: 1\nentryScript: train.py\nparameter: {}\n"[..],
            "ml/training/pipeline.yaml:4:1: unknown field `parameter`",
            " 4 | parameter: {}",
        ),
        (
            b"name: t\nversion: '1'\nentryScript: other.py\n",
            "ml/training/pipeline.yaml:3:14: there is no script `other.py` beside the description",
            " 3 | entryScript: other.py",
        ),
        (
            b"name: t\n# caf\xe9\n",
            "ml/training/pipeline.yaml:2:6: 0xe9 is not UTF-8",
            " 2 | # caf",
        ),
    ] {
        let folder = with_description(text);
        let emulator = Emulator::start();

        let ended = Program::dataops(["run"])
            .within(folder.path())
            .at(&emulator)
            .run();

        refused(
            &ended,
            2,
            place,
            "a description has `name`, `version` and `entryScript`",
        );
        assert!(ended.stderr.contains(excerpt), "{ended}");
        assert_eq!(emulator.state()["factories"], serde_json::json!([]));
    }
}

#[test]
fn a_description_of_an_ml_pipeline_that_is_missing_is_named() {
    let folder = with_description(b"");
    std::fs::remove_file(folder.path().join("ml/training/pipeline.yaml")).unwrap();

    let ended = Program::dataops(["run"]).within(folder.path()).run();

    refused(
        &ended,
        2,
        "ml/training/pipeline.yaml",
        "`ml.pipelines` of dataops.yaml names it",
    );
}

#[test]
fn settings_in_another_encoding_are_shown_at_the_first_byte_that_is_none() {
    let (folder, _) = small();
    let path = folder.path().join("dataops.yaml");
    std::fs::write(&path, b"name: small\n# caf\xe9\n").unwrap();

    let ended = Program::dataops(["run"]).within(folder.path()).run();

    refused(
        &ended,
        2,
        "dataops.yaml:2:6: 0xe9 is not UTF-8; the text is probably Latin-1 or Windows-1252",
        "save the file as UTF-8",
    );
    assert!(ended.stderr.contains(" 2 | # caf"), "{ended}");
}

#[tokio::test]
async fn a_table_in_another_encoding_is_dropped_with_a_warning_that_names_the_place() {
    let world = world().await;
    std::fs::write(world.folder.path().join("in.csv"), b"id,name\n1,caf\xe9\n").unwrap();

    let ended = world.dataops(&["drop", "in.csv"]);

    assert_eq!(ended.code, Some(0), "{ended}");
    let place = "warning: in.csv: line 2, column 6 (byte 14): 0xe9 is not UTF-8";
    assert!(ended.stderr.contains(place), "{ended}");
}

#[test]
fn a_folder_without_settings_is_said_so() {
    let folder = tempfile::tempdir().unwrap();

    let ended = Program::dataops(["run"]).within(folder.path()).run();

    refused(&ended, 2, "no dataops.yaml in ", "--solution DIR");
}

#[tokio::test]
async fn a_token_that_is_refused_says_to_sign_in_again() {
    let world = world().await;

    let ended = Program::dataops(["run"])
        .within(world.folder.path())
        .at(&world.emulator)
        .env("DATAOPS_EMULATOR_TOKEN", "AAAAAAAAAAAAAAAAAAAAAAAA")
        .run();

    refused(&ended, 3, "401", "the token is not accepted");
    assert!(!ended.stderr.contains("AAAAAAAA"), "{ended}");
}

#[test]
fn an_emulator_without_a_token_is_a_matter_of_usage() {
    let (folder, _) = small();
    let run = |variables: &[(&str, &str)]| {
        let program = Program::dataops(["run"]).within(folder.path());
        variables
            .iter()
            .fold(program, |program, (name, value)| program.env(name, value))
            .run()
    };

    let none = run(&[("DATAOPS_EMULATOR", "http://127.0.0.1:1")]);
    let far = run(&[
        ("DATAOPS_EMULATOR", "http://example.test"),
        ("DATAOPS_EMULATOR_TOKEN", "t"),
    ]);

    refused(&none, 2, "DATAOPS_EMULATOR_TOKEN is not", "first line");
    refused(&far, 2, "is not on this machine", "");
}

#[test]
fn nobody_who_listens_is_unreachable() {
    let (folder, _) = small();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let free = listener.local_addr().unwrap();
    drop(listener);

    let ended = Program::dataops(["run"])
        .within(folder.path())
        .env("DATAOPS_EMULATOR", format!("http://{free}"))
        .env("DATAOPS_EMULATOR_TOKEN", "t")
        .run();

    refused(&ended, 4, "Connection refused", "check the host name");
}

#[test]
fn azure_without_credentials_says_how_to_sign_in() {
    let (folder, _) = small();
    let empty = tempfile::tempdir().unwrap();

    let none = Program::dataops(["run", "--env", "qa"])
        .within(folder.path())
        .env("PATH", empty.path())
        .run();
    let asked = Program::dataops(["run", "--env", "qa", "--auth", "client-secret"])
        .within(folder.path())
        .run();

    refused(&none, 2, "nobody is signed in", "az login");
    refused(
        &asked,
        2,
        "signing in by client-secret needs AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET",
        "",
    );
}

#[tokio::test]
async fn a_time_limit_leaves_the_run_alone_unless_it_is_told_to_cancel_it() {
    let world = world().await;
    let run = |args: &[&str]| {
        world.dataops(
            &[
                &["run", "--pipeline", "long", "--quiet", "--timeout", "1s"],
                args,
            ]
            .concat(),
        )
    };

    let left = run(&[]);
    let cancelled = run(&["--cancel-on-timeout"]);

    refused(&left, 4, "it goes on by itself", "--cancel-on-timeout");
    refused(&cancelled, 4, "it was cancelled", "");
    assert_eq!(world.emulator.state()["pipelineRuns"]["InProgress"], 1);
}

#[tokio::test]
async fn a_service_that_answers_garbage_is_refused_with_what_it_said() {
    let world = world().await;
    let page = "<html><head><title>Maintenance</title></head></html>";
    world.emulator.order(&serde_json::json!({
        "pattern": "POST */pipelines/greet/createRun", "status": 200, "body": page, "headers": {"content-type": "text/html"}}));

    let ended = world.dataops(&["run"]);

    refused(&ended, 3, "pipeline `greet` was not started", "");
    assert!(ended.stderr.contains("because"), "{ended}");
    assert_eq!(world.runs(), 0);
}
