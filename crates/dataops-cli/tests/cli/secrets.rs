//! Tokens and keys are in no output.

use serde_json::json;
use test_support::{Reply, Service};

use crate::environment::{Program, TOKEN, TestEnvironment};
use crate::factory::{args, at, with_activities, with_pipeline, with_run};

#[tokio::test]
async fn the_token_is_not_shown_however_much_is_asked_for() {
    for output in ["human", "json"] {
        let service = with_run(&["InProgress", "Succeeded"]).await;

        let ended = TestEnvironment::at(&service)
            .run(Program::Invoke, &args(&["-vvv", "--output", output]));

        assert_eq!(ended.code, Some(0), "{ended}");
        assert!(ended.stderr.contains("createRun"), "{ended}");
        assert!(!ended.to_string().contains(TOKEN), "{ended}");
    }
}

#[tokio::test]
async fn a_service_that_repeats_the_token_does_not_get_it_shown() {
    for status in [400, 401, 500] {
        let service = with_pipeline().await;
        let echo = format!("the header Authorization: Bearer {TOKEN} is not accepted");
        let reply = Reply::json(
            status,
            json!({"error": {"code": "Invalid", "message": echo}}),
        );
        service
            .on("POST", &at("pipelines/ingest/createRun"))
            .reply(reply)
            .await;

        for ci in ["TF_BUILD", "GITHUB_ACTIONS", "NONE"] {
            let environment = TestEnvironment::at(&service).with(ci, "true");
            let ended = environment.run(Program::Invoke, &args(&["-vvv"]));

            assert_eq!(ended.code, Some(3), "{ended}");
            assert!(!ended.to_string().contains(TOKEN), "{ended}");
        }
    }
}

#[test]
fn secrets_of_the_environment_are_not_in_help_and_errors() {
    let environment = TestEnvironment::new()
        .with("AZURE_CLIENT_SECRET", TOKEN)
        .with("DATABRICKS_TOKEN", TOKEN)
        .with("SYSTEM_ACCESSTOKEN", TOKEN)
        .with("DATAOPS_EMULATOR_TOKEN", TOKEN);
    let calls: [(Program, &[&str]); 4] = [
        (Program::Dataops, &["run", "--help"]),
        (Program::Invoke, &["--help"]),
        (Program::TestData, &["--help"]),
        (
            Program::Invoke,
            &[
                "-g",
                "rg",
                "-f",
                "adf",
                "--pipeline",
                "p",
                "--subscription",
                "s",
                "--auth",
                "client-secret",
                "-vvv",
            ],
        ),
    ];
    for (program, args) in calls {
        let ended = environment.run(program, args);

        assert!(!ended.to_string().contains(TOKEN), "{ended}");
    }
}

#[tokio::test]
async fn a_proxy_sees_nothing_of_what_stays_on_this_machine() {
    let proxy = Service::start().await;
    let service = with_activities(&["Succeeded"], vec![vec![]]).await;
    let environment = TestEnvironment::at(&service)
        .with("http_proxy", &proxy.uri())
        .with("ALL_PROXY", &proxy.uri());

    let ended = environment.run(Program::Invoke, &args(&[]));

    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(proxy.requests().await.len(), 0);
}
