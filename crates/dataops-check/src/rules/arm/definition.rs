//! A definition that Data Factory does not take, and entries of it that meet nothing.

use std::collections::HashSet;

use adf_arm::{Definition, DefinitionRule, Origin, Vintage};
use adf_model::Kind;
use adf_source::{Repository, SourceResource};
use serde_json::Value;

use super::export::Exported;
use crate::rules::rule;
use crate::{Finding, Findings, Rule};

pub(super) static IGNORED: Rule = rule!(
    "ARM101",
    "definition-ignored",
    Warning,
    "Data Factory cannot read the parameter definition, and takes its default one without a word"
);
pub(super) static CASE: Rule = rule!(
    "ARM108",
    "definition-case",
    Warning,
    "An entry of the parameter definition meets nothing, because case matters"
);
pub(super) static UNMATCHED: Rule = rule!(
    "ARM109",
    "definition-meets-nothing",
    Note,
    "An entry of the parameter definition meets nothing in this factory"
);

/// The most resources that an entry which meets nothing is compared with.
const MOST_RESOURCES: usize = 200;

pub(super) fn check(repository: &Repository, exported: &Exported<'_>, findings: &mut Findings) {
    let Some(file) = exported.definition.file() else {
        return;
    };
    let counts = exported.export.rule_counts();
    let used: HashSet<_> = counts
        .iter()
        .filter_map(|count| match count.origin {
            Origin::Rule(number) => Some(number),
            _ => None,
        })
        .collect();
    let standard = Definition::standard(Vintage::of(repository));
    let usual: HashSet<_> = standard
        .rules()
        .iter()
        .map(|rule| rule.pointer.as_str())
        .collect();
    for (number, rule) in exported.definition.rules().iter().enumerate() {
        if used.contains(&number) || usual.contains(rule.pointer.as_str()) || is_flattened(rule) {
            continue;
        }
        findings.add(match other_case(repository, rule) {
            Some((pointer, right)) => {
                let message = format!("nothing is called so; case matters, and there is `{right}`");
                Finding::at_key(&CASE, file, pointer, message).hint(format!("write `{right}`"))
            }
            None => {
                let message = format!("no resource of this factory has `{}`", rule.path);
                Finding::at_key(&UNMATCHED, file, rule.pointer.as_str(), message)
            }
        });
    }
}

/// A mark for secrets makes no parameter where the secret has one already.
fn is_flattened(rule: &DefinitionRule) -> bool {
    rule.mark.starts_with('|')
}

/// Where the path of a rule meets something but for upper and lower case: the place in the definition, and the right name.
fn other_case(repository: &Repository, rule: &DefinitionRule) -> Option<(String, String)> {
    let kind = kind_of(&rule.section)?;
    let keys: Vec<_> = rule.pointer.split('/').skip(2).map(unescaped).collect();
    let resources = repository.of_kind(kind).take(MOST_RESOURCES);
    let mut typed = resources.filter_map(|resource| {
        let keys = match matches!(kind, Kind::LinkedService | Kind::Dataset) {
            true => {
                let wanted = keys.first()?;
                let of_type = type_of(resource);
                if wanted != "*" && wanted != of_type {
                    let same = wanted.eq_ignore_ascii_case(of_type);
                    return same.then(|| (0, of_type.to_owned()));
                }
                &keys[1..]
            }
            false => &keys[..],
        };
        let skipped = rule.pointer.split('/').skip(2).count() - keys.len();
        let (at, right) = miss(resource.file.json(), keys)?;
        Some((at + skipped, right))
    });
    let (at, right) = typed.next()?;
    let pointer: Vec<_> = rule.pointer.split('/').take(at + 3).collect();
    Some((pointer.join("/"), right))
}

/// The first key that a value has in other case only.
fn miss(value: &Value, keys: &[String]) -> Option<(usize, String)> {
    let (key, rest) = keys.split_first()?;
    let deeper = |value: &Value| miss(value, rest).map(|(at, right)| (at + 1, right));
    match value {
        Value::Object(object) if key == "*" => object.values().find_map(deeper),
        Value::Object(object) => match object.get(key) {
            Some(value) => deeper(value),
            None => {
                let same = object
                    .keys()
                    .find(|known| known.eq_ignore_ascii_case(key))?;
                Some((0, same.clone()))
            }
        },
        Value::Array(items) => items.iter().find_map(deeper),
        _ => None,
    }
}

fn type_of(resource: &SourceResource) -> &str {
    let of_type = resource.property("type");
    of_type.and_then(Value::as_str).unwrap_or_default()
}

/// The kind of resource that a section of a definition is about.
pub(super) fn kind_of(section: &str) -> Option<Kind> {
    let collection = section.strip_prefix("Microsoft.DataFactory/factories/")?;
    let collection = collection.rsplit('/').next()?;
    Kind::ALL
        .into_iter()
        .find(|kind| kind.collection().eq_ignore_ascii_case(collection))
}

fn unescaped(key: &str) -> String {
    key.replace("~1", "/").replace("~0", "~")
}
