use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::support::{Emulator, FACTORY, TOKEN};

fn request(path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

const HOST: (&str, &str) = ("host", "localhost:1");

#[tokio::test]
async fn nothing_is_served_without_the_token() {
    let emulator = Emulator::new();
    let wrong = ("authorization", "Bearer wrong");

    for path in [
        FACTORY,
        "/api/2.0/clusters/list",
        "/pipelines/v1.0/x",
        "/acct/c/b",
        "/acct?comp=list",
        "/_emulator/state",
        "/",
        "/unknown",
    ] {
        let none = emulator.send(request(path, &[HOST])).await;
        let bad = emulator.send(request(path, &[HOST, wrong])).await;
        let cookie = [HOST, ("cookie", "dataops_emulator=guess")];
        let guess = emulator.send(request(path, &cookie)).await;

        let refused = if path.starts_with("/api/") { 403 } else { 401 };
        let codes = [none.status, bad.status, guess.status].map(|status| status.as_u16());
        assert_eq!(codes, [401, refused, 401], "{path}");
    }
}

#[tokio::test]
async fn refusals_have_the_shape_of_their_service() {
    let emulator = Emulator::new();

    let arm = emulator.send(request(FACTORY, &[HOST])).await;
    let databricks = emulator.send(request("/api/2.0/x", &[HOST])).await;
    let blob = emulator.send(request("/acct/c/b", &[HOST])).await;

    assert_eq!(arm.json()["error"]["code"], "AuthenticationFailed");
    assert_eq!(databricks.json()["error_code"], "UNAUTHENTICATED");
    assert!(
        blob.text()
            .contains("<Error><Code>AuthenticationFailed</Code>"),
        "{}",
        blob.text()
    );
}

#[tokio::test]
async fn a_page_of_another_origin_or_a_foreign_name_is_refused() {
    let emulator = Emulator::new();
    let bearer = format!("Bearer {TOKEN}");
    let auth = ("authorization", bearer.as_str());

    for headers in [
        vec![auth, ("host", "emulator.attacker.test")],
        vec![auth, ("host", "10.0.0.1:80")],
        vec![auth],
        vec![auth, HOST, ("origin", "https://attacker.test")],
        vec![auth, HOST, ("origin", "null")],
        vec![auth, HOST, ("origin", "http://localhost:2")],
        vec![auth, HOST, ("sec-fetch-site", "cross-site")],
    ] {
        let answer = emulator.send(request("/_emulator/state", &headers)).await;
        assert_eq!(answer.status, 403, "{headers:?}");
    }
    for headers in [
        vec![auth, HOST],
        vec![auth, ("host", "127.0.0.1")],
        vec![auth, ("host", "[::1]:80")],
        vec![auth, HOST, ("origin", "http://localhost:1")],
    ] {
        let answer = emulator.send(request("/_emulator/state", &headers)).await;
        assert_eq!(answer.status, 200, "{headers:?}");
    }
}

#[tokio::test]
async fn databricks_takes_the_token_as_a_password_too() {
    let emulator = Emulator::new();
    let basic = format!("Basic {}", STANDARD.encode(format!("token:{TOKEN}")));
    let headers = [HOST, ("authorization", basic.as_str())];

    let databricks = emulator.send(request("/api/9.9/nothing", &headers)).await;
    let arm = emulator.send(request(FACTORY, &headers)).await;

    assert_eq!(databricks.status, 501);
    assert_eq!(arm.status, 401);
}

#[tokio::test]
async fn a_token_is_issued_to_whoever_knows_it() {
    let emulator = Emulator::new();
    let ask = |form: &'static str| {
        let request = Request::post("/some-tenant/oauth2/v2.0/token")
            .header("host", "localhost")
            .body(Body::from(form))
            .unwrap();
        emulator.send(request)
    };

    let issued = ask("grant_type=client_credentials&client_id=x&client_secret=the-token&scope=https%3A%2F%2Fmanagement.azure.com%2F.default").await;
    let wrong = ask("grant_type=client_credentials&client_id=x&client_secret=guess").await;
    let password = ask("grant_type=password&client_secret=the-token").await;

    assert_eq!(issued.json()["access_token"], TOKEN);
    assert_eq!(issued.json()["resource"], "https://management.azure.com");
    assert_eq!(wrong.status, 401);
    assert_eq!(wrong.json()["error"], "invalid_client");
    assert_eq!(password.json()["error"], "unsupported_grant_type");
    assert!(!wrong.text().contains(TOKEN));
}

#[tokio::test]
async fn a_browser_gets_a_cookie_for_the_page_only() {
    let emulator = Emulator::new();
    let landing = format!("/?token={TOKEN}");

    let first = emulator.send(request(&landing, &[HOST])).await;
    let cookie = first
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let with_cookie = [HOST, ("cookie", cookie.as_str())];
    let page = emulator.send(request("/", &with_cookie)).await;
    let state = emulator
        .send(request("/_emulator/state", &with_cookie))
        .await;

    assert_eq!(
        (first.status.as_u16(), first.header("location")),
        (303, "/")
    );
    assert!(!cookie.contains(TOKEN));
    assert_eq!(page.status, 200);
    assert!(page.text().contains("<h1>dataops emulator</h1>"));
    assert_eq!(state.status, 401);
}

#[tokio::test]
async fn a_token_may_be_pasted_into_the_address_as_it_was_printed() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = crate::support::options(dir.path());
    options.token = Some("a+b/c==".to_owned());
    let state = std::sync::Arc::new(dataops_emulator::State::open(options).unwrap());
    let emulator = Emulator::of(&state, dir);

    for path in ["/?token=a+b/c==", "/?token=a%2Bb%2Fc%3D%3D"] {
        let answer = emulator.send(request(path, &[HOST])).await;
        assert_eq!(answer.status, 303, "{path}");
    }
    let wrong = emulator.send(request("/?token=a-b/c==", &[HOST])).await;
    assert_eq!(wrong.status, 401);
}
