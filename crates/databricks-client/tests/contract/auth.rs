use std::sync::Arc;

use azure_core::credentials::TokenCredential;
use azure_core::error::ErrorKind;
use databricks_client::{
    Attribute, AzureWorkspace, ClientCredentials, Config, ConfigError, Overrides, StaticToken,
    WorkspaceClient, WorkspaceClientOptions,
};
use serde_json::json;
use test_support::{Reply, Service};

use crate::{HOST, answer, client, refusal};

const RESOURCE: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Databricks/workspaces/w";

fn options(service: &Service) -> WorkspaceClientOptions {
    WorkspaceClientOptions {
        rest: service.options(),
        ..WorkspaceClientOptions::default()
    }
}

fn config(settings: &[(Attribute, &str)]) -> Config {
    let values = settings
        .iter()
        .map(|(attribute, value)| (*attribute, (*value).to_owned()))
        .collect();
    let overrides = Overrides {
        values,
        ..Overrides::default()
    };
    Config::resolve(&overrides, &|_| None, None).unwrap()
}

/// An error and its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

#[tokio::test]
async fn the_token_is_sent_to_the_workspace_and_nothing_more() {
    let service = Service::start().await;
    answer(
        &service,
        "GET",
        "/api/2.0/preview/scim/v2/Me",
        json!({"id": "1", "userName": "a@example.test", "groups": [{"display": "admins"}]}),
    )
    .await;

    let me = client(&service)
        .current_user()
        .me(None)
        .await
        .unwrap()
        .into_model()
        .unwrap();

    assert_eq!(
        (me.user_name.as_str(), me.groups[0].display.as_deref()),
        ("a@example.test", Some("admins"))
    );
    let request = &service.requests().await[0];
    assert_eq!(request.headers["authorization"], "Bearer secret-token");
    assert_eq!(
        request.headers["x-forwarded-host"],
        "adb-1.2.azuredatabricks.net"
    );
    assert!(
        !request
            .headers
            .keys()
            .any(|name| name.as_str().starts_with("x-databricks"))
    );
    let agent = request.headers["user-agent"].to_str().unwrap();
    assert!(agent.contains("databricks-client"), "{agent}");
}

#[tokio::test]
async fn an_identity_outside_the_workspace_shows_a_management_token() {
    let service = Service::start().await;
    answer(
        &service,
        "GET",
        "/api/2.0/preview/scim/v2/Me",
        json!({"id": "1"}),
    )
    .await;
    let mut options = options(&service);
    options.azure_workspace = Some(AzureWorkspace::new(
        RESOURCE,
        Arc::new(StaticToken::new("management")),
    ));
    options.workspace_id = Some("12".into());
    let client =
        WorkspaceClient::new(HOST, Arc::new(StaticToken::new("workspace")), Some(options)).unwrap();

    client.current_user().me(None).await.unwrap();

    let headers = &service.requests().await[0].headers;
    assert_eq!(headers["authorization"], "Bearer workspace");
    assert_eq!(
        headers["x-databricks-azure-sp-management-token"],
        "management"
    );
    assert_eq!(
        headers["x-databricks-azure-workspace-resource-id"],
        RESOURCE
    );
    assert_eq!(headers["x-databricks-workspace-id"], "12");
}

#[tokio::test]
async fn a_personal_access_token_of_the_settings_is_used() {
    let service = Service::start().await;
    answer(
        &service,
        "GET",
        "/api/2.0/preview/scim/v2/Me",
        json!({"id": "1"}),
    )
    .await;
    let config = config(&[
        (Attribute::Host, "adb-1.2.azuredatabricks.net/?o=12"),
        (Attribute::Token, "dapi-1"),
    ]);

    let client = WorkspaceClient::from_config(&config, Some(options(&service))).unwrap();
    client.current_user().me(None).await.unwrap();

    assert_eq!(
        client.host().as_str(),
        "https://adb-1.2.azuredatabricks.net/"
    );
    assert_eq!(
        service.requests().await[0].headers["authorization"],
        "Bearer dapi-1"
    );
}

