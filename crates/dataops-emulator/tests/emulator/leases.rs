//! Leases, tags and tiers of blobs, and batches.

use crate::support::{Answer, Emulator};

const ONE: &str = "11111111-1111-1111-1111-111111111111";
const TWO: &str = "22222222-2222-2222-2222-222222222222";

async fn with_blob() -> Emulator {
    let emulator = Emulator::new();
    emulator.container("data").await;
    emulator.upload("data/a.csv", "one").await;
    emulator
}

async fn lease(emulator: &Emulator, of: &str, headers: &[(&str, &str)]) -> Answer {
    let path = format!("/acct/{of}comp=lease");
    emulator.call("PUT", &path, headers, "").await
}

fn acquire<'t>(seconds: &'t str, id: &'t str) -> [(&'t str, &'t str); 3] {
    [
        ("x-ms-lease-action", "acquire"),
        ("x-ms-lease-duration", seconds),
        ("x-ms-proposed-lease-id", id),
    ]
}

#[tokio::test]
async fn only_the_holder_of_a_lease_writes_and_deletes() {
    let emulator = with_blob().await;
    let taken = lease(&emulator, "data/a.csv?", &acquire("15", ONE)).await;
    let again = lease(&emulator, "data/a.csv?", &acquire("15", TWO)).await;
    let write = async |given: &[(&str, &str)]| {
        let headers = [&[("x-ms-blob-type", "BlockBlob")], given].concat();
        emulator
            .call("PUT", "/acct/data/a.csv", &headers, "two")
            .await
    };

    let without = write(&[]).await;
    let other = write(&[("x-ms-lease-id", TWO)]).await;
    let own = write(&[("x-ms-lease-id", ONE)]).await;
    let tags = emulator
        .call(
            "PUT",
            "/acct/data/a.csv?comp=tags",
            &[],
            "<Tags><TagSet/></Tags>",
        )
        .await;
    let delete = emulator.call("DELETE", "/acct/data/a.csv", &[], "").await;
    let seen = emulator.call("HEAD", "/acct/data/a.csv", &[], "").await;
    let release = [("x-ms-lease-action", "release"), ("x-ms-lease-id", ONE)];
    let released = lease(&emulator, "data/a.csv?", &release).await;
    let lost = write(&[("x-ms-lease-id", ONE)]).await;

    assert_eq!(
        (taken.status.as_u16(), taken.header("x-ms-lease-id")),
        (201, ONE)
    );
    assert_eq!(again.error(), (409, "LeaseAlreadyPresent".into()));
    assert_eq!(without.error(), (412, "LeaseIdMissing".into()));
    assert_eq!(
        other.error(),
        (412, "LeaseIdMismatchWithBlobOperation".into())
    );
    assert_eq!(own.status, 201, "{}", own.text());
    assert_eq!(tags.error(), (412, "LeaseIdMissing".into()));
    assert_eq!(delete.error(), (412, "LeaseIdMissing".into()));
    assert_eq!(
        (
            seen.header("x-ms-lease-status"),
            seen.header("x-ms-lease-state")
        ),
        ("locked", "leased")
    );
    assert_eq!(released.status, 200, "{}", released.text());
    assert_eq!(
        lost.error(),
        (412, "LeaseNotPresentWithBlobOperation".into())
    );
    assert_eq!(write(&[]).await.status, 201);
}

