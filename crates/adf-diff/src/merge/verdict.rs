//! What breaks when two changes are merged, though each is whole alone.

use std::collections::BTreeSet;

use adf_graph::ActivityGraph;
use adf_model::{Kind, ResourceId};
use adf_source::Repository;
use serde_json::Value;

use super::broken;
use super::found::{Fault, Found, Place, Whose};
use super::repository::{Conflict, Merged, merge_sides};
use crate::Subject;
use crate::covered;
use crate::side::Side;

/// What a limit is about, the most that the service takes, and how it is counted.
type Limit = (&'static str, usize, fn(&Value) -> usize);

/// The activities of a pipeline, those in containers included, and its parameters.
const LIMITS: [Limit; 2] = [
    ("activities", 80, activities),
    ("parameters", 50, parameters),
];

fn activities(pipeline: &Value) -> usize {
    adf_graph::activities(pipeline).len()
}

fn parameters(pipeline: &Value) -> usize {
    let parameters = pipeline
        .pointer("/properties/parameters")
        .and_then(Value::as_object);
    parameters.map_or(0, serde_json::Map::len)
}

/// What breaks when `one` and `other` are merged, both having begun with `base`. What one side alone breaks is not told of.
#[must_use]
pub fn check(base: &Repository, one: &Repository, other: &Repository) -> Vec<Found> {
    let sides = [Side::new(base), Side::new(one), Side::new(other)];
    let merged = merge_sides(&sides);
    let conflicts = merged.conflicts.iter();
    let mut found: Vec<_> = conflicts
        .map(|conflict| of_conflict(conflict, &sides))
        .collect();
    let result = Side::new(&merged.repository);
    found.extend(broken::broken(&sides, &result));
    found.extend(circles(&sides, &result));
    found.extend(in_pipelines(&sides, &merged));
    found
}

fn of_conflict(conflict: &Conflict, sides: &[Side<'_>; 3]) -> Found {
    let place = |(whose, side): (Whose, &Side<'_>)| {
        let Subject::Resource(id) = &conflict.subject else {
            return None;
        };
        let resource = side.get(id)?;
        let path = conflict.path.as_ref();
        let pointer = path.and_then(|path| path.pointer_in(resource.file.json()));
        Some(Place {
            whose,
            resource: id.clone(),
            pointer: pointer.unwrap_or_default(),
        })
    };
    let both = [(Whose::One, &sides[1]), (Whose::Other, &sides[2])];
    Found {
        subject: conflict.subject.clone(),
        fault: Fault::Conflict {
            path: conflict.path.as_ref().map(|path| covered::path(&path.0)),
            text: conflict.text.clone(),
        },
        places: both.into_iter().filter_map(place).collect(),
    }
}

/// Circles of resources that neither side has.
fn circles(sides: &[Side<'_>; 3], result: &Side<'_>) -> Vec<Found> {
    let known: BTreeSet<Vec<&ResourceId>> = sides
        .iter()
        .flat_map(|side| side.graph.cycles())
        .map(|cycle| cycle.members)
        .collect();
    let cycles = result
        .graph
        .cycles()
        .into_iter()
        .filter(|cycle| !known.contains(&cycle.members));
    cycles
        .filter_map(|cycle| {
            let members = cycle
                .path
                .iter()
                .map(|reference| reference.from.name.clone());
            let places = cycle.path.iter().map(|reference| Place {
                whose: Whose::Both,
                resource: reference.from.clone(),
                pointer: reference.pointer.to_owned(),
            });
            Some(Found {
                subject: Subject::Resource((*cycle.members.first()?).clone()),
                fault: Fault::Circle {
                    members: members.collect(),
                },
                places: places.collect(),
            })
        })
        .collect()
}

/// Circles of activities, and limits, that neither side alone has reached.
fn in_pipelines(sides: &[Side<'_>; 3], merged: &Merged) -> Vec<Found> {
    let mut found = Vec::new();
    for resource in merged.repository.of_kind(Kind::Pipeline) {
        let graph = ActivityGraph::of(resource.file.json());
        let mut add = |fault| {
            found.push(Found {
                subject: Subject::Resource(resource.id.clone()),
                fault,
                places: Vec::new(),
            });
        };
        let alone: Vec<_> = sides[1..]
            .iter()
            .filter_map(|side| side.get(&resource.id))
            .map(|resource| resource.file.json())
            .collect();
        let was = |holds: &dyn Fn(&Value) -> bool| alone.iter().any(|json| holds(json));
        if !graph.cycles().is_empty() && !was(&|json| !ActivityGraph::of(json).cycles().is_empty())
        {
            for cycle in graph.cycles() {
                let members = cycle.iter().map(|at| graph.activities[*at].name.clone());
                add(Fault::Circle {
                    members: members.collect(),
                });
            }
        }
        for (what, most, count) in LIMITS {
            let reached = count(resource.file.json());
            if reached > most && !was(&|json| count(json) > most) {
                add(Fault::Limit {
                    what,
                    count: reached,
                    most,
                });
            }
        }
    }
    found
}
