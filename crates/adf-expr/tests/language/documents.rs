//! Whole documents, and the text of values in strings.

use adf_expr::evaluate_json;
use serde_json::json;

use crate::{assert_values, context};

#[test]
fn strings_of_a_document_are_evaluated_in_place() {
    let context = context(json!({"parameters": {"n": 3, "day": "mon"}}));
    let document = json!({
        "@name": "@pipeline().parameters.n",
        "list": ["x", "@{pipeline().parameters.day}/@@{y}", 1, null, true],
        "query": {"value": "@add(pipeline().parameters.n, 1)", "type": "Expression"},
        "text": {"value": "from @{pipeline().parameters.day}", "type": "expression"},
        "other": {"value": "@pipeline().parameters.n", "type": "SecureString"},
    });

    assert_eq!(
        evaluate_json(&document, &context),
        Ok(json!({
            "@name": 3,
            "list": ["x", "mon/@{y}", 1, null, true],
            "query": 4,
            "text": "from mon",
            "other": {"value": 3, "type": "SecureString"},
        }))
    );
}

#[test]
fn errors_show_the_failing_string() {
    let document = json!({"a": ["fine", "@pipeline().x"]});

    let error = evaluate_json(&document, &context(json!({}))).unwrap_err();

    assert_eq!(error.expression, "@pipeline().x");
    assert_eq!((error.span.start, error.span.end), (11, 13));
}

#[test]
fn interpolation_renders_every_type() {
    let parameters = json!({"i": i64::MAX, "f": 3.0, "b": false, "n": null, "a": [1, "two", null, true, 1.0], "o": {"k": "é"}});
    assert_values(
        &json!({"parameters": parameters}),
        &[
            ("@{pipeline().parameters.i}", json!("9223372036854775807")),
            ("<@{pipeline().parameters.f}>", json!("<3>")),
            ("<@{pipeline().parameters.b}>", json!("<False>")),
            ("<@{pipeline().parameters.n}>", json!("<>")),
            (
                "@{pipeline().parameters.a}",
                json!("[1,\"two\",null,true,1.0]"),
            ),
            ("@{pipeline().parameters.o}", json!("{\"k\":\"é\"}")),
            ("@{xml('<a/>')}@{binary('b')}", json!("<a />b")),
        ],
    );
}
