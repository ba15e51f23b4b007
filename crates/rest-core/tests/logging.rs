//! What is logged, in a process of its own: `tracing` remembers for all threads whether anybody listens to a place in the
//! code, and asks only the thread that comes there first, so a neighbour without a log would silence this one.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::io;
use std::sync::{Arc, Mutex};

use rest_core::{Package, RestClient, StaticToken};
use serde_json::Value;
use test_support::{Reply, Service};
use tracing_subscriber::filter::LevelFilter;

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn tokens_are_neither_logged_nor_shown() {
    let log = Log::default();
    let written = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_writer(move || written.clone())
        .finish();
    let logging = tracing::subscriber::set_default(subscriber);
    let service = Service::start().await;
    let said = "used Bearer secret-token-0123456789, sig=c2lnbmF0dXJl";
    service
        .on("GET", "/things")
        .reply(Reply::refusal(401, "Unauthorized", said))
        .await;
    let client = RestClient::new(
        Package {
            name: "rest-core-tests",
            version: "0.0.0",
        },
        "https://service.test",
        Arc::new(StaticToken::new("secret-token")),
        "https://service.test/.default",
        service.options(),
    )
    .unwrap();

    let mut url = client.url(["things"]);
    url.query_pairs_mut().append_pair("sig", "c2lnbmF0dXJl");
    let error = client.get(url).send::<Value>().await.unwrap_err();
    let broken = client
        .get(client.url(["things"]))
        .header("x-key", "secret-token\n")
        .send::<Value>()
        .await
        .unwrap_err();

    drop(logging);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("/things"), "nothing was logged: {log}");
    let shown = format!("{error} {error:?} {broken} {broken:?} {client:?} {log}");
    for secret in ["secret-token", "c2lnbmF0dXJl"] {
        let at = shown.find(secret);
        let around = at.map(|at| shown.get(at.saturating_sub(200)..at + 40));
        assert!(at.is_none(), "{around:?}");
    }
}
