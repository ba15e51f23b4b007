//! Who may talk to the emulator.

use integration_tests::{Emulator, Request};
use serde_json::Value;

const FACTORIES: &str =
    "/subscriptions/s/providers/Microsoft.DataFactory/factories?api-version=2018-06-01";
const CLUSTERS: &str = "/api/2.1/clusters/list";
const FAULTS: &str = "/_emulator/faults";

/// A token as a part of a query.
fn in_query(token: &str) -> String {
    token
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D")
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

#[test]
fn no_service_answers_without_the_token() {
    let emulator = Emulator::start();
    let blobs = format!("/{}?comp=list", emulator.ready.account);
    for target in [FACTORIES, CLUSTERS, FAULTS, "/_emulator/state", "/", &blobs] {
        let ask = |header: Option<&str>| {
            let request = Request::new("GET", target).header("Host", emulator.authority());
            let request = header.into_iter().fold(request, |request, value| {
                request.header("Authorization", value)
            });
            request.send(emulator.authority())
        };

        let none = ask(None);
        let wrong = ask(Some("Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));

        assert_eq!(none.status, 401, "{target}: {none:?}");
        assert!(matches!(wrong.status, 401 | 403), "{target}: {wrong:?}");
        for answer in [none, wrong] {
            assert!(
                !answer.body.contains(&emulator.ready.token)
                    && !answer.body.contains(&emulator.ready.account_key)
            );
        }
    }
}

#[test]
fn a_refusal_has_the_form_of_its_service() {
    let emulator = Emulator::start();
    let ask = |target: &str| {
        Request::new("GET", target)
            .header("Host", emulator.authority())
            .send(emulator.authority())
    };
    let json = |target: &str| serde_json::from_str::<Value>(&ask(target).body).unwrap();

    assert_eq!(json(FACTORIES)["error"]["code"], "AuthenticationFailed");
    assert!(json(CLUSTERS)["error_code"].is_string());
    let blob = ask(&format!("/{}?comp=list", emulator.ready.account)).body;
    assert!(blob.contains("<Code>"), "{blob}");
}

#[test]
fn a_foreign_host_is_refused_even_with_the_token() {
    let emulator = Emulator::start();
    let ask = |host: &str| {
        let request = Request::new("GET", FACTORIES).header("Host", host);
        request
            .header("Authorization", &bearer(&emulator.ready.token))
            .send(emulator.authority())
            .status
    };

    assert_eq!(ask("rebound.test"), 403);
    assert_eq!(ask("127.0.0.1.rebound.test"), 403);
    assert_eq!(ask(emulator.authority()), 200);
}

#[test]
fn a_web_page_of_another_origin_is_refused_even_with_the_token() {
    let emulator = Emulator::start();
    let ask = |name: &str, value: &str| {
        let request = Request::new("GET", FACTORIES).header("Host", emulator.authority());
        let request = request.header("Authorization", &bearer(&emulator.ready.token));
        request
            .header(name, value)
            .send(emulator.authority())
            .status
    };

    assert_eq!(ask("Origin", "https://evil.test"), 403);
    assert_eq!(ask("Origin", "null"), 403);
    assert_eq!(ask("Sec-Fetch-Site", "cross-site"), 403);
    assert_eq!(ask("Origin", &emulator.ready.endpoint), 200);
}

#[test]
fn the_page_is_shown_to_who_knows_the_token_and_does_not_contain_it() {
    let emulator = Emulator::start();

    let shown = Request::new(
        "GET",
        &format!("/?token={}", in_query(&emulator.ready.token)),
    )
    .header("Host", emulator.authority())
    .send(emulator.authority());

    assert!(matches!(shown.status, 200 | 302 | 303), "{shown:?}");
    assert!(
        !shown.body.contains(&emulator.ready.token)
            && !shown.body.contains(&emulator.ready.account_key)
    );
}

#[test]
fn an_operation_that_is_lacking_is_named() {
    let emulator = Emulator::start();
    for target in [
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Nothing/things",
        "/api/2.0/no/such/operation",
        "/_emulator/nothing",
    ] {
        let answer = emulator.send(Request::new("GET", target));

        assert_eq!(answer.status, 501, "{target}: {answer:?}");
        assert!(answer.body.contains(target), "{target}: {answer:?}");
    }
}
