//! Which checks are wanted.

use std::collections::HashSet;

use crate::plan::{Check, Plan, Severity};
use crate::suggestion::nearest;

use super::{CompileError, dimension_named};

/// Which checks are made: those that have one of each list that is not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Names of objects.
    pub objects: Vec<String>,
    /// Ids of checks (`--quality-id`).
    pub ids: Vec<String>,
    /// Tags (`--tag`).
    pub tags: Vec<String>,
    /// Dimensions of quality (`--dimension`), by their names or their two letters.
    pub dimensions: Vec<String>,
    /// Severities.
    pub severities: Vec<Severity>,
}

/// What is sought, the names of it that are wanted, and those that a check has.
type Criterion<'s> = (&'static str, &'s [String], fn(&Plan, &Check) -> Vec<String>);

impl Selection {
    /// What is selected of each of several plans; nothing of those of which no check is left.
    ///
    /// # Errors
    ///
    /// When what is selected is in none of them.
    pub fn among(&self, plans: &[Plan]) -> Result<Vec<Option<Self>>, CompileError> {
        if *self == Self::default() {
            return Ok(vec![Some(Self::default()); plans.len()]);
        }
        let selection = self.spelled();
        selection.all_there(&plans.iter().collect::<Vec<_>>())?;
        let parts = plans.iter().map(|plan| {
            let is_left = selection.kept(plan).contains(&true);
            is_left.then(|| selection.part(plan))
        });
        let parts: Vec<_> = parts.collect();
        match parts.iter().any(Option::is_some) {
            true => Ok(parts),
            false => Err(CompileError::Nothing),
        }
    }

    /// The same with the names of dimensions in place of their two letters.
    fn spelled(&self) -> Self {
        let spell = |name: &String| match dimension_named(name) {
            Some(known) => known.to_owned(),
            None => name.clone(),
        };
        Self {
            dimensions: self.dimensions.iter().map(spell).collect(),
            ..self.clone()
        }
    }

    fn criteria(&self) -> [Criterion<'_>; 4] {
        [
            ("object", &self.objects, |plan, check| {
                vec![plan.objects[check.object.0].name.clone()]
            }),
            ("check with the id", &self.ids, |_, check| {
                vec![check.id.clone()]
            }),
            ("check with the tag", &self.tags, |_, check| {
                check.tags.clone()
            }),
            ("check with the dimension", &self.dimensions, |_, check| {
                check.dimension.iter().cloned().collect()
            }),
        ]
    }

    /// Makes sure that each name is in some plan.
    fn all_there(&self, plans: &[&Plan]) -> Result<(), CompileError> {
        for (what, wanted, names) in self.criteria() {
            if wanted.is_empty() {
                continue;
            }
            let checks = plans
                .iter()
                .flat_map(|plan| plan.checks.iter().flat_map(|check| names(plan, check)));
            let mut seen = HashSet::new();
            let known: Vec<String> = checks.filter(|name| seen.insert(name.clone())).collect();
            for name in wanted {
                if !known.iter().any(|known| same(known, name)) {
                    return Err(CompileError::NotThere {
                        what,
                        name: name.clone(),
                        nearest: nearest(name, known.iter().map(String::as_str)).map(str::to_owned),
                        known,
                    });
                }
            }
        }
        Ok(())
    }

    /// Which checks of a plan are wanted.
    fn kept(&self, plan: &Plan) -> Vec<bool> {
        let criteria = self.criteria();
        let is_kept = |check: &Check| {
            let has = |(_, wanted, names): &Criterion<'_>| {
                let is_wanted = |name: &String| wanted.iter().any(|want| same(name, want));
                wanted.is_empty() || names(plan, check).iter().any(is_wanted)
            };
            let is_severe = self.severities.is_empty() || self.severities.contains(&check.severity);
            is_severe && criteria.iter().all(has)
        };
        plan.checks.iter().map(is_kept).collect()
    }

    /// The names of it that a plan has.
    fn part(&self, plan: &Plan) -> Self {
        let part = |(_, wanted, names): &Criterion<'_>| {
            let is_there = |want: &&String| {
                let mut checks = plan.checks.iter();
                checks.any(|check| names(plan, check).iter().any(|name| same(name, want)))
            };
            wanted.iter().filter(is_there).cloned().collect()
        };
        let [objects, ids, tags, dimensions] = self.criteria().each_ref().map(part);
        Self {
            objects,
            ids,
            tags,
            dimensions,
            severities: self.severities.clone(),
        }
    }

    pub(super) fn apply(&self, plan: &mut Plan) -> Result<(), CompileError> {
        let selection = self.spelled();
        selection.all_there(&[plan])?;
        let kept = selection.kept(plan);
        if kept.iter().all(|kept| *kept) {
            return Ok(());
        }
        if !kept.iter().any(|kept| *kept) {
            return Err(CompileError::Nothing);
        }
        let ids = kept.iter().zip(&plan.checks);
        let ids: HashSet<String> = ids
            .filter(|(kept, _)| **kept)
            .map(|(_, check)| check.id.clone())
            .collect();
        plan.keep(|check| ids.contains(&check.id));
        Ok(())
    }
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}
