use databricks_client::{ApiError, DatabricksError, FileDownloadOptions, FileUploadOptions};
use futures::TryStreamExt;
use serde_json::json;
use test_support::{Reply, Service};

use crate::{client, log, refusal};

const FILE: &str = "/Volumes/c/s/v/a b%.csv";

#[tokio::test]
async fn each_operation_sends_what_the_service_documents() {
    let service = Service::start().await;
    let file = "/api/2.0/fs/files/Volumes/c/s/v/a%20b%25.csv";
    let folder = "/api/2.0/fs/directories/Volumes/c/s/v/x";
    service.on("PUT", file).reply(Reply::empty(204)).await;
    let found = Reply::bytes(200, "text/csv", "a,b\n")
        .header("last-modified", "Mon, 23 Nov 2026 10:00:00 GMT");
    service
        .on("GET", file)
        .header("range", "bytes=2-4")
        .reply(Reply::bytes(206, "text/csv", "b\n"))
        .await;
    service.on("GET", file).reply(found.clone()).await;
    service.on("HEAD", file).reply(found).await;
    service.on("DELETE", file).reply(Reply::empty(204)).await;
    for verb in ["PUT", "HEAD", "DELETE"] {
        service.on(verb, folder).reply(Reply::empty(204)).await;
    }
    let listed =
        json!({"contents": [{"path": "/Volumes/c/s/v/x/y", "name": "y", "is_directory": true}]});
    service
        .on("GET", folder)
        .reply(Reply::json(200, listed))
        .await;
    let client = client(&service);
    let files = client.files();

    let replace = FileUploadOptions {
        overwrite: true,
        ..FileUploadOptions::default()
    };
    files.upload(FILE, "a,b\n", Some(replace)).await.unwrap();
    files.upload(FILE, "a,b\n", None).await.unwrap();
    let whole = files.download(FILE, None).await.unwrap();
    let part = FileDownloadOptions {
        offset: Some(2),
        length: Some(3),
        ..FileDownloadOptions::default()
    };
    let part = files.download(FILE, Some(part)).await.unwrap();
    let metadata = files.metadata(FILE, None).await.unwrap();
    files.delete(FILE, None).await.unwrap();
    files
        .create_directory("/Volumes/c/s/v/x/", None)
        .await
        .unwrap();
    files
        .directory_metadata("/Volumes/c/s/v/x", None)
        .await
        .unwrap();
    let entries: Vec<_> = files
        .list("/Volumes/c/s/v/x", None)
        .unwrap()
        .try_collect()
        .await
        .unwrap();
    files
        .delete_directory("/Volumes/c/s/v/x", None)
        .await
        .unwrap();

    assert_eq!(whole.metadata, metadata);
    assert_eq!(whole.body.collect().await.unwrap(), "a,b\n");
    assert_eq!(part.body.collect().await.unwrap(), "b\n");
    assert_eq!(
        metadata.last_modified.as_deref(),
        Some("Mon, 23 Nov 2026 10:00:00 GMT")
    );
    assert!(entries[0].is_directory);
    insta::assert_snapshot!(log(&service).await);
}

#[tokio::test]
async fn a_path_that_would_mean_another_is_refused_before_it_is_sent() {
    let service = Service::start().await;
    let client = client(&service);

    for path in [
        "",
        "/",
        "Volumes/a",
        "/Volumes/../x",
        "/Volumes/./x",
        "/Volumes//x",
        "//Volumes",
        "/..",
    ] {
        let error = client.files().delete(path, None).await.unwrap_err();
        assert!(
            matches!(
                DatabricksError::of(&error),
                Some(DatabricksError::Path { .. })
            ),
            "{path}: {error}"
        );
    }
    assert_eq!(service.log().await, "");
}

#[tokio::test]
async fn an_upload_that_may_not_replace_is_sent_once() {
    let service = Service::start().await;
    service
        .on("PUT", "/api/2.0/fs/files/Volumes/a")
        .times(3)
        .replies([
            refusal(503, "TEMPORARILY_UNAVAILABLE", "m"),
            refusal(503, "INTERNAL_ERROR", "m"),
            Reply::empty(204),
        ])
        .await;
    let client = client(&service);
    let replace = FileUploadOptions {
        overwrite: true,
        ..FileUploadOptions::default()
    };

    client
        .files()
        .upload("/Volumes/a", "x", None)
        .await
        .unwrap_err();
    client
        .files()
        .upload("/Volumes/a", "x", Some(replace))
        .await
        .unwrap();
}

