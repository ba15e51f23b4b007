//! What no file of another tool says, and `dataops.yaml` has to.

use std::path::Path;

use adf_migrate::EnvironmentDraft;
use dataops_solution::settings::{EnvironmentSettings, FILE_NAME, Settings};
use serde::Serialize;

/// What an environment still lacks.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Missing {
    pub(super) environment: String,
    /// The keys of `environments.NAME`.
    pub(super) keys: Vec<&'static str>,
}

/// What each environment that something was taken over for lacks in a text of `dataops.yaml`.
pub(super) fn missing(text: &str, drafts: &[EnvironmentDraft]) -> Vec<Missing> {
    // A text that cannot be read is told elsewhere.
    let Ok(settings) = Settings::parse(Path::new(FILE_NAME), text) else {
        return Vec::new();
    };
    let drafts = drafts.iter();
    drafts
        .filter_map(|draft| {
            let merged = settings.merged(&draft.name).ok()?;
            let keys = keys(&merged);
            (!keys.is_empty()).then(|| Missing {
                environment: draft.name.clone(),
                keys,
            })
        })
        .collect()
}

/// What the factory of an environment cannot be found without.
fn keys(merged: &EnvironmentSettings) -> Vec<&'static str> {
    if merged.emulator == Some(true) {
        return Vec::new();
    }
    [
        ("subscription", &merged.subscription),
        ("resourceGroup", &merged.resource_group),
        ("dataFactory", &merged.data_factory),
    ]
    .into_iter()
    .filter_map(|(key, value)| value.is_none().then_some(key))
    .collect()
}
