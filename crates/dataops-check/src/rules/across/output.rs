//! Results of notebooks that pipelines use.

use std::collections::HashMap;

use serde_json::Value;

use super::notebook_path;
use crate::notebooks::Named;
use crate::rules::rule;
use crate::walk::{Enter, walk};
use crate::{Context, Finding, Findings, Rule};

pub(super) static NO_OUTPUT: Rule = rule!(
    "XA118",
    "no-notebook-result",
    Error,
    "A pipeline uses the result of a notebook that ends without one"
);

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(notebooks) = context.notebooks() else {
        return;
    };
    for pipeline in context.pipelines() {
        let mut without = HashMap::new();
        for activity in pipeline.active() {
            if let (Some((path, _)), Some(name)) =
                (notebook_path(context, activity), activity.name())
                && let Named::Notebook(at) | Named::File(at) = notebooks.named(&path, None)
            {
                let scope = notebooks.scope(at);
                if !scope.exits && !scope.is_open {
                    without.insert(name.to_lowercase(), path);
                }
            }
        }
        if without.is_empty() {
            continue;
        }
        let file = &pipeline.resource.file;
        walk(file.json(), &mut |way, value| {
            if let Value::String(text) = value {
                for name in used(text) {
                    if let Some(path) = without.get(&name.to_lowercase()) {
                        let message = format!(
                            "the notebook `{path}` ends without a result, so `runOutput` of `{name}` does not exist"
                        );
                        let finding = Finding::at(&NO_OUTPUT, file, way.pointer(), message);
                        findings
                            .add(finding.hint("end the notebook by `dbutils.notebook.exit(…)`"));
                    }
                }
            }
            Enter::Yes
        });
    }
}

/// The activities whose `runOutput` an expression reads.
fn used(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for (at, call) in text.match_indices("activity('") {
        let rest = &text[at + call.len()..];
        let Some((name, rest)) = rest.split_once("')") else {
            continue;
        };
        let rest = rest.trim_start();
        let output = rest
            .strip_prefix("?.output")
            .or_else(|| rest.strip_prefix(".output"));
        let reads = output.is_some_and(|rest| {
            [
                ".runOutput",
                "?.runOutput",
                "['runOutput']",
                "?['runOutput']",
            ]
            .iter()
            .any(|part| rest.starts_with(part))
        });
        if reads && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn activities_whose_result_is_read_are_found() {
        let text = "@concat(activity('a b').output.runOutput, activity('c').output.rows, activity('d').output['runOutput'])";

        assert_eq!(used(text), ["a b", "d"]);
    }
}
