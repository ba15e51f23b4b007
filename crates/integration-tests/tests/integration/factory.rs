//! Data Factory as our client sees it: what is refused, and why.

use std::time::Duration;

use adf_client::{FactoryClient, ServiceErrorExt, Wait};
use adf_model::{Dataset, Document, LinkedService, Pipeline, Trigger};
use futures::TryStreamExt;
use integration_tests::Emulator;
use serde_json::{Value, json};

const WAIT: Wait = Wait {
    limit: Duration::from_secs(60),
    first: Duration::from_millis(10),
    longest: Duration::from_millis(100),
};

fn pipeline(name: &str) -> Document<Pipeline> {
    Document::parse(json!({"name": name, "properties": {"activities": []}})).unwrap()
}

/// The code and the message of a refusal.
fn refusal<T: std::fmt::Debug>(answer: azure_core::Result<T>) -> (u16, String, String) {
    let error = answer.unwrap_err();
    let said = error.service_error().unwrap_or_else(|| panic!("{error:?}"));
    let status = u16::from(said.status);
    (
        status,
        said.code.clone().unwrap_or_default(),
        error.to_string(),
    )
}

async fn factory_with_dataset(emulator: &Emulator) -> FactoryClient {
    let factory = emulator.factory("adf-refuses").await;
    let service = json!({"name": "store", "properties": {"type": "AzureBlobStorage",
        "typeProperties": {"serviceEndpoint": "https://stdev.blob.core.windows.net/"}}});
    let service = Document::<LinkedService>::parse(service).unwrap();
    factory
        .linked_services()
        .put("store", &service, None)
        .await
        .unwrap();
    factory
        .datasets()
        .put("file", &dataset("store"), None)
        .await
        .unwrap();
    factory
}

fn dataset(service: &str) -> Document<Dataset> {
    let document = json!({"name": "file", "properties": {"type": "Binary",
        "linkedServiceName": {"referenceName": service, "type": "LinkedServiceReference"},
        "typeProperties": {"location": {"type": "AzureBlobStorageLocation", "container": "input"}}}});
    Document::parse(document).unwrap()
}

#[tokio::test]
async fn what_is_referred_to_is_not_deleted() {
    let emulator = Emulator::start();
    let factory = factory_with_dataset(&emulator).await;

    let (status, code, message) = refusal(factory.linked_services().delete("store", None).await);

    assert_eq!((status, code.as_str()), (400, "BadRequest"), "{message}");
    assert!(message.contains("referenced by file"), "{message}");
    factory.datasets().delete("file", None).await.unwrap();
    factory
        .linked_services()
        .delete("store", None)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_reference_that_leads_nowhere_is_refused() {
    let emulator = Emulator::start();
    let factory = factory_with_dataset(&emulator).await;

    let (status, _, message) = refusal(
        factory
            .datasets()
            .put("file", &dataset("nowhere"), None)
            .await,
    );

    assert_eq!(status, 400, "{message}");
    assert!(message.contains("'nowhere'"), "{message}");
    let kept = factory
        .datasets()
        .get("file", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    assert_eq!(
        kept.json()["properties"]["linkedServiceName"]["referenceName"],
        "store"
    );
}

#[tokio::test]
async fn an_entity_tag_of_yesterday_is_refused() {
    let emulator = Emulator::start();
    let pipelines = emulator.factory("adf-tags").await.pipelines();
    let tag = |document: &Value| document["etag"].as_str().unwrap().to_owned();
    let first = pipelines
        .put("p", &pipeline("p"), None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    let first = tag(first.json());
    assert!(
        pipelines
            .get_if_changed("p", &first, None)
            .await
            .unwrap()
            .is_none()
    );
    pipelines
        .put_if_match("p", &pipeline("p"), &first, None)
        .await
        .unwrap();

    let (status, ..) = refusal(
        pipelines
            .put_if_match("p", &pipeline("p"), &first, None)
            .await,
    );

    assert_eq!(status, 412);
    assert!(
        pipelines
            .get_if_changed("p", &first, None)
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn long_lists_come_in_pages() {
    let emulator = Emulator::start();
    let pipelines = emulator.factory("adf-pages").await.pipelines();
    for number in 0..103 {
        let name = format!("p{number:03}");
        pipelines.put(&name, &pipeline(&name), None).await.unwrap();
    }

    let all: Vec<_> = pipelines.list(None).try_collect().await.unwrap();
    let pages: Vec<_> = pipelines
        .list(None)
        .into_pages()
        .try_collect()
        .await
        .unwrap();

    assert_eq!(all.len(), 103);
    assert_eq!(all[102].name(), Some("p102"));
    assert!(pages.len() > 1, "{} pages", pages.len());
}

#[tokio::test]
async fn a_started_trigger_is_stopped_before_it_is_changed() {
    let emulator = Emulator::start();
    let factory = emulator.factory("adf-triggers").await;
    factory
        .pipelines()
        .put("p", &pipeline("p"), None)
        .await
        .unwrap();
    let trigger = json!({"name": "t", "properties": {"type": "BlobEventsTrigger",
        "typeProperties": {"scope": "/subscriptions/0/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/x",
            "blobPathBeginsWith": "/input/blobs/", "events": ["Microsoft.Storage.BlobCreated"]},
        "pipelines": [{"pipelineReference": {"referenceName": "p", "type": "PipelineReference"}}]}});
    let trigger = Document::<Trigger>::parse(trigger).unwrap();
    let triggers = factory.triggers();
    triggers.put("t", &trigger, None).await.unwrap();
    triggers.subscribe_to_events("t", WAIT, None).await.unwrap();
    triggers.start("t", WAIT, None).await.unwrap();
    triggers.start("t", WAIT, None).await.unwrap();

    let (_, changed, _) = refusal(triggers.put("t", &trigger, None).await);
    let (_, deleted, _) = refusal(triggers.delete("t", None).await);
    let (_, orphaned, message) = refusal(factory.pipelines().delete("p", None).await);

    assert_eq!([changed, deleted], ["TriggerEnabledCannotUpdate"; 2]);
    assert_eq!(orphaned, "BadRequest", "{message}");
    triggers.stop("t", WAIT, None).await.unwrap();
    triggers
        .unsubscribe_from_events("t", WAIT, None)
        .await
        .unwrap();
    triggers.delete("t", None).await.unwrap();
    factory.pipelines().delete("p", None).await.unwrap();
}
