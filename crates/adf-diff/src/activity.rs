//! A pipeline taken apart: each activity for itself, whatever it is nested in.
//!
//! Names of activities are unique in a pipeline, and the order of a list of activities means nothing: what counts of an activity
//! is itself, and which container it is in.

use std::collections::HashMap;

use adf_graph::{Branch, PlacedActivity, activities};
use serde_json::Value;

use crate::{Path, Step};

/// A key of an activity: its name in lower case, and which one of that name it is.
pub(crate) type Key = (String, usize);

/// An activity without those that it holds.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) key: Key,
    /// The name as it is written.
    pub(crate) name: String,
    /// The activity without the lists of those in it.
    pub(crate) shell: Value,
    /// The container and the branch of it; none directly in the pipeline.
    pub(crate) within: Option<(Key, Branch)>,
    pub(crate) path: Path,
    pub(crate) pointer: String,
}

impl Part {
    /// The type; empty where none is written.
    pub(crate) fn kind(&self) -> &str {
        self.shell
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Where it is, for people: `outer › true`.
    pub(crate) fn place(&self) -> String {
        let Some(((name, _), branch)) = &self.within else {
            return String::new();
        };
        let branch = match branch {
            Branch::Body => return name.clone(),
            Branch::True => "true".to_owned(),
            Branch::False => "false".to_owned(),
            Branch::Case(value) => format!("case {value}"),
            Branch::Default => "default".to_owned(),
        };
        format!("{name} › {branch}")
    }
}

/// A pipeline's document without its activities, and the activities in document order.
pub(crate) fn take_apart(pipeline: &Value) -> (Value, Vec<Part>) {
    let mut rest = pipeline.clone();
    if let Some(properties) = rest.get_mut("properties") {
        remove_list(properties, "activities");
    }
    let mut occurrences: HashMap<String, usize> = HashMap::new();
    let mut parts: Vec<Part> = Vec::new();
    for activity in activities(pipeline) {
        let name = activity.name().unwrap_or_default().to_owned();
        let key = name.to_lowercase();
        let occurrence = occurrences.entry(key.clone()).or_default();
        *occurrence += 1;
        let within = activity.within.clone();
        let container = within.as_ref().map(|(container, _)| &parts[*container]);
        let path = path(&activity, &name, container.map(|part| &part.path));
        parts.push(Part {
            key: (key, *occurrence),
            within: within.and_then(|(at, branch)| Some((parts.get(at)?.key.clone(), branch))),
            shell: shell(&activity),
            pointer: activity.pointer,
            path,
            name,
        });
    }
    (rest, parts)
}

fn path(activity: &PlacedActivity<'_>, name: &str, container: Option<&Path>) -> Path {
    let key = |key: &str| Step::Key(key.to_owned());
    let mut steps = match container {
        Some(container) => container.0.clone(),
        None => vec![key("properties")],
    };
    match activity.within.as_ref().map(|(_, branch)| branch) {
        None => steps.push(key("activities")),
        Some(Branch::Body) => steps.extend([key("typeProperties"), key("activities")]),
        Some(Branch::True) => steps.extend([key("typeProperties"), key("ifTrueActivities")]),
        Some(Branch::False) => steps.extend([key("typeProperties"), key("ifFalseActivities")]),
        Some(Branch::Default) => steps.extend([key("typeProperties"), key("defaultActivities")]),
        Some(Branch::Case(value)) => steps.extend([
            key("typeProperties"),
            key("cases"),
            Step::Name(value.clone()),
            key("activities"),
        ]),
    }
    steps.push(Step::Name(name.to_owned()));
    Path(steps)
}

/// The activity without the lists that its contents are read from.
fn shell(activity: &PlacedActivity<'_>) -> Value {
    let mut shell = Value::Object(activity.json.clone());
    let properties = shell.get_mut("typeProperties");
    let keys: &[&str] = match activity.kind() {
        Some("ForEach" | "Until") => &["activities"],
        Some("IfCondition") => &["ifTrueActivities", "ifFalseActivities"],
        Some("Switch") => &["defaultActivities"],
        _ => return shell,
    };
    let Some(properties) = properties else {
        return shell;
    };
    for key in keys {
        remove_list(properties, key);
    }
    if activity.kind() == Some("Switch") {
        let cases = properties.get_mut("cases").and_then(Value::as_array_mut);
        for case in cases.into_iter().flatten() {
            remove_list(case, "activities");
        }
    }
    shell
}

/// Removes a list whose elements are all activities; anything else stays and is compared as what it is.
fn remove_list(within: &mut Value, key: &str) {
    if let Value::Object(object) = within
        && let Some(Value::Array(items)) = object.get(key)
        && items.iter().all(Value::is_object)
    {
        object.shift_remove(key);
    }
}
