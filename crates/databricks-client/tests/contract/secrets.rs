use databricks_client::{AclPermission, ApiError, ScopeBackend, ScopeCreate};
use serde_json::json;
use test_support::Service;

use crate::{answer, client, log, refusal};

#[tokio::test]
async fn each_operation_sends_what_the_service_documents() {
    let service = Service::start().await;
    for operation in [
        "scopes/create",
        "scopes/delete",
        "put",
        "delete",
        "acls/put",
        "acls/delete",
    ] {
        answer(
            &service,
            "POST",
            &format!("/api/2.0/secrets/{operation}"),
            json!({}),
        )
        .await;
    }
    let scopes = json!({"scopes": [{"name": "s", "backend_type": "AZURE_KEYVAULT"}]});
    answer(&service, "GET", "/api/2.0/secrets/scopes/list", scopes).await;
    answer(
        &service,
        "GET",
        "/api/2.0/secrets/get",
        json!({"key": "k", "value": "aHVzaA=="}),
    )
    .await;
    answer(
        &service,
        "GET",
        "/api/2.0/secrets/list",
        json!({"secrets": [{"key": "k", "last_updated_timestamp": 5}]}),
    )
    .await;
    let acl = json!({"principal": "users", "permission": "READ"});
    answer(
        &service,
        "GET",
        "/api/2.0/secrets/acls/list",
        json!({"items": [acl]}),
    )
    .await;
    answer(&service, "GET", "/api/2.0/secrets/acls/get", acl).await;
    let client = client(&service);
    let secrets = client.secrets();

    let vault = ScopeCreate::KeyVault {
        resource_id: "/subscriptions/s".into(),
        dns_name: "https://v.test/".into(),
    };
    secrets
        .create_scope("s", ScopeCreate::Databricks, Some("users"), None)
        .await
        .unwrap();
    secrets.create_scope("v", vault, None, None).await.unwrap();
    let scopes = secrets
        .list_scopes(None)
        .await
        .unwrap()
        .into_model()
        .unwrap()
        .scopes;
    secrets.put("s", "k", "hush", None).await.unwrap();
    secrets
        .put_bytes("s", "k", b"\x00\xff", None)
        .await
        .unwrap();
    let value = secrets
        .get("s", "k", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    let keys = secrets
        .list("s", None)
        .await
        .unwrap()
        .into_model()
        .unwrap()
        .secrets;
    secrets
        .put_acl("s", "users", &AclPermission::Read, None)
        .await
        .unwrap();
    let acl = secrets
        .get_acl("s", "users", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    let acls = secrets
        .list_acls("s", None)
        .await
        .unwrap()
        .into_model()
        .unwrap()
        .items;
    secrets.delete_acl("s", "users", None).await.unwrap();
    secrets.delete("s", "k", None).await.unwrap();
    secrets.delete_scope("s", None).await.unwrap();

    assert_eq!(scopes[0].backend_type, Some(ScopeBackend::AzureKeyvault));
    assert_eq!((value.text(), value.bytes()), (Ok("hush"), &b"hush"[..]));
    assert_eq!(keys[0].key, "k");
    assert_eq!(acls, [acl]);
    insta::assert_snapshot!(log(&service).await);
}

#[tokio::test]
async fn a_value_is_not_shown() {
    let service = Service::start().await;
    answer(
        &service,
        "GET",
        "/api/2.0/secrets/get",
        json!({"key": "k", "value": "aHVzaA=="}),
    )
    .await;

    let answer = client(&service)
        .secrets()
        .get("s", "k", None)
        .await
        .unwrap();
    let shown = format!("{answer:?}");
    let value = format!("{:?}", answer.into_model().unwrap());

    assert_eq!(value, r#"SecretValue { key: "k", .. }"#);
    assert!(
        !shown.contains("aHVz") && !shown.contains("hush"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_scope_on_a_vault_by_the_wrong_identity_gets_a_hint() {
    let service = Service::start().await;
    let said = "Scope with Azure KeyVault must have userAADToken defined!";
    service
        .on("POST", "/api/2.0/secrets/scopes/create")
        .reply(refusal(400, "BAD_REQUEST", said))
        .await;

    let error = client(&service)
        .secrets()
        .create_scope("v", ScopeCreate::Databricks, None, None)
        .await
        .unwrap_err();

    assert!(
        ApiError::of(&error)
            .unwrap()
            .hint()
            .unwrap()
            .contains("Entra token of a user")
    );
}

#[tokio::test]
async fn scopes_and_secrets_that_are_there_or_not_are_told_apart() {
    let service = Service::start().await;
    let taken = refusal(400, "RESOURCE_ALREADY_EXISTS", "Scope s already exists!");
    let missing = refusal(
        404,
        "RESOURCE_DOES_NOT_EXIST",
        "Secret does not exist with scope: s and key: k",
    );
    service
        .on("POST", "/api/2.0/secrets/scopes/create")
        .reply(taken)
        .await;
    service
        .on("GET", "/api/2.0/secrets/get")
        .reply(missing)
        .await;
    let client = client(&service);

    let taken = client
        .secrets()
        .create_scope("s", ScopeCreate::Databricks, None, None)
        .await
        .unwrap_err();
    let missing = client.secrets().get("s", "k", None).await.unwrap_err();

    assert!(ApiError::of(&taken).unwrap().is_conflict());
    assert!(ApiError::of(&missing).unwrap().is_not_found());
}
