use adf_client::Remote;
use adf_model::{Factory, FactoryError, Kind, ResourceId};
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{FACTORY, at, client, link, ok, sent};

fn remote(service: &Service) -> Remote {
    Remote::new(client(service))
}

fn pipeline(name: &str) -> Value {
    json!({"name": name, "properties": {"activities": "not even a list"}})
}

#[tokio::test]
async fn resources_are_listed_by_name_over_all_pages_and_as_they_are() {
    let service = Service::start().await;
    let next = link("pipelines?api-version=2018-06-01&skip=1");
    service
        .on("GET", &at("pipelines"))
        .without_query("skip")
        .reply(ok(json!({"value": [pipeline("b")], "nextLink": next})))
        .await;
    service
        .on("GET", &at("pipelines"))
        .query("skip", "1")
        .reply(ok(json!({"value": [pipeline("A")]})))
        .await;

    let listed = remote(&service).list(Kind::Pipeline).await.unwrap();

    let expected = ["A", "b"].map(|name| (ResourceId::new(Kind::Pipeline, name), pipeline(name)));
    assert_eq!(listed, expected);
}

#[tokio::test]
async fn private_endpoints_are_listed_below_each_network() {
    let service = Service::start().await;
    let named = |name: &str| json!({"value": [{"name": name, "properties": {}}]});
    service
        .on("GET", &at("managedVirtualNetworks"))
        .reply(ok(named("default")))
        .await;
    let below = "managedVirtualNetworks/default/managedPrivateEndpoints";
    service.on("GET", &at(below)).reply(ok(named("blob"))).await;

    let listed = remote(&service).list(Kind::ManagedPrivateEndpoint).await;

    let id = ResourceId::below("default", Kind::ManagedPrivateEndpoint, "blob");
    assert_eq!(listed.unwrap()[0].0, id);
}

#[tokio::test]
async fn every_kind_is_listed_where_the_service_lists_it() {
    let service = Service::start().await;
    let remote = remote(&service);
    for kind in Kind::ALL {
        let collection = match kind {
            Kind::PrivateEndpointConnection => "privateEndPointConnections",
            _ => kind.collection(),
        };
        service
            .on("GET", &at(collection))
            .reply(ok(json!({"value": []})))
            .await;

        assert_eq!(remote.list(kind).await.unwrap(), [], "{kind}");
    }
}

#[tokio::test]
async fn the_factory_is_a_resource_under_its_own_name() {
    let service = Service::start().await;
    let factory = json!({"name": "adf", "location": "westeurope"});
    for verb in ["GET", "PUT"] {
        service.on(verb, FACTORY).reply(ok(factory.clone())).await;
    }
    let remote = remote(&service);
    let id = ResourceId::new(Kind::Factory, "ADF");

    let listed = remote.list(Kind::Factory).await.unwrap();
    let got = remote.get(&id).await.unwrap();
    remote.put(&id, factory.clone()).await.unwrap();
    let other = remote.get(&ResourceId::new(Kind::Factory, "other")).await;

    assert_eq!(listed, [(id, factory.clone())]);
    assert_eq!(got, factory);
    assert!(matches!(other, Err(FactoryError::NotFound { .. })));
}

