//! Checks of training data, by what their rules say: a formula does not tell which columns it is about, and the stored profile that a rule
//! compares with is not at hand.

use std::collections::{BTreeMap, HashSet};

use yaml_source::{Node, Value};

use crate::compile::{Settings, implementation, operator};
use crate::ml::ENGINE;
use crate::model::{Contract, Fields, OPERATORS, Property, Rule, as_text, operators};
use crate::plan::{Category, Operator, Plan, Severity};
use crate::text::expected;

use super::order::{self, Order};
use super::pairs::Pairs;
use super::{Change, Impact, Party, Version};

/// Tells what of these rules is otherwise, as far as the comparison of checks has not told it.
pub(super) fn compare(
    (old, old_plan): (&Contract, &Plan),
    (new, new_plan): (&Contract, &Plan),
    changes: &mut Vec<Change>,
) {
    let (before, after) = (all(old, old_plan), all(new, new_plan));
    let keys = |rules: &[Trained]| rules.iter().map(Trained::key).collect::<Vec<_>>();
    let paired = Pairs::of(&keys(&before), &keys(&after));
    let told: HashSet<u64> = changes
        .iter()
        .filter(|change| change.version == Version::New)
        .map(|change| change.line)
        .collect();
    let mut found = Vec::new();
    for (rule, other) in before.iter().zip(&paired.of_old) {
        match other {
            Some(other) if !told.contains(&after[*other].line) => {
                found.extend(changed(rule, &after[*other]));
            }
            None if !rule.is_compiled => found.push(rule.change(
                (rule.weight(), Party::Consumers),
                Version::Old,
                format!("it is no longer asked that {}", rule.sentence()),
            )),
            _ => {}
        }
    }
    for (rule, other) in after.iter().zip(&paired.of_new) {
        if other.is_none() && !rule.is_compiled {
            found.push(rule.change(
                (rule.weight(), Party::Producers),
                Version::New,
                format!("it is new that {}", rule.sentence()),
            ));
        }
    }
    changes.append(&mut found);
}

/// A rule of the engine for training data.
struct Trained {
    object: String,
    column: String,
    /// Its id, or the name of its check.
    name: String,
    line: u64,
    severity: Severity,
    /// What it is told, without operators, each as text.
    arguments: BTreeMap<String, String>,
    operators: Vec<Operator>,
    /// Whether checks of the plan tell of it.
    is_compiled: bool,
}

impl Trained {
    fn key(&self) -> (String, String, String) {
        (self.object.clone(), self.column.clone(), self.name.clone())
    }

    fn weight(&self) -> Impact {
        match self.severity {
            Severity::Warning => Impact::Compatible,
            Severity::Error => Impact::Breaking,
        }
    }

    /// What it asks, in words.
    fn sentence(&self) -> String {
        let argument = |key: &str| self.arguments.get(key).map(String::as_str);
        let check = argument("check").unwrap_or("a check");
        let others = self.arguments.iter().filter(|(key, _)| *key != "check");
        let others: Vec<_> = others
            .map(|(key, value)| format!("{key}: {value}"))
            .collect();
        let limit = expected(&self.operators, crate::plan::Unit::Rows);
        let limit = match limit.is_empty() {
            true => "holds".to_owned(),
            false => format!("is {limit}"),
        };
        format!("{check} ({}) {limit}", others.join(", "))
    }

    fn change(
        &self,
        (impact, concerns): (Impact, Party),
        version: Version,
        message: String,
    ) -> Change {
        Change {
            impact,
            concerns,
            subject: self.name.clone(),
            message,
            version,
            line: self.line,
        }
    }
}

fn all(contract: &Contract, plan: &Plan) -> Vec<Trained> {
    let mut found = Vec::new();
    for object in contract.objects() {
        let name = object.name().into_owned();
        for rule in object.quality() {
            found.extend(trained((contract, plan), rule, (&name, "")));
        }
        for property in object.properties() {
            of_property((contract, plan), property, (&name, ""), &mut found);
        }
    }
    found
}

fn of_property(
    within: (&Contract, &Plan),
    property: Property<'_>,
    (object, outer): (&str, &str),
    found: &mut Vec<Trained>,
) {
    let column = format!("{outer}{}", property.name());
    for rule in property.quality() {
        found.extend(trained(within, rule, (object, &column)));
    }
    for inner in property.properties() {
        of_property(within, inner, (object, &format!("{column}.")), found);
    }
    if let Some(items) = property.items() {
        of_property(within, items, (object, &format!("{column}[]")), found);
    }
}

