//! Names of repositories, pipelines, environments and people.

use serde_json::json;
use test_support::Service;

use crate::{client, ok, page, sent};

#[tokio::test]
async fn a_repository_is_found_by_name() {
    let service = Service::start().await;
    let repository = json!({ "id": "5febef5a", "name": "data ingestion", "defaultBranch": "refs/heads/main", "project": {} });
    service
        .on(
            "GET",
            "/contoso/ingestion/_apis/git/repositories/data%20ingestion",
        )
        .reply(ok(repository))
        .await;

    let found = client(&service)
        .repositories()
        .get("data ingestion", None)
        .await
        .unwrap();

    assert_eq!(
        (found.id.as_str(), found.default_branch.as_deref()),
        ("5febef5a", Some("refs/heads/main"))
    );
}

#[tokio::test]
async fn pipelines_and_environments_are_found_by_their_whole_name() {
    let service = Service::start().await;
    let definitions = json!([
        { "id": 1, "name": "ci", "path": "\\team" },
        { "id": 2, "name": "ci-nightly", "path": "\\" },
    ]);
    service
        .on("GET", "/contoso/ingestion/_apis/build/definitions")
        .reply(page(definitions, None))
        .await;
    let environments = "/contoso/ingestion/_apis/distributedtask/environments";
    service
        .on("GET", environments)
        .reply(page(
            json!([{ "id": 8, "name": "prod-eu" }, { "id": 9, "name": "Prod" }]),
            None,
        ))
        .await;
    service
        .on("POST", environments)
        .reply(ok(json!({ "id": 10, "name": "uat" })))
        .await;
    let client = client(&service);

    let definitions = client.definitions().named("CI", None).await.unwrap();
    let environment = client.environments().named("prod", None).await.unwrap();
    let created = client
        .environments()
        .create("uat", "made here", None)
        .await
        .unwrap();

    assert_eq!(definitions.iter().map(|it| it.id).collect::<Vec<_>>(), [1]);
    assert_eq!((environment.unwrap().id, created.id), (9, 10));
    insta::assert_snapshot!(sent(&service).await, @r#"
    GET ~/build/definitions?api-version=7.1&name=CI
    GET ~/distributedtask/environments?api-version=7.1-preview.1&name=prod
    POST ~/distributedtask/environments?api-version=7.1-preview.1
      {"name":"uat","description":"made here"}
    "#);
}

#[tokio::test]
async fn service_connections_and_variable_groups_are_found_by_their_whole_name() {
    let service = Service::start().await;
    let connections = json!([{ "id": "c0ffee00-0000-0000-0000-000000000000", "name": "Prod", "type": "azurerm", "isShared": false }]);
    service
        .on("GET", "/contoso/ingestion/_apis/serviceendpoint/endpoints")
        .reply(page(connections, None))
        .await;
    let groups =
        json!([{ "id": 3, "name": "prod-old" }, { "id": 4, "name": "prod", "variables": {} }]);
    service
        .on(
            "GET",
            "/contoso/ingestion/_apis/distributedtask/variablegroups",
        )
        .reply(page(groups, None))
        .await;
    let client = client(&service);

    let connection = client
        .service_endpoints()
        .named("prod", None)
        .await
        .unwrap();
    let group = client.variable_groups().named("prod", None).await.unwrap();
    let none = client.variable_groups().named("qa", None).await.unwrap();

    assert!(connection.unwrap().id.starts_with("c0ffee00"));
    assert_eq!(group.unwrap().id, 4);
    assert_eq!(none, None);
    insta::assert_snapshot!(sent(&service).await, @r#"
    GET ~/serviceendpoint/endpoints?api-version=7.1&endpointNames=prod
    GET ~/distributedtask/variablegroups?api-version=7.1&groupName=prod
    GET ~/distributedtask/variablegroups?api-version=7.1&groupName=qa
    "#);
}

#[tokio::test]
async fn people_are_asked_for_on_their_own_host() {
    let service = Service::start().await;
    let people = json!([{
        "id": "11111111-0000-0000-0000-000000000000",
        "providerDisplayName": "Ada Lovelace",
        "customDisplayName": null,
        "isActive": true,
        "properties": { "Account": { "$type": "System.String", "$value": "ada@contoso.test" } },
    }]);
    service
        .on("GET", "/contoso/_apis/identities")
        .header("x-forwarded-host", "vssps.dev.azure.com")
        .reply(page(people, None))
        .await;

    let found = client(&service)
        .identities()
        .search("ada", None)
        .await
        .unwrap();

    let ada = &found[0];
    assert_eq!(ada.display_name(), "Ada Lovelace");
    assert!(
        ada.is_called("ADA@contoso.test") && ada.is_called("ada lovelace") && !ada.is_called("ada")
    );
    insta::assert_snapshot!(sent(&service).await, @r#"GET /contoso/_apis/identities?api-version=7.1&searchFilter=General&filterValue=ada"#);
}
