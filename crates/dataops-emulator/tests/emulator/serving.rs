use std::net::SocketAddr;

use dataops_emulator::{DataDirError, Options, Ready, StartError, start};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Emulator, options, until};

async fn get(ready: &Ready, path: &str) -> String {
    send(ready, "GET", path, "").await.unwrap()
}

async fn send(ready: &Ready, method: &str, path: &str, body: &str) -> std::io::Result<String> {
    let host = ready.endpoint.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).await?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{body}",
        ready.token,
        body.len()
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test]
async fn the_ready_line_is_all_that_a_caller_needs() {
    let mut options = Options::default();
    options.account = "acct".to_owned();

    let running = start(options).await.unwrap();
    let line: Value = serde_json::to_value(&running.ready).unwrap();
    let answer = get(&running.ready, "/acct?comp=list").await;
    let state = get(&running.ready, "/_emulator/state").await;
    running.stop().await.unwrap();

    let keys: Vec<_> = line.as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        keys,
        ["ready", "endpoint", "account", "accountKey", "token"]
    );
    assert_eq!(line["ready"], true);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let data_dir = state.split("\"dataDir\":\"").nth(1).unwrap();
    let data_dir = data_dir.split('"').next().unwrap();
    assert!(!std::path::Path::new(data_dir).exists(), "{data_dir}");
}

#[tokio::test]
async fn a_restart_on_the_same_directory_keeps_token_and_key() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = Options::default();
    options.data_dir = Some(dir.path().to_owned());

    let first = start(options.clone()).await.unwrap();
    let in_use = start(options.clone()).await.err().unwrap();
    let (token, key) = (first.ready.token.clone(), first.ready.account_key.clone());
    first.stop().await.unwrap();
    let second = start(options).await.unwrap();

    assert!(
        matches!(in_use, StartError::DataDir(DataDirError::InUse(_))),
        "{in_use:?}"
    );
    assert_eq!(
        (token, key),
        (second.ready.token.clone(), second.ready.account_key.clone())
    );
    second.stop().await.unwrap();
}

#[tokio::test]
async fn an_address_that_cannot_be_used_is_explained() {
    let dir = tempfile::tempdir().unwrap();
    let running = start(options(dir.path())).await.unwrap();
    let taken: SocketAddr = running.ready.endpoint[7..].parse().unwrap();
    let refused = |listen: SocketAddr| {
        let mut options = Options::default();
        options.listen = listen;
        async move { start(options).await.err().unwrap() }
    };

    let in_use = refused(taken).await;
    let public = refused(([0, 0, 0, 0], 0).into()).await;

    assert!(
        matches!(in_use, StartError::PortInUse(address) if address == taken),
        "{in_use:?}"
    );
    assert!(
        in_use.to_string().contains("choose another port"),
        "{in_use}"
    );
    assert!(matches!(public, StartError::NotLoopback(_)), "{public:?}");
    running.stop().await.unwrap();
}

#[tokio::test]
async fn settings_that_make_no_sense_are_refused() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut on_a_file = Options::default();
    on_a_file.data_dir = Some(file.path().to_owned());
    let mut bad_key = Options::default();
    bad_key.account_key = Some("not base64!".to_owned());
    let mut bad_account = Options::default();
    bad_account.account = "Not/An/Account".to_owned();

    let on_a_file = start(on_a_file).await.err().unwrap();
    let bad_key = start(bad_key).await.err().unwrap();
    let bad_account = start(bad_account).await.err().unwrap();

    assert!(matches!(
        on_a_file,
        StartError::DataDir(DataDirError::NotADirectory(_))
    ));
    assert!(matches!(bad_key, StartError::AccountKey), "{bad_key:?}");
    assert!(
        matches!(bad_account, StartError::Account(_)),
        "{bad_account:?}"
    );
}

#[tokio::test]
async fn stopping_ends_what_runs() {
    let dir = tempfile::tempdir().unwrap();
    let running = start(options(dir.path())).await.unwrap();
    let emulator = Emulator::of(running.state(), tempfile::tempdir().unwrap());
    let emulator = emulator.with_factory().await;
    let wait = json!({"activities": [{"name": "w", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 3600}}]});
    emulator.put("/pipelines/wait", wait).await;
    let id = emulator.start("wait", json!({})).await;
    until(|| async { (emulator.activities(&id).await.len() == 1).then_some(()) }).await;

    running.stop().await.unwrap();

    assert_eq!(emulator.run(&id).await["status"], "Cancelled");
    assert_eq!(emulator.activities(&id).await[0]["status"], "Cancelled");
}

#[tokio::test]
async fn a_damaged_file_is_named_at_the_start() {
    let dir = tempfile::tempdir().unwrap();
    start(options(dir.path()))
        .await
        .unwrap()
        .stop()
        .await
        .unwrap();
    std::fs::write(dir.path().join("adf/resources/broken.json"), "{\"key\":").unwrap();

    let error = start(options(dir.path())).await.err().unwrap();

    assert!(error.to_string().contains("broken.json"), "{error}");
    assert!(error.to_string().contains("remove the file"), "{error}");
}

#[tokio::test]
async fn a_fault_can_cut_the_connection_before_or_after_the_work() {
    let mut options = Options::default();
    options.account = "acct".to_owned();
    let running = start(options).await.unwrap();
    let ready = &running.ready;
    let faults = json!([
        {"pattern": "PUT */one?*", "reset": true},
        {"pattern": "PUT */two?*", "reset": true, "afterHandler": true},
    ]);
    send(ready, "POST", "/_emulator/faults", &faults.to_string())
        .await
        .unwrap();

    let before = send(ready, "PUT", "/acct/one?restype=container", "").await;
    let after = send(ready, "PUT", "/acct/two?restype=container", "").await;
    let made = get(ready, "/acct?comp=list").await;
    let third = send(ready, "PUT", "/acct/one?restype=container", "").await;
    running.stop().await.unwrap();

    for cut in [before, after] {
        let error = cut.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{error}");
    }
    assert!(made.contains("<Name>two</Name>"), "{made}");
    assert!(!made.contains("<Name>one</Name>"), "{made}");
    assert!(third.unwrap().starts_with("HTTP/1.1 201"));
}
