//! What one part of a solution says about another: pipelines about notebooks, triggers about containers, contracts about data.

mod contracts;
mod databricks;
mod libraries;
mod ml;
mod output;
mod storage;

use std::borrow::Cow;

use serde_json::Value;

use super::Group;
use crate::pipeline::Activity;
use crate::value::{is_dynamic_text, text};
use crate::{Context, Findings, Rule};

pub(super) const GROUP: Group = Group {
    rules: &[
        &databricks::MISSING,
        &databricks::PATH,
        &databricks::UNREAD,
        &databricks::UNGIVEN,
        &libraries::CONFLICT,
        &libraries::FILE,
        &libraries::UNPINNED,
        &databricks::SERVICE,
        &storage::TRIGGER,
        &storage::INPUT,
        &storage::DATASET,
        &ml::UNKNOWN,
        &ml::UNGIVEN,
        &ml::CHOICE,
        &ml::NAME,
        &contracts::LOCATION,
        &contracts::FILE,
        &output::NO_OUTPUT,
        &storage::MOUNT,
        &contracts::UNWRITTEN,
        &libraries::EGG,
        &databricks::NO_CLUSTER,
        &libraries::KIND,
    ],
    check,
};

/// The rules about files that are not what they should be.
pub(super) const ABOUT_TEXT: &[&Rule] = &[&contracts::FILE];

fn check(context: &Context<'_>, findings: &mut Findings) {
    for pipeline in context.pipelines() {
        for activity in pipeline.active() {
            databricks::check(context, pipeline, activity, findings);
            ml::check_activity(context, pipeline, activity, findings);
        }
    }
    libraries::check(context, findings);
    output::check(context, findings);
    if let Some(written) = context.written() {
        storage::check(context, written, findings);
        ml::check_names(written, findings);
        contracts::check(context, written, findings);
    }
}

/// The path of the notebook that an activity runs, where it is the same in every run, and its JSON pointer.
pub(super) fn notebook_path<'a>(
    context: &Context<'_>,
    activity: &Activity<'a>,
) -> Option<(Cow<'a, str>, String)> {
    if activity.kind() != Some("DatabricksNotebook") {
        return None;
    }
    let path = text(activity.type_property("notebookPath")?)?;
    let path = match is_dynamic_text(path) {
        true => Cow::Owned(known(context, path)?),
        false => Cow::Borrowed(path),
    };
    let pointer = format!("{}/typeProperties/notebookPath", activity.pointer);
    Some((path, pointer))
}

/// The text that an expression is in every run: it sees nothing but the factory's global parameters.
fn known(context: &Context<'_>, expression: &str) -> Option<String> {
    let lower = expression.to_ascii_lowercase();
    if ["utcnow", "guid(", "rand("]
        .iter()
        .any(|changing| lower.contains(changing))
    {
        return None;
    }
    match adf_expr::evaluate_text(expression, context.global_scope()).ok()? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// The members of an object that is one, also where it is written as an expression around it.
fn members(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let members = value.and_then(Value::as_object).into_iter().flatten();
    members.map(|(key, value)| (key.as_str(), value))
}
