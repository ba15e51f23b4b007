use crate::support::Emulator;

const BLOCK: (&str, &str) = ("x-ms-blob-type", "BlockBlob");

async fn with_blob() -> Emulator {
    let emulator = Emulator::new();
    emulator.container("data").await;
    emulator.upload("data/a", "kept").await;
    emulator
}

#[tokio::test]
async fn what_asks_for_another_version_of_a_blob_is_refused_by_name() {
    let emulator = with_blob().await;

    for query in [
        "snapshot=2026-01-02T03:04:05.0000000Z",
        "versionid=2026-01-02T03:04:05.0000000Z",
        "deletetype=permanent",
        "restype=directory",
        "resource=file",
    ] {
        for method in ["GET", "HEAD", "PUT", "DELETE"] {
            let path = format!("/acct/data/a?{query}");
            let answer = emulator.call(method, &path, &[BLOCK], "new").await;

            assert_eq!(
                answer.error(),
                (501, "NotImplemented".into()),
                "{method} {query}"
            );
            if method != "HEAD" {
                assert!(answer.text().contains(query), "{}", answer.text());
            }
        }
    }
    let listed = "/acct/data?restype=container&comp=list&include=metadata,uncommittedblobs";
    let listed = emulator.call("GET", listed, &[], "").await;
    assert_eq!(listed.error(), (501, "NotImplemented".into()));
    assert_eq!(emulator.download("data/a").await.text(), "kept");
    let empty = emulator
        .call("DELETE", "/acct/data/a?snapshot=", &[], "")
        .await;
    assert_eq!(empty.status, 202);
}

#[tokio::test]
async fn headers_that_would_change_what_happens_are_refused_by_name() {
    let emulator = with_blob().await;

    for (name, value) in [
        ("x-ms-if-tags", "\"a\" = 'b'"),
        ("x-ms-encryption-key", "c2VjcmV0"),
        ("x-ms-encryption-scope", "s"),
        ("x-ms-structured-body", "XSM/1.0; properties=crc64"),
        (
            "x-ms-immutability-policy-until-date",
            "Sun, 06 Nov 2094 08:49:37 GMT",
        ),
        ("x-ms-legal-hold", "true"),
    ] {
        for method in ["GET", "PUT", "DELETE"] {
            let headers = [BLOCK, (name, value)];
            let answer = emulator.call(method, "/acct/data/a", &headers, "new").await;

            assert_eq!(
                answer.error(),
                (501, "NotImplemented".into()),
                "{method} {name}"
            );
            assert!(answer.text().contains(name), "{}", answer.text());
            assert!(!answer.text().contains("c2VjcmV0"), "{}", answer.text());
        }
    }
    assert_eq!(emulator.download("data/a").await.text(), "kept");
}

#[tokio::test]
async fn a_blob_is_not_deleted_for_its_snapshots() {
    let emulator = with_blob().await;
    let delete = |what: &'static str| {
        let emulator = &emulator;
        async move {
            let headers = [("x-ms-delete-snapshots", what)];
            emulator.call("DELETE", "/acct/data/a", &headers, "").await
        }
    };

    assert_eq!(delete("only").await.error(), (501, "NotImplemented".into()));
    assert_eq!(
        delete("all").await.error(),
        (400, "InvalidHeaderValue".into())
    );
    assert_eq!(emulator.download("data/a").await.text(), "kept");
    assert_eq!(delete("include").await.status, 202);
    assert_eq!(emulator.download("data/a").await.status, 404);
}

#[tokio::test]
async fn a_blob_put_from_an_address_has_the_headers_and_tags_that_the_request_wants() {
    let emulator = with_blob().await;
    let typed = [
        BLOCK,
        ("x-ms-blob-content-type", "text/csv"),
        ("x-ms-blob-content-language", "en"),
        ("x-ms-tags", "k=v"),
    ];
    emulator.call("PUT", "/acct/data/a", &typed, "kept").await;
    let source = (
        "x-ms-copy-source",
        "https://acct.blob.core.windows.net/data/a",
    );
    let put = async |name: &str, more: &[(&str, &str)]| {
        let mut headers = vec![BLOCK, source];
        headers.extend(more);
        let path = format!("/acct/data/{name}");
        let answer = emulator.call("PUT", &path, &headers, "").await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        emulator.download(&format!("data/{name}")).await
    };

    let same = put("same", &[("x-ms-copy-source-tag-option", "COPY")]).await;
    let own = [
        ("x-ms-copy-source-blob-properties", "false"),
        ("x-ms-blob-content-type", "text/plain"),
    ];
    let own = put("own", &own).await;
    let listed = "/acct/data?restype=container&comp=list&include=copy&prefix=own";
    let listed = emulator.call("GET", listed, &[], "").await.text();

    assert_eq!(
        (same.text(), same.header("content-type")),
        ("kept".to_owned(), "text/csv")
    );
    assert_eq!(same.header("x-ms-tag-count"), "1");
    assert_eq!(own.header("content-type"), "text/plain");
    assert!(!own.headers.contains_key("content-language"));
    assert!(!own.headers.contains_key("x-ms-tag-count"));
    assert!(
        listed.contains("<CopySource>https://acct.blob.core.windows.net/data/a</CopySource>"),
        "{listed}"
    );
}
