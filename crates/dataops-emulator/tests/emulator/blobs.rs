use crate::support::Emulator;

async fn with_container() -> Emulator {
    let emulator = Emulator::new();
    emulator.container("data").await;
    emulator
}

#[tokio::test]
async fn a_blob_is_a_file_and_a_file_is_a_blob() {
    let emulator = with_container().await;
    let root = emulator.dir.path().join("blob/data");

    emulator.upload("data/a/b%20c.txt", "hello").await;
    std::fs::create_dir_all(root.join("made/empty")).unwrap();
    std::fs::write(root.join("made/here.txt"), "from a mount").unwrap();

    assert_eq!(
        std::fs::read_to_string(root.join("a/b c.txt")).unwrap(),
        "hello"
    );
    assert_eq!(emulator.names("data").await, ["a/b c.txt", "made/here.txt"]);
    let made = emulator.download("data/made/here.txt").await;
    assert_eq!(made.text(), "from a mount");
    assert_eq!(made.header("content-type"), "application/octet-stream");
    std::fs::write(root.join("a/b c.txt"), "changed").unwrap();
    let changed = emulator.download("data/a/b%20c.txt").await;
    assert_eq!(changed.text(), "changed");
    assert!(!changed.headers.contains_key("content-md5"));
}

#[tokio::test]
async fn headers_and_metadata_come_back() {
    let emulator = with_container().await;
    let headers = [
        ("x-ms-blob-type", "BlockBlob"),
        ("x-ms-blob-content-type", "text/csv"),
        ("x-ms-meta-owner", "me"),
        ("content-md5", "XUFAKrxLKna5cZ2REBfFkg=="),
    ];

    let put = emulator
        .call("PUT", "/acct/data/a.csv", &headers, "hello")
        .await;
    let head = emulator.call("HEAD", "/acct/data/a.csv", &[], "").await;
    let meta = [("x-ms-meta-owner", "you")];
    let changed = emulator
        .call("PUT", "/acct/data/a.csv?comp=metadata", &meta, "")
        .await;
    let got = emulator.download("data/a.csv").await;

    assert_eq!(put.status, 201, "{}", put.text());
    assert_eq!(head.header("content-type"), "text/csv");
    assert_eq!(head.header("content-length"), "5");
    assert_eq!(head.header("x-ms-meta-owner"), "me");
    assert_eq!(head.header("etag"), put.header("etag"));
    assert_ne!(changed.header("etag"), put.header("etag"));
    assert_eq!(got.header("x-ms-meta-owner"), "you");
    assert_eq!(got.header("content-md5"), "XUFAKrxLKna5cZ2REBfFkg==");
    let wrong = [
        ("x-ms-blob-type", "BlockBlob"),
        ("content-md5", "AAAAAAAAAAAAAAAAAAAAAA=="),
    ];
    let damaged = emulator
        .call("PUT", "/acct/data/a.csv", &wrong, "hello")
        .await;
    assert_eq!(damaged.error(), (400, "Md5Mismatch".into()));
}

#[tokio::test]
async fn ranges_are_served() {
    let emulator = with_container().await;
    emulator.upload("data/a", "0123456789").await;
    let range = |range: &'static str| {
        let emulator = &emulator;
        async move {
            emulator
                .call("GET", "/acct/data/a", &[("x-ms-range", range)], "")
                .await
        }
    };

    let middle = range("bytes=2-4").await;
    let tail = range("bytes=8-100").await;
    let beyond = range("bytes=10-").await;

    assert_eq!(
        (middle.status.as_u16(), middle.text().as_str()),
        (206, "234")
    );
    assert_eq!(middle.header("content-range"), "bytes 2-4/10");
    assert_eq!(middle.header("content-length"), "3");
    assert_eq!(tail.text(), "89");
    assert_eq!(beyond.error(), (416, "InvalidRange".into()));
}

