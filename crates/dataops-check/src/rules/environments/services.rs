//! The services that an environment names.

use std::collections::{BTreeMap, BTreeSet};

use dataops_solution::settings::{EnvironmentSettings, Environments};

use super::variables::{has_variable, is_emulator};
use crate::notebooks::normal;
use crate::rules::rule;
use crate::settings::Written;
use crate::{Findings, Rule};

pub(super) static INCOMPLETE: Rule = rule!(
    "ENV108",
    "incomplete-environment",
    Error,
    "An environment lacks what commands need to reach it"
);
pub(super) static SHARED: Rule = rule!(
    "ENV109",
    "shared-factory",
    Warning,
    "Two environments have the same factory"
);
pub(super) static HOST: Rule = rule!(
    "ENV111",
    "databricks-host",
    Error,
    "The address of a Databricks workspace is not one that a token may be sent to"
);

pub(super) static FOLDER: Rule = rule!(
    "ENV132",
    "shared-notebooks",
    Warning,
    "Two environments bring their notebooks to the same folder"
);

pub(super) fn check(written: Written<'_>, findings: &mut Findings) {
    let settings = written.settings;
    let environments = &settings.environments;
    let deployed = deployed(environments);
    let mut factories = BTreeMap::new();
    check_folders(written, &deployed, findings);
    for (name, environment) in environments {
        if let Some(databricks) = &environment.databricks {
            check_host(written, name, &databricks.host, findings);
        }
        let Ok(merged) = settings.merged(name) else {
            continue;
        };
        if is_emulator(&merged) {
            continue;
        }
        // What an environment lacks because of one that is looked at itself, is said there.
        let base = environment.extends.as_deref();
        let base = base.filter(|base| deployed.contains(base));
        let base = base.and_then(|base| settings.merged(base).ok());
        let said = base.map_or_else(Vec::new, |base| lacking(written, &base));
        let mut lacking = lacking(written, &merged);
        lacking.retain(|field| !said.contains(field));
        if !lacking.is_empty() && deployed.contains(name.as_str()) {
            let message = format!("environment `{name}` has no {}", lacking.join(", no "));
            findings.add(written.key_finding(&INCOMPLETE, &["environments", name], message));
        }
        let Some(factory) = merged.data_factory.filter(|factory| !has_variable(factory)) else {
            continue;
        };
        let place = (merged.subscription, merged.resource_group, factory.clone());
        if let Some(other) = factories.insert(place, name) {
            let message =
                format!("environments `{other}` and `{name}` have the same factory `{factory}`");
            let setting = ["environments", name.as_str(), "dataFactory"];
            let setting = match environment.data_factory {
                Some(_) => &setting[..],
                None => &setting[..2],
            };
            let related = written.related(&["environments", other], "the other environment");
            let finding = written
                .key_finding(&SHARED, setting, message)
                .related(related);
            findings.add(finding.hint(format!("give `{name}` a `dataFactory` of its own")));
        }
    }
}

/// Looks for environments that bring their notebooks to the same folder of the same workspace.
fn check_folders(written: Written<'_>, deployed: &BTreeSet<&str>, findings: &mut Findings) {
    let settings = written.settings;
    let mut folders = BTreeMap::new();
    for (name, environment) in &settings.environments {
        let Ok(merged) = settings.merged(name) else {
            continue;
        };
        if is_emulator(&merged) || !deployed.contains(name.as_str()) {
            continue;
        }
        let target = settings.notebooks_target(&merged);
        let host = merged.databricks.as_ref().map(|it| it.host.as_str());
        let (Some(target), Some(host)) = (target, host) else {
            continue;
        };
        if has_variable(target) || has_variable(host) {
            continue;
        }
        let target = normal(target);
        let Some(other) = folders.insert((workspace(host), target.clone()), name) else {
            continue;
        };
        let message = format!(
            "environments `{other}` and `{name}` bring their notebooks to the same folder `{target}` of {host}"
        );
        let own = ["environments", name.as_str(), "notebooks", "target"];
        let setting = match environment.notebooks {
            Some(_) => &own[..],
            None => &own[..2],
        };
        let related = written.related(&["environments", other], "the other environment");
        let finding = written
            .key_finding(&FOLDER, setting, message)
            .related(related);
        findings.add(finding.hint(format!(
            "give `{name}` a `notebooks.target` of its own, or another workspace"
        )));
    }
}

/// The address of a workspace as others are compared with it.
fn workspace(host: &str) -> String {
    let host = host.trim().to_ascii_lowercase();
    let host = host.strip_prefix("https://").unwrap_or(&host);
    host.trim_end_matches('/').to_owned()
}

/// The environments that are deployed to: all but those from which others only inherit.
fn deployed(environments: &Environments) -> BTreeSet<&str> {
    let others = || environments.values();
    let is_base = |name: &str| others().any(|other| other.extends.as_deref() == Some(name));
    let has_follower = |name: &str| others().any(|other| other.after.as_deref() == Some(name));
    let has_factory = |environment: &EnvironmentSettings| {
        let factory = environment.data_factory.as_deref();
        factory.is_some_and(|factory| !has_variable(factory))
    };
    let deployed = environments.iter().filter(|(name, environment)| {
        !is_base(name) || has_follower(name) || has_factory(environment)
    });
    deployed.map(|(name, _)| name.as_str()).collect()
}

/// What an environment on Azure lacks.
fn lacking(written: Written<'_>, merged: &EnvironmentSettings) -> Vec<&'static str> {
    let settings = written.settings;
    let ml = merged.overrides.values().any(|value| {
        value
            .as_str()
            .is_some_and(|text| text.starts_with("aml://"))
    });
    [
        (
            "`subscription`",
            settings.adf.is_some() && merged.subscription.is_none(),
        ),
        (
            "`resourceGroup`",
            settings.adf.is_some() && merged.resource_group.is_none(),
        ),
        (
            "`dataFactory`",
            settings.adf.is_some() && merged.data_factory.is_none(),
        ),
        (
            "`databricks`, where the notebooks go",
            settings.notebooks.is_some() && merged.databricks.is_none(),
        ),
        (
            "`aml`, where `aml://` names are looked up",
            ml && merged.aml.is_none(),
        ),
    ]
    .into_iter()
    .filter_map(|(field, lacks)| lacks.then_some(field))
    .collect()
}

fn check_host(written: Written<'_>, environment: &str, host: &str, findings: &mut Findings) {
    let setting = ["environments", environment, "databricks", "host"];
    let trimmed = host.trim();
    let fault = match trimmed.split_once("://") {
        _ if trimmed.is_empty() => "the address is empty".to_owned(),
        _ if trimmed.starts_with("${") => return,
        Some(("https", rest)) if !rest.is_empty() => return,
        None if !trimmed.contains([' ', '@']) => return,
        Some(("http", rest)) if is_loopback(rest) => return,
        Some((scheme, _)) => format!("`{scheme}` does not protect the token that is sent there"),
        None => format!("`{host}` is no address"),
    };
    let finding = written.finding(&HOST, &setting, fault);
    findings.add(finding.hint("write `https://`, and the host that the workspace's page has"));
}

fn is_loopback(rest: &str) -> bool {
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    matches!(host, "localhost" | "127.0.0.1") || rest.starts_with("[::1]")
}