fn trained(
    (contract, plan): (&Contract, &Plan),
    rule: Rule<'_>,
    (object, column): (&str, &str),
) -> Option<Trained> {
    if rule.node.text("engine").as_deref() != Some(ENGINE) {
        return None;
    }
    let node = implementation(rule).ok()?;
    let members = node.members().iter();
    let arguments: BTreeMap<_, _> = members
        .filter(|member| !OPERATORS.contains(&member.key.as_str()))
        .map(|member| (member.key.clone(), shown(&member.key, &member.value)))
        .collect();
    let given = operators(&node).chain(rule.operators());
    let given = given.filter_map(|(key, node)| operator(key, node).ok());
    let line = u64::try_from(contract.position(rule.node).line).unwrap_or(1);
    let of_rule = plan
        .checks
        .iter()
        .filter(|check| check.category == Category::Ml && check.line == line);
    let compiled: Vec<_> = of_rule.map(|check| check.severity).collect();
    let given_severity = rule.field("severity");
    let severity = compiled.iter().max().copied();
    Some(Trained {
        object: object.to_owned(),
        column: column.to_owned(),
        name: rule.id().map_or_else(
            || arguments.get("check").cloned(),
            |id| Some(id.into_owned()),
        )?,
        line,
        severity: severity
            .unwrap_or_else(|| Settings::default().severity(given_severity.as_deref())),
        operators: given.collect(),
        arguments,
        is_compiled: !compiled.is_empty(),
    })
}

/// An argument as text. The order of bounds means something, that of names does not.
fn shown(key: &str, node: &Node) -> String {
    match &node.value {
        Value::Sequence(items) => {
            let mut items: Vec<_> = items.iter().map(|item| shown("", item)).collect();
            if key != "bins" {
                items.sort();
            }
            format!("[{}]", items.join(", "))
        }
        Value::Mapping(members) => {
            let mut members: Vec<_> = members
                .iter()
                .map(|member| format!("{}: {}", member.key, shown(&member.key, &member.value)))
                .collect();
            members.sort();
            format!("{{{}}}", members.join(", "))
        }
        _ => as_text(node).map_or_else(|| "null".to_owned(), Into::into),
    }
}

fn changed(old: &Trained, new: &Trained) -> Option<Change> {
    let keys: std::collections::BTreeSet<_> =
        old.arguments.keys().chain(new.arguments.keys()).collect();
    let value = |rule: &Trained, key: &str| {
        rule.arguments
            .get(key)
            .map_or_else(|| "nothing".to_owned(), Clone::clone)
    };
    let others = keys
        .into_iter()
        .filter(|key| old.arguments.get(*key) != new.arguments.get(*key))
        .map(|key| {
            format!(
                "`{key}` is {} instead of {}",
                value(new, key),
                value(old, key)
            )
        });
    let others: Vec<_> = others.collect();
    let limits = order::operators(&old.operators, &new.operators);
    let severity = match (old.severity, new.severity) {
        (Severity::Warning, Severity::Error) => Order::Stricter,
        (Severity::Error, Severity::Warning) => Order::Looser,
        _ => Order::Same,
    };
    let arguments = match others.is_empty() {
        true => Order::Same,
        false => Order::Other,
    };
    // Checks of the plan have told of limits and severities.
    let order = match (new.is_compiled, old.is_compiled) {
        (true, true) => arguments,
        _ => arguments.and(limits).and(severity),
    };
    let (how, concerns) = match order {
        Order::Same => return None,
        Order::Stricter => ("is asked more strictly", Party::Producers),
        Order::Looser => ("is asked less strictly", Party::Consumers),
        Order::Other => ("is asked otherwise", Party::Both),
    };
    let impact = match [old.severity, new.severity] {
        [Severity::Warning, Severity::Warning] => Impact::Compatible,
        _ => Impact::Breaking,
    };
    let details = match others.is_empty() {
        true if severity != Order::Same && limits == Order::Same => match new.severity {
            Severity::Warning => "a warning now".to_owned(),
            Severity::Error => "an error now".to_owned(),
        },
        true => format!("it was: {}", old.sentence()),
        false => others.join("; "),
    };
    let message = format!("it {how} that {}; {details}", new.sentence());
    Some(new.change((impact, concerns), Version::New, message))
}
