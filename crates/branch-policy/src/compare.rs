//! What differs between what ought to guard a repository and what does.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::guard::{Found, Guard, Note, Target, Wanted};

/// What is done about a guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Action {
    /// It is made.
    Create,
    /// It is given other settings.
    Change,
    /// It is as it ought to be.
    Keep,
    /// It is not in the file, and was asked to go.
    Delete,
    /// It is not in the file, and stays.
    Leave,
}

/// A setting that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Where it is, such as `settings.minimumApproverCount`.
    pub place: String,
    /// What it is; nothing where it is not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What it ought to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// What is done about one guard.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// What is guarded.
    pub target: Target,
    /// How it is written.
    pub guard: Guard,
    /// What people call it.
    pub title: String,
    /// The service's id of it, where it is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// What differs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Why it stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What is sent.
    #[serde(skip)]
    pub document: Value,
}

/// What is done, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
    /// What a host cannot be told, and what is worth knowing.
    pub notes: Vec<Note>,
}

/// How many guards something is done about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Made.
    pub create: usize,
    /// Given other settings.
    pub change: usize,
    /// Removed.
    pub delete: usize,
    /// As they ought to be.
    pub keep: usize,
    /// Not in the file.
    pub leave: usize,
}

impl Plan {
    /// How many guards something is done about.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let of = |action| {
            self.steps
                .iter()
                .filter(|step| step.action == action)
                .count()
        };
        Counts {
            create: of(Action::Create),
            change: of(Action::Change),
            delete: of(Action::Delete),
            keep: of(Action::Keep),
            leave: of(Action::Leave),
        }
    }

    /// Whether everything is as it ought to be.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let counts = self.counts();
        counts.create + counts.change + counts.delete == 0
    }

    /// Removes what is not in the file, unless it guards more than what the file is about.
    #[must_use]
    pub fn pruned(mut self) -> Self {
        for step in &mut self.steps {
            if step.action == Action::Leave && step.why.is_none() {
                step.action = Action::Delete;
            }
        }
        self
    }
}

/// Compares. Each guard that is wanted is taken for one that is there by the strictest identity that both have.
#[must_use]
pub fn compare(wanted: Vec<Wanted>, mut found: Vec<Found>) -> Plan {
    let mut pairs: Vec<Option<Found>> = wanted.iter().map(|_| None).collect();
    let strictest = wanted.iter().map(|wanted| wanted.identities.len()).max();
    for level in 0..strictest.unwrap_or(0) {
        for (wanted, pair) in wanted.iter().zip(&mut pairs) {
            let Some(identity) = wanted.identities.get(level).filter(|_| pair.is_none()) else {
                continue;
            };
            let same = |found: &Found| found.stays.is_none() && found.identities.contains(identity);
            if let Some(at) = found.iter().position(same) {
                *pair = Some(found.remove(at));
            }
        }
    }
    let pairs = wanted.into_iter().zip(pairs);
    let mut steps: Vec<_> = pairs.map(|(wanted, found)| step(wanted, found)).collect();
    steps.extend(found.into_iter().map(left));
    // Stable: what is wanted comes in the order of the file, and before what is only there.
    steps.sort_by(|one, other| one.target.cmp(&other.target));
    Plan {
        steps,
        notes: Vec::new(),
    }
}

fn step(wanted: Wanted, found: Option<Found>) -> Step {
    let (action, id, changes) = match found {
        None => (
            Action::Create,
            None,
            differences(&Value::Null, &wanted.body),
        ),
        Some(found) => {
            let changes = differences(&found.body, &wanted.body);
            match changes.is_empty() {
                true => (Action::Keep, found.id, changes),
                false => (Action::Change, found.id, changes),
            }
        }
    };
    Step {
        action,
        target: wanted.target,
        guard: wanted.guard,
        title: wanted.title,
        id,
        changes,
        why: None,
        document: wanted.document,
    }
}

fn left(found: Found) -> Step {
    Step {
        action: Action::Leave,
        target: found.target,
        guard: found.guard,
        title: found.title,
        id: found.id,
        changes: Vec::new(),
        why: found.stays,
        document: Value::Null,
    }
}

/// Every place at which two bodies differ.
fn differences(before: &Value, after: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    walk("", before, after, &mut changes);
    changes
}