#[tokio::test]
async fn what_is_missing_or_taken_is_told_apart() {
    let service = Service::start().await;
    service
        .on("HEAD", "/api/2.0/fs/files/Volumes/a")
        .reply(Reply::empty(404))
        .await;
    service
        .on("GET", "/api/2.0/fs/files/Volumes/a")
        .reply(refusal(404, "NOT_FOUND", "m"))
        .await;
    service
        .on("PUT", "/api/2.0/fs/files/Volumes/a")
        .reply(refusal(409, "ALREADY_EXISTS", "m"))
        .await;
    let client = client(&service);

    let head = client
        .files()
        .metadata("/Volumes/a", None)
        .await
        .unwrap_err();
    let get = client
        .files()
        .download("/Volumes/a", None)
        .await
        .unwrap_err();
    let put = client
        .files()
        .upload("/Volumes/a", "x", None)
        .await
        .unwrap_err();

    assert!(ApiError::of(&head).unwrap().is_not_found());
    assert!(ApiError::of(&get).unwrap().is_not_found());
    assert!(ApiError::of(&put).unwrap().is_conflict());
}

#[tokio::test]
async fn a_sign_in_page_is_no_file() {
    let service = Service::start().await;
    let page = Reply::bytes(
        200,
        "text/html; charset=utf-8",
        "<html><title>Sign In</title></html>",
    );
    for (verb, name) in [("GET", "a.csv"), ("GET", "a.HTML"), ("HEAD", "a.csv")] {
        service
            .on(verb, &format!("/api/2.0/fs/files/Volumes/{name}"))
            .reply(page.clone())
            .await;
    }
    let client = client(&service);

    let file = client
        .files()
        .download("/Volumes/a.csv", None)
        .await
        .unwrap_err();
    let head = client
        .files()
        .metadata("/Volumes/a.csv", None)
        .await
        .unwrap_err();

    for error in [file, head] {
        assert!(
            matches!(
                DatabricksError::of(&error),
                Some(DatabricksError::PageInPlaceOfFile { .. })
            ),
            "{error}"
        );
    }
    assert!(
        client
            .files()
            .download("/Volumes/a.HTML", None)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_folder_that_is_not_empty_says_so() {
    let service = Service::start().await;
    let details = json!([{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "FILES_API_DIRECTORY_IS_NOT_EMPTY", "domain": "filesystem"}]);
    let body = json!({"error_code": "BAD_REQUEST", "message": "not empty", "details": details});
    service
        .on("DELETE", "/api/2.0/fs/directories/Volumes/x")
        .reply(Reply::json(400, body))
        .await;

    let error = client(&service)
        .files()
        .delete_directory("/Volumes/x", None)
        .await
        .unwrap_err();

    let refusal = ApiError::of(&error).unwrap();
    assert!(
        refusal.has_reason("FILES_API_DIRECTORY_IS_NOT_EMPTY"),
        "{error}"
    );
    assert!(!refusal.has_reason("WORKSPACE_OBJECT_TYPE_MISMATCH"));
}

#[tokio::test]
async fn a_folder_is_listed_page_by_page_in_spite_of_throttling() {
    let service = Service::start().await;
    let folder = "/api/2.0/fs/directories/Volumes/x";
    let page = |path: &str, next: Option<&str>| {
        Reply::json(
            200,
            json!({"contents": [{"path": path}], "next_page_token": next}),
        )
    };
    service.fault("GET", 2, Reply::throttled()).await;
    service
        .on("GET", folder)
        .without_query("page_token")
        .reply(page("/Volumes/x/a", Some("t")))
        .await;
    service
        .on("GET", folder)
        .query("page_token", "t")
        .reply(page("/Volumes/x/b", None))
        .await;
    let client = client(&service);

    let pages = client.files().list("/Volumes/x", None).unwrap();
    let paths: Vec<_> = pages
        .map_ok(|entry| entry.path)
        .try_collect()
        .await
        .unwrap();

    assert_eq!(paths, ["/Volumes/x/a", "/Volumes/x/b"]);
}

#[tokio::test]
async fn a_refused_page_ends_the_list_with_its_reason() {
    let service = Service::start().await;
    let denied = refusal(403, "PERMISSION_DENIED", "no READ VOLUME");
    service
        .on("GET", "/api/2.0/fs/directories/Volumes/x")
        .reply(denied)
        .await;
    let client = client(&service);

    let mut pages = client.files().list("/Volumes/x", None).unwrap();
    let error = pages.try_next().await.unwrap_err();

    assert!(ApiError::of(&error).unwrap().is_permission_denied());
}
