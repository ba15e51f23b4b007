//! The activities of a pipeline: their names, and what stands inside what.

use std::collections::HashMap;

use adf_model::Members as _;
use adf_model::flow::{
    LONGEST_ACTIVITY_NAME, MOST_CASES, name_fault, refused_container, unoffered_container,
};
use serde_json::Value;

use super::{Group, rule};
use crate::pipeline::{Activity, Pipeline};
use crate::value::{constant, is_dynamic, whole_number};
use crate::{Context, Finding, Findings, Related, Rule};

pub(super) const GROUP: Group = Group {
    rules: &[
        &NAME, &TWICE, &NESTING, &CASES, &SAME_CASE, &NOTHING, &UNOFFERED, &RACE,
    ],
    check,
};

static NAME: Rule = rule!(
    "ADF110",
    "activity-name",
    Warning,
    "An activity has a name that Data Factory does not allow"
);
static TWICE: Rule = rule!(
    "ADF111",
    "duplicate-activity",
    Error,
    "Two activities of a pipeline have the same name"
);
static NESTING: Rule = rule!(
    "ADF112",
    "nested-containers",
    Error,
    "A container stands inside another that does not allow it"
);
static CASES: Rule = rule!(
    "ADF113",
    "switch-cases",
    Error,
    "A Switch has more cases than Data Factory allows"
);
static SAME_CASE: Rule = rule!(
    "ADF114",
    "duplicate-case",
    Warning,
    "A Switch has two cases for the same value"
);
static NOTHING: Rule = rule!(
    "ADF115",
    "empty-container",
    Note,
    "A pipeline, a loop or a condition holds no activity"
);
static UNOFFERED: Rule = rule!(
    "ADF116",
    "nested-conditions",
    Warning,
    "A condition stands inside another, which Data Factory Studio does not offer"
);
static RACE: Rule = rule!(
    "ADF122",
    "variable-in-parallel-loop",
    Warning,
    "The passes of a parallel loop set one variable to values of their own"
);

fn check(context: &Context<'_>, findings: &mut Findings) {
    for pipeline in context.pipelines() {
        check_names(pipeline, findings);
        check_emptiness(pipeline, findings);
        for activity in pipeline.active() {
            check_nesting(pipeline, activity, findings);
            check_contents(pipeline, activity, findings);
            check_race(pipeline, activity, findings);
        }
    }
}

fn check_emptiness(pipeline: &Pipeline<'_>, findings: &mut Findings) {
    let file = &pipeline.resource.file;
    let properties = file.json().member("properties").and_then(Value::as_object);
    let list = properties.map(|properties| properties.member("activities"));
    let is_empty = match list {
        Some(Some(Value::Array(list))) => list.is_empty(),
        Some(None | Some(Value::Null)) => true,
        // Another finding tells what is wrong.
        Some(Some(_)) | None => false,
    };
    if is_empty {
        let message = format!("{} holds no activity", pipeline.resource.id);
        let place = match properties.is_some_and(|has| has.contains_key("activities")) {
            true => "/properties/activities",
            false => "/properties",
        };
        findings.add(Finding::at_key(&NOTHING, file, place, message));
    }
}

fn check_names(pipeline: &Pipeline<'_>, findings: &mut Findings) {
    let file = &pipeline.resource.file;
    let mut first: HashMap<String, &Activity<'_>> = HashMap::new();
    for activity in &pipeline.activities {
        let Some(name) = activity.name() else {
            continue;
        };
        let place = || format!("{}/name", activity.pointer);
        if let Some(fault) = name_fault(name, LONGEST_ACTIVITY_NAME) {
            let message = format!("the name of an activity {fault}");
            findings.add(Finding::at(&NAME, file, place(), message));
        }
        match first.get(&name.to_lowercase()) {
            Some(first) => {
                let message = format!("two activities are called `{name}`");
                let other = format!("{}/name", first.pointer);
                findings.add(
                    Finding::at(&TWICE, file, place(), message)
                        .hint("names are unique in the whole pipeline, whatever container they are in")
                        .related(Related::at(file, &other, "the other one is here")),
                );
            }
            None => {
                first.insert(name.to_lowercase(), activity);
            }
        }
    }
}

