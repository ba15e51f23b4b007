//! What holds for any two documents.

use adf_diff::{PropertyChange, What, compare};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::repository;

/// Keys that mean something to the comparison, and some that do not.
const KEYS: [&str; 18] = [
    "name",
    "type",
    "value",
    "parameters",
    "annotations",
    "dependsOn",
    "activity",
    "schema",
    "mappings",
    "referenceName",
    "typeProperties",
    "scriptLines",
    "script",
    "sources",
    "password",
    "startTime",
    "x",
    "y",
];

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        (0..4).prop_map(Value::from),
        prop_oneof![
            "a",
            "b",
            "A",
            "@item()",
            "@ item( )",
            "String",
            "string",
            "DatasetReference",
            ""
        ]
        .prop_map(Value::from),
        Just(json!({})),
        Just(json!([])),
    ]
}

fn document() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 40, 5, |inner| {
        let key = (0..KEYS.len()).prop_map(|at| KEYS[at].to_owned());
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((key, inner.clone()), 0..5)
                .prop_map(|entries| Value::from(entries.into_iter().collect::<Map<_, _>>())),
            proptest::collection::vec(("[abc]", inner), 0..4).prop_map(|named| {
                named
                    .into_iter()
                    .map(|(name, value)| json!({"name": name, "x": value}))
                    .collect()
            }),
        ]
    })
}

fn changes(base: &Value, head: &Value) -> Vec<PropertyChange> {
    let side = |properties: &Value| {
        repository([(
            "dataset/d.json",
            json!({"name": "d", "properties": properties}),
        )])
    };
    let difference = compare(&side(base), &side(head));
    difference
        .changes
        .into_iter()
        .flat_map(|change| change.properties)
        .collect()
}

const GONE: &str = "\u{2205}";

/// The document without what the changes tell of.
fn without<'c>(properties: &Value, places: impl Iterator<Item = &'c String>) -> Value {
    let mut document = json!({"name": "d", "properties": properties});
    for place in places {
        if let Some(value) = document.pointer_mut(place) {
            *value = json!(GONE);
        }
    }
    canonical(&document)
}

/// The document in an order of its own, without what is gone.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<_> = items
                .iter()
                .filter(|item| *item != GONE)
                .map(canonical)
                .collect();
            items.sort_by_cached_key(ToString::to_string);
            Value::from(items)
        }
        Value::Object(object) => {
            let kept = object.iter().filter(|(_, value)| *value != GONE);
            let mut entries: Vec<_> = kept
                .map(|(key, value)| (key.clone(), canonical(value)))
                .collect();
            entries.sort_by(|one, other| one.0.cmp(&other.0));
            Value::from(entries.into_iter().collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

/// The same with the keys of every object in the opposite order.
fn turned(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(turned).collect(),
        Value::Object(object) => {
            let entries = object
                .iter()
                .rev()
                .map(|(key, value)| (key.clone(), turned(value)));
            Value::from(entries.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn a_document_does_not_differ_from_itself(document in document()) {
        prop_assert_eq!(changes(&document, &document), []);
    }

    #[test]
    fn the_order_of_keys_is_no_difference(document in document()) {
        prop_assert_eq!(changes(&document, &turned(&document)), []);
    }

    #[test]
    fn nothing_differs_beside_what_is_told(base in document(), head in document()) {
        let changes = changes(&base, &head);

        let moved = |change: &&PropertyChange| !matches!(change.what, What::Moved { .. });
        let of_base = changes.iter().filter(moved).filter_map(|change| change.base.as_ref());
        let of_head = changes.iter().filter(moved).filter_map(|change| change.head.as_ref());
        prop_assert_eq!(without(&base, of_base), without(&head, of_head), "{:#?}", changes);
    }

    #[test]
    fn what_is_told_is_what_the_documents_say(base in document(), head in document()) {
        for change in changes(&base, &head).iter().filter(|change| change.path.key() != Some("script")) {
            if format!("{:?}", change.what).contains("***") {
                continue;
            }
            let document = |properties: &Value, place: &Option<String>| {
                let document = json!({"name": "d", "properties": properties});
                place.as_ref().and_then(|place| document.pointer(place).cloned())
            };
            let (old, new) = (document(&base, &change.base), document(&head, &change.head));
            match &change.what {
                What::Added(value) => prop_assert_eq!((old, new), (None, Some(value.clone()))),
                What::Removed(value) => prop_assert_eq!((old, new), (Some(value.clone()), None)),
                What::Changed { before, after } => {
                    prop_assert_ne!(before, after);
                    prop_assert_eq!((old, new), (Some(before.clone()), Some(after.clone())));
                }
                _ => prop_assert!(old.is_some() && new.is_some()),
            }
        }
    }
}
