//! `publish_config.json`.

use adf_source::{Repository, SourceFile};
use serde_json::Value;

use crate::rules::rule;
use crate::suggestion::meant;
use crate::value::described;
use crate::{Finding, Findings, Rule};

pub(super) static KEY: Rule = rule!(
    "ARM111",
    "publish-config",
    Warning,
    "publish_config.json has a key that Data Factory does not know, or a value of another type"
);

/// The keys that Data Factory knows, and whether each is a truth value; the others are text.
const KEYS: [(&str, bool); 6] = [
    ("publishBranch", false),
    ("enableGitComment", true),
    ("includeFactoryTemplate", true),
    ("includeFactoryTemplateWithCmkSettings", true),
    ("includeGlobalParamsTemplate", true),
    ("irNameParameterization", true),
];

pub(super) fn check(repository: &Repository, findings: &mut Findings) {
    let Some(file) = &repository.publish_config else {
        return;
    };
    let Some(settings) = file.json().as_object() else {
        return;
    };
    for (key, value) in settings {
        let pointer = format!("/{}", adf_model::pointer::escape(key));
        match KEYS.iter().find(|(known, _)| known == key) {
            None => {
                let message = format!("Data Factory knows no key `{key}`");
                let finding = Finding::at_key(&KEY, file, pointer, message);
                findings.add(finding.hint_if(meant(key, KEYS.map(|(known, _)| known))));
            }
            Some((_, true)) if !value.is_boolean() => {
                let message = format!("`{key}` is true or false; here is {}", described(value));
                findings.add(Finding::at(&KEY, file, pointer, message));
            }
            Some((_, false)) => check_branch(file, &pointer, key, value, findings),
            Some(_) => {}
        }
    }
}

fn check_branch(
    file: &SourceFile,
    pointer: &str,
    key: &str,
    value: &Value,
    findings: &mut Findings,
) {
    let fault = match value.as_str() {
        None => format!("`{key}` is text; here is {}", described(value)),
        Some(name) if !is_branch(name) => format!("`{name}` is no name of a branch"),
        Some(_) => return,
    };
    findings.add(Finding::at(&KEY, file, pointer, fault));
}

/// Whether git takes a name for a branch.
fn is_branch(name: &str) -> bool {
    let refused = |letter: char| letter.is_ascii_control() || " ~^:?*[\\".contains(letter);
    !name.is_empty()
        && !name.contains(refused)
        && !["..", "@{", "//"].iter().any(|part| name.contains(part))
        && !name.starts_with(['/', '-', '.'])
        && !name.ends_with(['/', '.'])
        && !name.ends_with(".lock")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_are_named_as_git_allows() {
        assert!(is_branch("adf_publish") && is_branch("release/adf"));
        for other in ["", "adf publish", "a..b", "/a", "a/", "a.lock", "-a"] {
            assert!(!is_branch(other), "{other}");
        }
    }
}
