//! The activities of a pipeline wherever they stand, read without trusting the document.

use adf_model::Members as _;
use serde_json::{Map, Value};

/// The part of a container that an activity is in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Branch {
    /// The body of a `ForEach` or `Until`.
    Body,
    /// What an `IfCondition` runs when its expression is true.
    True,
    /// What it runs otherwise.
    False,
    /// The case of a `Switch` with this value.
    Case(String),
    /// What a `Switch` runs when no case matches.
    Default,
}

/// An activity and its place.
#[derive(Clone, Debug)]
pub struct PlacedActivity<'d> {
    /// Its JSON pointer in the pipeline's document.
    pub pointer: String,
    /// The JSON pointer of the array that it is in: its siblings are those with the same one.
    pub siblings: String,
    /// The container, by its place in the list, and the part of it.
    pub within: Option<(usize, Branch)>,
    /// What is written there.
    pub json: &'d Map<String, Value>,
    name: Option<&'d str>,
    kind: Option<&'d str>,
    type_properties: Option<&'d Value>,
}

impl<'d> PlacedActivity<'d> {
    fn new(pointer: String, siblings: &str, json: &'d Map<String, Value>) -> Self {
        Self {
            pointer,
            siblings: siblings.to_owned(),
            within: None,
            json,
            name: json.member("name").and_then(Value::as_str),
            kind: json.member("type").and_then(Value::as_str),
            type_properties: json.member("typeProperties"),
        }
    }

    /// Its name, where it is a text.
    #[must_use]
    pub const fn name(&self) -> Option<&'d str> {
        self.name
    }

    /// Its type, where it is a text.
    #[must_use]
    pub const fn kind(&self) -> Option<&'d str> {
        self.kind
    }

    /// The properties of its type, whatever they are.
    #[must_use]
    pub const fn type_properties(&self) -> Option<&'d Value> {
        self.type_properties
    }

    /// A property of its type.
    #[must_use]
    pub fn type_property(&self, name: &str) -> Option<&'d Value> {
        self.type_properties?.member(name)
    }
}

/// The name of an activity as all its spellings have it: the service looks neither at case nor at blanks around it.
#[must_use]
pub fn name_key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The activities of a pipeline in document order, a container before what it holds.
#[must_use]
pub fn activities(pipeline: &Value) -> Vec<PlacedActivity<'_>> {
    let mut found: Vec<PlacedActivity<'_>> = Vec::new();
    let properties = pipeline.member("properties");
    let top = properties.and_then(|properties| properties.member("activities"));
    let mut open = entries(top, "/properties/activities", None);
    open.reverse();
    while let Some(activity) = open.pop() {
        let at = found.len();
        let mut inner = Vec::new();
        for (list, pointer, branch) in contents(&activity) {
            inner.extend(entries(Some(list), &pointer, Some(&(at, branch))));
        }
        open.extend(inner.into_iter().rev());
        found.push(activity);
    }
    found
}

fn entries<'d>(
    list: Option<&'d Value>,
    pointer: &str,
    within: Option<&(usize, Branch)>,
) -> Vec<PlacedActivity<'d>> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    let placed = |(at, item): (usize, &'d Value)| {
        let pointer_of_item = format!("{pointer}/{at}");
        let mut placed = PlacedActivity::new(pointer_of_item, pointer, item.as_object()?);
        placed.within = within.cloned();
        Some(placed)
    };
    items.enumerate().filter_map(placed).collect()
}

/// The lists of activities that an activity holds, with their JSON pointers.
fn contents<'d>(activity: &PlacedActivity<'d>) -> Vec<(&'d Value, String, Branch)> {
    let parts: &[(&str, Branch)] = match activity.kind() {
        Some("ForEach" | "Until") => &[("activities", Branch::Body)],
        Some("IfCondition") => &[
            ("ifTrueActivities", Branch::True),
            ("ifFalseActivities", Branch::False),
        ],
        Some("Switch") => &[("defaultActivities", Branch::Default)],
        _ => &[],
    };
    let below = format!("{}/typeProperties", activity.pointer);
    let mut lists = Vec::new();
    if activity.kind() == Some("Switch") {
        let cases = activity.type_property("cases").and_then(Value::as_array);
        for (at, case) in cases.into_iter().flatten().enumerate() {
            if let Some(list) = case.member("activities") {
                let pointer = format!("{below}/cases/{at}/activities");
                lists.push((list, pointer, Branch::Case(case_value(case))));
            }
        }
    }
    for (property, branch) in parts {
        if let Some(list) = activity.type_property(property) {
            lists.push((list, format!("{below}/{property}"), branch.clone()));
        }
    }
    lists
}

fn case_value(case: &Value) -> String {
    match case.member("value") {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}
