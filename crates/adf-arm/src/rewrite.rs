//! What Data Factory's page rewrites when it publishes, because its model of a document is narrower than the document.
//!
//! Only what changes the meaning, or what a template is compared by, is done here; the empty objects that the page adds are not.

use std::borrow::Cow;

use adf_model::Kind;
use serde_json::Value;

use crate::node::Node;
use crate::vintage::Vintage;

/// Fields of datasets that the page keeps as expressions.
const EXPRESSIONS: [&str; 6] = [
    "fileName",
    "folderPath",
    "container",
    "fileSystem",
    "bucketName",
    "relativeUrl",
];

/// The properties as the page publishes them.
pub(crate) fn properties<'r>(kind: Kind, properties: Node<'r>, vintage: Vintage) -> Node<'r> {
    match kind {
        Kind::Dataset => at(properties, &["typeProperties"], |node| {
            at(expressions(node), &["location"], expressions)
        }),
        Kind::Trigger if vintage.trims_times() => {
            let properties = at(properties, &["typeProperties", "startTime"], whole_seconds);
            at(
                properties,
                &["typeProperties", "recurrence", "startTime"],
                whole_seconds,
            )
        }
        Kind::IntegrationRuntime => at(properties, &["typeProperties", "ssisProperties"], |node| {
            without(node, &["runtimeVersion"])
        }),
        _ => properties,
    }
}

/// The object with its fields that can be expressions.
fn expressions(node: Node<'_>) -> Node<'_> {
    let mut node = node.opened();
    if let Node::Object(fields) = &mut node {
        for (key, value) in fields {
            if EXPRESSIONS.contains(&&**key) {
                *value = expression(std::mem::replace(value, Node::empty()));
            }
        }
    }
    node
}

/// Text that is an expression, as an object that says so.
fn expression(node: Node<'_>) -> Node<'_> {
    match node {
        Node::Json(Value::String(text)) if is_expression(text) => Node::Object(vec![
            (Cow::Borrowed("value"), node),
            (
                Cow::Borrowed("type"),
                Node::Text(Cow::Borrowed("Expression")),
            ),
        ]),
        other => other,
    }
}

fn is_expression(text: &str) -> bool {
    let mut rest = text.strip_prefix('@').unwrap_or_default().chars();
    rest.next()
        .is_some_and(|first| first == '{' || first.is_ascii_alphabetic())
}

/// The name of a secret in a key vault. Text with expressions in it stays text there.
pub(crate) fn secret_name(node: Node<'_>) -> Node<'_> {
    match node.text() {
        Some(text) if !text.starts_with("@{") => expression(node),
        _ => node,
    }
}

/// A time without a fraction that is zero.
fn whole_seconds(node: Node<'_>) -> Node<'_> {
    let Some((before, after)) = node.text().and_then(|text| text.split_once('.')) else {
        return node;
    };
    let rest = after.trim_start_matches('0');
    match rest.is_empty() || rest == "Z" {
        true => Node::Text(Cow::Owned(format!("{before}{rest}"))),
        false => node,
    }
}

/// The value with the one at the end of `path` changed.
pub(crate) fn at<'r>(
    node: Node<'r>,
    path: &[&str],
    change: impl FnOnce(Node<'r>) -> Node<'r>,
) -> Node<'r> {
    let [key, rest @ ..] = path else {
        return change(node);
    };
    if node.field(key).is_none() {
        return node;
    }
    let mut node = node.opened();
    if let Node::Object(fields) = &mut node
        && let Some((_, value)) = fields.iter_mut().find(|(name, _)| name == key)
    {
        let old = std::mem::replace(value, Node::empty());
        *value = at(old, rest, change);
    }
    node
}

/// The object without some of its fields.
pub(crate) fn without<'r>(node: Node<'r>, keys: &[&str]) -> Node<'r> {
    match node.opened() {
        Node::Object(mut fields) => {
            fields.retain(|(key, _)| !keys.contains(&&**key));
            Node::Object(fields)
        }
        other => other,
    }
}
