//! A pipeline with its activities, and which of them the service looks at.

use std::ops::Deref;

use adf_graph::PlacedActivity;
use adf_model::Members as _;
use adf_source::SourceResource;
use serde_json::Value;

/// A pipeline and its activities, wherever they stand.
pub(crate) struct Pipeline<'a> {
    pub(crate) resource: &'a SourceResource,
    /// In document order, a container before what it holds.
    pub(crate) activities: Vec<Activity<'a>>,
}

/// An activity.
pub(crate) struct Activity<'a> {
    placed: PlacedActivity<'a>,
    /// Whether it is switched on, and so are the containers around it. The service does not look at others.
    pub(crate) is_active: bool,
}

impl<'a> Pipeline<'a> {
    pub(crate) fn of(resource: &'a SourceResource) -> Self {
        let mut activities: Vec<Activity<'a>> = Vec::new();
        for placed in adf_graph::activities(resource.file.json()) {
            let around = placed.within.as_ref();
            let around = around.is_none_or(|(container, _)| activities[*container].is_active);
            let is_active = around && !is_inactive(placed.json.member("state"));
            activities.push(Activity { placed, is_active });
        }
        Self {
            resource,
            activities,
        }
    }

    /// The activities that the service looks at.
    pub(crate) fn active(&self) -> impl Iterator<Item = &Activity<'a>> {
        self.activities.iter().filter(|activity| activity.is_active)
    }
}

fn is_inactive(state: Option<&Value>) -> bool {
    let state = state.and_then(Value::as_str);
    state.is_some_and(|state| state.eq_ignore_ascii_case("Inactive"))
}

impl<'a> Deref for Activity<'a> {
    type Target = PlacedActivity<'a>;

    fn deref(&self) -> &PlacedActivity<'a> {
        &self.placed
    }
}
