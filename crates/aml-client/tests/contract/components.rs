use aml_client::ComponentListOptions;
use futures::TryStreamExt;
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{WS, arm, client, log};

fn component(version: &str) -> Value {
    json!({
        "id": format!("{WS}/components/train/versions/{version}"), "name": version,
        "properties": {"componentSpec": {"type": "pipeline"}, "isArchived": false, "tags": null},
    })
}

#[tokio::test]
async fn a_version_is_put_and_read() {
    let service = Service::start().await;
    let at = arm("components/train/versions/1");
    service
        .on("PUT", &at)
        .reply(Reply::json(201, component("1")))
        .await;
    service
        .on("GET", &at)
        .reply(Reply::json(200, component("1")))
        .await;
    let components = client(&service).components();
    let body = json!({"properties": {"componentSpec": {"type": "pipeline"}}});

    components
        .create_version("train", "1", &body, None)
        .await
        .unwrap();
    let read = components.get_version("train", "1", None).await.unwrap();

    let read = read.into_model().unwrap();
    assert_eq!(read.properties.component_spec["type"], "pipeline");
    assert!(
        read.id
            .as_deref()
            .unwrap()
            .starts_with(&client(&service).resource_id())
    );
    insta::assert_snapshot!(log(&service).await, @r#"
    PUT {ws}/components/train/versions/1?api-version=2025-12-01
      {"properties":{"componentSpec":{"type":"pipeline"}}}
    GET {ws}/components/train/versions/1?api-version=2025-12-01
    "#);
}

#[tokio::test]
async fn versions_are_listed_page_by_page() {
    let service = Service::start().await;
    let at = arm("components/train/versions");
    service
        .on("GET", &at)
        .without_query("$skip")
        .reply(Reply::json(
            200,
            json!({"value": [component("2")], "nextLink": format!("{at}?$skip=1")}),
        ))
        .await;
    service
        .on("GET", &at)
        .query("$skip", "1")
        .reply(Reply::json(
            200,
            json!({"value": [component("1")], "nextLink": null}),
        ))
        .await;
    let options = ComponentListOptions {
        order_by: Some("createdtime desc".to_owned()),
        top: Some(5),
        list_view_type: Some("ActiveOnly".to_owned()),
        ..ComponentListOptions::default()
    };

    let list = client(&service)
        .components()
        .list_versions("train", Some(options));
    let found: Vec<_> = list
        .unwrap()
        .map_ok(|found| found.name.clone().unwrap())
        .try_collect()
        .await
        .unwrap();

    assert_eq!(found, ["2", "1"]);
    insta::assert_snapshot!(log(&service).await, @r"
    GET {ws}/components/train/versions?api-version=2025-12-01&%24orderBy=createdtime+desc&%24top=5&listViewType=ActiveOnly
    GET {ws}/components/train/versions?$skip=1
    ");
}
