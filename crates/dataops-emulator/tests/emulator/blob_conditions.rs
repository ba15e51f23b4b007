use crate::support::Emulator;

const LONG_AGO: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const FAR_AHEAD: &str = "Sat, 06 Nov 2094 08:49:37 GMT";

async fn with_blob() -> (Emulator, String) {
    let emulator = Emulator::new();
    emulator.container("data").await;
    let etag = emulator
        .upload("data/a", "x")
        .await
        .header("etag")
        .to_owned();
    (emulator, etag)
}

#[tokio::test]
async fn a_copy_is_made_only_when_its_source_is_as_expected() {
    let (emulator, etag) = with_blob().await;
    let copy = async |name: &str, value: &str| {
        let source = "https://acct.blob.core.windows.net/data/a";
        let headers = [("x-ms-copy-source", source), (name, value)];
        emulator.call("PUT", "/acct/data/b", &headers, "").await
    };

    for (name, value) in [
        ("x-ms-source-if-match", "\"0x1\""),
        ("x-ms-source-if-none-match", etag.as_str()),
        ("x-ms-source-if-modified-since", FAR_AHEAD),
        ("x-ms-source-if-unmodified-since", LONG_AGO),
    ] {
        let refused = copy(name, value).await;
        assert_eq!(
            refused.error(),
            (412, "SourceConditionNotMet".into()),
            "{name}"
        );
    }
    let lease = copy(
        "x-ms-source-lease-id",
        "11111111-1111-1111-1111-111111111111",
    )
    .await;
    assert_eq!(lease.error().0, 412);
    assert_eq!(emulator.names("data").await, ["a"]);
    for (name, value) in [
        ("x-ms-source-if-match", etag.as_str()),
        ("x-ms-source-if-none-match", "\"0x1\""),
        ("x-ms-source-if-modified-since", LONG_AGO),
        ("x-ms-source-if-unmodified-since", FAR_AHEAD),
    ] {
        assert_eq!(copy(name, value).await.status, 202, "{name}");
    }
}

#[tokio::test]
async fn a_container_is_changed_only_when_it_is_as_expected() {
    let (emulator, _) = with_blob().await;

    for (method, path) in [
        ("DELETE", "/acct/data?restype=container"),
        ("PUT", "/acct/data?restype=container&comp=metadata"),
    ] {
        for (name, value, error) in [
            ("if-modified-since", FAR_AHEAD, (412, "ConditionNotMet")),
            ("if-unmodified-since", LONG_AGO, (412, "ConditionNotMet")),
            ("if-match", "\"0x1\"", (400, "ConditionHeadersNotSupported")),
            (
                "if-modified-since",
                "yesterday",
                (400, "InvalidHeaderValue"),
            ),
        ] {
            let refused = emulator.call(method, path, &[(name, value)], "").await;
            assert_eq!(
                refused.error(),
                (error.0, error.1.into()),
                "{method} {name}"
            );
        }
    }
    let holds = [
        ("if-unmodified-since", FAR_AHEAD),
        ("if-modified-since", LONG_AGO),
    ];
    let path = "/acct/data?restype=container";
    assert_eq!(emulator.call("DELETE", path, &holds, "").await.status, 202);
}

#[tokio::test]
async fn a_lease_is_taken_only_of_what_is_as_expected() {
    let (emulator, etag) = with_blob().await;
    let acquire = async |etag: &str| {
        let headers = [
            ("x-ms-lease-action", "acquire"),
            ("x-ms-lease-duration", "15"),
            ("if-match", etag),
        ];
        emulator
            .call("PUT", "/acct/data/a?comp=lease", &headers, "")
            .await
    };

    assert_eq!(
        acquire("\"0x1\"").await.error(),
        (412, "ConditionNotMet".into())
    );
    assert_eq!(acquire(&etag).await.status, 201);
}

#[tokio::test]
async fn a_condition_that_cannot_be_read_is_not_taken_for_none() {
    let (emulator, _) = with_blob().await;
    let headers = [("if-unmodified-since", "last week")];

    let refused = emulator.call("DELETE", "/acct/data/a", &headers, "").await;

    assert_eq!(refused.error(), (400, "InvalidHeaderValue".into()));
    assert_eq!(emulator.names("data").await, ["a"]);
}
