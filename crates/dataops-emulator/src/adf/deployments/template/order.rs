//! Which resource of a template comes after which.

use std::collections::HashMap;

use super::draft::Draft;
use super::expand::{Expanded, Planned};
use super::within::Within;
use super::{Result, TemplateError};

/// For each draft, the places of those that come before it.
pub(super) struct Order(Vec<Vec<usize>>);

impl Order {
    /// Finds what each depends on.
    pub(super) fn of(drafts: &[Draft], within: &Within) -> Result<Self> {
        let mut places = HashMap::new();
        for (place, draft) in drafts.iter().enumerate() {
            if places.insert(draft.id.to_lowercase(), place).is_some() {
                let id = &draft.id;
                let message =
                    format!("the resource '{id}' is defined multiple times in a template");
                return Err(TemplateError::invalid(message));
            }
        }
        let by_name = drafts.iter().enumerate().rev();
        let by_name: HashMap<_, _> = by_name
            .map(|(place, draft)| (draft.name.to_lowercase(), place))
            .collect();
        let prefix = format!(
            "/subscriptions/{}/resourceGroups/{}/providers/",
            within.subscription, within.group
        );
        let find = |wanted: &str| {
            let wanted = wanted.to_lowercase();
            let full = format!("{prefix}{wanted}").to_lowercase();
            let found = places.get(&wanted).or_else(|| places.get(&full));
            found.or_else(|| by_name.get(&wanted)).copied()
        };
        let all = drafts.iter().map(|draft| {
            let found = draft.depends_on.iter().map(|wanted| {
                find(wanted).ok_or_else(|| {
                    TemplateError::invalid(format!(
                        "the resource '{wanted}' is not defined in the template"
                    ))
                })
            });
            let mut found: Vec<_> = found.collect::<Result<_>>()?;
            found.sort_unstable();
            found.dedup();
            Ok(found)
        });
        let order = Self(all.collect::<Result<_>>()?);
        match order.in_a_circle() {
            Some(place) => {
                let id = &drafts[place].id;
                Err(TemplateError::invalid(format!(
                    "circular dependency detected on resource: '{id}'"
                )))
            }
            None => Ok(order),
        }
    }

    /// A resource that never gets its turn.
    fn in_a_circle(&self) -> Option<usize> {
        let mut done = vec![false; self.0.len()];
        loop {
            let ready =
                |place: &usize| !done[*place] && self.0[*place].iter().all(|before| done[*before]);
            let ready: Vec<_> = (0..self.0.len()).filter(ready).collect();
            if ready.is_empty() {
                return done.iter().position(|done| !done);
            }
            ready.into_iter().for_each(|place| done[place] = true);
        }
    }

    /// All resources in one list; those of a template within come after what that depends on, and before what depends on it.
    pub(super) fn flatten(self, drafts: Vec<Draft>) -> Expanded {
        let mut starts = Vec::with_capacity(drafts.len());
        let mut count = 0;
        for draft in &drafts {
            starts.push(count..count + draft.resources.len());
            count += draft.resources.len();
        }
        let mut resources = Vec::with_capacity(count);
        for (place, draft) in drafts.into_iter().enumerate() {
            let before = self.0[place]
                .iter()
                .flat_map(|before| starts[*before].clone());
            let before: Vec<_> = before.collect();
            let start = starts[place].start;
            resources.extend(draft.resources.into_iter().map(|planned| {
                let inner = planned.after.iter().map(|at| at + start);
                let mut after: Vec<_> = before.iter().copied().chain(inner).collect();
                after.sort_unstable();
                Planned { after, ..planned }
            }));
        }
        Expanded {
            resources,
            outputs: None,
        }
    }
}
