//! Types of activities and connectors that Microsoft has retired, or means to.

mod replacements;

use adf_model::{Kind, Members as _};
use adf_source::SourceResource;
use serde_json::Value;

use super::{Group, rule};
use crate::pipeline::Pipeline;
use crate::{Context, Finding, Findings, Rule};
use replacements::{ACTIVITIES, CONNECTORS, LEGACY_COPY, LEGACY_DATASETS, Stage};

pub(super) const GROUP: Group = Group {
    rules: &[
        &ACTIVITY,
        &CONNECTOR,
        &LEGACY_CONNECTOR,
        &LEGACY_DATASET,
        &LEGACY_STORE,
    ],
    check,
};

static ACTIVITY: Rule = rule!(
    "ADF801",
    "retired-activity",
    Warning,
    "An activity works with a service that has been retired"
);
static CONNECTOR: Rule = rule!(
    "ADF802",
    "retired-connector",
    Warning,
    "A linked service is of a type that has been switched off or is about to be"
);
static LEGACY_CONNECTOR: Rule = rule!(
    "ADF803",
    "legacy-connector",
    Note,
    "A linked service is of a type that has a newer one in its place"
);
static LEGACY_DATASET: Rule = rule!(
    "ADF804",
    "legacy-dataset",
    Note,
    "A dataset is of a type that has one for each format in its place"
);
static LEGACY_STORE: Rule = rule!(
    "ADF805",
    "legacy-source",
    Note,
    "A copy reads or writes in a way that has newer ones in its place"
);

fn check(context: &Context<'_>, findings: &mut Findings) {
    for pipeline in context.pipelines() {
        check_activities(pipeline, findings);
    }
    for resource in context.repository.of_kind(Kind::LinkedService) {
        check_connector(resource, findings);
    }
    for resource in context.repository.of_kind(Kind::Dataset) {
        check_dataset(resource, findings);
    }
}

fn check_activities(pipeline: &Pipeline<'_>, findings: &mut Findings) {
    let file = &pipeline.resource.file;
    for activity in pipeline.active() {
        let kind = activity.kind().unwrap_or_default();
        if let Some((_, why, instead)) = ACTIVITIES.iter().find(|(retired, ..)| *retired == kind) {
            let pointer = format!("{}/type", activity.pointer);
            let message = format!("`{kind}` needs {why}");
            findings.add(Finding::at(&ACTIVITY, file, pointer, message).hint(*instead));
        }
        for side in ["source", "sink"] {
            let written = activity
                .type_property(side)
                .and_then(|side| side.member("type"));
            let Some(written) = written.and_then(Value::as_str) else {
                continue;
            };
            if let Some((_, instead)) = LEGACY_COPY.iter().find(|(legacy, _)| *legacy == written) {
                let pointer = format!("{}/typeProperties/{side}/type", activity.pointer);
                let message = format!("`{written}` is kept for old pipelines");
                findings.add(Finding::at(&LEGACY_STORE, file, pointer, message).hint(*instead));
            }
        }
    }
}

fn check_connector(resource: &SourceResource, findings: &mut Findings) {
    let properties = &resource.file.json()["properties"];
    let kind = properties["type"].as_str().unwrap_or_default();
    let Some(connector) = CONNECTORS.iter().find(|connector| connector.kind == kind) else {
        return;
    };
    // The new driver of a type that has kept its name.
    if connector.has_second_version && is_second(properties) {
        return;
    }
    let (rule, message) = match connector.stage {
        Stage::Off(when) => (&CONNECTOR, format!("`{kind}` is retired since {when}")),
        Stage::Superseded => (
            &LEGACY_CONNECTOR,
            format!("`{kind}` is kept for old factories"),
        ),
    };
    let finding = Finding::at(rule, &resource.file, "/properties/type", message);
    findings.add(finding.hint(connector.instead));
}

/// Whether a linked service uses the second version of its type: it says so, or names its server apart from a connection string.
fn is_second(properties: &Value) -> bool {
    let version = properties.member("version").and_then(Value::as_str);
    let server = properties.pointer("/typeProperties/server");
    let driver = properties
        .pointer("/typeProperties/driverVersion")
        .and_then(Value::as_str);
    version.is_some_and(|version| !version.starts_with('1'))
        || driver.is_some_and(|driver| driver.eq_ignore_ascii_case("v2"))
        || server.is_some()
}

fn check_dataset(resource: &SourceResource, findings: &mut Findings) {
    let kind = resource.file.json()["properties"]["type"]
        .as_str()
        .unwrap_or_default();
    if let Some((_, instead)) = LEGACY_DATASETS.iter().find(|(legacy, _)| *legacy == kind) {
        let message = format!("`{kind}` is kept for old pipelines");
        let finding = Finding::at(&LEGACY_DATASET, &resource.file, "/properties/type", message);
        findings.add(finding.hint(*instead));
    }
}