fn walk(place: &str, before: &Value, after: &Value, changes: &mut Vec<Change>) {
    let empty = Map::new();
    let members = |value: &'_ Value| match value {
        Value::Object(members) => Some(members.clone()),
        Value::Null => Some(empty.clone()),
        _ => None,
    };
    let (Some(old), Some(new)) = (members(before), members(after)) else {
        if before != after {
            let set = |value: &Value| (!value.is_null()).then(|| value.clone());
            changes.push(Change {
                place: place.to_owned(),
                before: set(before),
                after: set(after),
            });
        }
        return;
    };
    let gone = old.keys().filter(|key| !new.contains_key(*key));
    for key in new.keys().chain(gone) {
        let place = match place {
            "" => key.clone(),
            place => format!("{place}.{key}"),
        };
        let value = |members: &Map<String, Value>| members.get(key).cloned().unwrap_or_default();
        walk(&place, &value(&old), &value(&new), changes);
    }
    // A member without members of its own is there or not.
    if old.is_empty() && new.is_empty() && before.is_null() != after.is_null() && !place.is_empty()
    {
        let set = |value: &Value| (!value.is_null()).then_some(Value::Bool(true));
        changes.push(Change {
            place: place.to_owned(),
            before: set(before),
            after: set(after),
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wanted(identities: &[&str], body: Value) -> Wanted {
        Wanted {
            target: Target::Branch("main".to_owned()),
            guard: Guard::Policy,
            title: identities[0].to_owned(),
            identities: identities.iter().map(ToString::to_string).collect(),
            body,
            document: Value::Null,
        }
    }

    fn found(id: u64, identities: &[&str], body: Value) -> Found {
        Found {
            target: Target::Branch("main".to_owned()),
            guard: Guard::Policy,
            id: Some(id),
            title: format!("policy {id}"),
            identities: identities.iter().map(ToString::to_string).collect(),
            body,
            stays: None,
        }
    }

    fn shown(plan: &Plan) -> Vec<(Action, String, Option<u64>)> {
        let steps = plan.steps.iter();
        steps
            .map(|step| (step.action, step.title.clone(), step.id))
            .collect()
    }

    #[test]
    fn a_strict_identity_goes_before_a_loose_one() {
        let there = vec![
            found(1, &["b/old", "b"], json!({})),
            found(2, &["b/new", "b"], json!({})),
        ];
        let wanted = vec![
            wanted(&["b/other", "b"], json!({})),
            wanted(&["b/new", "b"], json!({})),
        ];

        let plan = compare(wanted, there);

        assert_eq!(
            shown(&plan),
            [
                (Action::Keep, "b/other".to_owned(), Some(1)),
                (Action::Keep, "b/new".to_owned(), Some(2)),
            ]
        );
    }

    #[test]
    fn what_is_there_a_second_time_is_left_and_goes_only_when_asked() {
        let there = || vec![found(1, &["x"], json!({})), found(2, &["x"], json!({}))];

        let plan = compare(vec![wanted(&["x"], json!({}))], there());
        let pruned = plan.clone().pruned();

        assert_eq!(
            shown(&plan)[1],
            (Action::Leave, "policy 2".to_owned(), Some(2))
        );
        assert!(plan.is_settled() && !pruned.is_settled());
        assert_eq!(pruned.steps[1].action, Action::Delete);
    }

    #[test]
    fn what_guards_more_is_neither_taken_nor_removed() {
        let mut wide = found(1, &["x"], json!({}));
        wide.stays = Some("it is about other branches too".to_owned());

        let plan = compare(vec![wanted(&["x"], json!({}))], vec![wide]).pruned();

        assert_eq!(
            shown(&plan),
            [
                (Action::Create, "x".to_owned(), None),
                (Action::Leave, "policy 1".to_owned(), Some(1)),
            ]
        );
    }

    #[test]
    fn every_place_that_differs_is_told() {
        let before = json!({"a": 1, "b": {"c": [1, 2], "d": true}, "gone": "x", "rules": {"kept": {}, "lost": {}}});
        let after = json!({"a": 1, "b": {"c": [1, 3], "e": 5}, "rules": {"kept": {}, "new": {}}});

        let changes = differences(&before, &after);

        let places: Vec<_> = changes
            .iter()
            .map(|it| (it.place.as_str(), it.before.clone(), it.after.clone()))
            .collect();
        assert_eq!(
            places,
            [
                ("b.c", Some(json!([1, 2])), Some(json!([1, 3]))),
                ("b.e", None, Some(json!(5))),
                ("b.d", Some(json!(true)), None),
                ("rules.new", None, Some(json!(true))),
                ("rules.lost", Some(json!(true)), None),
                ("gone", Some(json!("x")), None),
            ]
        );
    }
}
