//! Keys of one object that differ in upper and lower case only.

use std::collections::HashMap;

use adf_source::SourceFile;
use serde_json::{Map, Value};

use super::KEY_CASE;
use crate::walk::{Enter, Way, walk};
use crate::{Finding, Findings, Related};

/// So many keys are compared with each other.
const FEW: usize = 12;

/// What holds data, whose keys are not Data Factory's.
const DATA: [&str; 9] = [
    "baseParameters",
    "body",
    "columnMappings",
    "defaultValue",
    "extendedProperties",
    "jobParameters",
    "newClusterSparkConf",
    "newClusterSparkEnvVars",
    "value",
];

pub(super) fn check(file: &SourceFile, findings: &mut Findings) {
    walk(file.json(), &mut |way, value| {
        if way.key().is_some_and(|key| DATA.contains(&key)) {
            return Enter::No;
        }
        if let Value::Object(members) = value {
            for (first, second) in twins(members) {
                report(file, way, (first, second), findings);
            }
        }
        Enter::Yes
    });
}

fn report(
    file: &SourceFile,
    way: &Way<'_>,
    (first, second): (&str, &str),
    findings: &mut Findings,
) {
    let pointer = |key: &str| format!("{}/{}", way.pointer(), adf_model::pointer::escape(key));
    let message = format!("`{second}` stands beside `{first}`: Data Factory may take them for one");
    let finding = Finding::at_key(&KEY_CASE, file, pointer(second), message);
    let other = Related::at(file, &pointer(first), "the other one");
    findings.add(finding.related(other).hint("keep the one that counts"));
}

/// The keys that another one before is but for its case, with that one.
fn twins(members: &Map<String, Value>) -> Vec<(&str, &str)> {
    let keys = || members.keys().map(String::as_str);
    if members.len() <= FEW {
        let before = |at: usize, key: &str| {
            let mut before = keys().take(at);
            before.find(|other| other.len() == key.len() && other.eq_ignore_ascii_case(key))
        };
        let all = keys().enumerate();
        return all
            .filter_map(|(at, key)| Some((before(at, key)?, key)))
            .collect();
    }
    let mut seen: HashMap<String, &str> = HashMap::new();
    let mut twins = Vec::new();
    for key in keys() {
        match seen.get(&key.to_ascii_lowercase()) {
            Some(first) => twins.push((*first, key)),
            None => drop(seen.insert(key.to_ascii_lowercase(), key)),
        }
    }
    twins
}