#[tokio::test]
async fn resources_are_read_written_and_deleted() {
    let service = Service::start().await;
    for verb in ["GET", "PUT"] {
        service
            .on(verb, &at("linkedservices/a%20b"))
            .reply(ok(pipeline("a b")))
            .await;
    }
    service
        .on("DELETE", &at("linkedservices/a%20b"))
        .reply(Reply::empty(204))
        .await;
    let id = ResourceId::new(Kind::LinkedService, "a b");
    let remote = remote(&service);

    let read = remote.get(&id).await.unwrap();
    remote.put(&id, read).await.unwrap();
    remote.delete(&id).await.unwrap();

    insta::assert_snapshot!(sent(&service).await, @r#"
    GET ~F/linkedservices/a%20b
    PUT ~F/linkedservices/a%20b
      {"name":"a b","properties":{"activities":"not even a list"}}
    DELETE ~F/linkedservices/a%20b
    "#);
}

#[tokio::test]
async fn each_refusal_has_its_meaning() {
    for (status, code, meaning) in [
        (400, "TriggerEnabledCannotUpdate", "refused"),
        (401, "AuthenticationFailed", "denied"),
        (403, "AuthorizationFailed", "denied"),
        (404, "ResourceNotFound", "absent"),
        (409, "Conflict", "conflict"),
        (412, "PreconditionFailed", "conflict"),
        (413, "RequestTooLarge", "refused"),
        (429, "TooManyRequests", "throttled"),
        (500, "InternalServerError", "other"),
        (302, "Found", "other"),
    ] {
        let service = Service::start().await;
        service
            .on("PUT", &at("triggers/t"))
            .reply(Reply::refusal(status, code, "said so").header("retry-after", "0"))
            .await;
        let id = ResourceId::new(Kind::Trigger, "t");

        let error = remote(&service).put(&id, json!({})).await.unwrap_err();

        let found = match &error {
            FactoryError::NotFound { .. } => "absent",
            FactoryError::Conflict { .. } => "conflict",
            FactoryError::Denied { .. } => "denied",
            FactoryError::Throttled { .. } => "throttled",
            FactoryError::Refused { code: said, .. } => {
                assert_eq!(said.as_deref(), Some(code));
                "refused"
            }
            _ => "other",
        };
        assert_eq!(found, meaning, "{status}");
        assert_eq!(error.id(), &id);
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains("said so"), "{source}");
    }
}

#[tokio::test]
async fn what_is_not_there_counts_as_deleted_unless_its_place_is_missing() {
    for (code, deleted) in [
        ("ResourceNotFound", true),
        ("ParentResourceNotFound", false),
        ("ResourceGroupNotFound", false),
        ("SubscriptionNotFound", false),
    ] {
        let service = Service::start().await;
        service
            .on("DELETE", &at("datasets/d"))
            .reply(Reply::refusal(404, code, "m"))
            .await;
        let id = ResourceId::new(Kind::Dataset, "d");

        let answer = remote(&service).delete(&id).await;

        assert_eq!(answer.is_ok(), deleted, "{code}");
    }
}

#[tokio::test]
async fn what_the_service_cannot_do_is_not_sent() {
    let service = Service::start().await;
    let remote = remote(&service);

    for id in [
        ResourceId::new(Kind::ManagedVirtualNetwork, "default"),
        ResourceId::new(Kind::Factory, "adf"),
        ResourceId::new(Kind::ManagedPrivateEndpoint, "e"),
        ResourceId::below("default", Kind::Pipeline, "p"),
        ResourceId::below("..", Kind::ManagedPrivateEndpoint, "e"),
        ResourceId::new(Kind::Pipeline, ".."),
    ] {
        let error = remote.delete(&id).await.unwrap_err();

        assert!(matches!(error, FactoryError::Refused { .. }), "{id}");
    }
    assert_eq!(service.log().await, "");
}

#[tokio::test]
async fn an_answer_that_is_no_document_is_an_error_and_that_of_a_write_does_not_matter() {
    let service = Service::start().await;
    let path = at("pipelines/p");
    service.on("GET", &path).reply(ok(json!(["p"]))).await;
    service.on("PUT", &path).reply(Reply::empty(200)).await;
    let id = ResourceId::new(Kind::Pipeline, "p");
    let remote = remote(&service);

    let got = remote.get(&id).await;
    let put = remote.put(&id, json!({})).await;

    assert!(matches!(got, Err(FactoryError::Other { .. })));
    assert!(put.is_ok());
}

#[tokio::test]
async fn a_resource_without_a_name_is_an_error_with_its_place() {
    let service = Service::start().await;
    service
        .on("GET", &at("pipelines"))
        .reply(ok(json!({"value": [pipeline("a"), {"properties": {}}]})))
        .await;

    let error = remote(&service).list(Kind::Pipeline).await.unwrap_err();

    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(
        source.contains("value[1]") && source.contains("name"),
        "{source}"
    );
}
