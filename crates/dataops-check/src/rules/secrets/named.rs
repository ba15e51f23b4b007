//! The other files that become part of a bundle: contracts, requirements, what the ML side has, and Data Factory's configuration.

use std::collections::BTreeSet;

use adf_source::{Lines, SourceFile};
use dataops_solution::source::{Contents, below_root};
use serde_json::Value;

use super::secret;
use super::text::{Language, secret_in, secrets_of};
use crate::rules::rule;
use crate::settings::Written;
use crate::walk::{Enter, walk};
use crate::{Context, Finding, Findings, Rule};

pub(super) static IN_FILE: Rule = rule!(
    "ADF613",
    "secret-in-file",
    Warning,
    "A file that the solution names has a secret in clear text"
);

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let repository = context.repository;
    let configuration = [
        &repository.parameters_definition,
        &repository.publish_config,
    ];
    for file in configuration.into_iter().flatten() {
        check_configuration(file, findings);
    }
    if let Some(written) = context.written() {
        check_files(written, findings);
    }
}

fn check_configuration(file: &SourceFile, findings: &mut Findings) {
    walk(file.json(), &mut |way, value| {
        if let Value::String(text) = value
            && let Some((rule, what)) = secret_in(text, Language::Data)
        {
            let message = format!("the text holds {what}");
            findings.add(secret(rule, file, way.pointer(), message));
        }
        Enter::Yes
    });
}

fn check_files(written: Written<'_>, findings: &mut Findings) {
    let elsewhere = looked_at_elsewhere(written);
    for (path, contents) in written.solution.files.iter() {
        let Contents::Text(text) = contents else {
            continue;
        };
        if elsewhere.iter().any(|other| is_within(path, other)) {
            continue;
        }
        let secrets = secrets_of(text);
        if secrets.is_empty() {
            continue;
        }
        let lines = Lines::of(text);
        for (what, place) in secrets {
            let finding = Finding {
                span: Some(lines.span(text, place.clone())),
                ..Finding::in_file(&IN_FILE, path, format!("{what} stands here in clear text"))
            };
            let hint = "let a variable or a key vault hold it, and replace the one that is in git";
            findings.add(finding.covering(place).hint(hint));
        }
    }
}

/// Files and folders about whose secrets there are rules of their own, and what may hold anything.
fn looked_at_elsewhere(written: Written<'_>) -> BTreeSet<String> {
    let settings = written.settings;
    let notebooks = settings.notebooks.iter().map(|notebooks| &notebooks.root);
    let environments = settings.environments.values();
    let named = environments.flat_map(|environment| {
        let databricks = environment.databricks.iter();
        let specs = databricks.flat_map(|databricks| {
            let cluster = databricks.cluster.iter();
            cluster.filter_map(|cluster| cluster.spec.as_ref())
        });
        let smoke = environment.smoke.iter();
        specs.chain(smoke.filter_map(|smoke| smoke.input.as_ref()))
    });
    let paths = notebooks.chain(named);
    paths
        .filter_map(|path| below_root(&path.to_string_lossy()))
        .collect()
}

fn is_within(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder);
    folder.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
