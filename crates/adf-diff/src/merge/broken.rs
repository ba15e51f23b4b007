//! Needs that one side has and the other no longer meets.

use std::collections::HashMap;

use adf_model::ResourceId;

use super::contract::Contracts;
use super::found::{Fault, Found, Place, Whose};
use super::need::Need;
use crate::Subject;
use crate::difference::renamed;
use crate::side::Side;

/// The contracts of the base and both sides.
struct Sides {
    base: Contracts,
    one: Contracts,
    other: Contracts,
}

/// Needs that the result does not meet, and each side alone does.
pub(super) fn broken(sides: &[Side<'_>; 3], result: &Side<'_>) -> Vec<Found> {
    let [base, one, other] = sides.each_ref().map(|side| Contracts::of(side));
    let result = Contracts::of(result);
    let (open_one, open_other) = (one.open(), other.open());
    let mut broken = Vec::new();
    for (need, users) in result.open() {
        for (user, pointer) in users {
            let mut open = [&open_one, &open_other].into_iter();
            if !open.any(|open| open.get(need).is_some_and(|users| users.contains_key(user))) {
                broken.push((need, user, pointer));
            }
        }
    }
    if broken.is_empty() {
        return Vec::new();
    }
    let new_names = new_names(sides);
    let sides = Sides { base, one, other };
    let told = broken.into_iter().map(|(need, user, pointer)| {
        let written = result.written.get(need).unwrap_or(need).clone();
        let renamed_to = match need {
            Need::Resource(id) => new_names.get(id).cloned(),
            _ => None,
        };
        Found {
            subject: Subject::Resource(user.clone()),
            fault: Fault::Broken {
                need: written,
                user: sides.user(need, user),
                breaker: sides.breaker(need),
                renamed_to,
            },
            places: sides.places(need, user, pointer),
        }
    });
    told.collect()
}

/// The new names of resources that a side has renamed.
fn new_names([base, one, other]: &[Side<'_>; 3]) -> HashMap<ResourceId, String> {
    let pairs = [one, other]
        .into_iter()
        .flat_map(|side| renamed(base, side));
    pairs
        .map(|(from, to)| (from.id.clone(), to.id.name.clone()))
        .collect()
}

impl Sides {
    /// Who has come to need it.
    fn user(&self, need: &Need, user: &ResourceId) -> Whose {
        // An argument is missing only where it is asked for: there the reference counts.
        let use_ = match need {
            Need::Argument(target, _) => &Need::Resource(target.clone()),
            need => need,
        };
        self.whose(|contracts| {
            contracts
                .needs
                .get(use_)
                .is_some_and(|users| users.contains_key(user))
        })
    }

    /// Who has taken it away, or come to ask for it.
    fn breaker(&self, need: &Need) -> Whose {
        match need {
            Need::Argument(..) => self.whose(|contracts| contracts.required.contains(need)),
            _ => self.whose(|contracts| !contracts.offers.contains(need)),
        }
    }

    /// Who has brought something about that the base does not have.
    fn whose(&self, has: impl Fn(&Contracts) -> bool) -> Whose {
        match (has(&self.base), has(&self.one), has(&self.other)) {
            (true, _, _) | (_, false, false) => Whose::Base,
            (_, true, true) => Whose::Both,
            (_, true, false) => Whose::One,
            (_, false, true) => Whose::Other,
        }
    }

    /// Where it is needed: on each side that needs it, otherwise in the result.
    fn places(&self, need: &Need, user: &ResourceId, pointer: &str) -> Vec<Place> {
        let place = |whose, pointer: &str| Place {
            whose,
            resource: user.clone(),
            pointer: pointer.to_owned(),
        };
        let sides = [(Whose::One, &self.one), (Whose::Other, &self.other)];
        let places: Vec<_> = sides
            .into_iter()
            .filter_map(|(whose, contracts)| {
                Some(place(whose, contracts.needs.get(need)?.get(user)?))
            })
            .collect();
        match places.is_empty() {
            true => vec![place(self.user(need, user), pointer)],
            false => places,
        }
    }
}
