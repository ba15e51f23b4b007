//! What the page writes of activities: what its model adds where the document says nothing, the present names of settings, and
//! `Expression` objects for text with expressions in it where the model has such.

use adf_model::Members as _;
use serde_json::Value;

use crate::node::Node;
use crate::rewrite::{self, expression, has_expression};
use crate::vintage::{Month, Vintage};

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

/// Sources that can be read in partitions.
const PARTITIONED: [&str; 4] = [
    "AzureSqlSource",
    "SqlDWSource",
    "SqlServerSource",
    "SqlSource",
];

/// When settings of stores and formats took their present names: not yet in templates of August 2019, but in those of February
/// 2020.
const SETTINGS: Month = Month::new(2020, 1);
/// When sources were first said to have no partitions: not in templates of July 2020, but in those of May 2021.
const PARTITIONS: Month = Month::new(2020, 10);
/// When data flows were first said how much to log, in the middle of the month before.
const TRACE_LEVEL: Month = Month::new(2020, 12);

const RECURSIVE: &str = "recursive";
const TRUE: &Value = &Value::Bool(true);

/// A member of an object as the page writes it.
struct Edit<'r> {
    path: Vec<&'r str>,
    value: Node<'r>,
}

/// The properties of a pipeline as the page publishes them.
pub(crate) fn pipeline(properties: &Value, vintage: Vintage) -> Node<'_> {
    edited(properties, inner(properties, vintage)).unwrap_or(Node::Json(properties))
}

/// The activities within an object, where they are not as the page writes them.
fn inner(value: &Value, vintage: Vintage) -> Vec<Edit<'_>> {
    let changed = |key: &'static str| {
        let items = value.member(key)?.as_array()?;
        let value = each(items, vintage)?;
        let path = vec![key];
        Some(Edit { path, value })
    };
    WITHIN.into_iter().filter_map(changed).collect()
}

/// The items with those changed that have to be; none where there are none such.
fn each(items: &[Value], vintage: Vintage) -> Option<Node<'_>> {
    let changed: Vec<_> = items.iter().map(|item| activity(item, vintage)).collect();
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
fn activity(value: &Value, vintage: Vintage) -> Option<Node<'_>> {
    let properties = value
        .member("typeProperties")
        .filter(|member| member.is_object());
    let Some(properties) = properties else {
        return edited(value, inner(value, vintage));
    };
    let mut edits = inner(properties, vintage);
    let kind = value.member("type").and_then(Value::as_str);
    own(kind.unwrap_or_default(), properties, vintage, &mut edits);
    let properties = edited(properties, edits)?;
    Some(put(Node::Json(value), &["typeProperties"], properties))
}

/// The object with some members as the page writes them; none where there are none such.
fn edited<'r>(value: &'r Value, edits: Vec<Edit<'r>>) -> Option<Node<'r>> {
    let is_edited = !edits.is_empty() && value.is_object();
    is_edited.then(|| {
        let edits = edits.into_iter();
        edits.fold(Node::Json(value), |node, edit| {
            put(node, &edit.path, edit.value)
        })
    })
}

/// The object with a member that may be new; then it stands behind the type.
fn put<'r>(node: Node<'r>, path: &[&'r str], value: Node<'r>) -> Node<'r> {
    let Some((key, parents)) = path.split_last() else {
        return value;
    };
    rewrite::at(node, parents, |node| rewrite::with(node, key, value))
}

/// What the page writes otherwise in the properties of an activity.
fn own<'r>(kind: &str, properties: &'r Value, vintage: Vintage, edits: &mut Vec<Edit<'r>>) {
    for parent in [None, Some("source"), Some("sink")] {
        settings(kind, properties, parent, vintage, edits);
    }
    match kind {
        "Copy" => {
            wrap(properties, &["sink", "preCopyScript"], edits);
            wrap(
                properties,
                &["source", "storeSettings", "wildcardFileName"],
                edits,
            );
            wrap(
                properties,
                &["source", "storeSettings", "wildcardFolderPath"],
                edits,
            );
            wrap_members(properties, &["source", "additionalHeaders"], edits);
        }
        "DatabricksNotebook" => wrap_members(properties, &["baseParameters"], edits),
        "ExecuteDataFlow" if vintage.since(TRACE_LEVEL) => {
            add(properties, &["traceLevel"], "Fine", edits);
        }
        _ => {}
    }
    let source = text(properties, &["source", "type"]);
    if vintage.since(PARTITIONS) && source.is_some_and(|source| PARTITIONED.contains(&source)) {
        add(properties, &["source", "partitionOption"], "None", edits);
    }
}

/// The settings of a store and of a format. Only activities that ask for metadata of files are told that folders below count,
/// too.
fn settings<'r>(
    kind: &str,
    properties: &'r Value,
    parent: Option<&'r str>,
    vintage: Vintage,
    edits: &mut Vec<Edit<'r>>,
) {
    for key in ["storeSettings", "formatSettings"] {
        let path: Vec<_> = parent.into_iter().chain([key]).collect();
        let Some(of_type) = text(properties, &[&path[..], &["type"]].concat()) else {
            continue;
        };
        let is_old = of_type.ends_with("ReadSetting") || of_type.ends_with("WriteSetting");
        let renamed = (is_old && vintage.since(SETTINGS)).then(|| format!("{of_type}s"));
        let of_type = renamed.clone().unwrap_or_else(|| of_type.to_owned());
        if let Some(name) = renamed {
            edits.push(Edit {
                path: [&path[..], &["type"]].concat(),
                value: Node::Literal(name.into()),
            });
        }
        let store = of_type.strip_suffix("ReadSettings");
        let recursive = [&path[..], &[RECURSIVE]].concat();
        if kind == "GetMetadata"
            && store.is_some_and(|store| STORES.contains(&store))
            && member(properties, &recursive).is_none()
        {
            edits.push(Edit {
                path: recursive,
                value: Node::Json(TRUE),
            });
        }
    }
}

fn member<'r>(value: &'r Value, path: &[&str]) -> Option<&'r Value> {
    path.iter().try_fold(value, |value, key| value.member(key))
}

fn text<'r>(value: &'r Value, path: &[&str]) -> Option<&'r str> {
    member(value, path)?.as_str()
}

/// A member that is not there.
fn add<'r>(
    properties: &'r Value,
    path: &[&'r str],
    value: &'static str,
    edits: &mut Vec<Edit<'r>>,
) {
    if member(properties, path).is_none() {
        edits.push(Edit {
            path: path.to_vec(),
            value: Node::Text(value.into()),
        });
    }
}

/// A text with expressions in it.
fn wrap<'r>(properties: &'r Value, path: &[&'r str], edits: &mut Vec<Edit<'r>>) {
    if let Some(value) = member(properties, path)
        && value.as_str().is_some_and(has_expression)
    {
        edits.push(Edit {
            path: path.to_vec(),
            value: expression(Node::Json(value)),
        });
    }
}

fn wrap_members<'r>(properties: &'r Value, path: &[&'r str], edits: &mut Vec<Edit<'r>>) {
    let members = member(properties, path).and_then(Value::as_object);
    for key in members.into_iter().flat_map(|members| members.keys()) {
        wrap(properties, &[path, &[key.as_str()]].concat(), edits);
    }
}