#[tokio::test]
async fn blocks_become_a_blob_in_the_order_of_the_list() {
    let emulator = with_container().await;
    let block = |id: &'static str, content: &'static str| {
        let emulator = &emulator;
        async move {
            let path = format!("/acct/data/b?comp=block&blockid={}", id.replace('=', "%3D"));
            emulator
                .call("PUT", &path, &[], content)
                .await
                .status
                .as_u16()
        }
    };
    let commit = |list: &'static str| {
        let emulator = &emulator;
        async move {
            let headers = [("x-ms-blob-content-type", "text/plain")];
            emulator
                .call("PUT", "/acct/data/b?comp=blocklist", &headers, list)
                .await
        }
    };

    let statuses = [block("QQ==", "aaa").await, block("Qg==", "bb").await];
    let unseen = emulator.download("data/b").await;
    let first =
        commit("<BlockList><Latest>Qg==</Latest><Uncommitted>QQ==</Uncommitted></BlockList>").await;
    let whole = emulator.download("data/b").await;
    block("Qw==", "c").await;
    let listed = emulator
        .call(
            "GET",
            "/acct/data/b?comp=blocklist&blocklisttype=all",
            &[],
            "",
        )
        .await;
    commit("<BlockList><Committed>QQ==</Committed><Latest>Qw==</Latest></BlockList>").await;
    let changed = emulator.download("data/b").await;
    let missing = commit("<BlockList><Latest>WFg=</Latest></BlockList>").await;
    let garbage = commit("<Blocks").await;

    assert_eq!(statuses, [201, 201]);
    assert_eq!(unseen.error(), (404, "BlobNotFound".into()));
    assert_eq!(first.status, 201, "{}", first.text());
    assert_eq!(
        (whole.text().as_str(), whole.header("content-type")),
        ("bbaaa", "text/plain")
    );
    assert!(
        listed
            .text()
            .contains("<UncommittedBlocks><Block><Name>Qw==</Name><Size>1</Size>"),
        "{}",
        listed.text()
    );
    assert_eq!(changed.text(), "aaac");
    assert_eq!(missing.error(), (400, "InvalidBlockList".into()));
    assert_eq!(garbage.error(), (400, "InvalidBlockList".into()));
    assert_eq!(emulator.download("data/b").await.text(), "aaac");
}

#[tokio::test]
async fn conditions_guard_writes_and_save_reads() {
    let emulator = with_container().await;
    let put = |headers: Vec<(&'static str, String)>| {
        let emulator = &emulator;
        async move {
            let mut all = vec![("x-ms-blob-type", "BlockBlob")];
            all.extend(headers.iter().map(|(name, value)| (*name, value.as_str())));
            emulator.call("PUT", "/acct/data/a", &all, "x").await
        }
    };

    let new = put(vec![("if-none-match", "*".into())]).await;
    let twice = put(vec![("if-none-match", "*".into())]).await;
    let etag = new.header("etag").to_owned();
    let known = emulator
        .call("GET", "/acct/data/a", &[("if-none-match", &etag)], "")
        .await;
    let update = put(vec![("if-match", etag.clone())]).await;
    let stale = put(vec![("if-match", etag.clone())]).await;
    let read = emulator
        .call("GET", "/acct/data/a", &[("if-match", &etag)], "")
        .await;

    assert_eq!(new.status, 201);
    assert_eq!(twice.error(), (409, "BlobAlreadyExists".into()));
    assert_eq!((known.status.as_u16(), known.bytes.len()), (304, 0));
    assert_eq!(update.status, 201);
    assert_eq!(stale.error(), (412, "ConditionNotMet".into()));
    assert_eq!(read.error(), (412, "ConditionNotMet".into()));
}

#[cfg(unix)]
#[tokio::test]
async fn containers_are_made_listed_and_deleted() {
    let emulator = with_container().await;
    emulator.upload("data/a", "x").await;

    let twice = emulator
        .call("PUT", "/acct/data?restype=container", &[], "")
        .await;
    let list = emulator
        .call("GET", "/acct?comp=list", &[], "")
        .await
        .text();
    let absent = emulator
        .call("GET", "/acct/none?restype=container", &[], "")
        .await;
    let deleted = emulator
        .call("DELETE", "/acct/data?restype=container", &[], "")
        .await;
    let upload = [("x-ms-blob-type", "BlockBlob")];
    let gone = emulator.call("PUT", "/acct/data/a", &upload, "x").await;

    assert_eq!(twice.error(), (409, "ContainerAlreadyExists".into()));
    assert!(list.contains("<Name>data</Name>"), "{list}");
    assert_eq!(absent.error(), (404, "ContainerNotFound".into()));
    assert_eq!(deleted.status, 202);
    assert_eq!(gone.error(), (404, "ContainerNotFound".into()));
}

#[tokio::test]
async fn a_copy_is_known_as_one_until_it_is_written_over() {
    let emulator = with_container().await;
    let upload = [("x-ms-blob-type", "BlockBlob")];
    emulator.call("PUT", "/acct/data/a", &upload, "one").await;

    let source = [(
        "x-ms-copy-source",
        "https://acct.blob.core.windows.net/data/a?sig=s",
    )];
    let copy = emulator.call("PUT", "/acct/data/b", &source, "").await;
    let copied = emulator.call("HEAD", "/acct/data/b", &[], "").await;
    emulator.call("PUT", "/acct/data/b", &upload, "two").await;
    let written = emulator.call("HEAD", "/acct/data/b", &[], "").await;

    assert_eq!(copy.status, 202);
    assert_eq!(copied.header("x-ms-copy-id"), copy.header("x-ms-copy-id"));
    assert_eq!(copied.header("x-ms-copy-status"), "success");
    assert_eq!(copied.header("x-ms-copy-progress"), "3/3");
    assert_eq!(
        copied.header("x-ms-copy-source"),
        "https://acct.blob.core.windows.net/data/a"
    );
    assert!(!written.headers.contains_key("x-ms-copy-status"));
}

