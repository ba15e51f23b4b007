use adf_client::{Deletable, ResourceClient, ServiceErrorExt, Versioned};
use adf_model::{Kind, Pipeline, Resource};
use futures::TryStreamExt;
use serde_json::{Value, json};
use test_support::{Reply, Service};

use crate::{at, client, document, link, ok, sent};

/// A small document of each kind, with something that no reading knows.
fn example(kind: Kind) -> Value {
    let reference = json!({"referenceName": "store", "type": "LinkedServiceReference"});
    let properties = match kind {
        Kind::GlobalParameters => json!({"region": {"type": "String", "value": "we"}}),
        Kind::Dataset => json!({"type": "Binary", "linkedServiceName": reference, "new": null}),
        Kind::Pipeline => json!({"activities": [], "new": null}),
        _ => json!({"type": "AnyType", "new": null}),
    };
    json!({"name": "x y", "new": {"kept": true}, "properties": properties})
}

async fn read_and_write<K: Resource>(
    service: &Service,
    resources: ResourceClient<K>,
    list: &str,
    items: &str,
) {
    let item = format!("{}/x%20y", at(items));
    let example = example(K::KIND);
    service.on("GET", &item).reply(ok(example.clone())).await;
    service.on("PUT", &item).reply(ok(example.clone())).await;
    let next = link(&format!("{list}?api-version=2018-06-01&$skiptoken=2"));
    service
        .on("GET", &at(list))
        .without_query("$skiptoken")
        .reply(ok(json!({"value": [example], "nextLink": next})))
        .await;
    service
        .on("GET", &at(list))
        .query("$skiptoken", "2")
        .reply(ok(json!({"value": [example], "nextLink": ""})))
        .await;

    let read = resources.get("x y", None).await.unwrap();
    let read = read.into_model().unwrap();
    let written = resources.put("x y", &read, None).await.unwrap();
    let listed: Vec<_> = resources.list(None).try_collect().await.unwrap();

    assert_eq!(read.json(), &example);
    assert_eq!(written.into_model().unwrap().json(), &example);
    assert_eq!(listed.len(), 2);
}

async fn delete<K: Deletable>(service: &Service, resources: ResourceClient<K>, items: &str) {
    service
        .on("DELETE", &format!("{}/there", at(items)))
        .reply(Reply::empty(200))
        .await;
    service
        .on("DELETE", &format!("{}/absent", at(items)))
        .reply(Reply::empty(204))
        .await;

    let there = resources.delete("there", None).await.unwrap();
    let absent = resources.delete("absent", None).await.unwrap();

    assert_eq!(u16::from(there.status()), 200);
    assert_eq!(u16::from(absent.status()), 204);
}

async fn compare<K: Versioned>(service: &Service, resources: ResourceClient<K>, items: &str) {
    let item = format!("{}/x%20y", at(items));
    let example = document::<K>(example(K::KIND));
    service
        .on("GET", &item)
        .header("if-none-match", "same")
        .reply(Reply::empty(304))
        .await;
    service
        .on("GET", &item)
        .header("if-none-match", "old")
        .reply(ok(example.json().clone()))
        .await;
    service
        .on("PUT", &item)
        .header("if-match", "same")
        .reply(ok(example.json().clone()))
        .await;
    service
        .on("PUT", &item)
        .header("if-match", "old")
        .reply(Reply::refusal(412, "PreconditionFailed", "changed"))
        .await;

    let same = resources.get_if_changed("x y", "same", None).await.unwrap();
    let changed = resources.get_if_changed("x y", "old", None).await.unwrap();
    let matched = resources.put_if_match("x y", &example, "same", None).await;
    let missed = resources
        .put_if_match("x y", &example, "old", None)
        .await
        .unwrap_err();

    assert!(same.is_none(), "{}", K::KIND);
    let changed = changed.unwrap().into_model().unwrap();
    assert_eq!(changed.json(), example.json());
    assert!(matched.is_ok(), "{}", K::KIND);
    assert_eq!(u16::from(missed.service_error().unwrap().status), 412);
}

