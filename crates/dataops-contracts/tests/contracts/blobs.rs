//! Files in Blob storage, before an account that answers what a test has scripted.

use data_contract::verdict::Status;
use dataops_contracts::{CheckError, Checked};
use test_support::{Reply, Service};

use crate::scripted::Held;

const CSV: &str = "id,name\n1,a\n2,b\n3,c\n";

const CONTRACT: &str = "servers: [{server: lake, type: azure, location: 'az://data/x.csv', format: csv, delimiter: ','}]
schema:
- name: people
  properties:
  - {name: id, logicalType: integer, required: true}
  - {name: name, logicalType: string}
  quality:
  - {type: library, metric: rowCount, mustBe: 3}
";

/// An account whose only blob has the length of the text.
async fn account() -> Service {
    let service = Service::start().await;
    let head = Reply::bytes(200, "text/csv", CSV)
        .header("etag", "\"1\"")
        .header("x-ms-version", "2025-01-05");
    service.on("HEAD", "/acct/data/x.csv").reply(head).await;
    service
}

fn part() -> Reply {
    let last = CSV.len() - 1;
    Reply::bytes(206, "text/csv", CSV)
        .header("etag", "\"1\"")
        .header("content-range", &format!("bytes 0-{last}/{}", CSV.len()))
}

async fn held(replies: impl IntoIterator<Item = Reply>) -> Result<Checked, CheckError> {
    let service = account().await;
    service.on("GET", "/acct/data/x.csv").replies(replies).await;
    Held::default().against(&service, CONTRACT).await
}

/// The error and its causes.
fn chain(error: &CheckError) -> String {
    let first = Some(error as &dyn std::error::Error);
    let causes = std::iter::successors(first, |error| error.source());
    let causes: Vec<_> = causes.map(ToString::to_string).collect();
    causes.join(": ")
}

fn passes(checked: &Checked) -> bool {
    let mut checks = checked.verdict.checks.iter();
    checks.all(|check| check.status == Status::Passed)
}

#[tokio::test]
async fn what_breaks_is_read_again() {
    let busy = Reply::empty(503).header("retry-after", "0");
    let short = Reply::bytes(206, "text/csv", &CSV[..9]).header(
        "content-range",
        &format!("bytes 0-{}/{}", CSV.len() - 1, CSV.len()),
    );

    let checked = held([busy, short, part()]).await.unwrap();

    assert!(passes(&checked), "{:?}", checked.verdict.checks);
}

#[tokio::test]
async fn data_that_are_not_given_are_neither_good_nor_bad() {
    let code = |status, code| Reply::empty(status).header("x-ms-error-code", code);
    let patient = code(429, "ServerBusy").header("retry-after", "99999");
    let hanging = Reply::bytes(206, "text/csv", "id,").header(
        "content-range",
        &format!("bytes 0-{}/{}", CSV.len() - 1, CSV.len()),
    );
    for (reply, said) in [
        (
            code(403, "AuthorizationFailure"),
            "answered 403 AuthorizationFailure",
        ),
        (
            code(503, "ServerBusy").header("retry-after", "0"),
            "answered 503 ServerBusy",
        ),
        (patient, "asks to wait 99999 s"),
        (hanging, "ends after 3 of 20 bytes"),
        (
            code(412, "ConditionNotMet"),
            "was written by somebody else meanwhile",
        ),
    ] {
        let error = held([reply]).await.unwrap_err();

        assert!(matches!(error, CheckError::Storage(_)), "{error:?}");
        assert!(chain(&error).contains(said), "{}", chain(&error));
    }
}

#[tokio::test]
async fn what_is_no_part_of_the_blob_is_not_measured() {
    let whole = Reply::bytes(200, "text/csv", CSV.repeat(2));
    let page = Reply::bytes(200, "text/html", "<html>Sign in</html>");
    for reply in [whole, page] {
        let error = held([reply]).await.unwrap_err();
        assert!(matches!(error, CheckError::Storage(_)), "{error:?}");
    }

    let service = Service::start().await;
    let page = || Reply::bytes(200, "text/html", "<html>Sign in</html>").header("etag", "\"1\"");
    service.on("HEAD", "/acct/data/x.csv").reply(page()).await;
    service.on("GET", "/acct/data/x.csv").reply(page()).await;
    let error = Held::default().against(&service, CONTRACT).await;

    let error = chain(&error.unwrap_err());
    assert!(error.contains("a web page came in place of"), "{error}");
}

#[tokio::test]
async fn a_list_that_begins_again_ends() {
    let service = Service::start().await;
    let page = |marker: &str| {
        let list = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults><Blobs><Blob><Name>d/1.csv</Name><Properties>\
             <Content-Length>20</Content-Length><Etag>0x1</Etag></Properties></Blob></Blobs><NextMarker>{marker}</NextMarker>\
             </EnumerationResults>"
        );
        Reply::bytes(200, "application/xml", list)
    };
    service
        .on("GET", "/acct/data")
        .times(3)
        .replies([page("one"), page("two"), page("one")])
        .await;
    service.fault("HEAD", 1, Reply::empty(404)).await;
    let contract = CONTRACT.replace("az://data/x.csv", "az://data/d/*.csv");
    let error = Held::default().against(&service, &contract).await;

    let error = chain(&error.unwrap_err());
    assert!(error.contains("the list of blobs has no end"), "{error}");
}

#[tokio::test]
async fn a_signature_that_the_service_repeats_is_not_shown() {
    let said = "<?xml version=\"1.0\"?><Error><Code>AuthenticationFailed</Code><Message>Signature SIG=CANARY not well formed\u{1b}[1m</Message></Error>";
    let refusal = Reply::bytes(403, "application/xml", said)
        .header("x-ms-error-code", "AuthenticationFailed");

    let error = chain(&held([refusal]).await.unwrap_err());

    assert!(error.contains("SIG=[hidden] not well formed"), "{error}");
}
