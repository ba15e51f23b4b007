//! What the page adds to activities that ask for metadata of files: that folders below count, too. It does so for no other
//! activity.

use std::borrow::Cow;

use adf_model::Members as _;
use serde_json::{Map, Value};

use crate::node::Node;
use crate::rewrite;

/// The stores of files that have folders.
const STORES: [&str; 13] = [
    "AmazonS3",
    "AmazonS3Compatible",
    "AzureBlobFS",
    "AzureBlobStorage",
    "AzureDataLakeStore",
    "AzureFileStorage",
    "FileServer",
    "Ftp",
    "GoogleCloudStorage",
    "Hdfs",
    "LakeHouse",
    "OracleCloudStorage",
    "Sftp",
];

/// Where activities stand in activities.
const WITHIN: [&str; 5] = [
    "activities",
    "ifTrueActivities",
    "ifFalseActivities",
    "cases",
    "defaultActivities",
];

const RECURSIVE: &str = "recursive";
const TRUE: &Value = &Value::Bool(true);

/// The properties of a pipeline as the page publishes them.
pub(crate) fn pipeline(properties: &Value) -> Node<'_> {
    activities_in(properties).unwrap_or(Node::Json(properties))
}

/// The object with the activities in it as the page publishes them; none where they are so already.
fn activities_in(value: &Value) -> Option<Node<'_>> {
    let fields = value.as_object()?;
    let changed = |key: &str| {
        let items = fields.get(key)?.as_array()?;
        each(items).map(|items| (key.to_owned(), items))
    };
    let changed: Vec<_> = WITHIN.iter().filter_map(|key| changed(key)).collect();
    (!changed.is_empty()).then(|| with(fields, changed))
}

/// The items with those changed that have to be; none where there are none such.
fn each(items: &[Value]) -> Option<Node<'_>> {
    let changed: Vec<_> = items.iter().map(activity).collect();
    let is_changed = changed.iter().any(Option::is_some);
    let all = changed.into_iter().zip(items);
    is_changed.then(|| {
        Node::Array(
            all.map(|(new, old)| new.unwrap_or(Node::Json(old)))
                .collect(),
        )
    })
}

/// An activity, or a case of a Switch.
fn activity(value: &Value) -> Option<Node<'_>> {
    let is_metadata = value.member("type").and_then(Value::as_str) == Some("GetMetadata");
    let settings = value.pointer("/typeProperties/storeSettings");
    if is_metadata && settings.is_some_and(leaves_it_out) {
        let path = ["typeProperties", "storeSettings"];
        return Some(rewrite::at(Node::Json(value), &path, recursive));
    }
    let inner = value.member("typeProperties").and_then(activities_in);
    match (inner, value.as_object()) {
        (Some(inner), Some(fields)) => {
            Some(with(fields, vec![("typeProperties".to_owned(), inner)]))
        }
        _ => activities_in(value),
    }
}

/// Whether settings of a store could say something of folders below, and do not.
fn leaves_it_out(settings: &Value) -> bool {
    let kind = settings.member("type").and_then(Value::as_str);
    let store = kind.and_then(|kind| kind.strip_suffix("ReadSettings"));
    store.is_some_and(|store| STORES.contains(&store)) && settings.get(RECURSIVE).is_none()
}

/// The settings with folders below, behind their type.
fn recursive(settings: Node<'_>) -> Node<'_> {
    let mut settings = settings.opened();
    if let Node::Object(fields) = &mut settings {
        let place = fields.iter().position(|(key, _)| key == "type");
        let place = place.map_or(0, |at| at + 1);
        fields.insert(place, (Cow::Borrowed(RECURSIVE), Node::Json(TRUE)));
    }
    settings
}

/// The object with other values of some of its fields.
fn with<'r>(fields: &'r Map<String, Value>, mut changed: Vec<(String, Node<'r>)>) -> Node<'r> {
    let field = |(key, value): (&'r String, &'r Value)| {
        let new = changed.iter_mut().find(|(name, _)| name == key);
        let new = new.map(|(_, node)| std::mem::replace(node, Node::empty()));
        (
            Cow::Borrowed(key.as_str()),
            new.unwrap_or(Node::Json(value)),
        )
    };
    Node::Object(fields.iter().map(field).collect())
}
