use std::collections::BTreeMap;

use adf_client::models::{DataPlaneAccessRequest, FactoryUpdate};
use adf_client::{FactoryClient, FactoryClientOptions, FactoryId, StaticToken};
use adf_model::FactoryResource;
use azure_core::time::OffsetDateTime;
use futures::TryStreamExt;
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{FACTORY, at, client, credential, document, ok, options, sent, subscription};

const GROUP: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.DataFactory/factories";

fn factory() -> Value {
    json!({
        "name": "adf", "id": FACTORY, "type": "Microsoft.DataFactory/factories", "location": "westeurope",
        "eTag": "\"0000-1\"", "tags": {"team": "data"}, "identity": {"type": "SystemAssigned", "principalId": "p"},
        "properties": {
            "provisioningState": "Succeeded", "publicNetworkAccess": "Enabled", "new": null,
            "globalParameters": {"region": {"type": "String", "value": "we"}},
            "repoConfiguration": {"type": "FactoryGitHubConfiguration", "accountName": "a", "repositoryName": "r",
                "collaborationBranch": "main", "rootFolder": "/adf"}
        }
    })
}

#[tokio::test]
async fn factories_are_listed_by_subscription_and_group() {
    let service = Service::start().await;
    let everywhere = "/subscriptions/s/providers/Microsoft.DataFactory/factories";
    for path in [everywhere, GROUP] {
        service
            .on("GET", path)
            .reply(ok(json!({"value": [factory()]})))
            .await;
    }
    let factories = subscription(&service);

    let all: Vec<_> = factories.list(None).try_collect().await.unwrap();
    let group = factories.in_group("rg").unwrap();
    let in_group: Vec<_> = group.list(None).try_collect().await.unwrap();

    assert_eq!(all, in_group);
    let id: FactoryId = all[0].id.as_deref().unwrap().parse().unwrap();
    assert_eq!(&id, client(&service).id());
    insta::assert_snapshot!(sent(&service).await, @r"
    GET ~S/providers/Microsoft.DataFactory/factories
    GET ~S/resourceGroups/rg/providers/Microsoft.DataFactory/factories
    ");
}

#[tokio::test]
async fn a_factory_is_read_replaced_changed_and_deleted() {
    let service = Service::start().await;
    for verb in ["GET", "PUT", "PATCH"] {
        service.on(verb, FACTORY).reply(ok(factory())).await;
    }
    service.on("DELETE", FACTORY).reply(Reply::empty(200)).await;
    let f = client(&service);
    let small = document::<FactoryResource>(json!({"location": "westeurope", "properties": {}}));
    let update = FactoryUpdate {
        tags: Some(BTreeMap::from([("team".to_owned(), "data".to_owned())])),
        identity: Some(json!({"type": "SystemAssigned"})),
        public_network_access: Some(false),
    };

    let read = f.get(None).await.unwrap().into_model().unwrap();
    let etag = read.etag().unwrap();
    f.create_or_update(&small, None, None).await.unwrap();
    f.create_or_update(&small, Some(etag), None).await.unwrap();
    f.update(&update, None).await.unwrap();
    f.update(&FactoryUpdate::default(), None).await.unwrap();
    f.delete(None).await.unwrap();

    assert_eq!(read.json(), &factory());
    let repository = read
        .properties
        .as_ref()
        .unwrap()
        .repo_configuration
        .as_ref();
    assert_eq!(repository.unwrap().root_folder.as_deref(), Some("/adf"));
    let conditions: Vec<_> = service
        .requests()
        .await
        .iter()
        .map(|request| request.headers.get("if-match").is_some())
        .collect();
    assert_eq!(conditions, [false, false, true, false, false, false]);
    insta::assert_snapshot!(sent(&service).await, @r#"
    GET ~F
    PUT ~F
      {"location":"westeurope","properties":{}}
    PUT ~F
      {"location":"westeurope","properties":{}}
    PATCH ~F
      {"tags":{"team":"data"},"identity":{"type":"SystemAssigned"},"properties":{"publicNetworkAccess":"Disabled"}}
    PATCH ~F
      {}
    DELETE ~F
    "#);
}

#[tokio::test]
async fn an_unchanged_factory_is_not_read_again() {
    let service = Service::start().await;
    service
        .on("GET", FACTORY)
        .header("if-none-match", "\"0000-1\"")
        .reply(Reply::empty(304))
        .await;

    let answer = client(&service).get_if_changed("\"0000-1\"", None).await;

    assert!(answer.unwrap().is_none());
}

#[tokio::test]
async fn a_factory_answers_questions_about_itself() {
    let service = Service::start().await;
    let access = json!({"policy": {}, "accessToken": "plane-token", "dataPlaneUrl": "https://we.svc.datafactory.azure.com"});
    let flag = json!({"featureName": "F", "value": "False"});
    for (verb, action, answer) in [
        ("POST", "getDataPlaneAccess", access),
        ("POST", "getFeatureValue", flag.clone()),
        (
            "POST",
            "queryFeaturesValue",
            json!({"exposureControlResponses": [flag]}),
        ),
        (
            "GET",
            "privateLinkResources",
            json!({"value": [{"name": "dataFactory"}]}),
        ),
    ] {
        service.on(verb, &at(action)).reply(ok(answer)).await;
    }
    let f = client(&service);
    let (start, end) = (
        OffsetDateTime::UNIX_EPOCH,
        OffsetDateTime::UNIX_EPOCH + std::time::Duration::from_secs(60),
    );

    let request = DataPlaneAccessRequest::to_read(start, end);
    let access = f.data_plane_access(&request, None).await.unwrap();
    let value = f.feature_value("F", "Feature", None).await.unwrap();
    let values = f
        .feature_values(&[("F", "Feature"), ("G", "Feature")], None)
        .await
        .unwrap();
    let links: Vec<Value> = f.private_link_resources(None).try_collect().await.unwrap();

    assert_eq!(
        access.access_token.as_ref().unwrap().secret(),
        "plane-token"
    );
    assert!(!format!("{access:?}").contains("plane-token"));
    assert_eq!(value.into_model().unwrap().value.as_deref(), Some("False"));
    assert_eq!(
        values
            .into_model()
            .unwrap()
            .exposure_control_responses
            .len(),
        1
    );
    assert_eq!(links[0]["name"], "dataFactory");
    insta::assert_snapshot!(sent(&service).await, @r#"
    POST ~F/getDataPlaneAccess
      {"permissions":"r","accessResourcePath":"","profileName":"DefaultProfile","startTime":"1970-01-01T00:00:00Z","expireTime":"1970-01-01T00:01:00Z"}
    POST ~F/getFeatureValue
      {"featureName":"F","featureType":"Feature"}
    POST ~F/queryFeaturesValue
      {"exposureControlRequests":[{"featureName":"F","featureType":"Feature"},{"featureName":"G","featureType":"Feature"}]}
    GET ~F/privateLinkResources
    "#);
}

#[tokio::test]
async fn a_region_connects_repositories_and_has_flags() {
    let service = Service::start().await;
    let region = "/subscriptions/s/providers/Microsoft.DataFactory/locations/westeurope";
    service
        .on("POST", &format!("{region}/configureFactoryRepo"))
        .reply(ok(factory()))
        .await;
    service
        .on("POST", &format!("{region}/getFeatureValue"))
        .reply(ok(json!({"featureName": "F", "value": "True"})))
        .await;
    let factories = subscription(&service);
    let f = client(&service);

    let repository = json!({"type": "FactoryGitHubConfiguration"});
    factories
        .configure_repo("westeurope", f.id(), &repository, None)
        .await
        .unwrap();
    factories
        .feature_value("westeurope", "F", "Feature", None)
        .await
        .unwrap();

    assert!(
        factories
            .feature_value("..", "F", "Feature", None)
            .await
            .is_err()
    );
    insta::assert_snapshot!(sent(&service).await, @r#"
    POST ~S/providers/Microsoft.DataFactory/locations/westeurope/configureFactoryRepo
      {"factoryResourceId":"~F","repoConfiguration":{"type":"FactoryGitHubConfiguration"}}
    POST ~S/providers/Microsoft.DataFactory/locations/westeurope/getFeatureValue
      {"featureName":"F","featureType":"Feature"}
    "#);
}

#[test]
fn an_id_with_a_part_that_is_no_name_is_refused() {
    for (subscription, group, factory) in [("", "rg", "adf"), ("s", "..", "adf"), ("s", "rg", ".")]
    {
        let id = FactoryId {
            subscription: subscription.to_owned(),
            resource_group: group.to_owned(),
            factory: factory.to_owned(),
        };

        assert!(FactoryClient::new(id, credential(), None).is_err());
    }
}

#[tokio::test]
async fn plain_http_is_for_this_machine_alone() {
    let service = Service::start().await;
    service.on("GET", FACTORY).reply(ok(factory())).await;
    let at = |endpoint: String| {
        let options = FactoryClientOptions {
            endpoint,
            rest: Default::default(),
            ..options(&service)
        };
        let token = std::sync::Arc::new(StaticToken::new("secret-token"));
        FactoryClient::new(FACTORY.parse().unwrap(), token, Some(options))
    };

    let here = at(service.uri()).unwrap().get(None).await;
    let elsewhere = at("http://management.test".to_owned()).unwrap_err();

    assert!(here.is_ok());
    assert!(elsewhere.to_string().contains("plain http"), "{elsewhere}");
    assert_eq!(sent(&service).await, "GET ~F\n");
}
