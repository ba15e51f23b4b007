//! A service that throttles, breaks, and loses its answers.

use adf_client::models::RunFilter;
use adf_client::{FactoryClient, ServiceErrorExt};
use adf_model::{Document, Pipeline};
use futures::TryStreamExt;
use integration_tests::{Emulator, Lossy, Program};
use serde_json::{Map, json};

async fn factory(emulator: &Emulator) -> FactoryClient {
    let factory = emulator.factory("adf-faults").await;
    let pipeline = json!({"name": "p", "properties": {"activities": []}});
    let pipeline = Document::<Pipeline>::parse(pipeline).unwrap();
    factory.pipelines().put("p", &pipeline, None).await.unwrap();
    factory
}

async fn runs(factory: &FactoryClient) -> usize {
    let filter = RunFilter::last(std::time::Duration::from_secs(3600));
    let runs: Vec<_> = factory
        .runs()
        .query(&filter, None)
        .unwrap()
        .try_collect()
        .await
        .unwrap();
    runs.len()
}

async fn start(factory: &FactoryClient) -> azure_core::Result<String> {
    let created = factory
        .pipelines()
        .create_run("p", &Map::new(), None)
        .await?;
    Ok(created.into_model()?.run_id)
}

#[tokio::test]
async fn a_throttled_start_is_repeated_and_starts_one_run() {
    let emulator = Emulator::start();
    let factory = factory(&emulator).await;
    emulator.order_once("POST */createRun", 429, false);

    start(&factory).await.unwrap();

    assert_eq!(runs(&factory).await, 1);
}

#[tokio::test]
async fn a_start_whose_answer_is_lost_is_not_repeated() {
    let emulator = Emulator::start();
    let factory = factory(&emulator).await;
    emulator.order_once("POST */createRun", 500, true);

    let error = start(&factory).await.unwrap_err();

    assert_eq!(
        error.service_error().map(|said| u16::from(said.status)),
        Some(500),
        "{error:?}"
    );
    assert_eq!(
        runs(&factory).await,
        1,
        "the run that was started, and no second one"
    );
}

#[tokio::test]
async fn a_start_whose_connection_breaks_is_not_repeated() {
    let emulator = Emulator::start();
    let direct = factory(&emulator).await;
    let lossy = Lossy::in_front_of(&emulator, "/createRun");
    let through = Emulator::client_at(&lossy.endpoint, "adf-faults", &emulator.ready.token);

    let error = start(&through).await.unwrap_err();

    assert!(lossy.has_lost(), "{error:?}");
    assert_eq!(
        runs(&direct).await,
        1,
        "the run that was started, and no second one"
    );
}

#[tokio::test]
async fn a_program_whose_start_was_lost_says_that_a_run_may_go_on() {
    let emulator = Emulator::start();
    let direct = factory(&emulator).await;
    let lossy = Lossy::in_front_of(&emulator, "/createRun");

    let ended =
        Program::invoke_adf_pipeline(["-g", "local", "-f", "adf-faults", "--pipeline", "p"])
            .at(&emulator)
            .env("DATAOPS_EMULATOR", &lossy.endpoint)
            .run();

    assert!(lossy.has_lost(), "{ended}");
    assert!(matches!(ended.code, Some(3 | 4)), "{ended}");
    assert!(ended.stderr.contains("may have been started"), "{ended}");
    assert_eq!(runs(&direct).await, 1);
}

#[tokio::test]
async fn a_write_whose_connection_breaks_is_repeated() {
    let emulator = Emulator::start();
    let direct = factory(&emulator).await;
    let pipeline = direct.pipelines().get("p", None).await.unwrap();
    let pipeline = pipeline.into_model().unwrap();
    let lossy = Lossy::in_front_of(&emulator, "PUT ");
    let through = Emulator::client_at(&lossy.endpoint, "adf-faults", &emulator.ready.token);

    through.pipelines().put("p", &pipeline, None).await.unwrap();

    assert!(lossy.has_lost());
}

#[tokio::test]
async fn a_start_that_a_gateway_refuses_is_not_repeated() {
    let emulator = Emulator::start();
    let factory = factory(&emulator).await;
    emulator.order_once("POST */createRun", 503, false);

    start(&factory).await.unwrap_err();

    assert_eq!(runs(&factory).await, 0);
}

#[tokio::test]
async fn reading_and_writing_survive_passing_failures() {
    let emulator = Emulator::start();
    let factory = factory(&emulator).await;
    for status in [429, 500, 503] {
        emulator.order_once("GET */pipelines/p", status, false);
        emulator.order_once("PUT */pipelines/p", status, true);
    }

    let pipeline = factory
        .pipelines()
        .get("p", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    factory.pipelines().put("p", &pipeline, None).await.unwrap();

    assert_eq!(runs(&factory).await, 0);
}

#[tokio::test]
async fn garbage_is_an_error_that_names_the_request() {
    let emulator = Emulator::start();
    let factory = factory(&emulator).await;
    let page = "<html><title>Sign in to your account</title></html>";
    emulator.order(&json!({"pattern": "GET */pipelines/p", "status": 200, "body": page, "headers": {"content-type": "text/html"}}));
    let sign_in = factory
        .pipelines()
        .get("p", None)
        .await
        .and_then(azure_core::http::Response::into_model)
        .unwrap_err();
    emulator.order(&json!({"pattern": "GET */pipelines/p", "status": 200, "body": "{\"name\": \"p\", \"prop", "headers": {"content-type": "application/json"}}));
    let truncated = factory
        .pipelines()
        .get("p", None)
        .await
        .and_then(azure_core::http::Response::into_model)
        .unwrap_err();

    assert!(
        sign_in.to_string().to_lowercase().contains("sign"),
        "{sign_in}"
    );
    assert!(!truncated.to_string().is_empty());
    factory.pipelines().get("p", None).await.unwrap();
}
