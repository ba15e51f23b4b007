//! What a file is, where nobody says so.

use serde_json::{Map, Value};

use crate::naming::Role;
use crate::text::InputFile;

impl Role {
    /// What a file is, by the ending of its name, and for JSON by what it holds. What is not known is a configuration: the reader
    /// of those says what is wrong.
    #[must_use]
    pub fn of(file: &InputFile) -> Self {
        let name = file.name().to_ascii_lowercase();
        match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("txt") => Self::Filter,
            Some("ps1" | "psm1" | "yml" | "yaml") => Self::Options,
            Some("json") => of_json(&file.bytes),
            _ => Self::Config,
        }
    }
}

/// Options that are seldom absent where options are written as JSON.
const OPTIONS: [&str; 4] = [
    "DeleteNotInSource",
    "StopStartTriggers",
    "CreateNewInstance",
    "TriggerStopMethod",
];

fn of_json(bytes: &[u8]) -> Role {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Ok(Value::Object(object)) = serde_json::from_slice(bytes) else {
        return Role::Config;
    };
    if OPTIONS.iter().any(|option| object.contains_key(*option)) {
        return Role::Options;
    }
    match is_template_or_parameters(&object) {
        true => Role::Parameters,
        false => Role::Config,
    }
}

fn is_template_or_parameters(object: &Map<String, Value>) -> bool {
    let is_entry = |entry: &Value| entry.get("value").is_some() || entry.get("reference").is_some();
    let is_bare = !object.is_empty() && object.values().all(is_entry);
    let has_parameters = object.get("parameters").is_some_and(Value::is_object);
    is_bare || has_parameters || object.contains_key("$schema")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_ending_or_by_what_it_holds() {
        for (path, text, role) in [
            ("config-qa.csv", "type,name,path,value", Role::Config),
            ("rules.txt", "-trigger.*", Role::Filter),
            (
                "Publish.PS1",
                "$opt.DeleteNotInSource = $true",
                Role::Options,
            ),
            ("azure-pipelines.yml", "", Role::Options),
            (
                "config-qa.json",
                r#"{"LS": [{"name": "a", "value": 1}]}"#,
                Role::Config,
            ),
            ("opt.json", r#"{"DeleteNotInSource": true}"#, Role::Options),
            (
                "p.json",
                "\u{feff}{\"parameters\": {\"a\": {\"value\": 1}}}",
                Role::Parameters,
            ),
            ("bare.json", r#"{"a": {"value": 1}}"#, Role::Parameters),
            (
                "arm.json",
                r#"{"$schema": "x", "resources": []}"#,
                Role::Parameters,
            ),
            (
                "state.json",
                r#"{"Deployed": {}, "Algorithm": "MD5"}"#,
                Role::Config,
            ),
            ("broken.json", "{", Role::Config),
            ("config", "", Role::Config),
        ] {
            assert_eq!(Role::of(&InputFile::new(path, text)), role, "{path}");
        }
    }
}