fn check_nesting(pipeline: &Pipeline<'_>, activity: &Activity<'_>, findings: &mut Findings) {
    let Some(kind) = activity.kind() else {
        return;
    };
    let mut around = Vec::new();
    let mut within = activity.within.as_ref();
    while let Some((container, _)) = within {
        let container = &pipeline.activities[*container];
        around.push(container.kind().unwrap_or_default());
        within = container.within.as_ref();
    }
    let refused = refused_container(kind, around.iter().rev().copied());
    let unoffered = unoffered_container(kind, around.iter().rev().copied());
    let (rule, message) = match (refused, unoffered) {
        (Some(container), _) => (
            &NESTING,
            format!("`{kind}` may not stand inside `{container}`"),
        ),
        (None, Some(container)) => (
            &UNOFFERED,
            format!("`{kind}` inside `{container}` cannot be edited in Data Factory Studio"),
        ),
        (None, None) => return,
    };
    let place = format!("{}/type", activity.pointer);
    findings.add(
        Finding::at(rule, &pipeline.resource.file, place, message)
            .hint("move it into a pipeline of its own, and call that with ExecutePipeline"),
    );
}

/// A pipeline has one of each variable: what a pass of a loop sets, another has changed by the time it is read.
fn check_race(pipeline: &Pipeline<'_>, activity: &Activity<'_>, findings: &mut Findings) {
    let value = activity.type_property("value");
    if activity.kind() != Some("SetVariable") || !value.is_some_and(is_dynamic) {
        return;
    }
    let within = |activity: &Activity<'_>| activity.within.as_ref().map(|(at, _)| *at);
    let around = std::iter::successors(within(activity), |at| within(&pipeline.activities[*at]));
    let mut around = around.map(|at| &pipeline.activities[at]);
    let Some(each) = around.find(|container| is_parallel(container)) else {
        return;
    };
    let text = |activity: &Activity<'_>, name: &str| {
        let value = activity.type_property(name).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    let message = format!(
        "all passes of `{}` set `{}` at the same time",
        each.name().unwrap_or_default(),
        text(activity, "variableName")
    );
    let pointer = format!("{}/typeProperties/variableName", activity.pointer);
    findings.add(
        Finding::at(&RACE, &pipeline.resource.file, pointer, message).hint(
            "set `isSequential`, append to an Array, or do the work in a pipeline of its own",
        ),
    );
}

fn is_parallel(container: &Activity<'_>) -> bool {
    let flag = |name: &str| {
        container
            .type_property(name)
            .filter(|value| !value.is_null())
    };
    let is_sequential = flag("isSequential").is_some_and(|value| {
        *value == Value::Bool(true)
            || constant(value).is_some_and(|text| text.eq_ignore_ascii_case("true"))
    });
    let is_single = flag("batchCount").and_then(whole_number) == Some(1);
    container.kind() == Some("ForEach") && !is_sequential && !is_single
}

fn check_contents(pipeline: &Pipeline<'_>, activity: &Activity<'_>, findings: &mut Findings) {
    let lists: &[&str] = match activity.kind() {
        Some("Switch") => return check_switch(pipeline, activity, findings),
        Some("ForEach" | "Until") => &["activities"],
        Some("IfCondition") => &["ifTrueActivities", "ifFalseActivities"],
        _ => return,
    };
    let holds = |list: &&&str| {
        let list = activity.type_property(list).and_then(Value::as_array);
        list.is_some_and(|list| !list.is_empty())
    };
    if lists.iter().any(|list| holds(&list)) {
        return;
    }
    let name = activity.name().unwrap_or_default();
    let message = format!("`{name}` holds no activity");
    let place = format!("{}/name", activity.pointer);
    findings.add(Finding::at(
        &NOTHING,
        &pipeline.resource.file,
        place,
        message,
    ));
}

fn check_switch(pipeline: &Pipeline<'_>, activity: &Activity<'_>, findings: &mut Findings) {
    let file = &pipeline.resource.file;
    let cases = activity.type_property("cases").and_then(Value::as_array);
    let cases = cases.map_or(&[][..], Vec::as_slice);
    let pointer = format!("{}/typeProperties/cases", activity.pointer);
    if cases.len() > MOST_CASES {
        let message = format!(
            "a Switch has at most {MOST_CASES} cases, this one has {}",
            cases.len()
        );
        findings.add(Finding::at_key(&CASES, file, &pointer, message));
    }
    let mut first: HashMap<&str, String> = HashMap::new();
    for (at, case) in cases.iter().enumerate() {
        let Some(value) = case.member("value").and_then(constant) else {
            continue;
        };
        let place = format!("{pointer}/{at}/value");
        match first.get(value) {
            Some(other) => {
                let message = format!("there are two cases for `{value}`");
                findings.add(
                    Finding::at(&SAME_CASE, file, place, message)
                        .hint("only the first of them ever runs")
                        .related(Related::at(file, other, "the first is here")),
                );
            }
            None => {
                first.insert(value, place);
            }
        }
    }
}
