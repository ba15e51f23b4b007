//! A pipeline as a picture.

use std::collections::{BTreeMap, HashSet};

use adf_model::Condition;

use super::{Arrow, Class, Mark, Picture, Shape, Stroke, clean};
use crate::{ActivityGraph, Branch};

impl Picture {
    /// A picture of the activities of a pipeline: containers are frames, arrows lead from an activity to those that wait for it.
    #[must_use]
    pub fn of_pipeline(graph: &ActivityGraph, title: &str) -> Self {
        let mut picture = Self {
            title: clean(title),
            ..Self::default()
        };
        let branched = branched(graph);
        let mut places = Vec::with_capacity(graph.activities.len());
        let mut branches = BTreeMap::new();
        for activity in &graph.activities {
            let mut shape = Shape::new(
                &activity.name,
                &activity.kind,
                Class::of_activity(&activity.kind),
            );
            if activity.is_inactive {
                shape.mark = Mark::Inactive;
            }
            shape.within = activity.within.as_ref().map(|(container, branch)| {
                if !branched.contains(container) {
                    return places[*container];
                }
                *branches.entry((*container, branch)).or_insert_with(|| {
                    let mut frame = Shape::new(&name(branch), "", Class::Branch);
                    frame.within = Some(places[*container]);
                    picture.shapes.push(frame);
                    picture.shapes.len() - 1
                })
            });
            places.push(picture.shapes.len());
            picture.shapes.push(shape);
        }
        for waits in &graph.waits {
            if let Some(on) = waits.on {
                let (stroke, label) = stroke(&waits.conditions);
                picture.arrows.push(Arrow {
                    from: places[on],
                    to: places[waits.waiting],
                    stroke,
                    label,
                });
            }
        }
        picture.description = format!(
            "{} activities, {} dependencies between them",
            graph.activities.len(),
            picture.arrows.len()
        );
        picture
    }
}

/// The containers whose branches are told apart: all but loops.
fn branched(graph: &ActivityGraph) -> HashSet<usize> {
    let within = graph
        .activities
        .iter()
        .filter_map(|activity| activity.within.as_ref());
    within
        .filter(|(_, branch)| *branch != Branch::Body)
        .map(|(container, _)| *container)
        .collect()
}

fn name(branch: &Branch) -> String {
    match branch {
        Branch::Body => "each time".to_owned(),
        Branch::True => "true".to_owned(),
        Branch::False => "false".to_owned(),
        Branch::Case(value) => format!("case {value}"),
        Branch::Default => "default".to_owned(),
    }
}

fn stroke(conditions: &[Condition]) -> (Stroke, String) {
    let stroke = match conditions {
        [Condition::Succeeded] => Stroke::Succeeded,
        [Condition::Failed] => Stroke::Failed,
        [Condition::Skipped] => Stroke::Skipped,
        [Condition::Completed] => Stroke::Completed,
        several => {
            let names: Vec<_> = several
                .iter()
                .map(|condition| format!("{condition:?}"))
                .collect();
            return (Stroke::Several, names.join(" or ").to_lowercase());
        }
    };
    (stroke, String::new())
}
