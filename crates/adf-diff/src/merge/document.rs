//! Merges two versions of a document that come from one.

use std::collections::{BTreeMap, HashMap, HashSet};

use adf_graph::Branch;
use adf_model::Kind;
use serde_json::{Map, Value};

use super::list;
use crate::activity::{Key, Part, take_apart};
use crate::noise;
use crate::path::Path;
use crate::{Step, expression};

/// Values nested deeper are merged as a whole. Documents that were read are never that deep.
const DEEPEST: usize = 200;

/// A place that both versions have changed, and differently.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Clash {
    pub(super) path: Path,
    pub(super) text: String,
}

/// A merge on its way through a document.
pub(super) struct Merging {
    kind: Option<Kind>,
    path: Vec<Step>,
    pub(super) clashes: Vec<Clash>,
}

/// The base, and both versions; a value that is not there is none.
pub(super) type Three<'v> = (Option<&'v Value>, Option<&'v Value>, Option<&'v Value>);

/// Both versions of a document in one, and what does not fit together; there the first version stands.
pub(super) fn merge(kind: Option<Kind>, three: Three<'_>) -> (Option<Value>, Vec<Clash>) {
    let mut merging = Merging {
        kind,
        path: Vec::new(),
        clashes: Vec::new(),
    };
    let merged = match (kind, three) {
        (Some(Kind::Pipeline), (Some(base), Some(one), Some(other))) => {
            Some(merging.pipelines(Some(base), one, other))
        }
        (Some(Kind::Pipeline), (None, Some(one), Some(other))) => {
            Some(merging.pipelines(None, one, other))
        }
        _ => merging.values(three),
    };
    (merged, merging.clashes)
}

/// Whether two values are the same, or two ways to write one expression.
fn same(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => {
            one == other
                || matches!((expression::text(one), expression::text(other)), (Some(one), Some(other))
                    if expression::mean_the_same(one, other))
        }
        (None, None) => true,
        _ => false,
    }
}

impl Merging {
    /// Both versions of a value in one.
    pub(super) fn values(&mut self, (base, one, other): Three<'_>) -> Option<Value> {
        if same(one, other) || same(base, other) {
            return one.cloned();
        }
        if same(base, one) {
            return other.cloned();
        }
        if self.path.len() < DEEPEST {
            let empty = Value::Object(Map::new());
            match (base, one, other) {
                (_, Some(Value::Object(one)), Some(Value::Object(other)))
                    if is_plain(one) && is_plain(other) =>
                {
                    let base = base.unwrap_or(&empty).as_object();
                    return Some(self.objects(base, one, other));
                }
                (_, Some(Value::Array(one)), Some(Value::Array(other))) => {
                    let base = base
                        .and_then(Value::as_array)
                        .map_or(&[][..], Vec::as_slice);
                    let key = self.key();
                    return Some(list::merge(self, &key, base, one, other));
                }
                _ => {}
            }
        }
        if !noise::is_volatile(self.kind, &self.path) {
            self.clash(match (base, one, other) {
                (_, None, Some(_)) => "one side removes it, the other changes it",
                (_, Some(_), None) => "one side changes it, the other removes it",
                (None, _, _) => "both sides add it, with different values",
                _ => "both sides change it, to different values",
            });
        }
        // What was changed weighs more than what was removed.
        one.or(other).cloned()
    }

    /// Takes note that the sides do not fit together here.
    pub(super) fn clash(&mut self, text: &str) {
        self.clashes.push(Clash {
            path: Path(self.path.clone()),
            text: text.to_owned(),
        });
    }

    /// Looks at what stands one step below.
    pub(super) fn below<T>(&mut self, step: Step, look: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let seen = look(self);
        self.path.pop();
        seen
    }

    fn key(&self) -> String {
        Path(self.path.clone()).key().unwrap_or_default().to_owned()
    }

    fn objects(
        &mut self,
        base: Option<&Map<String, Value>>,
        one: &Map<String, Value>,
        other: &Map<String, Value>,
    ) -> Value {
        let mut merged = Map::new();
        let new = other.keys().filter(|key| !one.contains_key(*key));
        let gone = base
            .into_iter()
            .flat_map(Map::keys)
            .filter(|key| !one.contains_key(*key) && !other.contains_key(*key));
        let gone: HashSet<&String> = gone.collect();
        for key in one.keys().chain(new).filter(|key| !gone.contains(*key)) {
            let three = (
                base.and_then(|base| base.get(key)),
                one.get(key),
                other.get(key),
            );
            let value = self.below(Step::Key(key.clone()), |merging| merging.values(three));
            if let Some(value) = value {
                merged.insert(key.clone(), value);
            }
        }
        Value::Object(merged)
    }

