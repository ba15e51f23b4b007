use databricks_client::{
    ApiError, ApiErrorKind, DatabricksError, ExportFormat, ExportOptions, ImportFormat,
    ImportOptions, Language, MAX_IMPORT_BYTES, ObjectType, WorkspaceListOptions,
};
use serde_json::json;
use test_support::{Reply, Service};

use crate::{answer, client, log, refusal};

#[tokio::test]
async fn each_operation_sends_what_the_service_documents() {
    let service = Service::start().await;
    answer(
        &service,
        "POST",
        "/api/2.0/workspace/import",
        json!({"object_id": 7}),
    )
    .await;
    answer(
        &service,
        "GET",
        "/api/2.0/workspace/export",
        json!({"content": "cHJpbnQoMSk=", "file_type": "py"}),
    )
    .await;
    answer(
        &service,
        "GET",
        "/api/2.0/workspace/list",
        json!({"objects": [{"path": "/a", "object_type": "DIRECTORY"}]}),
    )
    .await;
    let status = json!({"path": "/a b", "object_type": "NOTEBOOK", "language": "PYTHON", "object_id": 9, "novelty": {}});
    answer(&service, "GET", "/api/2.0/workspace/get-status", status).await;
    answer(&service, "POST", "/api/2.0/workspace/mkdirs", json!({})).await;
    answer(&service, "POST", "/api/2.0/workspace/delete", json!({})).await;
    let client = client(&service);
    let workspace = client.workspace();

    let replace = ImportOptions {
        overwrite: true,
        ..ImportOptions::default()
    };
    let source = ImportFormat::Source(Language::Python);
    let imported = workspace
        .import("/Shared/a", b"print(1)", source, Some(replace))
        .await
        .unwrap();
    workspace
        .import("/Shared/b.csv", b"\xff\x00", ImportFormat::Raw, None)
        .await
        .unwrap();
    workspace
        .import("/Shared/c.py", b"", ImportFormat::Auto, None)
        .await
        .unwrap();
    let exported = workspace
        .export("/Shared/a", ExportFormat::Source, None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    let outputs = ExportOptions {
        outputs: true,
        ..ExportOptions::default()
    };
    workspace
        .export("/Shared/a", ExportFormat::Jupyter, Some(outputs))
        .await
        .unwrap();
    let listed = workspace
        .list("/Shared", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    let since = WorkspaceListOptions {
        notebooks_modified_after: Some(5),
        ..WorkspaceListOptions::default()
    };
    workspace.list("/Shared", Some(since)).await.unwrap();
    let status = workspace
        .get_status("/a b", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    workspace.mkdirs("/Shared/x/y", None).await.unwrap();
    workspace.delete("/Shared/x", true, None).await.unwrap();

    assert_eq!(imported.into_model().unwrap().object_id, Some(7));
    assert_eq!(
        (exported.content.as_slice(), exported.file_type.as_deref()),
        (&b"print(1)"[..], Some("py"))
    );
    assert_eq!(listed.objects[0].object_type, ObjectType::Directory);
    assert_eq!(
        (status.language, status.object_id),
        (Some(Language::Python), Some(9))
    );
    insta::assert_snapshot!(log(&service).await);
}

#[tokio::test]
async fn an_empty_folder_has_no_objects_and_new_kinds_are_kept() {
    let service = Service::start().await;
    let odd =
        json!({"objects": [{"path": "/q", "object_type": "MLFLOW_EXPERIMENT", "language": null}]});
    service
        .on("GET", "/api/2.0/workspace/list")
        .replies([
            Reply::json(200, json!({})),
            Reply::json(200, json!({"objects": null})),
            Reply::json(200, odd),
        ])
        .await;
    let client = client(&service);
    let list = async || {
        client
            .workspace()
            .list("/", None)
            .await
            .unwrap()
            .into_model()
            .unwrap()
            .objects
    };

    assert!(list().await.is_empty());
    assert!(list().await.is_empty());
    assert_eq!(
        list().await[0].object_type,
        ObjectType::Unknown("MLFLOW_EXPERIMENT".into())
    );
}

#[tokio::test]
async fn an_import_above_the_limit_is_refused_before_it_is_sent() {
    let service = Service::start().await;
    let client = client(&service);
    let content = vec![b'x'; MAX_IMPORT_BYTES as usize + 1];

    let error = client
        .workspace()
        .import("/Shared/big", &content, ImportFormat::Raw, None)
        .await
        .unwrap_err();

    assert!(matches!(
        DatabricksError::of(&error),
        Some(DatabricksError::TooLarge {
            bytes: 10_485_761,
            ..
        })
    ));
    assert_eq!(
        error.to_string(),
        "`/Shared/big` has 10485761 bytes; an import takes at most 10485760"
    );
    assert_eq!(service.log().await, "");
}

#[tokio::test]
async fn an_import_that_may_not_replace_is_sent_once_when_the_service_fails() {
    let service = Service::start().await;
    service
        .on("POST", "/api/2.0/workspace/import")
        .times(3)
        .replies([
            refusal(500, "INTERNAL_ERROR", "m"),
            refusal(500, "INTERNAL_ERROR", "m"),
            Reply::json(200, json!({})),
        ])
        .await;
    let client = client(&service);
    let replace = ImportOptions {
        overwrite: true,
        ..ImportOptions::default()
    };

    client
        .workspace()
        .import("/a", b"", ImportFormat::Auto, None)
        .await
        .unwrap_err();
    client
        .workspace()
        .import("/a", b"", ImportFormat::Auto, Some(replace))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_missing_parent_folder_and_a_taken_path_are_told_apart() {
    let service = Service::start().await;
    service
        .on("POST", "/api/2.0/workspace/import")
        .replies([
            refusal(
                404,
                "RESOURCE_DOES_NOT_EXIST",
                "The parent folder (/x) does not exist.",
            ),
            refusal(
                400,
                "RESOURCE_ALREADY_EXISTS",
                "Path (/x/a) already exists.",
            ),
            refusal(400, "", "Path (/x/a) already exists."),
            refusal(
                400,
                "MAX_NOTEBOOK_SIZE_EXCEEDED",
                "File size imported is (1 bytes), exceeded max size (0 bytes)",
            ),
        ])
        .await;
    let client = client(&service);
    let refused = async || {
        client
            .workspace()
            .import("/x/a", b"", ImportFormat::Auto, None)
            .await
            .unwrap_err()
    };

    let missing = refused().await;
    let parent = ApiError::of(&missing).unwrap();
    assert!(parent.is_not_found());
    assert_eq!(
        parent.hint(),
        Some("an import makes no folders: make the parent folder first")
    );
    assert!(ApiError::of(&refused().await).unwrap().is_conflict());
    assert!(ApiError::of(&refused().await).unwrap().is_conflict());
    let large = refused().await;
    let large = ApiError::of(&large).unwrap();
    assert_eq!(large.kind(), ApiErrorKind::BadRequest);
    assert!(large.hint().unwrap().contains("outputs"));
}

#[tokio::test]
async fn a_change_of_kind_gets_a_hint() {
    let service = Service::start().await;
    let details = json!([{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "WORKSPACE_OBJECT_TYPE_MISMATCH"}]);
    let body = json!({"error_code": "INVALID_PARAMETER_VALUE", "message": "m", "details": details});
    service
        .on("POST", "/api/2.0/workspace/import")
        .reply(Reply::json(400, body))
        .await;

    let error = client(&service)
        .workspace()
        .import("/a", b"", ImportFormat::Raw, None)
        .await
        .unwrap_err();

    assert!(
        ApiError::of(&error)
            .unwrap()
            .hint()
            .unwrap()
            .contains("delete it first")
    );
}
