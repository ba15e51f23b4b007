//! Types of columns, and what is nested in them.

use std::collections::HashSet;

use yaml_source::{Node, Value};

use crate::compile::{DEEPEST, bound, literal};
use crate::model::{Api, Contract, Fields, LogicalType, Property};
use crate::plan::{Kind, Literal};
use crate::suggestion::nearest;

use super::rule::{
    Findings, LOGICAL_TYPE, Level, MISSING_PART, NESTED_IN_SCALAR, REQUIRED_MEANING, SEMANTIC_TYPE,
    TOO_DEEP, VALUE_SET,
};
use super::{keys, options};

/// Names of types in other languages, and what they are called here.
const OTHER_NAMES: [(&str, &str); 20] = [
    ("text", "string"),
    ("varchar", "string"),
    ("char", "string"),
    ("uuid", "string"),
    ("int", "integer"),
    ("bigint", "integer"),
    ("long", "integer"),
    ("smallint", "integer"),
    ("float", "number"),
    ("double", "number"),
    ("decimal", "number"),
    ("numeric", "number"),
    ("bool", "boolean"),
    ("datetime", "timestamp"),
    ("timestamp_tz", "timestamp"),
    ("timestamp_ntz", "timestamp"),
    ("struct", "object"),
    ("record", "object"),
    ("list", "array"),
    ("bytes", "string"),
];

/// Looks at all columns.
pub(super) fn check(findings: &mut Findings<'_>) {
    let contract = findings.contract;
    for object in contract.objects() {
        of_object(findings, object.node);
        for property in object.properties() {
            column(findings, property, 1);
        }
        keys::primary_key(findings, object);
    }
    if contract.api() == Api::V30 {
        required(findings, contract);
    }
}

/// Once in a contract: what `required` means.
fn required(findings: &mut Findings<'_>, contract: &Contract) {
    let mut properties = contract
        .objects()
        .flat_map(|object| object.properties().collect::<Vec<_>>());
    if let Some(property) = properties.find(|property| property.required()) {
        let message = "`required: true` means never null here, as all tools have it; the text of 3.0 says the opposite";
        findings.key(
            &REQUIRED_MEANING,
            (property.node, "required"),
            message,
            None,
        );
    }
}

/// An object has no logical type but one.
fn of_object(findings: &mut Findings<'_>, node: &Node) {
    if let Some(name) = node.text("logicalType")
        && let Some(given) = node.get("logicalType")
        && name != "object"
    {
        let place = findings.contract.position(given);
        let message = format!("the logical type of an object is `object`, not `{name}`");
        findings.add(&LOGICAL_TYPE, place, (Level::Warning, message, None));
    }
}

fn column(findings: &mut Findings<'_>, property: Property<'_>, depth: usize) {
    let node = property.node;
    if depth > DEEPEST {
        let message = format!("columns are looked at down to {DEEPEST} steps, and this is below");
        return findings.at(&TOO_DEEP, node, message);
    }
    logical_type(findings, node);
    semantic_type(findings, node);
    nested(findings, property);
    let kind = kind(property, findings.contract.api());
    options::check(findings, property, &kind);
    values(findings, property, &kind);
    for inner in property.properties() {
        column(findings, inner, depth + 1);
    }
    let sides = [property.items(), property.map("key"), property.map("value")];
    for inner in sides.into_iter().flatten() {
        column(findings, inner, depth + 1);
    }
}

/// What a column holds.
pub(super) fn kind(property: Property<'_>, api: Api) -> Kind {
    crate::compile::kind(property, api).0
}

