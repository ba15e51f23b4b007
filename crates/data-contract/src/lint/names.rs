//! Names and ids that are there twice.

use std::collections::HashMap;

use yaml_source::Node;

use crate::model::{Fields, Property};

use super::rule::{
    DUPLICATE_COLUMN, DUPLICATE_ID, DUPLICATE_OBJECT, DUPLICATE_SERVER, Findings, MISSING_KEY, Rule,
};

/// Looks at all names.
pub(super) fn check(findings: &mut Findings<'_>) {
    let contract = findings.contract;
    let servers: Vec<_> = contract.servers().map(|server| server.node).collect();
    twice(findings, (&DUPLICATE_SERVER, "server"), &servers, "server");
    let objects: Vec<_> = contract.objects().map(|object| object.node).collect();
    twice(findings, (&DUPLICATE_OBJECT, "object"), &objects, "name");
    twice(findings, (&DUPLICATE_ID, "object"), &objects, "id");
    let mut rules = Vec::new();
    for object in contract.objects() {
        rules.extend(object.node.list("quality"));
        let properties: Vec<_> = object.properties().collect();
        columns(findings, &properties, &mut rules);
    }
    rules.extend(contract.root().list("slaProperties"));
    twice(findings, (&DUPLICATE_ID, "check"), &rules, "id");
}

fn columns<'c>(
    findings: &mut Findings<'_>,
    properties: &[Property<'c>],
    rules: &mut Vec<&'c Node>,
) {
    let nodes: Vec<_> = properties.iter().map(|property| property.node).collect();
    twice(findings, (&DUPLICATE_COLUMN, "column"), &nodes, "name");
    twice(findings, (&DUPLICATE_ID, "column"), &nodes, "id");
    physical(findings, properties);
    nameless(findings, properties);
    for property in properties {
        rules.extend(property.node.list("quality"));
        let inner: Vec<_> = property.properties().collect();
        columns(findings, &inner, rules);
        if let Some(items) = property.items() {
            rules.extend(items.node.list("quality"));
            let inner: Vec<_> = items.properties().collect();
            columns(findings, &inner, rules);
        }
    }
}

/// A column without a name is in no data, so that nothing would be checked of it.
fn nameless(findings: &mut Findings<'_>, properties: &[Property<'_>]) {
    for property in properties {
        let is_empty = |key: &str| property.node.text(key).is_some_and(|name| name.is_empty());
        let key = match is_empty("physicalName") {
            true => "physicalName",
            false if is_empty("name") => "name",
            false => continue,
        };
        let message = format!("`{key}` has no text: the column is none of the data");
        findings.key(&MISSING_KEY, (property.node, key), message, None);
    }
}

/// Names differ, but in the data they are one.
fn physical(findings: &mut Findings<'_>, properties: &[Property<'_>]) {
    let mut seen = HashMap::new();
    for property in properties {
        let physical = property.physical_name().into_owned();
        if physical.is_empty() {
            continue;
        }
        if let Some(other) = seen.insert(physical.clone(), property.name())
            && other != property.name()
        {
            let name = property.name();
            let message =
                format!("`{name}` and `{other}` are both the column `{physical}` of the data");
            let key = if property.node.get("physicalName").is_some() {
                "physicalName"
            } else {
                "name"
            };
            findings.key(&DUPLICATE_COLUMN, (property.node, key), message, None);
        }
    }
}

fn twice(
    findings: &mut Findings<'_>,
    (rule, what): (&'static Rule, &str),
    nodes: &[&Node],
    key: &str,
) {
    let mut seen = HashMap::new();
    for node in nodes {
        let Some(name) = node.text(key) else {
            continue;
        };
        let line = findings.contract.key_position(node, key).line;
        match seen.get(&name) {
            Some(first) => {
                let message = format!(
                    "another {what} has the {} `{name}`, in line {first}",
                    if key == "id" { "id" } else { "name" }
                );
                findings.key(rule, (node, key), message, None);
            }
            None => {
                seen.insert(name, line);
            }
        }
    }
}
