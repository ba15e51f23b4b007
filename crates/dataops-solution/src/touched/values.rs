//! What settings said before a change, and what they say after it, with what an environment takes from those that it extends.

use std::collections::{BTreeMap, BTreeSet};

use adf_model::secret::{is_secret_name, is_secret_of_connection, masked};
use serde::Serialize;
use yaml_source::{Limits, Node, Value};

/// What stands in the place of a secret.
const MASK: &str = "***";
/// The settings of an environment whose entries are taken from the one that it extends one by one; others are taken whole.
const BY_ENTRY: [&str; 6] = [
    "overrides",
    "globalParameters",
    "renames",
    "triggers",
    "promote",
    "policy",
];

/// A setting that says something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SettingChange {
    /// Where it is: keys, with dots between them.
    pub place: String,
    /// What it said; nothing where it was not set. Secrets are taken out.
    pub before: Option<String>,
    /// What it says.
    pub after: Option<String>,
}

/// The settings that differ between two texts of `dataops.yaml`, by environment in the order of the second one. Texts that cannot be read say
/// nothing.
#[must_use]
pub fn setting_changes(base: &str, head: &str) -> Vec<SettingChange> {
    let read = |text| Node::read(text, Limits::SETTINGS);
    let (Ok(base), Ok(head)) = (read(base), read(head)) else {
        return Vec::new();
    };
    let mut changes = Vec::new();
    for key in keys(&head, &base).filter(|key| *key != "environments") {
        compare(&[key], base.get(key), head.get(key), &mut changes);
    }
    let environments = |root: &Node| root.get("environments").cloned();
    let (before, after) = (environments(&base), environments(&head));
    let nothing = Node {
        value: Value::Null,
        bytes: 0..0,
    };
    let (before, after) = (
        before.as_ref().unwrap_or(&nothing),
        after.as_ref().unwrap_or(&nothing),
    );
    for name in keys(after, before) {
        let (old, new) = (effective(before, name), effective(after, name));
        for key in new
            .keys()
            .chain(old.keys().filter(|key| !new.contains_key(*key)))
        {
            let mut path = vec!["environments", name];
            path.extend(key);
            let (old, new) = (old.get(key), new.get(key));
            compare(&path, old.copied(), new.copied(), &mut changes);
        }
    }
    changes
}

/// The keys of one, and then those that only the other has.
fn keys<'n>(one: &'n Node, other: &'n Node) -> impl Iterator<Item = &'n str> {
    let more = other.members().iter();
    let more = more.filter(|member| one.get(&member.key).is_none());
    one.members()
        .iter()
        .chain(more)
        .map(|member| member.key.as_str())
}

/// What an environment says, with what it takes from the ones that it extends, by the keys that are taken as one.
fn effective<'n>(environments: &'n Node, name: &str) -> BTreeMap<Vec<&'n str>, &'n Node> {
    let (mut all, mut seen) = (BTreeMap::new(), BTreeSet::new());
    let mut next = environments.member(name);
    while let Some(member) = next.filter(|member| seen.insert(member.key.as_str())) {
        for setting in member.value.members() {
            let key = setting.key.as_str();
            if BY_ENTRY.contains(&key) {
                for entry in setting.value.members() {
                    let path = vec![key, entry.key.as_str()];
                    all.entry(path).or_insert(&entry.value);
                }
            } else if key != "extends" {
                all.entry(vec![key]).or_insert(&setting.value);
            }
        }
        let base = member.value.get("extends").and_then(Node::as_str);
        next = base.and_then(|base| environments.member(base));
    }
    all
}

fn compare(
    path: &[&str],
    before: Option<&Node>,
    after: Option<&Node>,
    changes: &mut Vec<SettingChange>,
) {
    let is_mapping = |node: Option<&Node>| node.is_some_and(|it| !it.members().is_empty());
    let is_left = |node: Option<&Node>| node.is_none() || is_mapping(node);
    if is_left(before) && is_left(after) {
        let nothing = Node {
            value: Value::Null,
            bytes: 0..0,
        };
        let sides = (after.unwrap_or(&nothing), before.unwrap_or(&nothing));
        for key in keys(sides.0, sides.1) {
            let path = [path, &[key]].concat();
            compare(&path, sides.1.get(key), sides.0.get(key), changes);
        }
        return;
    }
    let plain = |node: Option<&Node>| node.map(|node| text(node, false));
    if plain(before) == plain(after) {
        return;
    }
    let hidden = path.iter().any(|key| is_secret(key));
    let told = |node: Option<&Node>| {
        let text = text(node?, true);
        Some(match hidden {
            true => MASK.to_owned(),
            false => masked(&text, MASK).into_owned(),
        })
    };
    changes.push(SettingChange {
        place: path.join("."),
        before: told(before),
        after: told(after),
    });
}

/// Whether a key, or what an override leads to, is called as a secret is. The keys of secrets in a scope are names, and their values are not.
fn is_secret(key: &str) -> bool {
    key == "values"
        || key.split('.').any(|name| {
            is_secret_name(name) || (key.contains('.') && is_secret_of_connection(name))
        })
}

/// A value on one line, as it could be written.
fn text(node: &Node, hides: bool) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::Digits(value) | Value::Text(value) => value.clone(),
        Value::Sequence(items) => {
            let items: Vec<_> = items.iter().map(|item| text(item, hides)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Mapping(members) => {
            let members = members.iter().map(|member| {
                let value = match hides && is_secret(&member.key) {
                    true => MASK.to_owned(),
                    false => text(&member.value, hides),
                };
                format!("{}: {value}", member.key)
            });
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
    }
}