#[tokio::test]
async fn a_databricks_service_principal_asks_the_workspace_for_one_token() {
    let service = Service::start().await;
    let granted = json!({"access_token": "granted", "expires_in": 3600, "token_type": "Bearer"});
    service
        .on("POST", "/oidc/v1/token")
        .header("authorization", "Basic YXBwOmh1c2g=")
        .header("content-type", "application/x-www-form-urlencoded")
        .times(2)
        .replies([refusal(503, "", "later"), Reply::json(200, granted)])
        .await;
    answer(
        &service,
        "GET",
        "/api/2.0/preview/scim/v2/Me",
        json!({"id": "1"}),
    )
    .await;
    let config = config(&[
        (Attribute::Host, HOST),
        (Attribute::ClientId, "app"),
        (Attribute::ClientSecret, "hush"),
    ]);

    let client = WorkspaceClient::from_config(&config, Some(options(&service))).unwrap();
    client.current_user().me(None).await.unwrap();
    client.current_user().me(None).await.unwrap();

    let requests = service.requests().await;
    assert_eq!(
        requests[0].body,
        b"grant_type=client_credentials&scope=all-apis"
    );
    assert_eq!(requests[3].headers["authorization"], "Bearer granted");
}

#[tokio::test]
async fn a_token_is_kept_until_shortly_before_it_expires() {
    let service = Service::start().await;
    let granted = |token: &str, seconds: &str| {
        Reply::json(200, json!({"access_token": token, "expires_in": seconds}))
    };
    service
        .on("POST", "/oidc/v1/token")
        .times(2)
        .replies([granted("short", "300"), granted("long", "3600")])
        .await;
    let credential = ClientCredentials::new(HOST, "app", "hush", Some(service.options())).unwrap();
    let token = async || {
        credential
            .get_token(&[], None)
            .await
            .unwrap()
            .token
            .secret()
            .to_owned()
    };

    assert_eq!(
        [token().await, token().await, token().await],
        ["short", "long", "long"]
    );
    assert!(!format!("{credential:?}").contains("hush"));
}

#[tokio::test]
async fn a_refused_service_principal_is_named_without_its_secret() {
    let service = Service::start().await;
    let body =
        json!({"error": "invalid_client", "error_description": "Client authentication failed"});
    service
        .on("POST", "/oidc/v1/token")
        .times(1)
        .reply(Reply::json(401, body))
        .await;
    let credential =
        Arc::new(ClientCredentials::new(HOST, "app", "hush", Some(service.options())).unwrap());
    let client = WorkspaceClient::new(HOST, credential, Some(options(&service))).unwrap();

    let error = client.current_user().me(None).await.unwrap_err();

    let said = chain(&error);
    assert_eq!(error.kind(), &ErrorKind::Credential, "{said}");
    assert!(
        said.contains("service principal app") && said.contains("Client authentication failed"),
        "{said}"
    );
    assert!(!format!("{error:?}").contains("hush"));
}