#[tokio::test]
async fn what_the_service_has_beyond_this_is_named() {
    let emulator = with_container().await;

    let page = emulator
        .call("PUT", "/acct/data/p", &[("x-ms-blob-type", "PageBlob")], "")
        .await;
    let snapshot = emulator
        .call("PUT", "/acct/data/p?comp=snapshot", &[], "")
        .await;
    let foreign = [("x-ms-copy-source", "https://elsewhere.test/acct/data/x")];
    let copy = emulator.call("PUT", "/acct/data/p", &foreign, "").await;
    let untyped = emulator.call("PUT", "/acct/data/p", &[], "x").await;

    assert_eq!(page.error(), (501, "NotImplemented".into()));
    assert!(
        snapshot.text().contains("PUT /acct/data/p?comp=snapshot"),
        "{}",
        snapshot.text()
    );
    assert_eq!(copy.error(), (404, "CannotVerifyCopySource".into()));
    assert_eq!(untyped.error(), (400, "MissingRequiredHeader".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_gets_one_version_whoever_writes() {
    let emulator = std::sync::Arc::new(with_container().await);
    emulator.upload("data/b", "0").await;
    let writing = std::sync::Arc::clone(&emulator);
    let writer = tokio::spawn(async move {
        for round in 0..200_usize {
            let content = format!("{}", round % 7).repeat(1 + round * 37 % 3000);
            writing.upload("data/b", content).await;
        }
    });

    while !writer.is_finished() {
        let read = emulator.download("data/b").await;
        let announced: usize = read.header("content-length").parse().unwrap();
        let text = read.text();
        let first = text.chars().next().unwrap();

        assert_eq!(read.bytes.len(), announced);
        assert!(text.chars().all(|letter| letter == first), "{text}");
        assert!(!read.header("content-md5").is_empty());
    }
    writer.await.unwrap();
}

#[tokio::test]
async fn the_blocks_of_a_blob_have_ids_of_one_length() {
    let emulator = with_container().await;
    let put = |id: &'static str| {
        let emulator = &emulator;
        async move {
            let path = format!("/acct/data/b?comp=block&blockid={id}");
            emulator.call("PUT", &path, &[], "x").await
        }
    };

    assert_eq!(put("MQ==").await.status, 201);
    assert_eq!(put("Mg==").await.status, 201);
    assert_eq!(
        put("MTIz").await.error(),
        (400, "InvalidBlobOrBlock".into())
    );
}

#[tokio::test]
async fn uncommitted_blocks_end_with_a_write_of_the_whole_blob_and_with_their_container() {
    let emulator = with_container().await;
    let stage = async |path: &str| {
        let path = format!("/acct/{path}?comp=block&blockid=MQ==");
        assert_eq!(emulator.call("PUT", &path, &[], "x").await.status, 201);
    };
    let staged = async |path: &str| {
        let path = format!("/acct/{path}?comp=blocklist&blocklisttype=uncommitted");
        emulator
            .call("GET", &path, &[], "")
            .await
            .text()
            .contains("MQ==")
    };
    for name in ["data/a", "data/b", "data/c"] {
        stage(name).await;
    }

    emulator.upload("data/a", "whole").await;
    let source = [(
        "x-ms-copy-source",
        "https://acct.blob.core.windows.net/data/a",
    )];
    emulator.call("PUT", "/acct/data/b", &source, "").await;

    assert!(!staged("data/a").await);
    assert!(!staged("data/b").await);
    assert!(staged("data/c").await);
    let path = "/acct/data?restype=container";
    assert_eq!(emulator.call("DELETE", path, &[], "").await.status, 202);
    emulator.container("data").await;
    assert!(!staged("data/c").await);
}

#[tokio::test]
async fn what_a_killed_emulator_left_half_done_is_swept_away() {
    let emulator = with_container().await;
    emulator.upload("data/kept", "x").await;
    let path = "/acct/data/kept?comp=block&blockid=MQ==";
    emulator.call("PUT", path, &[], "block").await;
    let dir = emulator.closed();
    let staging = dir.path().join("blob-staging");
    std::fs::write(staging.join("draft-1"), "half").unwrap();
    std::fs::create_dir_all(staging.join("deleted-1/folder")).unwrap();

    let emulator = Emulator::on(dir);
    let path = "/acct/data/kept?comp=blocklist&blocklisttype=all";
    let blocks = emulator.call("GET", path, &[], "").await.text();

    assert_eq!(std::fs::read_dir(&staging).unwrap().count(), 1);
    assert!(blocks.contains("<Name>MQ==</Name>"), "{blocks}");
    assert_eq!(emulator.names("data").await, ["kept"]);
}
