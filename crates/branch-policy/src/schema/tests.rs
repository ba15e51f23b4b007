//! That the schema is that of the types, and says what they do.

use std::path::Path;

use serde_json::Value;

use super::SCHEMA;
use crate::settings::Settings;

#[test]
fn the_file_is_what_the_types_say() {
    let made = editor_schema::of::<Settings>("branch-policy.yaml");
    if std::env::var_os("DATAOPS_WRITE_SCHEMA").is_some() {
        let file =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema/branch-policy.schema.json");
        std::fs::write(file, &made).unwrap();
        return;
    }
    assert!(
        made == SCHEMA,
        "the settings have changed; write the schema anew: DATAOPS_WRITE_SCHEMA=1 cargo test -p branch-policy schema"
    );
}

fn check(text: &str) -> Vec<String> {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let value: Value = yaml_source::read(text).unwrap();
    editor_schema::refused(&schema, &value)
}

#[test]
fn the_example_is_accepted() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples/data-ingestion/branch-policy.yaml");
    let text = std::fs::read_to_string(file).unwrap();

    assert_eq!(check(&text), Vec::<String>::new());
}

#[test]
fn what_the_settings_refuse_is_refused() {
    assert_eq!(check("{branch: {}}"), ["/branch: unknown"]);
    assert_eq!(
        check("{branches: {main: {reviewers: {}}}}"),
        ["/branches/main/reviewers: lacks \"minimum\""]
    );
    assert_eq!(
        check("{branches: {main: {merge: [fast], comments: required}}}"),
        ["/branches/main/merge/0: not one of the values"]
    );
    assert_eq!(
        check("{environments: {prod: {approvers: ada}}}"),
        ["/environments/prod/approvers: string"]
    );
}
