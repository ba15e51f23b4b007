use crate::support::Emulator;

async fn with_container() -> Emulator {
    let emulator = Emulator::new();
    emulator.container("data").await;
    emulator
}

#[tokio::test]
async fn lists_have_prefixes_folders_and_pages() {
    let emulator = with_container().await;
    for name in ["a/1", "a/2", "a/b/3", "a0", "z"] {
        emulator.upload(&format!("data/{name}"), "x").await;
    }
    let list = |query: &'static str| {
        let emulator = &emulator;
        async move {
            let path = format!("/acct/data?restype=container&comp=list&{query}");
            emulator.call("GET", &path, &[], "").await
        }
    };

    let folder = list("prefix=a/&delimiter=/").await.text();
    let first = list("maxresults=2").await.text();
    let marker = first
        .split("<NextMarker>")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap();
    let path = format!("/acct/data?restype=container&comp=list&marker={marker}");
    let rest = emulator.call("GET", &path, &[], "").await.text();
    let outside = list("prefix=../").await.text();
    let wrong = list("maxresults=none").await;

    assert!(
        folder.contains("<BlobPrefix><Name>a/b/</Name></BlobPrefix>"),
        "{folder}"
    );
    assert_eq!(folder.matches("<Blob>").count(), 2);
    assert_eq!(
        (
            first.matches("<Blob>").count(),
            rest.matches("<Blob>").count()
        ),
        (2, 3)
    );
    assert!(rest.contains("<NextMarker></NextMarker>"));
    assert_eq!(outside.matches("<Blob>").count(), 0);
    assert_eq!(wrong.error(), (400, "OutOfRangeQueryParameterValue".into()));
}

#[tokio::test]
async fn the_accounts_public_host_leads_to_the_same_blobs() {
    let emulator = with_container().await;
    let host = |name: &'static str| ("x-forwarded-host", name);
    let block = ("x-ms-blob-type", "BlockBlob");
    let own = host("acct.blob.core.windows.net");

    let put = emulator
        .call("PUT", "/data/a%20b", &[own, block], "x")
        .await;
    let list = emulator
        .call("GET", "/data?restype=container&comp=list", &[own], "")
        .await;
    let other = [host("other.blob.core.windows.net"), block];
    let other = emulator.call("PUT", "/data/c", &other, "x").await;

    assert_eq!(put.status, 201, "{}", put.text());
    assert!(list.text().contains("<Name>a b</Name>"), "{}", list.text());
    assert_eq!(emulator.names("data").await, ["a b"]);
    assert_eq!(other.status, 501);
}

#[tokio::test]
async fn a_name_never_leads_out_of_its_container() {
    let emulator = with_container().await;
    let headers = [("x-ms-blob-type", "BlockBlob")];

    for name in [
        "%2e%2e/x",
        "..%2fx",
        "a/%2e%2e/%2e%2e/x",
        "a//b",
        "a%00b",
        "%2fetc%2fx",
        ".",
    ] {
        let put = emulator
            .call("PUT", &format!("/acct/data/{name}"), &headers, "x")
            .await;
        assert_eq!(put.error(), (400, "InvalidResourceName".into()), "{name}");
    }
    for container in ["..", "%2e%2e", "a%2fb", "X"] {
        let put = emulator
            .call(
                "PUT",
                &format!("/acct/{container}?restype=container"),
                &[],
                "",
            )
            .await;
        assert_eq!(put.status, 400, "{container}");
    }
    assert!(!emulator.dir.path().join("x").exists());
    assert!(!emulator.dir.path().join("blob/x").exists());
}

#[tokio::test]
async fn a_folder_with_a_slash_behind_it_is_no_blob() {
    let emulator = with_container().await;
    emulator.upload("data/deep/1/a.csv", "x").await;

    for name in ["deep/1/", "deep/", "deep//a.csv", "deep/1"] {
        let path = format!("/acct/data/{name}");
        let read = emulator.call("GET", &path, &[], "").await;
        let head = emulator.call("HEAD", &path, &[], "").await;
        let gone = emulator.call("DELETE", &path, &[], "").await;

        assert_eq!(read.error(), (404, "BlobNotFound".into()), "{name}");
        assert_eq!([head.status, gone.status], [404, 404], "{name}");
    }
    let other = emulator.call("GET", "/acct/none/deep/", &[], "").await;
    assert_eq!(other.error(), (404, "ContainerNotFound".into()));
    assert_eq!(emulator.names("data").await, ["deep/1/a.csv"]);
}

