//! Whether a contract has the keys of the standard, and these what it asks for.

use adf_source::Position;
use yaml_source::{Member, Node, Value};

use crate::model::{Api, as_integer, as_number, as_text};
use crate::suggestion::{meant, nearest};

use super::rule::{
    API_VERSION, DEPRECATED_KEY, EMPTY_VALUE, Findings, KIND, Level, MISSING_KEY, NEWER_KEY,
    NOTHING_CHECKED, UNKNOWN_KEY, UNSET_VARIABLE, WRONG_TYPE,
};
use super::shape::{Entity, Key, Open, Shape};
use super::standard::DOCUMENT;

/// Looks at the whole document.
pub(super) fn document(findings: &mut Findings<'_>) {
    let contract = findings.contract;
    let root = contract.root();
    if !matches!(root.value, Value::Mapping(_)) {
        return findings.at(&KIND, root, "a contract is a mapping of keys to values");
    }
    entity(findings, root, &DOCUMENT);
    if let Some(node) = root.get("apiVersion")
        && let Some(version) = as_text(node)
        && Api::named(&version).is_none()
    {
        let hint = "known are v3.0.x, v3.1.x and v3.2.x".to_owned();
        let message = format!("`{version}` is no version of the standard that is known");
        findings.hinted(&API_VERSION, node, message, Some(hint));
    }
    if let Some(node) = root.get("kind")
        && node.as_str() != Some("DataContract")
    {
        findings.at(&KIND, node, "`kind` of a contract is `DataContract`");
    }
    if contract.objects().next().is_none() {
        let message = "the contract has no `schema`, so that nothing is checked";
        findings.at(&NOTHING_CHECKED, root, message);
    }
    for unset in contract.unset() {
        let place = contract.position_of(unset.offset);
        let message = format!(
            "the variable `{}` has to be set when data are checked",
            unset.name
        );
        let hint = format!("or give it a default: `${{{}:-default}}`", unset.name);
        findings.add(&UNSET_VARIABLE, place, (Level::Note, message, Some(hint)));
    }
}

fn entity(findings: &mut Findings<'_>, node: &Node, entity: &'static Entity) {
    for name in entity.required {
        // From 3.2 on a contract need not have a status.
        let excused = match (entity.name, *name) {
            (_, "status") => findings.contract.api() >= Api::V32,
            (_, "username") | ("a custom property", "value") => findings.contract.api() == Api::V30,
            _ => false,
        };
        if node.get(name).is_none() && !excused {
            let message = format!("{} has no `{name}`", entity.name);
            findings.at(&MISSING_KEY, node, message);
        }
    }
    for member in node.members() {
        let mut keys = entity.keys.iter().flat_map(|keys| keys.iter());
        match keys.find(|key| key.name == member.key) {
            Some(key) => known(findings, member, key),
            None if entity.open == Open::ByType => {}
            None => unknown(findings, node, member, entity),
        }
    }
}

fn unknown(findings: &mut Findings<'_>, node: &Node, member: &Member, entity: &'static Entity) {
    let names = || {
        entity
            .keys
            .iter()
            .flat_map(|keys| keys.iter())
            .map(|key| key.name)
    };
    let free = names().filter(|name| node.get(name).is_none());
    let near = nearest(&member.key, free);
    if near.is_none() && entity.open == Open::Yes {
        return;
    }
    let hint = match near {
        Some(name) => Some(format!("did you mean `{name}`?")),
        None => Some("what the standard does not know goes into `customProperties`".to_owned()),
    };
    let level = match entity.open {
        Open::No => of_unknown(findings),
        Open::Yes | Open::ByType => Level::Warning,
    };
    let place = findings.contract.position_of(member.key_bytes.start);
    let message = format!("{} has no key `{}`", entity.name, member.key);
    findings.add(&UNKNOWN_KEY, place, (level, message, hint));
}

/// How bad a key is that the standard does not know.
pub(super) fn of_unknown(findings: &Findings<'_>) -> Level {
    match findings.contract.api() {
        // 3.0 allowed keys of one's own.
        Api::V30 => Level::Warning,
        _ => Level::Error,
    }
}

