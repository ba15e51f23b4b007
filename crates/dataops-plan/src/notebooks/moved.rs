//! Whether what was planned for notebooks still holds.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{NotebookPlan, ObjectPlan};
use crate::verify::MovedHow;

/// A notebook or file that is no longer as it was when the plan was made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MovedObject {
    /// The whole path in the workspace.
    pub path: String,
    /// How.
    pub how: MovedHow,
}

impl fmt::Display for MovedObject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.how {
            MovedHow::Appeared => "is in the workspace now",
            MovedHow::Disappeared => "is no longer in the workspace",
            MovedHow::Source => "is not what the plan was made of",
            _ => "was changed in the workspace",
        };
        write!(out, "{} {how}", self.path)
    }
}

impl NotebookPlan {
    /// What a plan made now would say something else of: the workspace or the source is not what it was.
    #[must_use]
    pub fn moved_since(&self, now: &Self) -> Vec<MovedObject> {
        let (planned, now) = (self.by_path(), now.by_path());
        let paths: BTreeSet<_> = planned.keys().chain(now.keys()).copied().collect();
        let moved = paths.into_iter().filter_map(|path| {
            let how = since(planned.get(path).copied(), now.get(path).copied())?;
            Some(MovedObject {
                path: path.to_owned(),
                how,
            })
        });
        moved.collect()
    }

    fn by_path(&self) -> BTreeMap<&str, &ObjectPlan> {
        let objects = self.objects.iter();
        objects
            .map(|object| (object.path.as_str(), object))
            .collect()
    }
}

/// What is not in the source is in the workspace, and the other way round.
fn since(planned: Option<&ObjectPlan>, now: Option<&ObjectPlan>) -> Option<MovedHow> {
    let is_wanted = |plan: &ObjectPlan| plan.source.is_some();
    match (planned, now) {
        (Some(plan), None) if !is_wanted(plan) => Some(MovedHow::Disappeared),
        (None, Some(plan)) if !is_wanted(plan) => Some(MovedHow::Appeared),
        (Some(planned), Some(now)) if planned.content == now.content => {
            let (was, is) = (&planned.live, &now.live);
            let is_same = (planned.action, &planned.kind) == (now.action, &now.kind) && was == is;
            (!is_same).then_some(match (was, is) {
                (None, Some(_)) => MovedHow::Appeared,
                (Some(_), None) => MovedHow::Disappeared,
                _ => MovedHow::Changed,
            })
        }
        (None, None) => None,
        _ => Some(MovedHow::Source),
    }
}
