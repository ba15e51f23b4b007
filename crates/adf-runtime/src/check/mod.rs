//! What the service refuses when a pipeline is saved: names, dependencies, nesting, references, variables.

mod declaration;
mod graph;
mod name;
mod nesting;
mod reference;
mod variable;

use std::fmt;

use adf_model::{Activity, Pipeline};

use crate::Definitions;
use crate::contents::{Contents, contents};

/// Something that the service refuses in a pipeline's definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The activity that it is about, if it is about one.
    pub activity: Option<String>,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(activity) = &self.activity {
            write!(f, "activity `{activity}`: ")?;
        }
        write!(f, "{}", self.reason)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl Finding {
    fn pipeline(reason: impl Into<String>) -> Self {
        Self {
            activity: None,
            reason: reason.into(),
            hint: None,
        }
    }

    fn activity(activity: &Activity, reason: impl Into<String>) -> Self {
        Self {
            activity: Some(activity.name.clone()),
            ..Self::pipeline(reason)
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// An activity together with where it stands.
struct Placed<'a> {
    activity: &'a Activity,
    /// The types of the containers around it, outermost first.
    around: Vec<String>,
}

/// Lists what the service refuses in a pipeline.
///
/// Expressions are not judged, apart from a variable that is set from itself: the service finds their faults when they
/// are evaluated.
#[must_use]
pub fn check_definition(
    name: &str,
    pipeline: &Pipeline,
    definitions: &dyn Definitions,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let activities = &pipeline.properties.activities;
    declaration::check(pipeline, &mut findings);
    name::check(name, activities, &mut findings);
    check_flow(activities, &[], &mut |flow, around| {
        graph::check(flow, &mut findings);
        for activity in flow.iter().filter(|activity| !activity.is_inactive()) {
            let placed = Placed {
                activity,
                around: around.to_vec(),
            };
            nesting::check(&placed, &mut findings);
            reference::check(activity, (name, pipeline), definitions, &mut findings);
            if let Err(error) = contents(activity) {
                let reason = format!("`typeProperties` of `{}`: {error}", activity.kind);
                findings.push(Finding::activity(activity, reason));
            }
        }
    });
    findings
}

/// Lists what the service refuses in a pipeline whatever else the factory has: types that do not exist, and too much of something.
#[must_use]
pub fn check_declarations(pipeline: &Pipeline) -> Vec<Finding> {
    let mut findings = Vec::new();
    declaration::check(pipeline, &mut findings);
    findings
}

/// Shows each flow of a pipeline together with the types of the containers around it. Inactive containers stay closed.
fn check_flow(flow: &[Activity], around: &[String], visit: &mut dyn FnMut(&[Activity], &[String])) {
    visit(flow, around);
    for activity in flow.iter().filter(|activity| !activity.is_inactive()) {
        let Ok(contents) = contents(activity) else {
            continue;
        };
        let mut inside = around.to_vec();
        inside.push(activity.kind.clone());
        for flow in Contents::flows(&contents) {
            check_flow(flow, &inside, visit);
        }
    }
}

pub(crate) use variable::RETURN_VALUE;
