//! Pipelines and triggers that `dataops.yaml` names.

use adf_model::Kind;
use adf_source::SourceResource;
use dataops_solution::settings::SmokeSettings;
use serde_json::{Map, Value};

use crate::rules::rule;
use crate::settings::Written;
use crate::suggestion::meant;
use crate::value::{described, is_dynamic};
use crate::{Context, Findings, Rule};

pub(super) static UNKNOWN: Rule = rule!(
    "ENV114",
    "unknown-name",
    Error,
    "dataops.yaml names a pipeline or a trigger that does not exist"
);
pub(super) static SMOKE: Rule = rule!(
    "ENV115",
    "smoke-parameters",
    Error,
    "A smoke test gives its pipeline parameters that it does not have, or lacks some"
);
pub(super) static DROP: Rule = rule!(
    "ENV119",
    "drop-trigger",
    Error,
    "The trigger for dropped files does not listen to files"
);

pub(super) fn check(context: &Context<'_>, written: Written<'_>, findings: &mut Findings) {
    if !context.has_factory(written) {
        return;
    }
    let settings = written.settings;
    if let Some(name) = &settings.pipeline {
        find(
            context,
            written,
            Kind::Pipeline,
            name,
            &["pipeline"],
            findings,
        );
    }
    if let Some(name) = &settings.trigger
        && let Some(trigger) = find(
            context,
            written,
            Kind::Trigger,
            name,
            &["trigger"],
            findings,
        )
    {
        let json = trigger.file.json();
        let kind = json.pointer("/properties/type").and_then(Value::as_str);
        if let Some(kind) = kind.filter(|kind| *kind != "BlobEventsTrigger") {
            let message = format!("trigger `{name}` is a {kind}, which no dropped file fires");
            let finding = written.finding(&DROP, &["trigger"], message);
            findings.add(finding.hint("name a BlobEventsTrigger"));
        }
    }
    for (name, environment) in &settings.environments {
        if let Some(smoke) = &environment.smoke {
            check_smoke(context, written, name, smoke, findings);
        }
    }
}

fn find<'a>(
    context: &Context<'a>,
    written: Written<'_>,
    kind: Kind,
    name: &str,
    setting: &[&str],
    findings: &mut Findings,
) -> Option<&'a SourceResource> {
    let found = context.find(kind, name);
    if found.is_none() && !context.exists(kind, name) {
        let message = format!("there is no {kind} `{name}`");
        let finding = written.finding(&UNKNOWN, setting, message);
        findings.add(finding.hint_if(context.meant(kind, name)));
    }
    found
}

fn check_smoke(
    context: &Context<'_>,
    written: Written<'_>,
    environment: &str,
    smoke: &SmokeSettings,
    findings: &mut Findings,
) {
    let setting = ["environments", environment, "smoke", "pipeline"];
    let name = &smoke.pipeline;
    let Some(pipeline) = find(context, written, Kind::Pipeline, name, &setting, findings) else {
        return;
    };
    let empty = Map::new();
    let declared = match pipeline.property("parameters") {
        None | Some(Value::Null) => &empty,
        Some(Value::Object(declared)) => declared,
        // It is found where it stands.
        Some(_) => return,
    };
    let given = &smoke.parameters;
    for (parameter, value) in given {
        let setting = [
            "environments",
            environment,
            "smoke",
            "parameters",
            parameter,
        ];
        let Some(declaration) = declared.get(parameter) else {
            let message = format!("pipeline `{name}` has no parameter `{parameter}`");
            let finding = written.key_finding(&SMOKE, &setting, message);
            findings.add(finding.hint_if(meant(parameter, declared.keys().map(String::as_str))));
            continue;
        };
        let kind = declaration
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !fits(kind, value) {
            let message = format!(
                "parameter `{parameter}` is of type {kind}, and is given {}",
                described(value)
            );
            findings.add(written.finding(&SMOKE, &setting, message));
        }
    }
    for (parameter, declaration) in declared {
        if declaration.get("defaultValue").is_none() && !given.contains_key(parameter) {
            let message = format!("pipeline `{name}` needs the parameter `{parameter}`");
            findings.add(written.finding(&SMOKE, &setting, message));
        }
    }
}

/// Whether a value can be one of a pipeline's parameter of a type.
fn fits(kind: &str, value: &Value) -> bool {
    match kind.to_ascii_lowercase().as_str() {
        "string" | "securestring" => !value.is_object() && !value.is_array(),
        "int" | "float" => value.is_number() || value.is_string(),
        "bool" => value.is_boolean() || value.is_string(),
        "array" => value.is_array() || is_dynamic(value),
        _ => true,
    }
}
