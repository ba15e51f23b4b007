//! What settings said before a change, and what they say after it, with what an environment takes from those that it extends.

use std::collections::{BTreeMap, BTreeSet};

use adf_model::ResourceId;
use adf_model::secret::{is_secret_name, is_secret_of_connection, masked};
use serde::Serialize;
use serde_json::Value;
use yaml_source::{Limits, Node};

use super::concealed::Concealed;

/// What stands in the place of a secret.
pub(super) const MASK: &str = "***";
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
/// nothing. The documents, those of both sides, tell what overrides set, and so what is a secret.
#[must_use]
pub fn setting_changes(
    base: &str,
    head: &str,
    documents: &[(&ResourceId, &Value)],
) -> Vec<SettingChange> {
    let read = |text| Node::read(text, Limits::SETTINGS);
    let (Ok(base), Ok(head)) = (read(base), read(head)) else {
        return Vec::new();
    };
    let concealed = Concealed::by(documents);
    let mut changes = Vec::new();
    for key in keys(&head, &base).filter(|key| *key != "environments") {
        let told = |side: &Node| side.get(key).map(|node| Told::of(key, &json(node)));
        compare(&[key], told(&base), told(&head), &mut changes);
    }
    let environments = |root: &Node| root.get("environments").cloned();
    let (before, after) = (environments(&base), environments(&head));
    let nothing = Node {
        value: yaml_source::Value::Null,
        bytes: 0..0,
    };
    let (before, after) = (
        before.as_ref().unwrap_or(&nothing),
        after.as_ref().unwrap_or(&nothing),
    );
    for name in keys(after, before) {
        let told = |side| told(&concealed, &effective(side, name));
        let (mut old, new) = (told(before), told(after));
        for (key, new) in new {
            let old = old.remove(&key);
            compare(&place(name, &key), old, Some(new), &mut changes);
        }
        for (key, old) in old {
            compare(&place(name, &key), Some(old), None, &mut changes);
        }
    }
    changes
}

fn place<'p>(environment: &'p str, key: &[&'p str]) -> Vec<&'p str> {
    let above = ["environments", environment];
    above.into_iter().chain(key.iter().copied()).collect()
}

/// What a setting says, and what is shown of it.
struct Told {
    value: Value,
    shown: Value,
}

impl Told {
    fn of(name: &str, value: &Value) -> Self {
        Self {
            value: value.clone(),
            shown: Concealed::setting(name, value),
        }
    }

    fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key)?;
        let shown = self.shown.get(key).cloned();
        Some(Self {
            value: value.clone(),
            shown: shown.unwrap_or_else(|| MASK.into()),
        })
    }

    /// Its keys, where what it says is told by them. A type beside a value tells whether that may be seen, and is told with it.
    fn keys(&self) -> Option<impl Iterator<Item = &str>> {
        let members = self.value.as_object()?;
        let is_whole = members.is_empty() || members.contains_key("type");
        (!is_whole).then(|| members.keys().map(String::as_str))
    }
}

/// What an environment says, by the keys that are taken as one.
fn told<'n>(
    concealed: &Concealed<'_>,
    effective: &BTreeMap<Vec<&'n str>, &'n Node>,
) -> BTreeMap<Vec<&'n str>, Told> {
    let overrides = effective.iter().filter_map(|(key, node)| match key[..] {
        ["overrides", text] => Some((text, json(node))),
        _ => None,
    });
    let overrides: BTreeMap<&str, Value> = overrides.collect();
    let mut shown = concealed.overrides(&overrides);
    let told = effective.iter().map(|(key, node)| {
        let value = json(node);
        let shown = match key[..] {
            ["overrides", text] => shown.remove(text).unwrap_or_else(|| MASK.into()),
            ["globalParameters", name] => concealed.global_parameter(name, &value),
            _ => Concealed::setting(key.last().copied().unwrap_or_default(), &value),
        };
        (key.clone(), Told { value, shown })
    });
    told.collect()
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
    before: Option<Told>,
    after: Option<Told>,
    changes: &mut Vec<SettingChange>,
) {
    let is_left = |side: &Option<Told>| side.as_ref().is_none_or(|it| it.keys().is_some());
    let has_keys = before.is_some() || after.is_some();
    if has_keys && is_left(&before) && is_left(&after) {
        let of = |side: &Option<Told>| -> Vec<String> {
            let keys = side.as_ref().and_then(Told::keys).into_iter().flatten();
            keys.map(str::to_owned).collect()
        };
        let mut keys = of(&after);
        let old: Vec<_> = of(&before)
            .into_iter()
            .filter(|key| !keys.contains(key))
            .collect();
        keys.extend(old);
        for key in &keys {
            let below = |side: &Option<Told>| side.as_ref().and_then(|side| side.get(key));
            let path = [path, &[key.as_str()]].concat();
            compare(&path, below(&before), below(&after), changes);
        }
        return;
    }
    let plain = |side: &Option<Told>| side.as_ref().map(|side| text(&side.value, false));
    if plain(&before) == plain(&after) {
        return;
    }
    let hidden = path.iter().any(|key| is_secret(key));
    let told = |side: Option<Told>| {
        let text = text(&side?.shown, true);
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

/// A value of settings as JSON. Numbers that are too long for one are texts.
fn json(node: &Node) -> Value {
    use yaml_source::Value as Yaml;
    match &node.value {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => (*value).into(),
        Yaml::Integer(value) => {
            i64::try_from(*value).map_or_else(|_| value.to_string().into(), Into::into)
        }
        Yaml::Number(value) => (*value).into(),
        Yaml::Digits(value) | Yaml::Text(value) => value.as_str().into(),
        Yaml::Sequence(items) => items.iter().map(json).collect(),
        Yaml::Mapping(members) => {
            let members = members
                .iter()
                .map(|member| (member.key.clone(), json(&member.value)));
            Value::Object(members.collect())
        }
    }
}

/// A value on one line, as it could be written.
fn text(value: &Value, hides: bool) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| text(item, hides)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| {
                let value = match hides && is_secret(key) {
                    true => MASK.to_owned(),
                    false => text(value, hides),
                };
                format!("{key}: {value}")
            });
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}
