//! What is larger than Data Factory takes, or out of range.

mod activities;
mod size;

use adf_model::Members as _;
use adf_source::SourceFile;

use super::{Group, rule};
use crate::{Context, Finding, Findings, Rule};

pub(super) const GROUP: Group = Group {
    rules: &[
        &ACTIVITIES,
        &MANY_ACTIVITIES,
        &PARAMETERS,
        &OBJECT,
        &ENTITIES,
        &BATCH,
        &TIMEOUT,
        &LONG_TIMEOUT,
        &RETRY,
        &RETRY_INTERVAL,
        &USER_PROPERTIES,
        &CONCURRENCY,
        &RANGE,
    ],
    check,
};

static ACTIVITIES: Rule = rule!(
    "ADF401",
    "activity-limit",
    Error,
    "A pipeline has more activities than Data Factory allows at all"
);
static MANY_ACTIVITIES: Rule = rule!(
    "ADF402",
    "many-activities",
    Warning,
    "A pipeline has more activities than Data Factory allows unless asked for more"
);
static PARAMETERS: Rule = rule!(
    "ADF403",
    "parameter-limit",
    Error,
    "A pipeline has more parameters than Data Factory allows"
);
static OBJECT: Rule = rule!(
    "ADF405",
    "object-size",
    Warning,
    "A document is larger than Data Factory allows unless asked for more"
);
static ENTITIES: Rule = rule!(
    "ADF406",
    "entity-limit",
    Warning,
    "A factory has more entities than Data Factory allows unless asked for more"
);
static BATCH: Rule = rule!(
    "ADF407",
    "batch-count",
    Error,
    "A ForEach has a batch count that is out of range"
);
static TIMEOUT: Rule = rule!(
    "ADF408",
    "time-span",
    Error,
    "A time limit is not written as Data Factory writes spans of time"
);
static LONG_TIMEOUT: Rule = rule!(
    "ADF409",
    "long-timeout",
    Warning,
    "A time limit is longer than Data Factory lets anything run"
);
static RETRY: Rule = rule!(
    "ADF410",
    "retry-count",
    Error,
    "The number of retries is no whole number from 0"
);
static RETRY_INTERVAL: Rule = rule!(
    "ADF411",
    "retry-interval",
    Warning,
    "The pause between retries is out of range"
);
static USER_PROPERTIES: Rule = rule!(
    "ADF412",
    "user-properties",
    Warning,
    "An activity has more user properties than Data Factory shows"
);
static CONCURRENCY: Rule = rule!(
    "ADF413",
    "pipeline-concurrency",
    Error,
    "The number of runs at a time is no whole number from 1"
);

static RANGE: Rule = rule!(
    "ADF414",
    "number-range",
    Warning,
    "A number of an activity is out of the range that Data Factory documents"
);

/// The most parameters of a pipeline.
const MOST_PARAMETERS: usize = 50;

fn check(context: &Context<'_>, findings: &mut Findings) {
    for pipeline in context.pipelines() {
        check_parameters(&pipeline.resource.file, findings);
        activities::check(pipeline, findings);
    }
    size::check(context, findings);
}

fn check_parameters(file: &SourceFile, findings: &mut Findings) {
    let properties = &file.json()["properties"];
    let parameters = properties["parameters"].as_object();
    let count = parameters.map_or(0, serde_json::Map::len);
    if count > MOST_PARAMETERS {
        let message =
            format!("a pipeline has at most {MOST_PARAMETERS} parameters, this one has {count}");
        findings.add(
            Finding::at_key(&PARAMETERS, file, "/properties/parameters", message)
                .hint("hand several values over in one parameter of type Object"),
        );
    }
    if let Some(concurrency) = properties
        .member("concurrency")
        .filter(|value| !value.is_null())
        && concurrency.as_i64().is_none_or(|count| count < 1)
    {
        let message = "`concurrency` is a whole number from 1";
        findings.add(Finding::at(
            &CONCURRENCY,
            file,
            "/properties/concurrency",
            message,
        ));
    }
}