    /// Both versions of a pipeline in one: activities by name, wherever they are.
    fn pipelines(&mut self, base: Option<&Value>, one: &Value, other: &Value) -> Value {
        let apart = base.map(take_apart);
        let (one_rest, one_parts) = take_apart(one);
        let (other_rest, other_parts) = take_apart(other);
        let base_rest = apart.as_ref().map(|(rest, _)| rest);
        let rest = self.values((base_rest, Some(&one_rest), Some(&other_rest)));
        let base_parts = apart
            .as_ref()
            .map_or(&[][..], |(_, parts)| parts.as_slice());
        let parts = self.parts(base_parts, &one_parts, &other_parts);
        put_together(rest.unwrap_or(one_rest), parts)
    }

    fn parts(&mut self, base: &[Part], one: &[Part], other: &[Part]) -> Vec<Part> {
        let index = |parts: &[Part]| -> HashMap<Key, usize> {
            parts
                .iter()
                .enumerate()
                .map(|(at, part)| (part.key.clone(), at))
                .collect()
        };
        let (in_base, in_one, in_other) = (index(base), index(one), index(other));
        let new = other.iter().filter(|part| !in_one.contains_key(&part.key));
        let mut merged = Vec::new();
        for part in one.iter().chain(new) {
            let at = |index: &HashMap<Key, usize>| index.get(&part.key).copied();
            let three = (
                at(&in_base).map(|at| &base[at]),
                at(&in_one).map(|at| &one[at]),
                at(&in_other).map(|at| &other[at]),
            );
            merged.extend(self.part(part, three));
        }
        merged
    }

    /// Both versions of an activity in one.
    fn part(
        &mut self,
        part: &Part,
        (base, one, other): (Option<&Part>, Option<&Part>, Option<&Part>),
    ) -> Option<Part> {
        let steps = std::mem::replace(&mut self.path, part.path.0.clone());
        let shells = (
            base.map(|part| &part.shell),
            one.map(|part| &part.shell),
            other.map(|part| &part.shell),
        );
        let shell = self.values(shells);
        let places = (
            base.map(|part| &part.within),
            one.map(|part| &part.within),
            other.map(|part| &part.within),
        );
        let within = match places {
            (Some(base), Some(one), Some(other)) if one == base => other.clone(),
            (Some(base), Some(one), Some(other)) if other != base && other != one => {
                self.clash("both sides move it, to different containers");
                one.clone()
            }
            (_, one, other) => one.or(other).cloned().flatten(),
        };
        self.path = steps;
        Some(Part {
            shell: shell?,
            within,
            ..part.clone()
        })
    }
}

/// Whether an object is no value of its own, such as a secret or an expression.
fn is_plain(object: &Map<String, Value>) -> bool {
    let kind = object
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    !matches!(kind, "SecureString" | "AzureKeyVaultSecret" | "Expression")
}

/// A pipeline of its activities, each in its container. Those whose container is gone stand directly in the pipeline.
fn put_together(mut rest: Value, parts: Vec<Part>) -> Value {
    let keys: HashSet<Key> = parts.iter().map(|part| part.key.clone()).collect();
    let mut inside: BTreeMap<Key, Vec<(Branch, Part)>> = BTreeMap::new();
    let mut top = Vec::new();
    for part in parts {
        match part
            .within
            .clone()
            .filter(|(container, _)| keys.contains(container) && *container != part.key)
        {
            Some((container, branch)) => inside.entry(container).or_default().push((branch, part)),
            None => top.push(part),
        }
    }
    let activities: Vec<_> = top
        .into_iter()
        .map(|part| filled(part, &mut inside, 0))
        .collect();
    if let Some(Value::Object(properties)) = rest.get_mut("properties") {
        properties.insert("activities".to_owned(), activities.into());
    }
    rest
}

/// An activity with what it holds. What both sides have put into each other is lost: it is in no pipeline.
fn filled(part: Part, inside: &mut BTreeMap<Key, Vec<(Branch, Part)>>, depth: usize) -> Value {
    let mut activity = part.shell;
    if depth > DEEPEST {
        return activity;
    }
    for (branch, inner) in inside.remove(&part.key).unwrap_or_default() {
        let inner = filled(inner, inside, depth + 1);
        if let Some(list) = branch_list(&mut activity, &branch) {
            list.push(inner);
        }
    }
    activity
}

fn branch_list<'a>(activity: &'a mut Value, branch: &Branch) -> Option<&'a mut Vec<Value>> {
    let properties = activity.get_mut("typeProperties")?.as_object_mut()?;
    let list = match branch {
        Branch::Body => properties.entry("activities"),
        Branch::True => properties.entry("ifTrueActivities"),
        Branch::False => properties.entry("ifFalseActivities"),
        Branch::Default => properties.entry("defaultActivities"),
        Branch::Case(value) => {
            let cases = properties
                .entry("cases")
                .or_insert_with(|| Value::Array(Vec::new()))
                .as_array_mut()?;
            let is_case = |case: &Value| case_value(case) == *value;
            let case = cases.iter_mut().find(|case| is_case(case))?;
            let list = case.as_object_mut()?.entry("activities");
            return list
                .or_insert_with(|| Value::Array(Vec::new()))
                .as_array_mut();
        }
    };
    list.or_insert_with(|| Value::Array(Vec::new()))
        .as_array_mut()
}

fn case_value(case: &Value) -> String {
    match case.get("value") {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}