#[tokio::test]
async fn a_broken_lease_gives_the_blob_free_and_a_restart_keeps_leases() {
    let emulator = with_blob().await;
    lease(&emulator, "data/a.csv?", &acquire("-1", ONE)).await;
    let emulator = Emulator::on(emulator.closed());

    let kept = emulator.call("DELETE", "/acct/data/a.csv", &[], "").await;
    let broken = lease(&emulator, "data/a.csv?", &[("x-ms-lease-action", "break")]).await;
    let renew = [("x-ms-lease-action", "renew"), ("x-ms-lease-id", ONE)];
    let renewed = lease(&emulator, "data/a.csv?", &renew).await;
    let taken = lease(&emulator, "data/a.csv?", &acquire("60", TWO)).await;

    assert_eq!(kept.error(), (412, "LeaseIdMissing".into()));
    assert_eq!(
        (broken.status.as_u16(), broken.header("x-ms-lease-time")),
        (202, "0")
    );
    assert_eq!(
        renewed.error(),
        (409, "LeaseIsBrokenAndCannotBeRenewed".into())
    );
    assert_eq!(taken.status, 201, "{}", taken.text());
    for (name, value) in [
        ("x-ms-lease-duration", "14"),
        ("x-ms-proposed-lease-id", "no id"),
        ("x-ms-lease-action", "take"),
    ] {
        let mut headers = acquire("15", ONE);
        headers
            .iter_mut()
            .find(|header| header.0 == name)
            .unwrap()
            .1 = value;
        let refused = lease(&emulator, "data/a.csv?", &headers).await;
        assert_eq!(
            refused.error(),
            (400, "InvalidHeaderValue".into()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_leased_container_is_kept() {
    let emulator = with_blob().await;
    let taken = lease(&emulator, "data?restype=container&", &acquire("-1", ONE)).await;

    let path = "/acct/data?restype=container";
    let kept = emulator.call("DELETE", path, &[], "").await;
    let own = [("x-ms-lease-id", ONE)];
    let deleted = emulator.call("DELETE", path, &own, "").await;

    assert_eq!(taken.status, 201, "{}", taken.text());
    assert_eq!(kept.error(), (412, "LeaseIdMissing".into()));
    assert_eq!(deleted.status, 202);
}

#[tokio::test]
async fn tags_are_set_told_and_left_behind_by_copies() {
    let emulator = with_blob().await;
    let path = "/acct/data/a.csv?comp=tags";
    let before = emulator.call("HEAD", "/acct/data/a.csv", &[], "").await;
    let body = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Tags><TagSet><Tag><Key>run</Key><Value>7</Value></Tag></TagSet></Tags>";

    let set = emulator.call("PUT", path, &[], body).await;
    let got = emulator.call("GET", path, &[], "").await;
    let head = emulator.call("HEAD", "/acct/data/a.csv", &[], "").await;
    let listed = emulator
        .call(
            "GET",
            "/acct/data?restype=container&comp=list&include=tags",
            &[],
            "",
        )
        .await;
    let upload = [("x-ms-blob-type", "BlockBlob"), ("x-ms-tags", "a=b%20c&d=")];
    emulator.call("PUT", "/acct/data/b.csv", &upload, "x").await;
    let uploaded = emulator
        .call("GET", "/acct/data/b.csv?comp=tags", &[], "")
        .await;
    let copy = [("x-ms-copy-source", "http://127.0.0.1/acct/data/b.csv")];
    emulator.call("PUT", "/acct/data/c.csv", &copy, "").await;
    let copied = emulator
        .call("GET", "/acct/data/c.csv?comp=tags", &[], "")
        .await;
    let wrong = [("x-ms-blob-type", "BlockBlob"), ("x-ms-tags", "a=%3F")];
    let refused = emulator.call("PUT", "/acct/data/d.csv", &wrong, "x").await;

    assert_eq!(set.status, 204, "{}", set.text());
    assert!(
        got.text().contains("<Key>run</Key><Value>7</Value>"),
        "{}",
        got.text()
    );
    assert_eq!(head.header("x-ms-tag-count"), "1");
    assert_eq!(head.header("etag"), before.header("etag"));
    assert!(
        listed.text().contains("<Tags><TagSet><Tag><Key>run</Key>"),
        "{}",
        listed.text()
    );
    assert!(
        uploaded.text().contains("<Key>a</Key><Value>b c</Value>"),
        "{}",
        uploaded.text()
    );
    assert!(
        copied.text().contains("<TagSet></TagSet>"),
        "{}",
        copied.text()
    );
    assert_eq!(refused.error(), (400, "InvalidTags".into()));
}

#[tokio::test]
async fn a_blob_in_the_archive_is_not_read() {
    let emulator = with_blob().await;
    let tier = async |tier: &str| {
        let headers = [("x-ms-access-tier", tier)];
        emulator
            .call("PUT", "/acct/data/a.csv?comp=tier", &headers, "")
            .await
    };

    let archived = tier("archive").await;
    let head = emulator.call("HEAD", "/acct/data/a.csv", &[], "").await;
    let read = emulator.download("data/a.csv").await;
    let thawed = tier("Cool").await;
    let wrong = tier("Warm").await;

    assert_eq!(archived.status, 200, "{}", archived.text());
    assert_eq!(head.header("x-ms-access-tier"), "Archive");
    assert_eq!(read.error(), (409, "BlobArchived".into()));
    assert_eq!(thawed.status, 202);
    assert_eq!(emulator.download("data/a.csv").await.text(), "one");
    assert_eq!(wrong.error(), (400, "InvalidHeaderValue".into()));
}

#[tokio::test]
async fn a_batch_deletes_blobs_of_its_container_only() {
    let emulator = with_blob().await;
    emulator.container("other").await;
    emulator.upload("other/x", "x").await;
    let part = |id: u32, first: &str| {
        format!(
            "--b\r\nContent-Type: application/http\r\nContent-ID: {id}\r\n\r\n{first} HTTP/1.1\r\nx-ms-date: now\r\n\r\n\r\n"
        )
    };
    let body = [
        part(0, "DELETE /acct/data/a.csv"),
        part(1, "DELETE /acct/data/none"),
        part(2, "DELETE /acct/other/x"),
        part(3, "PUT /acct/data?restype=container"),
        "--b--\r\n".to_owned(),
    ]
    .concat();
    let kind = [("content-type", "multipart/mixed; boundary=b")];

    let answer = emulator
        .call(
            "POST",
            "/acct/data?restype=container&comp=batch",
            &kind,
            body,
        )
        .await;
    let empty = emulator
        .call("POST", "/acct?comp=batch", &kind, "--b--")
        .await;

    assert_eq!(answer.status, 202, "{}", answer.text());
    let text = answer.text();
    let of = |id: u32| {
        let (_, rest) = text
            .split_once(&format!("Content-ID: {id}\r\n\r\nHTTP/1.1 "))
            .unwrap();
        rest[..3].to_owned()
    };
    assert_eq!([of(0), of(1), of(2), of(3)], ["202", "404", "400", "400"]);
    assert!(text.contains("BlobNotFound"), "{text}");
    assert!(emulator.names("data").await.is_empty());
    assert_eq!(emulator.names("other").await, ["x"]);
    assert_eq!(empty.error(), (400, "InvalidInput".into()));
}