fn logical_type(findings: &mut Findings<'_>, node: &Node) {
    let Some(given) = node.get("logicalType") else {
        return;
    };
    let Some(name) = node.text("logicalType") else {
        return;
    };
    let api = findings.contract.api();
    let since = match LogicalType::named(&name) {
        None => {
            let lower = name.to_ascii_lowercase();
            let other = OTHER_NAMES.into_iter().find(|(known, _)| *known == lower);
            let other = other.map(|(_, here)| here);
            let near = other.or_else(|| nearest(&name, LogicalType::ALL.map(|(name, _)| name)));
            let hint = near.map(|near| format!("did you mean `{near}`?"));
            let message = format!("`{name}` is no logical type");
            return findings.hinted(&LOGICAL_TYPE, given, message, hint);
        }
        Some(LogicalType::Timestamp | LogicalType::Time) => (Api::V31, "3.1"),
        Some(LogicalType::Map | LogicalType::Vector) => (Api::V32, "3.2"),
        Some(_) => return,
    };
    if api < since.0 {
        let message = format!(
            "the logical type `{name}` came with version {} of the standard",
            since.1
        );
        let hint = Some(format!("set `apiVersion: v{}.0`", since.1));
        findings.hinted(&super::rule::NEWER_KEY, given, message, hint);
    }
}

fn semantic_type(findings: &mut Findings<'_>, node: &Node) {
    const KNOWN: [&str; 3] = ["column", "dimension", "measure"];
    if let Some(name) = node.text("semanticType")
        && let Some(given) = node.get("semanticType")
        && !KNOWN.contains(&name.as_ref())
    {
        let hint = nearest(&name, KNOWN).map_or_else(
            || format!("known are {}", KNOWN.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("`{name}` is no semantic type, so that it is taken for a column");
        findings.hinted(&SEMANTIC_TYPE, given, message, Some(hint));
    }
}

fn nested(findings: &mut Findings<'_>, property: Property<'_>) {
    let Some(kind) = property.logical_type() else {
        return;
    };
    let parts = [
        ("properties", LogicalType::Object),
        ("items", LogicalType::Array),
        ("map", LogicalType::Map),
    ];
    for (key, fits) in parts {
        if property.node.get(key).is_some() && kind != fits {
            let message = format!(
                "`{key}` belongs to the logical type `{}`, not to `{}`",
                fits.name(),
                kind.name()
            );
            findings.key(&NESTED_IN_SCALAR, (property.node, key), message, None);
        }
    }
    let lacks = match kind {
        LogicalType::Map if property.node.get("map").is_none() => Some("`map`"),
        LogicalType::Vector if property.option("dimensions").is_none() => {
            Some("`dimensions` in `logicalTypeOptions`")
        }
        _ => None,
    };
    if let Some(what) = lacks {
        let message = format!("the logical type `{}` has no {what}", kind.name());
        findings.key(&MISSING_PART, (property.node, "logicalType"), message, None);
    }
}

fn values(findings: &mut Findings<'_>, property: Property<'_>, kind: &Kind) {
    let Some(values) = property.enumeration() else {
        return;
    };
    if values.is_empty() {
        let message = "the value set is empty, so that every value is wrong";
        return findings.key(&VALUE_SET, (property.node, "enum"), message, None);
    }
    list(findings, &values, kind, "value set");
}

/// Looks at values that a column may have.
pub(super) fn list(findings: &mut Findings<'_>, values: &[&Node], kind: &Kind, what: &str) {
    let mut seen = HashSet::new();
    for node in values {
        let value = literal(kind, node);
        let shown = crate::text::listed(&value);
        if !seen.insert(shown.clone()) {
            findings.at(
                &VALUE_SET,
                node,
                format!("`{shown}` is in the {what} twice"),
            );
        }
        let numeric = matches!(
            kind,
            Kind::Integer | Kind::Number | Kind::Date { .. } | Kind::Timestamp { .. }
        );
        if numeric && value != Literal::Null && bound(kind, node).is_err() {
            let message = format!("`{shown}` is in the {what} of {}", kind.plural());
            findings.at(&VALUE_SET, node, message);
        }
        if *kind == Kind::String && matches!(node.value, Value::Bool(_)) {
            let message = format!("`{shown}` is a boolean, and the column holds text");
            let hint = Some("put it into quotes".to_owned());
            findings.hinted(&VALUE_SET, node, message, hint);
        }
    }
}
