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
fn a_copy_that_another_tool_has_generated_is_no_resource() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("pipeline");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("copy.json"), r#"{"name": "copy"}"#).unwrap();
    std::fs::write(folder.join("~copy.json"), r#"{"name": "other"}"#).unwrap();

    let found = block_on(Folder::new(root.path()).list(Kind::Pipeline));

    assert_eq!(found.unwrap().len(), 1);
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
fn nothing_outside_the_folder_is_written_or_deleted() {
    let root = tempfile::tempdir().unwrap();
    let factory = Folder::new(root.path().join("adf"));
    let outside = root.path().join("outside.json");
    std::fs::create_dir_all(root.path().join("adf/pipeline")).unwrap();
    std::fs::write(&outside, "{}").unwrap();
    let endpoint =
        |network: &str, name: &str| ResourceId::below(network, Kind::ManagedPrivateEndpoint, name);

    for id in [
        ResourceId::new(Kind::Pipeline, "../../outside"),
        ResourceId::new(Kind::Pipeline, "/outside"),
        ResourceId::new(Kind::Pipeline, ""),
        endpoint("../../..", "outside"),
        endpoint("..", "outside"),
        endpoint("default", "../outside"),
        ResourceId::below("default", Kind::Pipeline, "p"),
        ResourceId::new(Kind::ManagedPrivateEndpoint, "p"),
        ResourceId::new(Kind::PrivateEndpointConnection, "p"),
    ] {
        let refused = block_on(factory.put(&id, json!({})));
        assert!(matches!(refused, Err(FactoryError::Refused { .. })), "{id}");
        block_on(factory.delete(&id)).unwrap();
    }

    assert_eq!(std::fs::read_to_string(&outside).unwrap(), "{}");
    let below = std::fs::read_dir(root.path()).unwrap().count();
    assert_eq!(below, 2);
}

#[test]
fn a_resource_in_a_file_of_another_name_is_changed_and_deleted_there() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("pipeline/Renamed.json");
    std::fs::create_dir(root.path().join("pipeline")).unwrap();
    std::fs::write(&file, r#"{"name": "Copy"}"#).unwrap();
    let factory = Folder::new(root.path());
    let id = ResourceId::new(Kind::Pipeline, "copy");

    block_on(factory.put(&id, json!({"name": "copy", "changed": true}))).unwrap();

    let all = block_on(factory.list(Kind::Pipeline)).unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].1["changed"], true);
    block_on(factory.delete(&id)).unwrap();
    assert!(!file.exists());
}
