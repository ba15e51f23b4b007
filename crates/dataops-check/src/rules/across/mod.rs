//! What one part of a solution says about another: pipelines about notebooks, triggers about containers, contracts about data.

mod contracts;
mod databricks;
mod libraries;
mod ml;
mod output;
mod storage;

use serde_json::Value;

use super::Group;
use crate::pipeline::Activity;
use crate::value::constant;
use crate::{Context, Findings};

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
    ],
    check,
};

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
pub(super) fn notebook_path<'a>(activity: &Activity<'a>) -> Option<(&'a str, String)> {
    if activity.kind() != Some("DatabricksNotebook") {
        return None;
    }
    let path = constant(activity.type_property("notebookPath")?)?;
    Some((
        path,
        format!("{}/typeProperties/notebookPath", activity.pointer),
    ))
}

/// The members of an object that is one, also where it is written as an expression around it.
fn members(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let members = value.and_then(Value::as_object).into_iter().flatten();
    members.map(|(key, value)| (key.as_str(), value))
}

/// A key as a part of a JSON pointer.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
