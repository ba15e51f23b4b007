//! Variables in the settings of environments: `${NAME}` and `${NAME:-default}`.

use dataops_solution::settings::EnvironmentSettings;
use dataops_solution::yaml;
use serde_json::Value;

use crate::rules::rule;
use crate::settings::Written;
use crate::walk::{Enter, walk};
use crate::{Findings, Rule};

pub(super) static SYNTAX: Rule = rule!(
    "ENV110",
    "variable-syntax",
    Error,
    "A variable is not written as one, and stays as it is"
);

pub(super) fn check(written: Written<'_>, findings: &mut Findings) {
    let text = written.solution.yaml.text();
    // What the settings were read from can be read once more.
    let Ok(document) = yaml::read::<Value>(text) else {
        return;
    };
    walk(&document, &mut |way, value| {
        if let Value::String(text) = value {
            let pointer = way.pointer();
            let keys = pointer.split('/').skip(1);
            let keys: Vec<_> = keys
                .map(|key| key.replace("~1", "/").replace("~0", "~"))
                .collect();
            let path: Vec<_> = keys.iter().map(String::as_str).collect();
            let found = match has_values(&path) {
                true => fault(text).map(|fault| (fault, "write `${NAME}`, or `${NAME:-default}`")),
                false => has_variable(text).then(|| {
                    let fault = format!("no variable is looked up in `{}`", path.join("."));
                    (fault, "write what it is: variables stand in `notebooks.target` and in what environments say")
                }),
            };
            if let Some((fault, hint)) = found {
                findings.add(written.finding(&SYNTAX, &path, fault).hint(hint));
            }
        }
        Enter::Yes
    });
}

/// Whether variables of a setting are replaced: what names files of the solution, and what is the same in each environment, is taken as
/// it stands.
fn has_values(path: &[&str]) -> bool {
    match path {
        ["environments", _, "extends" | "after"] => false,
        ["environments", _, "smoke", "input" | "contract"] => false,
        ["environments", _, "databricks", "cluster", "spec"] => false,
        ["environments", _, "databricks", "instancePools", ..] => false,
        ["environments", ..] | ["notebooks", "target"] => true,
        _ => false,
    }
}

/// What is wrong with the variables in a text.
fn fault(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else {
            return Some(format!("`{}` has no `}}`", &rest[start..]));
        };
        let variable = &rest[start + 2..start + length];
        let name = variable.split_once(":-").map_or(variable, |(name, _)| name);
        let valid = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        if name.is_empty()
            || !name.chars().all(valid)
            || name.starts_with(|first: char| first.is_ascii_digit())
        {
            return Some(format!("`${{{variable}}}` names no variable"));
        }
        rest = &rest[start + length + 1..];
    }
    None
}

/// Whether a text has variables in it.
pub(super) fn has_variable(text: &str) -> bool {
    text.contains("${")
}

/// Whether an environment is the local emulator.
pub(super) fn is_emulator(environment: &EnvironmentSettings) -> bool {
    environment.emulator == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_have_names_and_ends() {
        for good in ["", "x", "${A}", "a${B_1:-x y}c$d}", "${A:-}"] {
            assert_eq!(fault(good), None, "{good}");
        }
        assert_eq!(fault("a${B").as_deref(), Some("`${B` has no `}`"));
        assert_eq!(fault("${A}${}").as_deref(), Some("`${}` names no variable"));
        assert_eq!(
            fault("${A B}").as_deref(),
            Some("`${A B}` names no variable")
        );
    }
}
