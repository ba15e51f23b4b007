//! Short expressions cannot fill the memory or go on for hours.

use adf_expr::{ErrorKind, evaluate_text};
use serde_json::json;

use crate::context;

fn refusal(text: &str, json: serde_json::Value) -> String {
    let error = evaluate_text(text, &context(json)).expect_err(text);
    assert!(matches!(
        error.kind,
        ErrorKind::TooLarge | ErrorKind::Function { .. }
    ));
    error.kind.to_string()
}

#[test]
fn texts_do_not_explode() {
    let item = json!({"item": "a".repeat(100_000)});
    let handled = "the values in the expression are too large; at most 32 MiB are handled";

    for text in [
        "@replace(item(),'a',item())",
        "@join(split(item(),'a'),item())",
    ] {
        let told = refusal(text, item.clone());
        assert!(told.contains("the result is too large"), "{text}: {told}");
    }
    let many = vec!["item()"; 1000].join(",");
    assert_eq!(refusal(&format!("@concat({many})"), item.clone()), handled);
    assert_eq!(refusal(&"@{item()}".repeat(1000), item), handled);
}

#[test]
fn arrays_do_not_explode() {
    let many = vec!["range(0,100000)"; 500].join(",");

    let told = refusal(&format!("@length(createArray({many}))"), json!({}));

    assert!(told.contains("32 MiB"), "{told}");
}

#[test]
fn large_values_are_handled() {
    let context = context(json!({"item": "aé".repeat(200_000)}));

    for (text, length) in [
        ("@length(replace(item(),'a','bc'))", 600_000),
        (
            "@length(union(range(0,100000),range(50000,100000)))",
            150_000,
        ),
        ("@indexOf(concat(item(),'x'),'X')", 400_000),
        ("@lastIndexOf(concat('😀x',item()),'X')", 2),
    ] {
        assert_eq!(evaluate_text(text, &context), Ok(json!(length)), "{text}");
    }
}

#[test]
fn paths_do_not_go_on_for_hours() {
    let xml = format!("<r>{}</r>", "<a/>".repeat(400));
    let item = json!({"item": xml});

    for path in [
        "count(//a[count(//a[count(//a)>1])>1])",
        "//a[//a[//a = //a]]",
    ] {
        let told = refusal(&format!("@xpath(xml(item()),'{path}')"), item.clone());
        assert!(told.contains("more than 3000000 nodes"), "{path}: {told}");
    }
}