fn known(findings: &mut Findings<'_>, member: &Member, key: &Key) {
    let api = findings.contract.api();
    let place = findings.contract.position_of(member.key_bytes.start);
    if let Some((from, instead)) = key.instead
        && api >= from
    {
        let hint = Some(instead.to_owned());
        let message = format!("`{}` is deprecated", key.name);
        findings.add(&DEPRECATED_KEY, place, (Level::Warning, message, hint));
    }
    if key.since > api {
        newer(findings, place, (key.since, &format!("`{}`", key.name)));
    } else if matches!(key.shape, Shape::OneOrEach(..))
        && matches!(member.value.value, Value::Mapping(_))
        && api == Api::V30
    {
        newer(
            findings,
            place,
            (Api::V31, &format!("`{}` as a mapping", key.name)),
        );
    }
    if member.value.value == Value::Null && !matches!(key.shape, Shape::Any | Shape::Scalar) {
        let message = format!("`{}` has no value", key.name);
        return findings.add(&EMPTY_VALUE, place, (Level::Warning, message, None));
    }
    value(
        findings,
        &format!("`{}`", key.name),
        &member.value,
        key.shape,
    );
}

fn newer(findings: &mut Findings<'_>, place: Position, (since, what): (Api, &str)) {
    let version = match since {
        Api::V32 => "3.2",
        _ => "3.1",
    };
    let hint = Some(format!("set `apiVersion: v{version}.0`"));
    let message = format!("{what} came with version {version} of the standard");
    findings.add(&NEWER_KEY, place, (Level::Warning, message, hint));
}

fn value(findings: &mut Findings<'_>, name: &str, node: &Node, shape: Shape) {
    let fits = match shape {
        Shape::Any => true,
        Shape::Text => as_text(node).is_some(),
        Shape::Flag => matches!(node.value, Value::Bool(_)),
        Shape::Whole => as_integer(node).is_some(),
        Shape::Number => as_number(node).is_some(),
        Shape::Scalar => !matches!(node.value, Value::Sequence(_) | Value::Mapping(_)),
        Shape::List(_) | Shape::Each(_) => matches!(node.value, Value::Sequence(_)),
        Shape::Of(_) | Shape::Mapping => matches!(node.value, Value::Mapping(_)),
        Shape::TextOr(_) => matches!(node.value, Value::Mapping(_)) || as_text(node).is_some(),
        Shape::OneOrEach(..) => matches!(node.value, Value::Mapping(_) | Value::Sequence(_)),
    };
    if !fits {
        let message = format!("{name} needs {}", wanted(shape));
        return findings.hinted(&WRONG_TYPE, node, message, hint(node, shape));
    }
    match shape {
        Shape::List(inner) => {
            for item in node.items() {
                value(findings, &format!("an item of {name}"), item, *inner);
            }
        }
        Shape::Each(inner) => {
            for item in node.items() {
                value(
                    findings,
                    &format!("an item of {name}"),
                    item,
                    Shape::Of(inner),
                );
            }
        }
        Shape::Of(inner) | Shape::TextOr(inner) => entity(findings, node, inner),
        Shape::OneOrEach(one, each) => match &node.value {
            Value::Sequence(_) => value(findings, name, node, Shape::Each(each)),
            _ => entity(findings, node, one),
        },
        _ => {}
    }
}

fn wanted(shape: Shape) -> &'static str {
    match shape {
        Shape::Any => "a value",
        Shape::Text => "a text",
        Shape::Flag => "`true` or `false`",
        Shape::Whole => "a whole number",
        Shape::Number => "a number",
        Shape::Scalar => "a single value",
        Shape::List(_) | Shape::Each(_) => "a list",
        Shape::Of(_) | Shape::Mapping => "a mapping",
        Shape::TextOr(_) => "a text or a mapping",
        Shape::OneOrEach(..) => "a mapping, or a list of them",
    }
}

fn hint(node: &Node, shape: Shape) -> Option<String> {
    match (&node.value, shape) {
        (Value::Text(word), Shape::Flag) => {
            let lower = word.to_ascii_lowercase();
            let word = match lower.as_str() {
                "yes" | "y" | "on" => Some("true"),
                "no" | "n" | "off" => Some("false"),
                _ => None,
            };
            word.map(|word| format!("write `{word}`"))
                .or_else(|| meant(&lower, ["true", "false"]))
        }
        (Value::Mapping(_), Shape::List(_) | Shape::Each(_)) => {
            Some("begin it with `- `".to_owned())
        }
        (Value::Mapping(members), Shape::Text | Shape::Scalar) => {
            let [only] = members.as_slice() else {
                return None;
            };
            let is_placeholder = only.value.value == Value::Null;
            is_placeholder.then(|| {
                let name = &only.key;
                format!(
                    "YAML reads what begins with `{{` as a mapping: quote it, as in `'{{{name}}}'`"
                )
            })
        }
        (Value::Text(_), Shape::List(_) | Shape::Each(_)) => {
            Some("put it into brackets: `[…]`".to_owned())
        }
        _ => None,
    }
}
