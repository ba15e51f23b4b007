use databricks_client::{ApiError, DatabricksError};
use futures::io::Cursor;
use serde_json::json;
use test_support::{Reply, Service};

use crate::{answer, client, log, refusal};

#[tokio::test]
async fn each_operation_sends_what_the_service_documents() {
    let service = Service::start().await;
    for operation in ["put", "add-block", "close", "mkdirs", "move", "delete"] {
        answer(
            &service,
            "POST",
            &format!("/api/2.0/dbfs/{operation}"),
            json!({}),
        )
        .await;
    }
    answer(
        &service,
        "POST",
        "/api/2.0/dbfs/create",
        json!({"handle": 9_007_199_254_740_993_i64}),
    )
    .await;
    answer(
        &service,
        "GET",
        "/api/2.0/dbfs/read",
        json!({"bytes_read": 2, "data": "aGk="}),
    )
    .await;
    let entry = json!({"path": "/a", "is_dir": false, "file_size": 3_000_000_000_u64, "modification_time": 4});
    answer(
        &service,
        "GET",
        "/api/2.0/dbfs/list",
        json!({"files": [entry]}),
    )
    .await;
    answer(&service, "GET", "/api/2.0/dbfs/get-status", entry).await;
    let client = client(&service);
    let dbfs = client.dbfs();

    dbfs.put("/a", b"hi", true, None).await.unwrap();
    let handle = dbfs
        .create("/a", false, None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    dbfs.add_block(handle, b"hi", None).await.unwrap();
    dbfs.close(handle, None).await.unwrap();
    let block = dbfs
        .read("/a", 1, 2, None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    let listed = dbfs.list("/", None).await.unwrap().into_model().unwrap();
    let status = dbfs
        .get_status("/a", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    dbfs.mkdirs("/x/y", None).await.unwrap();
    dbfs.rename("/a", "/b", None).await.unwrap();
    dbfs.delete("/x", true, None).await.unwrap();

    assert_eq!(block.data, b"hi");
    assert_eq!((listed.files.len(), status.file_size), (1, 3_000_000_000));
    insta::assert_snapshot!(log(&service).await);
}

#[tokio::test]
async fn an_upload_is_cut_into_blocks() {
    let service = Service::start().await;
    answer(
        &service,
        "POST",
        "/api/2.0/dbfs/create",
        json!({"handle": 1}),
    )
    .await;
    service
        .on("POST", "/api/2.0/dbfs/add-block")
        .times(3)
        .reply(Reply::json(200, json!({})))
        .await;
    service
        .on("POST", "/api/2.0/dbfs/close")
        .times(1)
        .reply(Reply::json(200, json!({})))
        .await;
    let content = vec![b'x'; (2 << 20) + 5];

    let bytes = client(&service)
        .dbfs()
        .upload("/big", Cursor::new(content), true)
        .await
        .unwrap();

    assert_eq!(bytes, (2 << 20) + 5);
    let sizes: Vec<_> = service.requests().await[1..4]
        .iter()
        .map(|request| request.body.len() / 1_000)
        .collect();
    assert_eq!(sizes, [1398, 1398, 0]);
}

#[tokio::test]
async fn a_block_is_not_sent_twice_and_an_unfinished_file_is_deleted() {
    let service = Service::start().await;
    answer(
        &service,
        "POST",
        "/api/2.0/dbfs/create",
        json!({"handle": 1}),
    )
    .await;
    service
        .on("POST", "/api/2.0/dbfs/add-block")
        .times(1)
        .reply(refusal(500, "INTERNAL_ERROR", "m"))
        .await;
    service
        .on("POST", "/api/2.0/dbfs/close")
        .times(1)
        .reply(Reply::json(200, json!({})))
        .await;
    let unfinished = json!({"path": "/big", "recursive": false});
    service
        .on("POST", "/api/2.0/dbfs/delete")
        .body(&unfinished)
        .times(1)
        .reply(Reply::json(200, json!({})))
        .await;

    let error = client(&service)
        .dbfs()
        .upload("/big", Cursor::new(b"abc"), true)
        .await
        .unwrap_err();

    assert_eq!(ApiError::of(&error).unwrap().attempts, 1);
}

#[tokio::test]
async fn a_download_reads_on_until_nothing_is_left() {
    let service = Service::start().await;
    let read = "/api/2.0/dbfs/read";
    let block =
        |data: &str, bytes: u64| Reply::json(200, json!({"bytes_read": bytes, "data": data}));
    service
        .on("GET", read)
        .query("offset", "0")
        .reply(block("aGVs", 3))
        .await;
    service
        .on("GET", read)
        .query("offset", "3")
        .reply(block("bG8=", 2))
        .await;
    service
        .on("GET", read)
        .query("offset", "5")
        .reply(Reply::json(200, json!({"bytes_read": 0})))
        .await;
    let mut target = Cursor::new(Vec::new());

    let bytes = client(&service)
        .dbfs()
        .download("/a", &mut target)
        .await
        .unwrap();

    assert_eq!((bytes, target.into_inner().as_slice()), (5, &b"hello"[..]));
}

#[tokio::test]
async fn a_block_that_does_not_hold_what_it_says_is_refused() {
    let service = Service::start().await;
    let read = service.on("GET", "/api/2.0/dbfs/read");
    read.replies([
        Reply::json(200, json!({"bytes_read": 9, "data": "aGk="})),
        Reply::json(200, json!({"data": "?"})),
    ])
    .await;
    let client = client(&service);

    let short = client
        .dbfs()
        .download("/a", Cursor::new(Vec::new()))
        .await
        .unwrap_err();
    let garbled = client
        .dbfs()
        .download("/a", Cursor::new(Vec::new()))
        .await
        .unwrap_err();

    assert!(
        short.to_string().contains("announced 9 bytes and sent 2"),
        "{short}"
    );
    assert!(
        garbled.to_string().contains("`data`: not base64"),
        "{garbled}"
    );
}

#[tokio::test]
async fn a_deletion_in_parts_is_taken_up_until_it_is_done() {
    let service = Service::start().await;
    let mut replies: Vec<_> = (0..6)
        .map(|_| refusal(503, "PARTIAL_DELETE", "more to do").header("retry-after", "0"))
        .collect();
    replies.push(Reply::json(200, json!({})));
    service
        .on("POST", "/api/2.0/dbfs/delete")
        .times(7)
        .replies(replies)
        .await;

    client(&service)
        .dbfs()
        .delete("/tree", true, None)
        .await
        .unwrap();
}

#[tokio::test]
async fn too_much_for_a_block_is_refused_before_it_is_sent() {
    let service = Service::start().await;
    let client = client(&service);

    let error = client
        .dbfs()
        .put("/a", &vec![0; (1 << 20) + 1], true, None)
        .await
        .unwrap_err();

    assert!(matches!(
        DatabricksError::of(&error),
        Some(DatabricksError::TooLarge {
            limit: 1_048_576,
            ..
        })
    ));
    assert_eq!(service.log().await, "");
}
