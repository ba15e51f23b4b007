//! What an environment asks of its Databricks workspace.

use dataops_solution::settings::{DatabricksSettings, EnvironmentSettings};

use super::variables::has_variable;
use crate::rules::rule;
use crate::settings::Written;
use crate::suggestion::meant;
use crate::{Findings, Rule};

pub(super) static NAMES: Rule = rule!(
    "ENV126",
    "workspace-names",
    Error,
    "A name of a pool, a scope, a schema or a volume is not one, or names nothing"
);
pub(super) static SECRET: Rule = rule!(
    "ENV127",
    "secret-in-settings",
    Error,
    "The value of a secret stands in dataops.yaml, or in the specification of a cluster"
);

/// The longest name of a secret scope, or of a key in it.
const LONGEST: usize = 128;

pub(super) fn check(written: Written<'_>, findings: &mut Findings) {
    for (name, environment) in &written.settings.environments {
        if let Some(databricks) = &environment.databricks {
            check_cluster(written, name, databricks, findings);
            check_scopes(written, name, databricks, findings);
            check_catalog(written, name, environment, findings);
        }
    }
}

/// A pool that a cluster takes its machines from may be there already; one that is nearly one of the settings' own is a slip.
fn check_cluster(
    written: Written<'_>,
    environment: &str,
    databricks: &DatabricksSettings,
    findings: &mut Findings,
) {
    let pools = &databricks.instance_pools;
    let cluster = databricks.cluster.as_ref();
    let Some(pool) = cluster.and_then(|cluster| cluster.instance_pool.as_deref()) else {
        return;
    };
    let near = meant(pool, pools.keys().map(String::as_str));
    if !pools.contains_key(pool) && !has_variable(pool) && near.is_some() {
        let setting = [
            "environments",
            environment,
            "databricks",
            "cluster",
            "instancePool",
        ];
        let message = format!("`instancePools` has no `{pool}`");
        findings.add(written.finding(&NAMES, &setting, message).hint_if(near));
    }
}

fn check_scopes(
    written: Written<'_>,
    environment: &str,
    databricks: &DatabricksSettings,
    findings: &mut Findings,
) {
    let at = ["environments", environment, "databricks", "secretScopes"];
    for (name, scope) in &databricks.secret_scopes {
        let scope_at = [&at[..], &[name]].concat();
        if let Some(fault) = fault(name) {
            let message = format!("`{name}` is no name of a secret scope: {fault}");
            findings.add(written.key_finding(&NAMES, &scope_at, message));
        }
        if scope.key_vault.is_some() && !scope.values.is_empty() {
            let message = "the secrets of a Key Vault are written in the vault, not here";
            let place = [&scope_at[..], &["values"]].concat();
            findings.add(written.key_finding(&NAMES, &place, message));
        }
        for (key, value) in &scope.values {
            let place = [&scope_at[..], &["values", key]].concat();
            if let Some(fault) = fault(key) {
                let message = format!("`{key}` is no name of a secret: {fault}");
                findings.add(written.key_finding(&NAMES, &place, message));
            }
            if !has_variable(value) {
                let message = format!("the value of secret `{key}` can be read by everybody");
                let finding = written.key_finding(&SECRET, &place, message);
                let bytes = written
                    .finding(&SECRET, &place, "")
                    .span
                    .map(|span| span.bytes);
                let finding = match bytes {
                    Some(bytes) => finding.covering(bytes),
                    None => finding,
                };
                findings.add(
                    finding.hint(
                        "take it from a variable, such as `${API_KEY}`, and change the secret",
                    ),
                );
            }
        }
    }
}

/// What is wrong with the name of a scope or of a key.
fn fault(name: &str) -> Option<&'static str> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_.@".contains(letter);
    match name {
        "" => Some("it is empty"),
        name if name.len() > LONGEST => Some("it has more than 128 letters"),
        name if !name.chars().all(allowed) => {
            Some("it has something else than letters, digits, `-`, `_` and `.`")
        }
        _ => None,
    }
}

fn check_catalog(
    written: Written<'_>,
    environment: &str,
    settings: &EnvironmentSettings,
    findings: &mut Findings,
) {
    let databricks = settings.databricks.as_ref();
    let Some(catalog) = databricks.and_then(|it| it.unity_catalog.as_ref()) else {
        return;
    };
    let at = ["environments", environment, "databricks", "unityCatalog"];
    let schemas = catalog.schemas.keys().map(|name| ("schemas", name, 2));
    let volumes = catalog.volumes.keys().map(|name| ("volumes", name, 3));
    for (kind, name, parts) in schemas.chain(volumes) {
        let found = name.split('.').filter(|part| !part.is_empty()).count();
        if found != parts || name.split('.').count() != parts {
            let form = ["catalog", "schema", "volume"][..parts].join(".");
            let message = format!("`{name}` is no `{form}`");
            let place = [&at[..], &[kind, name]].concat();
            findings.add(written.key_finding(&NAMES, &place, message));
        }
    }
    for (name, location) in &catalog.external_locations {
        let is_place = location.url.contains("://") || location.url.starts_with("${");
        if !is_place {
            let message = format!("`{}` is no place of a storage account", location.url);
            let place = [&at[..], &["externalLocations", name, "url"]].concat();
            let finding = written.finding(&NAMES, &place, message);
            findings.add(finding.hint("write `abfss://CONTAINER@ACCOUNT.dfs.core.windows.net/`"));
        }
    }
}
