//! What is said of the keys and values of maps: nothing reads into maps, so that each part of it is listed with that reason.

use yaml_source::Node;

use crate::model::{Property, as_text};

use super::builder::{Builder, Said, Subject};
use super::property::is_set;
use super::rules;

const REASON: &str = "the keys and values of a map are not looked into";

/// Lists what a column of maps says of its keys and values.
pub(super) fn list(
    builder: &mut Builder<'_>,
    subject: &Subject,
    (property, name): (Property<'_>, &str),
) {
    for (side, plural) in [("key", "keys"), ("value", "values")] {
        if let Some(inner) = property.map(side) {
            let subject = Subject {
                prefix: format!("{}.{side}", subject.prefix),
                ..subject.clone()
            };
            part(
                builder,
                &subject,
                inner,
                &format!("the {plural} of `{name}`"),
            );
        }
    }
}

/// Lists what is said of a part, and of the parts that it has itself.
fn part(builder: &mut Builder<'_>, subject: &Subject, property: Property<'_>, what: &str) {
    let node = property.node;
    for key in ["logicalType", "physicalType", "enum", "relationships"] {
        if let Some(value) = node.get(key) {
            line(builder, subject, (key, value), what);
        }
    }
    for key in ["required", "unique", "primaryKey"] {
        let value = node.get(key).filter(|value| is_set(Some(value)));
        if let Some(value) = value {
            line(builder, subject, (key, value), what);
        }
    }
    let options = node
        .get("logicalTypeOptions")
        .map_or(&[][..], Node::members);
    for option in options {
        line(builder, subject, (&option.key, &option.value), what);
    }
    for rule in property.quality() {
        let said = rules::said(
            builder,
            rule,
            "quality",
            format!("a rule about {what}"),
            None,
        );
        builder.not_executable(subject, said, rule.node, REASON);
    }
    let fields = property
        .properties()
        .map(|field| (field, field.name().into_owned()));
    let items = property.items().map(|items| (items, "items".to_owned()));
    let sides = ["key", "value"].map(|side| Some((property.map(side)?, side.to_owned())));
    let parts: Vec<_> = fields
        .chain(items)
        .chain(sides.into_iter().flatten())
        .collect();
    for (inner, name) in parts {
        let subject = Subject {
            prefix: format!("{}.{name}", subject.prefix),
            ..subject.clone()
        };
        part(builder, &subject, inner, &format!("`{name}` in {what}"));
    }
}

fn line(builder: &mut Builder<'_>, subject: &Subject, (key, value): (&str, &Node), what: &str) {
    let title = match as_text(value) {
        Some(text) => format!("{what}: {key} {text}"),
        None => format!("{what}: {key}"),
    };
    let said = Said::schema(key, title, "conformity");
    builder.not_executable(subject, said, value, REASON);
}
