//! Which checks are wanted.

use crate::plan::{Check, Plan, Severity};
use crate::suggestion::nearest;

use super::CompileError;

/// Which checks are made: those that have one of each list that is not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Names of objects.
    pub objects: Vec<String>,
    /// Ids of checks (`--quality-id`).
    pub ids: Vec<String>,
    /// Tags (`--tag`).
    pub tags: Vec<String>,
    /// Dimensions of quality (`--dimension`).
    pub dimensions: Vec<String>,
    /// Severities.
    pub severities: Vec<Severity>,
}

type Criterion<'s> = (&'static str, &'s [String], fn(&Plan, &Check) -> Vec<String>);

impl Selection {
    pub(super) fn apply(&self, plan: &mut Plan) -> Result<(), CompileError> {
        let criteria: [Criterion<'_>; 4] = [
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
        ];
        let mut kept = vec![true; plan.checks.len()];
        for (what, wanted, names) in criteria {
            narrow(plan, &mut kept, (what, wanted, names))?;
        }
        if !self.severities.is_empty() {
            for (kept, check) in kept.iter_mut().zip(&plan.checks) {
                *kept &= self.severities.contains(&check.severity);
            }
        }
        if kept.iter().all(|kept| *kept) {
            return Ok(());
        }
        if !kept.iter().any(|kept| *kept) {
            return Err(CompileError::Nothing);
        }
        let mut ids = kept.iter().zip(&plan.checks);
        let ids: std::collections::HashSet<String> = ids
            .by_ref()
            .filter(|(kept, _)| **kept)
            .map(|(_, check)| check.id.clone())
            .collect();
        plan.keep(|check| ids.contains(&check.id));
        Ok(())
    }
}

fn narrow(
    plan: &Plan,
    kept: &mut [bool],
    (what, wanted, names): Criterion<'_>,
) -> Result<(), CompileError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let all: Vec<_> = plan.checks.iter().map(|check| names(plan, check)).collect();
    let mut known = all.iter().flatten();
    for name in wanted {
        if !known.clone().any(|known| same(known, name)) {
            return Err(CompileError::NotThere {
                what,
                name: name.clone(),
                nearest: nearest(name, known.by_ref().map(String::as_str)).map(str::to_owned),
            });
        }
    }
    for (kept, names) in kept.iter_mut().zip(&all) {
        let mut pairs = names
            .iter()
            .flat_map(|name| wanted.iter().map(move |want| (name, want)));
        *kept &= pairs.any(|(name, want)| same(name, want));
    }
    Ok(())
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}
