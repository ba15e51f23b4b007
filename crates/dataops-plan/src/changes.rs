//! What differs between a resource as it ought to be and the one that is there, place by place.

use adf_diff::{PropertyChange, What as Found, compare_documents};
use adf_model::Kind;
use serde_json::{Value, json};

use crate::compare::Compared;
use crate::plan::{Change, What};

/// The places that differ and mean something.
pub(crate) fn changes(kind: Kind, compared: &Compared<'_>) -> Vec<Change> {
    let document = |normal: &Value| match kind {
        Kind::Factory => with_properties(normal.clone()),
        _ => json!({"properties": normal}),
    };
    let (live, desired) = (document(&compared.live), document(&compared.desired));
    compare_documents(kind, &live, &desired)
        .into_iter()
        .filter(|found| !found.is_noise)
        .map(|found| change(kind, found, &live, &desired))
        .collect()
}

/// A factory that says nothing of itself lacks each property, and not all of them at once: each has its place then.
fn with_properties(mut factory: Value) -> Value {
    if let Some(factory) = factory.as_object_mut() {
        let properties = factory.entry("properties");
        properties.or_insert_with(|| json!({}));
    }
    factory
}

fn change(kind: Kind, found: PropertyChange, live: &Value, desired: &Value) -> Change {
    let risk = found.risk(kind).map(|risk| risk.kind.name().to_owned());
    let shown = |value: Value, document: &Value, pointer: &Option<String>| {
        // A connection string has no secret here any more, and what is left of it says where data are.
        let is_connection = found.path.key() == Some("connectionString");
        let whole = pointer
            .as_ref()
            .and_then(|pointer| document.pointer(pointer));
        whole.filter(|_| is_connection).cloned().unwrap_or(value)
    };
    let old = |value| shown(value, live, &found.base);
    let new = |value| shown(value, desired, &found.head);
    let what = match found.what {
        Found::Added(value) => What::Added { new: new(value) },
        Found::Removed(value) => What::Removed { old: old(value) },
        Found::Changed { before, after } => What::Changed {
            old: old(before),
            new: new(after),
        },
        Found::Moved { from, to } => What::Moved {
            from: place(from),
            to: place(to),
        },
        Found::Relocated { from, to } => What::Moved {
            from: container(from),
            to: container(to),
        },
        Found::Renamed { from, to } => What::Renamed { from, to },
    };
    Change {
        path: found.path.to_string(),
        what,
        risk,
    }
}

fn place(place: usize) -> String {
    format!("place {}", place + 1)
}

fn container(name: String) -> String {
    match name.is_empty() {
        true => "the pipeline".to_owned(),
        false => name,
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[test]
    fn the_first_property_of_a_factory_has_its_place() {
        let compared = Compared {
            is_same: false,
            live: Cow::Owned(json!({"location": "westeurope"})),
            desired: Cow::Owned(
                json!({"location": "westeurope", "properties": {"publicNetworkAccess": "Disabled"}}),
            ),
            secrets: Vec::new(),
            others: Vec::new(),
        };

        let changes = changes(Kind::Factory, &compared);

        let paths: Vec<_> = changes.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(paths, ["publicNetworkAccess"]);
    }
}
