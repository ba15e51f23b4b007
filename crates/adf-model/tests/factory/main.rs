//! What every `Factory` does alike, run on memory and on a folder.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::error::Error;

use adf_model::{Factory, FactoryError, Folder, Kind, Memory, ResourceId};
use serde_json::{Value, json};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("these factories never wait"),
    }
}

fn document(name: &str) -> Value {
    json!({"name": name, "properties": {"activities": [], "unknown": null}})
}

fn conforms(factory: &impl Factory) {
    let id = |name: &str| ResourceId::new(Kind::Pipeline, name);
    let endpoint = ResourceId::below("default", Kind::ManagedPrivateEndpoint, "sql");

    for name in ["beta", "alpha one"] {
        block_on(factory.put(&id(name), document(name))).unwrap();
    }
    block_on(factory.put(&endpoint, json!({"name": "sql"}))).unwrap();

    let names: Vec<_> = block_on(factory.list(Kind::Pipeline))
        .unwrap()
        .into_iter()
        .map(|(id, _)| id.name)
        .collect();
    assert_eq!(names, ["alpha one", "beta"]);
    assert_eq!(
        block_on(factory.get(&id("BETA"))).unwrap(),
        document("beta")
    );
    assert_eq!(
        block_on(factory.list(Kind::ManagedPrivateEndpoint)).unwrap()[0].0,
        endpoint
    );
    assert!(block_on(factory.list(Kind::Dataset)).unwrap().is_empty());

    block_on(factory.put(&id("beta"), json!({"name": "beta", "changed": true}))).unwrap();
    assert_eq!(block_on(factory.get(&id("beta"))).unwrap()["changed"], true);

    block_on(factory.delete(&id("beta"))).unwrap();
    block_on(factory.delete(&id("beta"))).unwrap();
    assert!(matches!(
        block_on(factory.get(&id("beta"))),
        Err(FactoryError::NotFound { .. })
    ));
}

#[test]
fn memory_conforms() {
    conforms(&Memory::default());
}

#[test]
fn a_folder_conforms() {
    let root = tempfile::tempdir().unwrap();

    conforms(&Folder::new(root.path()));
}

#[test]
fn a_malformed_file_is_named_with_line_and_column() {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.path().join("pipeline")).unwrap();
    std::fs::write(
        root.path().join("pipeline/broken.json"),
        "{\n  \"name\": oops\n}",
    )
    .unwrap();

    let error = block_on(Folder::new(root.path()).list(Kind::Pipeline)).unwrap_err();

    let file = error.source().unwrap();
    assert!(file.to_string().ends_with("broken.json"), "{file}");
    assert_eq!(
        file.source().unwrap().to_string(),
        "line 2, column 11: expected value"
    );
}

#[test]
fn a_byte_order_mark_is_read_over() {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.path().join("dataset")).unwrap();
    std::fs::write(
        root.path().join("dataset/d.json"),
        "\u{feff}{\"name\": \"d\"}",
    )
    .unwrap();

    assert_eq!(
        block_on(Folder::new(root.path()).list(Kind::Dataset))
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_name_that_leaves_the_folder_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let outside = ResourceId::new(Kind::Pipeline, "../../outside");

    let refused = block_on(Folder::new(root.path()).put(&outside, json!({})));

    assert!(matches!(refused, Err(FactoryError::Refused { .. })));
}
