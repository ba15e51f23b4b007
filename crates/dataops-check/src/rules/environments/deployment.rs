//! What an environment says about its deployment: values of global parameters, other names, and which triggers run.

use std::collections::BTreeSet;

use adf_model::{Kind, ResourceId};
use dataops_solution::fit::as_global_parameter;
use dataops_solution::renames::Renames;
use dataops_solution::settings::EnvironmentSettings;
use dataops_solution::source::Glob;
use serde_json::Value;

use super::variables::has_variable;
use crate::rules::rule;
use crate::settings::Written;
use crate::suggestion::meant;
use crate::value::described;
use crate::{Context, Findings, Rule};

pub(super) static GLOBAL: Rule = rule!(
    "ENV124",
    "unknown-global-parameter",
    Error,
    "An environment gives a value to a global parameter that the factory does not have, or one of another type"
);
pub(super) static NAMES: Rule = rule!(
    "ENV125",
    "renames-nothing",
    Error,
    "An environment renames a resource, or switches a trigger, that does not exist, or gives two resources one name"
);

pub(super) fn check(context: &Context<'_>, written: Written<'_>, findings: &mut Findings) {
    if !context.has_factory(written) {
        return;
    }
    for (name, environment) in &written.settings.environments {
        check_global_parameters(context, written, name, environment, findings);
        check_renames(context, written, name, environment, findings);
        check_triggers(context, written, name, environment, findings);
    }
}

fn check_global_parameters(
    context: &Context<'_>,
    written: Written<'_>,
    name: &str,
    environment: &EnvironmentSettings,
    findings: &mut Findings,
) {
    let factories: Vec<_> = context.repository.of_kind(Kind::Factory).collect();
    // Without its file, nothing is known of the factory.
    if factories.is_empty() {
        return;
    }
    // Those in a file of their own count before the factory's.
    let own = context.repository.of_kind(Kind::GlobalParameters);
    let own = own.filter_map(|resource| resource.file.json().get("properties"));
    let of_factory = factories
        .iter()
        .filter_map(|factory| factory.property("globalParameters"));
    let declared: Vec<_> = own
        .chain(of_factory)
        .filter_map(Value::as_object)
        .flatten()
        .collect();
    for (parameter, value) in &environment.global_parameters {
        let setting = ["environments", name, "globalParameters", parameter];
        let Some((_, declaration)) = declared.iter().find(|(known, _)| *known == parameter) else {
            let message = format!("the factory has no global parameter `{parameter}`");
            let known = declared.iter().map(|(known, _)| known.as_str());
            let finding = written.key_finding(&GLOBAL, &setting, message);
            findings.add(finding.hint_if(meant(parameter, known)));
            continue;
        };
        let kind = declaration
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let is_open = value.as_str().is_some_and(has_variable);
        if !is_open && as_global_parameter(kind, value).is_none() {
            let given = match value {
                Value::Number(number) => format!("the number {number}"),
                Value::String(_) => format!("a text that is no {kind}"),
                other => described(other).to_owned(),
            };
            let message = format!(
                "the global parameter `{parameter}` is of type {kind}, and is given {given}"
            );
            findings.add(written.finding(&GLOBAL, &setting, message));
        }
    }
}

fn check_renames(
    context: &Context<'_>,
    written: Written<'_>,
    name: &str,
    environment: &EnvironmentSettings,
    findings: &mut Findings,
) {
    let renames = match Renames::parse(&environment.renames) {
        Ok(renames) => renames,
        Err(error) => {
            let setting = ["environments", name, "renames", error.key.as_str()];
            return findings.add(written.key_finding(&NAMES, &setting, error.reason.as_str()));
        }
    };
    for key in environment.renames.keys() {
        let Some((folder, resource)) = key.split_once('.') else {
            continue;
        };
        let Some(kind) = Kind::of_folder(folder) else {
            continue;
        };
        let resource = ResourceId::named(kind, resource).name;
        if context.exists(kind, &resource) {
            continue;
        }
        let setting = ["environments", name, "renames", key];
        let message = format!("there is no {kind} `{resource}`");
        let finding = written.key_finding(&NAMES, &setting, message);
        findings.add(finding.hint_if(context.meant(kind, &resource)));
    }
    // Documents that have one name already are found as such.
    let resources = context.repository.resources.iter();
    let ids: BTreeSet<_> = resources.map(|resource| &resource.id).collect();
    if let Err(error) = renames.check_names(ids) {
        let setting = ["environments", name, "renames", error.key.as_str()];
        findings.add(written.finding(&NAMES, &setting, error.reason.as_str()));
    }
}

fn check_triggers(
    context: &Context<'_>,
    written: Written<'_>,
    name: &str,
    environment: &EnvironmentSettings,
    findings: &mut Findings,
) {
    for pattern in environment.triggers.keys() {
        let glob = Glob::new(pattern);
        let mut triggers = context.repository.of_kind(Kind::Trigger);
        let matches = triggers.any(|trigger| glob.matches(&trigger.id.name));
        if !matches && !context.exists(Kind::Trigger, pattern) {
            let setting = ["environments", name, "triggers", pattern];
            let message = format!("there is no trigger `{pattern}`");
            let finding = written.key_finding(&NAMES, &setting, message);
            findings.add(finding.hint_if(context.meant(Kind::Trigger, pattern)));
        }
    }
}
