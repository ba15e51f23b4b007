//! How the elements of a list are told apart.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

/// What names an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The text or number at the first of these JSON pointers that leads to one.
    Pointers(&'static [&'static str]),
    /// Itself.
    Whole,
    /// Its place, as the sequences match.
    Place,
}

/// How the elements of a list are told apart, and whether their order means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) by: By,
    pub(crate) is_ordered: bool,
}

const NAME: &[&str] = &["/name"];
const REFERENCE: &[&str] = &["/referenceName"];

/// Lists whose elements have names, and in which the order means nothing.
const NAMED: [(&str, &[&str]); 17] = [
    ("activities", NAME),
    ("ifTrueActivities", NAME),
    ("ifFalseActivities", NAME),
    ("defaultActivities", NAME),
    ("cases", &["/value"]),
    (
        "dependsOn",
        &[
            "/activity",
            "/referenceTrigger/referenceName",
            "/referenceName",
            "/type",
        ],
    ),
    ("userProperties", NAME),
    ("pipelines", &["/pipelineReference/referenceName"]),
    ("sources", NAME),
    ("sinks", NAME),
    ("transformations", NAME),
    ("mappings", &["/sink/name", "/sink/path", "/sink/ordinal"]),
    ("inputs", REFERENCE),
    ("outputs", REFERENCE),
    ("linkedServices", REFERENCE),
    ("datasets", REFERENCE),
    ("storageLinkedServices", REFERENCE),
];

/// Lists of values that are there or not.
const SETS: [&str; 13] = [
    "annotations",
    "dependencyConditions",
    "events",
    "fieldList",
    "fqdns",
    "hours",
    "libraries",
    "minutes",
    "monthDays",
    "monthlyOccurrences",
    "preserve",
    "preserveRules",
    "weekDays",
];

/// What may name an element where nothing is known about the list.
const USUAL: [&[&str]; 3] = [NAME, REFERENCE, &["/key"]];

impl Identity {
    /// How the elements of the list under `key` are told apart.
    pub(crate) fn of(key: &str, base: &[Value], head: &[Value]) -> Self {
        if let Some((_, pointers)) = NAMED.iter().find(|(known, _)| *known == key) {
            return Self {
                by: By::Pointers(pointers),
                is_ordered: false,
            };
        }
        if SETS.contains(&key) {
            return Self {
                by: By::Whole,
                is_ordered: false,
            };
        }
        let all_named = |pointers: &&'static [&'static str]| {
            let mut elements = base.iter().chain(head);
            elements.all(|element| named(element, pointers).is_some())
        };
        let usual = USUAL.into_iter().find(all_named);
        Self {
            by: usual.map_or(By::Place, By::Pointers),
            is_ordered: true,
        }
    }

    /// The names of the elements, as they are shown.
    pub(crate) fn name(&self, element: &Value) -> Option<String> {
        match self.by {
            By::Pointers(pointers) => named(element, pointers),
            By::Whole | By::Place => None,
        }
    }

    /// A key for each element, the same for elements that are the same on both sides. `renamed` gives the present name of what is
    /// referred to.
    pub(crate) fn keys(
        &self,
        elements: &[Value],
        renamed: impl Fn(&Value) -> Option<String>,
    ) -> Vec<(String, usize)> {
        let mut occurrences: HashMap<String, usize> = HashMap::new();
        elements
            .iter()
            .map(|element| {
                let name = renamed(element).or_else(|| self.name(element));
                let key = match name {
                    Some(name) => name.to_lowercase(),
                    None => format!("\u{0}{:016x}", fingerprint(element)),
                };
                let occurrence = occurrences.entry(key.clone()).or_default();
                *occurrence += 1;
                (key, *occurrence)
            })
            .collect()
    }
}

fn named(element: &Value, pointers: &[&str]) -> Option<String> {
    let mut found = pointers
        .iter()
        .filter_map(|pointer| element.pointer(pointer));
    found.find_map(|value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// A number that is the same for values that are equal, whatever the order of their keys.
pub(crate) fn fingerprint(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    match value {
        Value::Null => 0_u8.hash(&mut hasher),
        Value::Bool(value) => (1_u8, value).hash(&mut hasher),
        Value::Number(number) => (2_u8, number.to_string()).hash(&mut hasher),
        Value::String(text) => (3_u8, text).hash(&mut hasher),
        Value::Array(items) => {
            4_u8.hash(&mut hasher);
            for item in items {
                fingerprint(item).hash(&mut hasher);
            }
        }
        Value::Object(object) => {
            let mut sum = 0_u64;
            for (key, value) in object {
                let mut entry = DefaultHasher::new();
                (key, fingerprint(value)).hash(&mut entry);
                sum = sum.wrapping_add(entry.finish());
            }
            (5_u8, sum).hash(&mut hasher);
        }
    }
    hasher.finish()
}