#[tokio::test]
async fn every_kind_is_read_written_and_listed() {
    let service = Service::start().await;
    let f = client(&service);
    let endpoints = f.managed_private_endpoints("v n").unwrap();

    macro_rules! each {
        ($($resources:expr, $list:literal, $items:literal;)+) => {
            $(read_and_write(&service, $resources, $list, $items).await;)+
        };
    }
    each! {
        f.pipelines(), "pipelines", "pipelines";
        f.datasets(), "datasets", "datasets";
        f.linked_services(), "linkedservices", "linkedservices";
        f.data_flows(), "dataflows", "dataflows";
        f.triggers(), "triggers", "triggers";
        f.integration_runtimes(), "integrationRuntimes", "integrationRuntimes";
        f.credentials(), "credentials", "credentials";
        f.global_parameters(), "globalParameters", "globalParameters";
        f.managed_virtual_networks(), "managedVirtualNetworks", "managedVirtualNetworks";
        endpoints, "managedVirtualNetworks/v%20n/managedPrivateEndpoints", "managedVirtualNetworks/v%20n/managedPrivateEndpoints";
        f.private_endpoint_connections(), "privateEndPointConnections", "privateEndpointConnections";
        f.change_data_captures(), "adfcdcs", "adfcdcs";
    }

    let log = sent(&service).await;
    let private_endpoints: Vec<_> = log
        .lines()
        .skip_while(|line| !line.contains("v%20n"))
        .take(10)
        .collect();
    insta::assert_snapshot!(private_endpoints.join("\n"), @r#"
    GET ~F/managedVirtualNetworks/v%20n/managedPrivateEndpoints/x%20y
    PUT ~F/managedVirtualNetworks/v%20n/managedPrivateEndpoints/x%20y
      {"name":"x y","new":{"kept":true},"properties":{"type":"AnyType","new":null}}
    GET ~F/managedVirtualNetworks/v%20n/managedPrivateEndpoints
    GET ~F/managedVirtualNetworks/v%20n/managedPrivateEndpoints?$skiptoken=2
    GET ~F/privateEndpointConnections/x%20y
    PUT ~F/privateEndpointConnections/x%20y
      {"name":"x y","new":{"kept":true},"properties":{"type":"AnyType","new":null}}
    GET ~F/privateEndPointConnections
    GET ~F/privateEndPointConnections?$skiptoken=2
    "#);
    assert_eq!(log.matches("GET ").count(), 12 * 3);
    assert_eq!(log.matches("PUT ").count(), 12);
}

#[tokio::test]
async fn every_kind_but_networks_is_deleted() {
    let service = Service::start().await;
    let f = client(&service);
    let endpoints = f.managed_private_endpoints("vn").unwrap();

    delete(&service, f.pipelines(), "pipelines").await;
    delete(&service, f.datasets(), "datasets").await;
    delete(&service, f.linked_services(), "linkedservices").await;
    delete(&service, f.data_flows(), "dataflows").await;
    delete(&service, f.triggers(), "triggers").await;
    delete(&service, f.integration_runtimes(), "integrationRuntimes").await;
    delete(&service, f.credentials(), "credentials").await;
    delete(&service, f.global_parameters(), "globalParameters").await;
    let below = "managedVirtualNetworks/vn/managedPrivateEndpoints";
    delete(&service, endpoints, below).await;
    let connections = f.private_endpoint_connections();
    delete(&service, connections, "privateEndpointConnections").await;
    delete(&service, f.change_data_captures(), "adfcdcs").await;

    assert_eq!(sent(&service).await.matches("DELETE ~F/").count(), 22);
}

#[tokio::test]
async fn every_kind_but_global_parameters_is_compared_by_its_entity_tag() {
    let service = Service::start().await;
    let f = client(&service);
    let endpoints = f.managed_private_endpoints("vn").unwrap();

    compare(&service, f.pipelines(), "pipelines").await;
    compare(&service, f.datasets(), "datasets").await;
    compare(&service, f.linked_services(), "linkedservices").await;
    compare(&service, f.data_flows(), "dataflows").await;
    compare(&service, f.triggers(), "triggers").await;
    compare(&service, f.integration_runtimes(), "integrationRuntimes").await;
    compare(&service, f.credentials(), "credentials").await;
    let networks = f.managed_virtual_networks();
    compare(&service, networks, "managedVirtualNetworks").await;
    let below = "managedVirtualNetworks/vn/managedPrivateEndpoints";
    compare(&service, endpoints, below).await;
    let connections = f.private_endpoint_connections();
    compare(&service, connections, "privateEndpointConnections").await;
    compare(&service, f.change_data_captures(), "adfcdcs").await;
}

#[tokio::test]
async fn a_plain_put_has_no_condition() {
    let service = Service::start().await;
    let pipeline = json!({"properties": {"activities": []}});
    service
        .on("PUT", &at("pipelines/p"))
        .reply(ok(pipeline.clone()))
        .await;

    let pipeline = document::<Pipeline>(pipeline);
    client(&service)
        .pipelines()
        .put("p", &pipeline, None)
        .await
        .unwrap();

    let requests = service.requests().await;
    assert!(requests[0].headers.get("if-match").is_none());
    assert_eq!(
        requests[0].headers.get("content-type").unwrap(),
        "application/json"
    );
}

#[tokio::test]
async fn a_name_that_would_vanish_from_the_path_is_not_sent() {
    let service = Service::start().await;
    let f = client(&service);

    for name in ["", ".", ".."] {
        let error = f.pipelines().delete(name, None).await.unwrap_err();

        assert!(
            error.to_string().contains("not the name of a pipeline"),
            "{error}"
        );
        assert!(f.managed_private_endpoints(name).is_err());
        assert!(f.runs().get(name, None).await.is_err());
        assert!(f.trigger_runs().cancel("t", name, None).await.is_err());
    }
    assert_eq!(service.log().await, "");
}

#[tokio::test]
async fn names_are_encoded_as_one_segment() {
    let service = Service::start().await;
    service
        .on("DELETE", &at("datasets/a%2Fb%3Fc%23%25"))
        .times(1)
        .reply(Reply::empty(200))
        .await;

    let answer = client(&service).datasets().delete("a/b?c#%", None).await;

    assert!(answer.is_ok());
}

#[tokio::test]
async fn change_data_captures_are_started_stopped_and_asked() {
    let service = Service::start().await;
    for action in ["start", "stop"] {
        service
            .on("POST", &at(&format!("adfcdcs/c/{action}")))
            .reply(Reply::empty(200))
            .await;
    }
    service
        .on("GET", &at("adfcdcs/c/status"))
        .reply(ok(json!("Running")))
        .await;
    let captures = client(&service).change_data_captures();

    captures.start("c", None).await.unwrap();
    captures.stop("c", None).await.unwrap();
    let status = captures.status("c", None).await.unwrap();

    assert_eq!(status.into_model().unwrap(), "Running");
    insta::assert_snapshot!(sent(&service).await, @r"
    POST ~F/adfcdcs/c/start
    POST ~F/adfcdcs/c/stop
    GET ~F/adfcdcs/c/status
    ");
}

#[tokio::test]
async fn a_name_of_dots_and_line_ends_does_not_reach_what_lies_above() {
    let service = Service::start().await;
    for path in [".%09.", "..%0D%0A", "%252e%252e"] {
        service
            .on("DELETE", &at(&format!("pipelines/{path}")))
            .times(1)
            .reply(Reply::empty(204))
            .await;
    }
    let pipelines = client(&service).pipelines();

    for name in [".\t.", "..\r\n", "%2e%2e"] {
        pipelines.delete(name, None).await.unwrap();
    }

    assert_eq!(service.requests().await.len(), 3);
}
