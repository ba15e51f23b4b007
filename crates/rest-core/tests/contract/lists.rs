use azure_core::http::headers::HeaderName;
use futures::TryStreamExt;
use rest_core::{Page, gather};
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::client;

async fn names(service: &Service) -> azure_core::Result<Vec<String>> {
    let client = client(service);
    let items: Vec<Value> = client
        .list::<Page<Value>>(client.url(["things"]), None)
        .try_collect()
        .await?;
    Ok(items
        .iter()
        .map(|item| item["name"].as_str().unwrap_or_default().to_owned())
        .collect())
}

fn page(name: &str, next: &Value) -> Reply {
    Reply::json(200, json!({"value": [{"name": name}], "nextLink": next}))
}

#[tokio::test]
async fn follows_links_until_they_are_absent_null_or_empty() {
    for last in [json!(null), json!("")] {
        let service = Service::start().await;
        service
            .on("GET", "/things")
            .without_query("skip")
            .reply(page("a", &json!("https://service.test/things?skip=1")))
            .await;
        service
            .on("GET", "/things")
            .query("skip", "1")
            .reply(page("b", &json!("/things?skip=2")))
            .await;
        service
            .on("GET", "/things")
            .query("skip", "2")
            .reply(page("c", &last))
            .await;

        assert_eq!(names(&service).await.unwrap(), ["a", "b", "c"]);
    }
}

#[tokio::test]
async fn a_list_without_items_is_empty() {
    for body in [json!({}), json!({"value": null, "nextLink": null})] {
        let service = Service::start().await;
        service
            .on("GET", "/things")
            .reply(Reply::json(200, body))
            .await;

        assert!(names(&service).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_page_whose_items_are_no_list_is_an_error_that_names_the_place() {
    for body in [json!({"value": {"name": "a"}}), json!({"value": "a"})] {
        let service = Service::start().await;
        service
            .on("GET", "/things")
            .reply(Reply::json(200, body))
            .await;

        let error = names(&service).await.unwrap_err().to_string();

        assert!(error.contains("`value`"), "{error}");
    }
}

#[tokio::test]
async fn pages_that_lead_in_a_circle_end_in_an_error() {
    let service = Service::start().await;
    let things = "https://service.test/things";
    service
        .on("GET", "/things")
        .without_query("skip")
        .reply(page("a", &json!(format!("{things}?skip=1"))))
        .await;
    for (at, next) in [("1", "2"), ("2", "1")] {
        service
            .on("GET", "/things")
            .query("skip", at)
            .times(1)
            .reply(page("b", &json!(format!("{things}?skip={next}"))))
            .await;
    }

    let error = names(&service).await.unwrap_err().to_string();

    assert!(error.contains("lead in a circle"), "{error}");
}

#[tokio::test]
async fn a_link_to_another_host_is_refused() {
    let service = Service::start().await;
    service
        .on("GET", "/things")
        .reply(page("a", &json!("https://elsewhere.test/things")))
        .await;

    let error = names(&service).await.unwrap_err().to_string();

    assert!(
        error.contains("elsewhere.test") && error.contains("service.test"),
        "{error}"
    );
}

#[tokio::test]
async fn a_page_that_names_itself_as_the_next_ends_in_an_error() {
    let service = Service::start().await;
    service
        .on("GET", "/things")
        .reply(page("a", &json!("https://service.test/things?skip=1")))
        .await;

    let error = names(&service).await.unwrap_err().to_string();

    assert!(error.contains("does not end"), "{error}");
}

#[tokio::test]
async fn a_throttled_page_is_asked_for_again() {
    let service = Service::start().await;
    service.fault("GET", 2, Reply::throttled()).await;
    service
        .on("GET", "/things")
        .reply(page("a", &json!(null)))
        .await;

    assert_eq!(names(&service).await.unwrap(), ["a"]);
}

#[tokio::test]
async fn a_query_goes_on_with_its_token() {
    let service = Service::start().await;
    let first = json!({"value": [{"name": "a"}], "continuationToken": "t"});
    service
        .on("POST", "/query")
        .body(&json!({"token": null}))
        .reply(Reply::json(200, first))
        .await;
    service
        .on("POST", "/query")
        .body(&json!({"token": "t"}))
        .reply(page("b", &json!(null)))
        .await;
    let client = client(&service);

    let pages = client.pages::<Page<Value>>(None, |client, token| {
        client
            .post(client.url(["query"]))
            .json(&json!({ "token": token }))
            .repeatable()
    });
    let items: Vec<Value> = pages.try_collect().await.unwrap();

    assert_eq!(items.len(), 2);
}

#[tokio::test]
async fn a_list_whose_next_page_is_named_in_a_header_is_gathered() {
    let service = Service::start().await;
    let page = |name: &str| Reply::json(200, json!({"value": [{"name": name}]}));
    service
        .on("GET", "/things")
        .without_query("after")
        .reply(page("a").header("x-next", "1"))
        .await;
    service
        .on("GET", "/things")
        .query("after", "1")
        .reply(page("b"))
        .await;
    let client = client(&service);
    let next = HeaderName::from_static("x-next");

    let things = gather::<Page<Value>>(
        |token| client.get(client.url(["things"])).query("after", token),
        |headers| headers.get_optional_str(&next).map(str::to_owned),
    );

    let names: Vec<_> = things
        .await
        .unwrap()
        .into_iter()
        .map(|it| it["name"].clone())
        .collect();
    assert_eq!(names, ["a", "b"]);
}