#[tokio::test]
async fn an_entra_service_principal_asks_for_both_tokens() {
    let service = Service::start().await;
    let granted = |token: &str| {
        Reply::json(
            200,
            json!({"access_token": token, "expires_in": 3600, "token_type": "Bearer"}),
        )
    };
    let tokens = service
        .on(
            "POST",
            "/7d3a2b1c-0000-4000-8000-000000000001/oauth2/v2.0/token",
        )
        .times(2);
    tokens
        .replies([granted("management"), granted("workspace")])
        .await;
    answer(
        &service,
        "GET",
        "/api/2.0/preview/scim/v2/Me",
        json!({"id": "1"}),
    )
    .await;
    let config = config(&[
        (Attribute::Host, HOST),
        (Attribute::AzureClientId, "app"),
        (Attribute::AzureClientSecret, "hush"),
        (
            Attribute::AzureTenantId,
            "7d3a2b1c-0000-4000-8000-000000000001",
        ),
        (Attribute::AzureWorkspaceResourceId, RESOURCE),
    ]);

    let client = WorkspaceClient::from_config(&config, Some(options(&service))).unwrap();
    client.current_user().me(None).await.unwrap();
    client.current_user().me(None).await.unwrap();

    let requests = service.requests().await;
    let body = |at: usize| String::from_utf8(requests[at].body.clone()).unwrap();
    assert!(
        body(0).contains("scope=https%3A%2F%2Fmanagement.core.windows.net%2F%2F.default"),
        "{}",
        body(0)
    );
    assert!(
        body(1).contains("scope=2ff814a6-3304-4ab8-85cb-cd0e6f879c1d%2F.default"),
        "{}",
        body(1)
    );
    assert_eq!(
        requests[0].headers["x-forwarded-host"],
        "login.microsoftonline.com"
    );
    assert_eq!(requests[2].headers["authorization"], "Bearer workspace");
    assert_eq!(
        requests[2].headers["x-databricks-azure-sp-management-token"],
        "management"
    );
    assert_eq!(requests.len(), 4);
}

#[tokio::test]
async fn the_login_is_that_of_the_cloud() {
    let service = Service::start().await;
    let granted = json!({"access_token": "t", "expires_in": 3600, "token_type": "Bearer"});
    answer(
        &service,
        "POST",
        "/7d3a2b1c-0000-4000-8000-000000000001/oauth2/v2.0/token",
        granted,
    )
    .await;
    answer(
        &service,
        "GET",
        "/api/2.0/preview/scim/v2/Me",
        json!({"id": "1"}),
    )
    .await;
    let mut settings = vec![
        (Attribute::Host, "https://adb-1.2.databricks.azure.us"),
        (Attribute::AzureClientId, "app"),
        (Attribute::AzureClientSecret, "hush"),
        (
            Attribute::AzureTenantId,
            "7d3a2b1c-0000-4000-8000-000000000001",
        ),
        (Attribute::AzureEnvironment, "usgovernment"),
    ];

    let client = WorkspaceClient::from_config(&config(&settings), Some(options(&service))).unwrap();
    client.current_user().me(None).await.unwrap();

    assert_eq!(
        service.requests().await[0].headers["x-forwarded-host"],
        "login.microsoftonline.us"
    );
    settings[4].1 = "MOON";
    let error = WorkspaceClient::from_config(&config(&settings), None).unwrap_err();
    assert_eq!(
        ConfigError::of(&error),
        Some(&ConfigError::UnknownCloud {
            name: "MOON".into()
        })
    );
}

#[tokio::test]
async fn settings_that_make_no_client_say_why() {
    let without_host = config(&[(Attribute::Token, "t")]);
    let several = config(&[
        (Attribute::Host, HOST),
        (Attribute::Token, "t"),
        (Attribute::AzureClientId, "a"),
    ]);

    let no_host = WorkspaceClient::from_config(&without_host, None).unwrap_err();
    let several = WorkspaceClient::from_config(&several, None).unwrap_err();

    assert!(matches!(
        ConfigError::of(&no_host),
        Some(ConfigError::NoHost { .. })
    ));
    assert!(matches!(
        ConfigError::of(&several),
        Some(ConfigError::SeveralMethods { .. })
    ));
    assert_eq!(several.kind(), &ErrorKind::Credential);
}

#[test]
fn plain_http_is_for_this_machine_alone() {
    let at = |host: &str| WorkspaceClient::new(host, Arc::new(StaticToken::new("t")), None);

    assert!(at("http://127.0.0.1:8080").is_ok());
    assert!(
        at("http://example.test")
            .unwrap_err()
            .to_string()
            .contains("never sent over plain http")
    );
    assert!(at("").is_err());
}
