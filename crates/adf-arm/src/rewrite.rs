//! What Data Factory's page rewrites when it publishes, because its model of a document is narrower than the document.
//!
//! Only what changes the meaning, or what a template is compared by, is done here; the empty objects that the page adds are not.

use std::borrow::Cow;

use adf_model::Kind;
use serde_json::Value;

use crate::node::Node;
use crate::vintage::{Month, Vintage};

/// Fields of datasets that the page keeps as expressions.
const EXPRESSIONS: [&str; 9] = [
    "fileName",
    "folderPath",
    "container",
    "fileSystem",
    "bucketName",
    "relativeUrl",
    "entityName",
    "schema",
    "table",
];

/// When a new cluster was first said to be of a fixed size: not in templates of August 2021, but in those of January 2023.
const CLUSTER_OPTION: Month = Month::new(2021, 9);
/// When functions were first said how to sign in: not in templates of June 2021, but in those of January 2023.
const FUNCTION_SIGN_IN: Month = Month::new(2021, 7);
/// When the empty language of a table of SAP was first dropped: not in templates of August 2022, but in those of January 2023.
const NO_LANGUAGE: Month = Month::new(2022, 9);

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
        Kind::LinkedService => linked_service(properties, vintage),
        Kind::IntegrationRuntime => at(properties, &["typeProperties", "ssisProperties"], |node| {
            without(node, &["runtimeVersion"])
        }),
        _ => properties,
    }
}

/// What the page's model has and a linked service leaves out, and the reverse.
fn linked_service(properties: Node<'_>, vintage: Vintage) -> Node<'_> {
    let is = |kind: &str| properties.is_object_of_type(kind);
    let lacks = |key: &str| {
        let written = properties.field("typeProperties");
        written.is_some_and(|written| written.field(key).is_none())
    };
    let added = if is("AzureDatabricks") && vintage.since(CLUSTER_OPTION) {
        let is_new = lacks("existingClusterId") && lacks("clusterOption");
        is_new.then_some(("clusterOption", "Fixed"))
    } else if is("AzureFunction") && vintage.since(FUNCTION_SIGN_IN) {
        lacks("authentication").then_some(("authentication", "Anonymous"))
    } else {
        None
    };
    let no_language = is("SapTable") && vintage.since(NO_LANGUAGE);
    at(properties, &["typeProperties"], |node| match added {
        Some((key, value)) => with(node, key, Node::Text(Cow::Borrowed(value))),
        None if no_language
            && node
                .field("language")
                .is_some_and(|it| it.text() == Some("")) =>
        {
            without(node, &["language"])
        }
        None => node,
    })
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

/// Text with expressions in it, as an object that says so.
pub(crate) fn expression(node: Node<'_>) -> Node<'_> {
    match node {
        Node::Json(Value::String(text)) if has_expression(text) => Node::Object(vec![
            (Cow::Borrowed("value"), node),
            (
                Cow::Borrowed("type"),
                Node::Text(Cow::Borrowed("Expression")),
            ),
        ]),
        other => other,
    }
}

/// Whether a text is an expression, or has one in braces in it.
pub(crate) fn has_expression(text: &str) -> bool {
    let rest = text.strip_prefix('@').unwrap_or_default();
    let braces = || text.match_indices("@{").map(|(at, _)| at);
    rest.starts_with(|first: char| first.is_ascii_alphabetic())
        || braces().any(|at| !text[..at].ends_with('@'))
}

/// The name of a secret in a key vault. Text with expressions in it stays text there.
pub(crate) fn secret_name(node: Node<'_>) -> Node<'_> {
    match node.text() {
        Some(text) if !text.contains("@{") => expression(node),
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

/// The object with a field, which stands behind the type when it is new.
pub(crate) fn with<'r>(node: Node<'r>, key: &'r str, value: Node<'r>) -> Node<'r> {
    let mut node = node.opened();
    if let Node::Object(fields) = &mut node {
        let own = fields.iter().position(|(name, _)| name == key);
        let of_type = fields.iter().position(|(name, _)| name == "type");
        match own {
            Some(at) => fields[at].1 = value,
            None => {
                let place = of_type.map_or(0, |at| at + 1);
                fields.insert(place, (Cow::Borrowed(key), value));
            }
        }
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
