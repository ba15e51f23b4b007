use std::io;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use test_support::{Reply, Service};
use tracing_subscriber::filter::LevelFilter;

use crate::client;

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
    let client = client(&service);

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

#[tokio::test]
async fn a_value_with_a_line_end_is_refused_before_it_is_sent() {
    let service = Service::start().await;
    let client = client(&service);

    for value in ["a\r\nx-evil: 1", "a\nb", "a\0"] {
        let error = client
            .get(client.url(["things"]))
            .header("if-match", value.to_owned())
            .send_empty()
            .await
            .unwrap_err();

        assert_eq!(error.to_string(), "GET /things failed");
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        assert!(cause.is_some(), "{error:?}");
    }
    assert!(service.requests().await.is_empty());
}
