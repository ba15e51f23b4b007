//! What is said of what is not read, such as the keys and values of maps: each part of it is listed with the reason.

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
            let what = format!("the {plural} of `{name}`");
            unread(builder, &subject, inner, (&what, REASON));
        }
    }
}

/// Lists what is said of a property that is not read, and why, and of the parts that it has itself.
pub(super) fn unread(
    builder: &mut Builder<'_>,
    subject: &Subject,
    property: Property<'_>,
    (what, reason): (&str, &str),
) {
    let node = property.node;
    for key in ["logicalType", "physicalType", "enum", "relationships"] {
        if let Some(value) = node.get(key) {
            line(builder, subject, (key, value), (what, reason));
        }
    }
    for key in ["required", "unique", "primaryKey"] {
        let value = node.get(key).filter(|value| is_set(Some(value)));
        if let Some(value) = value {
            line(builder, subject, (key, value), (what, reason));
        }
    }
    let options = node
        .get("logicalTypeOptions")
        .map_or(&[][..], Node::members);
    for option in options {
        line(
            builder,
            subject,
            (&option.key, &option.value),
            (what, reason),
        );
    }
    for rule in property.quality() {
        let said = rules::said(
            builder,
            rule,
            "quality",
            format!("a rule about {what}"),
            None,
        );
        builder.not_executable(subject, said, rule.node, reason);
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
        let what = format!("`{name}` in {what}");
        unread(builder, &subject, inner, (&what, reason));
    }
}

fn line(
    builder: &mut Builder<'_>,
    subject: &Subject,
    (key, value): (&str, &Node),
    (what, reason): (&str, &str),
) {
    let title = match as_text(value) {
        Some(text) => format!("{what}: {key} {text}"),
        None => format!("{what}: {key}"),
    };
    let said = Said::schema(key, title, "conformity");
    builder.not_executable(subject, said, value, reason);
}
