//! Activities that run ML pipelines, and what the ML side says about these.

use std::collections::BTreeSet;

use adf_model::pointer::escape;
use dataops_solution::ml::MlPipeline;
use dataops_solution::overrides::OverridePath;
use dataops_solution::source::below_root;
use serde_json::Value;

use super::members;
use crate::pipeline::{Activity, Pipeline};
use crate::rules::rule;
use crate::settings::Written;
use crate::suggestion::meant;
use crate::value::{is_dynamic, is_given};
use crate::{Context, Finding, Findings, Rule};

pub(super) static UNKNOWN: Rule = rule!(
    "XA112",
    "unknown-ml-parameter",
    Error,
    "An activity gives an ML pipeline a parameter that it does not declare"
);
pub(super) static UNGIVEN: Rule = rule!(
    "XA113",
    "missing-ml-parameter",
    Warning,
    "An activity leaves a parameter of an ML pipeline empty"
);
pub(super) static CHOICE: Rule = rule!(
    "XA114",
    "ml-pipeline-choice",
    Error,
    "An activity names no ML pipeline, or two of them"
);
pub(super) static NAME: Rule = rule!(
    "XA115",
    "unknown-ml-name",
    Error,
    "A local environment looks up an ML pipeline that the solution does not describe"
);

/// The descriptions; nothing where one of them cannot be read.
fn descriptions(written: Written<'_>) -> Vec<MlPipeline> {
    let paths = written.settings.ml.iter().flat_map(|ml| &ml.pipelines);
    let read: Option<Vec<_>> = paths
        .map(|path| {
            let path = below_root(&path.to_string_lossy())?;
            MlPipeline::parse(written.solution.files.text(&path)?).ok()
        })
        .collect();
    read.unwrap_or_default()
}

pub(super) fn check_activity(
    context: &Context<'_>,
    pipeline: &Pipeline<'_>,
    activity: &Activity<'_>,
    findings: &mut Findings,
) {
    if activity.kind() != Some("AzureMLExecutePipeline") {
        return;
    }
    check_choice(pipeline, activity, findings);
    let Some(written) = context.written() else {
        return;
    };
    let described = descriptions(written);
    let meant = meant_by(written, pipeline);
    let named = |ml: &&MlPipeline| {
        meant.contains(ml.name.as_str())
            || ml
                .endpoint
                .as_deref()
                .is_some_and(|name| meant.contains(name))
    };
    let mut candidates: Vec<_> = described.iter().filter(named).collect();
    if candidates.is_empty() {
        candidates = described.iter().collect();
    }
    if !candidates.is_empty() {
        check_parameters(pipeline, activity, &candidates, findings);
    }
}

/// The `aml://` names that environments put into a pipeline.
fn meant_by(written: Written<'_>, pipeline: &Pipeline<'_>) -> BTreeSet<String> {
    let environments = written.settings.environments.values();
    let overrides = environments.flat_map(|environment| &environment.overrides);
    overrides
        .filter(|(path, _)| {
            OverridePath::parse(path).is_ok_and(|path| path.id == pipeline.resource.id)
        })
        .filter_map(|(_, value)| name_of(value.as_str()?).map(|(_, name)| name.to_owned()))
        .collect()
}

/// `pipelines` or `pipeline-endpoints`, and the name behind it.
fn name_of(text: &str) -> Option<(&str, &str)> {
    let mut parts = text.strip_prefix("aml://")?.split('/');
    Some((parts.next()?, parts.next()?))
}

fn check_choice(pipeline: &Pipeline<'_>, activity: &Activity<'_>, findings: &mut Findings) {
    let has = |name: &str| {
        activity
            .type_property(name)
            .is_some_and(|value| !matches!(value, Value::Null) && value.as_str() != Some(""))
    };
    let at = |rest: &str| format!("{}/typeProperties{rest}", activity.pointer);
    // Without either, a property is missing.
    let is_written = ["mlPipelineId", "mlPipelineEndpointId"]
        .into_iter()
        .any(|name| is_given(activity.type_property(name)));
    let mut add = |pointer: String, message: &str, hint: &str| {
        let finding = Finding::at_key(&CHOICE, &pipeline.resource.file, pointer, message);
        findings.add(finding.hint(hint));
    };
    match (has("mlPipelineId"), has("mlPipelineEndpointId")) {
        (false, false) if is_written => add(
            at(""),
            "the activity names no ML pipeline",
            "add `mlPipelineId` or `mlPipelineEndpointId`",
        ),
        (true, true) => add(
            at("/mlPipelineEndpointId"),
            "the activity names both a published pipeline and an endpoint",
            "an endpoint's id stays when a new version is published; keep that one",
        ),
        (true, false) if has("version") => add(
            at("/version"),
            "`version` belongs to an endpoint, and the activity names a published pipeline",
            "a published pipeline has one version; remove `version`",
        ),
        _ => {}
    }
}

fn check_parameters(
    pipeline: &Pipeline<'_>,
    activity: &Activity<'_>,
    candidates: &[&MlPipeline],
    findings: &mut Findings,
) {
    let given = activity.type_property("mlPipelineParameters");
    if given.is_some_and(is_dynamic) {
        return;
    }
    let base = format!("{}/typeProperties/mlPipelineParameters", activity.pointer);
    let declared = || {
        candidates
            .iter()
            .flat_map(|ml| ml.parameters.keys())
            .map(String::as_str)
    };
    let names: Vec<_> = candidates
        .iter()
        .map(|ml| format!("`{}`", ml.name))
        .collect();
    let names = names.join(" or ");
    for (name, _) in members(given).filter(|(name, _)| !declared().any(|known| known == *name)) {
        let message = format!("the ML pipeline {names} has no parameter `{name}`");
        let pointer = format!("{base}/{}", escape(name));
        let finding = Finding::at_key(&UNKNOWN, &pipeline.resource.file, pointer, message);
        findings.add(finding.hint_if(meant(name, declared())));
    }
    if let [only] = candidates {
        for (name, default) in &only.parameters {
            let lacks = given.and_then(|given| given.get(name)).is_none();
            if default.is_empty() && lacks {
                let message = format!(
                    "the parameter `{name}` of the ML pipeline {names} is not given, and empty by default"
                );
                findings.add(Finding::at_key(
                    &UNGIVEN,
                    &pipeline.resource.file,
                    base.clone(),
                    message,
                ));
            }
        }
    }
}

/// Names that environments on this machine look up: these find only what the solution describes.
pub(super) fn check_names(written: Written<'_>, findings: &mut Findings) {
    let described = descriptions(written);
    if described.is_empty() {
        return;
    }
    for (environment, settings) in &written.settings.environments {
        let merged = written.settings.merged(environment);
        if !merged.is_ok_and(|merged| merged.emulator == Some(true)) {
            continue;
        }
        for (path, value) in &settings.overrides {
            let Some((kind, name)) = value.as_str().and_then(name_of) else {
                continue;
            };
            let known: Vec<_> = match kind {
                "pipelines" => described.iter().map(|ml| ml.name.as_str()).collect(),
                "pipeline-endpoints" => described
                    .iter()
                    .filter_map(|ml| ml.endpoint.as_deref())
                    .collect(),
                _ => continue,
            };
            if !known.contains(&name) {
                let message = format!("no description in `ml.pipelines` has the name `{name}`");
                let setting = ["environments", environment, "overrides", path];
                let finding = written.finding(&NAME, &setting, message);
                findings.add(finding.hint_if(meant(name, known)));
            }
        }
    }
}