#[tokio::test]
async fn a_link_in_a_container_is_not_followed() {
    let emulator = with_container().await;
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret"), "s").unwrap();
    std::os::unix::fs::symlink(outside.path(), emulator.dir.path().join("blob/data/link")).unwrap();

    let read = emulator.download("data/link/secret").await;

    assert_eq!(read.error(), (404, "BlobNotFound".into()));
    assert!(emulator.names("data").await.is_empty());
}

#[tokio::test]
async fn names_that_stand_in_each_others_way_are_refused() {
    let emulator = with_container().await;
    let headers = [("x-ms-blob-type", "BlockBlob")];
    emulator.upload("data/a/b", "x").await;

    let folder = emulator.call("PUT", "/acct/data/a", &headers, "x").await;
    let below = emulator
        .call("PUT", "/acct/data/a/b/c", &headers, "x")
        .await;

    assert_eq!(folder.error(), (400, "InvalidResourceName".into()));
    assert_eq!(below.error(), (400, "InvalidResourceName".into()));
    assert_eq!(emulator.download("data/a/b").await.text(), "x");
}

#[tokio::test]
async fn a_blob_takes_the_place_of_folders_that_hold_nothing() {
    let emulator = with_container().await;
    emulator.upload("data/a/b/c", "x").await;
    emulator.call("DELETE", "/acct/data/a/b/c", &[], "").await;

    emulator.upload("data/a", "y").await;

    assert_eq!(emulator.names("data").await, ["a"]);
    assert_eq!(emulator.download("data/a").await.text(), "y");
}

#[tokio::test]
async fn what_xml_cannot_say_is_neither_taken_nor_listed() {
    let emulator = with_container().await;
    let block = [("x-ms-blob-type", "BlockBlob")];
    emulator.upload("data/good", "x").await;
    std::fs::write(emulator.dir.path().join("blob/data/b\u{1}d"), "").unwrap();

    for name in ["%01", "a%EF%BF%BF", "a%C2%85"] {
        let path = format!("/acct/data/{name}");
        let answer = emulator.call("PUT", &path, &block, "x").await;

        assert_eq!(answer.error(), (400, "InvalidResourceName".into()));
        assert!(
            !answer
                .text()
                .contains(|it: char| it.is_control() || it == '\u{FFFF}'),
            "{name}"
        );
    }
    assert_eq!(emulator.names("data").await, ["good"]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_is_no_container() {
    let emulator = with_container().await;
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::write(elsewhere.path().join("secret"), "s").unwrap();
    let link = emulator.dir.path().join("blob/linked");
    std::os::unix::fs::symlink(elsewhere.path(), link).unwrap();

    let read = emulator.download("linked/secret").await;
    let path = "/acct/linked?restype=container";
    let deleted = emulator.call("DELETE", path, &[], "").await;

    assert_eq!(read.error(), (404, "ContainerNotFound".into()));
    assert_eq!(deleted.error(), (404, "ContainerNotFound".into()));
    assert!(elsewhere.path().join("secret").exists());
}

#[tokio::test]
async fn the_names_of_metadata_are_those_that_c_sharp_takes() {
    let emulator = Emulator::new();
    emulator.container("data").await;
    let put = async |name: &str| {
        let headers = [("x-ms-blob-type", "BlockBlob"), (name, "v")];
        emulator.call("PUT", "/acct/data/a", &headers, "x").await
    };

    for bad in [
        "x-ms-meta-a-b",
        "x-ms-meta-1a",
        "x-ms-meta-",
        "x-ms-meta-a.b",
    ] {
        assert_eq!(
            put(bad).await.error(),
            (400, "InvalidMetadata".into()),
            "{bad}"
        );
    }
    let path = "/acct/other?restype=container";
    let container = emulator
        .call("PUT", path, &[("x-ms-meta-a-b", "v")], "")
        .await;
    assert_eq!(container.error(), (400, "InvalidMetadata".into()));
    assert!(emulator.names("data").await.is_empty());
    for good in ["x-ms-meta-a_1", "x-ms-meta-_"] {
        assert_eq!(put(good).await.status, 201, "{good}");
    }
}
