//! Explanations of rules: the wrong example breaks the rule and no other one, the right example neither it nor more than notes say.

use std::collections::BTreeSet;

use data_contract::Contract;
use data_contract::lint::{Level, RULES, lint};

/// Keys of a contract that an example may leave out.
const USUAL: [(&str, &str); 6] = [
    ("apiVersion", "v3.1.0"),
    ("kind", "DataContract"),
    ("id", "taxis"),
    ("version", "1.0.0"),
    ("status", "active"),
    (
        "servers",
        "[{ server: here, type: local, path: '{object}.csv', format: csv }]",
    ),
];

/// The rules that an example breaks, with how bad that is.
fn broken(example: &str) -> BTreeSet<(&'static str, Level)> {
    let has = |key: &str| {
        example
            .lines()
            .any(|line| line.starts_with(&format!("{key}:")))
    };
    let usual = USUAL.iter().filter(|(key, _)| !has(key));
    let usual: String = usual
        .map(|(key, value)| format!("{key}: {value}\n"))
        .collect();
    let text = format!("{usual}{example}");
    let contract = Contract::read(&text, &Default::default()).expect("the example is YAML");
    let found = lint(&contract);
    found
        .iter()
        .map(|finding| (finding.rule, finding.level))
        .collect()
}

/// The example behind a word.
fn example<'t>(explanation: &'t str, word: &str) -> &'t str {
    let behind = explanation.split_once(&format!("{word}:\n\n```yaml\n"));
    let (_, example) = behind.expect("there is an example");
    example.split_once("\n```").expect("the example ends").0
}

#[test]
fn wrong_examples_break_their_rule_and_right_ones_none() {
    let mut told = Vec::new();
    for rule in RULES {
        let wrong = broken(example(rule.explanation, "Wrong"));
        let ids: BTreeSet<_> = wrong.iter().map(|(id, _)| *id).collect();
        if ids != BTreeSet::from([rule.id]) {
            told.push(format!("{}: the wrong example breaks {ids:?}", rule.id));
        }
        // What is worth knowing of what is right has a rule of its own.
        let mut right = broken(example(rule.explanation, "Right"));
        right.retain(|(id, level)| *id == rule.id || *level > Level::Note);
        if !right.is_empty() {
            told.push(format!("{}: the right example breaks {right:?}", rule.id));
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn explanations_say_something_in_lines_of_usual_length() {
    for rule in RULES {
        let (said, _) = rule
            .explanation
            .split_once("\n\nWrong:")
            .expect("it is told first");
        assert!(
            said.len() > 40 && said.ends_with('.'),
            "{}: {said}",
            rule.id
        );
        assert!(said.lines().all(|line| line.len() <= 140), "{}", rule.id);
    }
}

#[test]
fn rules_are_known_by_id_and_name() {
    let id = |name: &str| data_contract::lint::rule(name).map(|rule| rule.id);
    assert_eq!(id("dc307"), Some("DC307"));
    assert_eq!(id("closed-range"), Some("DC307"));
    assert_eq!(id("DC999"), None);
}
