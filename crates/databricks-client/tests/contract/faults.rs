use std::time::Duration;

use databricks_client::{ApiError, ApiErrorKind};
use serde_json::json;
use test_support::{Reply, Service};

use crate::{HOST, answer, client, refusal};

const GET: &str = "/api/2.0/workspace/get-status";

async fn status_error(reply: Reply) -> azure_core::Error {
    let service = Service::start().await;
    service.on("GET", GET).reply(reply).await;
    client(&service)
        .workspace()
        .get_status("/a", None)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn each_class_of_refusal_is_told_apart_and_the_code_outranks_the_status() {
    use ApiErrorKind as Kind;
    for (status, code, message, kind) in [
        (400, "INVALID_PARAMETER_VALUE", "m", Kind::BadRequest),
        (400, "DIRECTORY_NOT_EMPTY", "m", Kind::BadRequest),
        (400, "MAX_READ_SIZE_EXCEEDED", "m", Kind::BadRequest),
        (400, "QUOTA_EXCEEDED", "m", Kind::BadRequest),
        (401, "", "m", Kind::Unauthenticated),
        (400, "UNAUTHENTICATED", "m", Kind::Unauthenticated),
        (
            403,
            "PERMISSION_DENIED",
            "Invalid access token.",
            Kind::PermissionDenied,
        ),
        (403, "403", "Invalid access token.", Kind::PermissionDenied),
        (
            400,
            "INVALID_PARAMETER_VALUE",
            "Job 5 does not exist.",
            Kind::NotFound,
        ),
        (
            400,
            "INVALID_PARAMETER_VALUE",
            "Run 5 does not exist.",
            Kind::NotFound,
        ),
        (
            400,
            "INVALID_PARAMETER_VALUE",
            "Run: 5 in job: 6 doesn't exist",
            Kind::NotFound,
        ),
        (
            400,
            "INVALID_PARAMETER_VALUE",
            "Column x does not exist",
            Kind::BadRequest,
        ),
        (400, "RESOURCE_DOES_NOT_EXIST", "m", Kind::NotFound),
        (
            404,
            "ENDPOINT_NOT_FOUND",
            "No API found for 'GET /x'",
            Kind::NotFound,
        ),
        (400, "RESOURCE_ALREADY_EXISTS", "m", Kind::Conflict),
        (409, "", "m", Kind::Conflict),
        (429, "RESOURCE_EXHAUSTED", "m", Kind::TooManyRequests),
        (400, "REQUEST_LIMIT_EXCEEDED", "m", Kind::TooManyRequests),
        (499, "", "m", Kind::Cancelled),
        (500, "INTERNAL_ERROR", "m", Kind::Internal),
        (501, "", "m", Kind::NotImplemented),
        (503, "", "m", Kind::Unavailable),
        (500, "TEMPORARILY_UNAVAILABLE", "m", Kind::Unavailable),
        (504, "", "m", Kind::DeadlineExceeded),
        (418, "ODD", "m", Kind::Other),
    ] {
        let error = status_error(refusal(status, code, message)).await;

        assert_eq!(
            ApiError::of(&error).unwrap().kind(),
            kind,
            "{status} {code}"
        );
    }
}

#[tokio::test]
async fn an_error_names_the_request_its_id_and_what_the_service_says() {
    let reply = refusal(404, "RESOURCE_DOES_NOT_EXIST", "Path (/a) doesn't exist.")
        .header("x-request-id", "r-1");

    let error = status_error(reply).await;

    assert_eq!(
        error.to_string(),
        "GET /api/2.0/workspace/get-status answered 404 RESOURCE_DOES_NOT_EXIST: Path (/a) doesn't exist. (request id r-1)"
    );
}

#[tokio::test]
async fn sign_in_pages_and_redirects_are_failed_sign_ins() {
    let page = "<!DOCTYPE html><html><head><title>Databricks - Sign In</title></head></html>";
    let private = "/login.html?error=private-link-validation-error:77";
    let gateway = "<html><head><title>Error 403 User not authorized.</title></head><body><pre>    User not authorized.</pre></body></html>";
    for (reply, kind, said) in [
        (
            Reply::bytes(200, "text/html", page),
            ApiErrorKind::Unauthenticated,
            "Databricks - Sign In",
        ),
        (
            Reply::empty(303).header("location", "/login.html"),
            ApiErrorKind::Unauthenticated,
            "/login.html",
        ),
        (
            Reply::empty(302).header("location", private),
            ApiErrorKind::PermissionDenied,
            "private link",
        ),
        (
            Reply::bytes(403, "text/html", gateway),
            ApiErrorKind::PermissionDenied,
            "User not authorized.",
        ),
    ] {
        let error = status_error(reply).await;

        let refusal = ApiError::of(&error).unwrap();
        assert_eq!(refusal.kind(), kind, "{error}");
        assert!(refusal.message.contains(said), "{error}");
    }
}

#[tokio::test]
async fn a_sign_in_page_is_no_success_of_a_change_either() {
    let service = Service::start().await;
    let page = Reply::bytes(
        200,
        "text/html",
        "<html><title>Databricks - Sign In</title></html>",
    );
    service
        .on("POST", "/api/2.0/workspace/mkdirs")
        .reply(page)
        .await;

    let error = client(&service)
        .workspace()
        .mkdirs("/a", None)
        .await
        .unwrap_err();

    let refusal = ApiError::of(&error).unwrap();
    assert!(refusal.is_unauthenticated());
    assert!(refusal.hint().unwrap().contains("host"));
}

#[tokio::test]
async fn refusals_of_rights_have_hints() {
    for (message, hint) in [
        ("Invalid access token.", "personal access token"),
        ("User not authorized.", "add the identity"),
        (
            "Source IP address: 1.2.3.4 is blocked by Databricks IP ACL for workspace: 5",
            "access list",
        ),
    ] {
        let error = status_error(refusal(403, "PERMISSION_DENIED", message)).await;

        assert!(
            ApiError::of(&error).unwrap().hint().unwrap().contains(hint),
            "{message}"
        );
    }
}

#[tokio::test]
async fn throttling_and_outages_pass() {
    let service = Service::start().await;
    let found = Reply::json(200, json!({"path": "/a", "object_type": "FILE"}));
    let busy = Reply::bytes(
        429,
        "text/html",
        "<html><pre>429 Too Many Requests</pre></html>",
    )
    .header("retry-after", "0");
    service
        .on("GET", GET)
        .times(4)
        .replies([busy, refusal(503, "", "m"), refusal(500, "", "m"), found])
        .await;

    client(&service)
        .workspace()
        .get_status("/a", None)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_workspace_that_is_not_ready_is_asked_again_whatever_the_method() {
    for message in [
        "Unknown worker environment WorkerEnvId(workerenv-1)",
        "There is no worker environment with id workerenv-1",
        "Workspace does not have any associated worker environments",
        "worker env WorkerEnvId(workerenv-1) not found",
        "com.databricks.UnknownWorkerEnvironmentException: x",
        "ClusterNotReadyException: driver",
        "RPC token bucket limit has been exceeded",
    ] {
        let service = Service::start().await;
        let not_ready = refusal(400, "INVALID_PARAMETER_VALUE", message);
        let create = service.on("POST", "/api/2.2/jobs/create").times(2);
        create
            .replies([not_ready, Reply::json(200, json!({"job_id": 1}))])
            .await;

        let created = client(&service)
            .jobs()
            .create(&databricks_client::JobSettings::default(), None)
            .await;

        assert!(created.is_ok(), "{message}");
    }
}

#[tokio::test]
async fn passing_trouble_by_text_is_asked_again_where_that_is_safe() {
    for message in [
        "Unexpected error",
        "Please try again later or try a faster operation.",
        "deadline exceeded",
    ] {
        let service = Service::start().await;
        let found = Reply::json(200, json!({"path": "/a", "object_type": "FILE"}));
        service
            .on("GET", GET)
            .times(2)
            .replies([refusal(400, "BAD_REQUEST", message), found])
            .await;
        service
            .on("POST", "/api/2.2/jobs/create")
            .times(1)
            .reply(refusal(400, "BAD_REQUEST", message))
            .await;
        let client = client(&service);

        client.workspace().get_status("/a", None).await.unwrap();
        client
            .jobs()
            .create(&databricks_client::JobSettings::default(), None)
            .await
            .unwrap_err();
    }
}

#[tokio::test]
async fn a_wrong_body_names_its_place() {
    let odd = Reply::json(
        200,
        json!({"path": "/a", "object_type": "FILE", "size": "large"}),
    );

    let error = status_error(odd).await;

    let said = error.to_string();
    assert!(
        said.contains("GET /api/2.0/workspace/get-status") && said.contains("`size`"),
        "{said}"
    );
}

#[tokio::test]
async fn garbage_is_an_error_and_no_panic() {
    for body in [
        &b""[..],
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b"\"text\"",
        b"{\"path\":1}",
    ] {
        let error = status_error(Reply::bytes(200, "application/json", body)).await;

        assert!(
            error
                .to_string()
                .contains("GET /api/2.0/workspace/get-status"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_abandoned_call_leaves_the_client_usable() {
    let service = Service::start().await;
    service
        .on("GET", GET)
        .reply(Reply::json(200, json!({})).late(Duration::from_secs(600)))
        .await;
    answer(&service, "POST", "/api/2.0/workspace/mkdirs", json!({})).await;
    let client = client(&service);

    let workspace = client.workspace();
    let slow = workspace.get_status("/a", None);
    let abandoned = tokio::time::timeout(Duration::from_millis(20), slow).await;

    assert!(abandoned.is_err());
    client.workspace().mkdirs("/a", None).await.unwrap();
}

#[tokio::test]
async fn a_workspace_that_cannot_be_reached_is_named() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let options = databricks_client::WorkspaceClientOptions {
        rest: databricks_client::RestClientOptions {
            retry: Service::retry(),
            ..Default::default()
        },
        ..Default::default()
    };
    let token = std::sync::Arc::new(databricks_client::StaticToken::new("t"));
    let client =
        databricks_client::WorkspaceClient::new(&format!("http://{free}"), token, Some(options))
            .unwrap();

    let error = client.workspace().mkdirs("/a", None).await.unwrap_err();

    assert!(
        error
            .to_string()
            .contains("POST /api/2.0/workspace/mkdirs on 127.0.0.1 was not answered"),
        "{error}"
    );
    assert!(ApiError::of(&error).is_none());
    assert!(HOST.starts_with("https://"));
}
