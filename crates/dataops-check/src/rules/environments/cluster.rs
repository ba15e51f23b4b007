//! The specification of a cluster, as Databricks takes it.

use adf_model::pointer::escape;
use adf_model::secret::Secrecy;
use adf_source::SourceFile;
use serde_json::{Map, Value};

use super::compute::SECRET;
use super::variables::has_variable;
use crate::rules::rule;
use crate::value::whole_number;
use crate::{Finding, Findings, Rule};

pub(super) static CLUSTER: Rule = rule!(
    "ENV112",
    "cluster-spec",
    Error,
    "The specification of a cluster is not what Databricks takes"
);

/// What Databricks needs of a cluster.
pub(super) fn check(path: &str, text: &str, findings: &mut Findings) {
    let mut problems = Vec::new();
    let file = SourceFile::parse(path, text.as_bytes(), &mut problems);
    let file = file.and_then(|file| match problems.pop() {
        Some(problem) => Err(problem),
        None => Ok(file),
    });
    let file = match file {
        Ok(file) => file,
        Err(problem) => {
            return findings.add(Finding {
                span: problem.span,
                hint: problem.hint,
                ..Finding::in_file(&CLUSTER, path, problem.message)
            });
        }
    };
    let Some(spec) = file.json().as_object() else {
        return findings.add(Finding {
            span: Some(file.span("")),
            ..Finding::in_file(&CLUSTER, path, "the specification is not an object")
        });
    };
    check_secrets(&file, path, findings);
    let mut add = |pointer: &str, message: &str| {
        findings.add(Finding {
            span: Some(file.span(pointer)),
            pointer: Some(pointer.to_owned()),
            ..Finding::in_file(&CLUSTER, path, message)
        });
    };
    match spec.get("spark_version") {
        Some(version) if version.is_string() => {}
        Some(_) => add("/spark_version", "`spark_version` is not text"),
        None => add("", "the specification has no `spark_version`"),
    }
    for (pointer, value) in numbers(spec) {
        let is_open = value.as_str().is_some_and(has_variable);
        if !is_open && whole_number(value).is_none_or(|number| number < 0) {
            let key = pointer.rsplit('/').next().unwrap_or_default();
            add(&pointer, &format!("`{key}` is no whole number"));
        }
    }
    if spec.contains_key("num_workers") && spec.contains_key("autoscale") {
        add(
            "/autoscale",
            "`autoscale` and `num_workers` exclude each other",
        );
    }
}

/// What must be a whole number, with its pointer.
fn numbers(spec: &Map<String, Value>) -> impl Iterator<Item = (String, &Value)> {
    let own = ["num_workers", "autotermination_minutes"].into_iter();
    let own = own.filter_map(|key| Some((format!("/{key}"), spec.get(key)?)));
    let scale = ["min_workers", "max_workers"].into_iter();
    let scale = scale.filter_map(|key| {
        let value = spec.get("autoscale")?.get(key)?;
        Some((format!("/autoscale/{key}"), value))
    });
    own.chain(scale).filter(|(_, value)| !value.is_null())
}

/// Secrets among the settings of Spark and the variables of a cluster; `{{secrets/…}}` and `${…}` only name one.
fn check_secrets(file: &SourceFile, path: &str, findings: &mut Findings) {
    for map in ["spark_conf", "spark_env_vars"] {
        let values = file.json().get(map).and_then(Value::as_object);
        for (name, value) in values.into_iter().flatten() {
            let secrecy = Secrecy::default().below(values.unwrap_or(&Map::new()), name);
            let secrets = secrecy.secrets(value);
            if secrets.iter().all(|secret| has_variable(secret)) {
                continue;
            }
            let pointer = format!("/{map}/{}", escape(name));
            let covered = file.span(&pointer).bytes;
            let message = format!("`{name}` holds its secret in clear text");
            let finding = Finding {
                span: Some(file.key_span(&pointer)),
                pointer: Some(pointer),
                ..Finding::in_file(&SECRET, path, message)
            };
            let hint = "write `{{secrets/SCOPE/KEY}}`, and replace the one that is in git";
            findings.add(finding.covering(covered).hint(hint));
        }
    }
}
