//! What a change does to data contracts.

use data_contract::Contract;
use data_contract::compare::compare;
use data_contract::model::Variables;

use super::sides::Sides;
use crate::report::review::{ContractChange, ContractOutcome};

/// The contracts that differ. What cannot be read is told by the findings; here only that nothing is known.
pub(super) fn compared(sides: &Sides) -> Vec<ContractChange> {
    let (before, after) = (sides.before.contracts(), sides.after.contracts());
    let mut paths: Vec<_> = before.keys().chain(after.keys()).copied().collect();
    paths.sort_unstable();
    paths.dedup();
    let changes = paths.into_iter().filter_map(|path| {
        let outcome = match (before.get(path), after.get(path)) {
            (Some(old), Some(new)) if old == new => return None,
            (Some(old), Some(new)) => both(old, new)?,
            (Some(_), None) => ContractOutcome::Gone,
            (None, Some(_)) => ContractOutcome::New,
            (None, None) => return None,
        };
        Some(ContractChange {
            path: path.to_owned(),
            outcome,
        })
    });
    changes.collect()
}

/// Two versions; nothing where they promise the same.
fn both(old: &str, new: &str) -> Option<ContractOutcome> {
    // Variables keep their places: they are the same before and after.
    let read = |text| Contract::read(text, &Variables::default());
    let (old, new) = match (read(old), read(new)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(error), _) | (_, Err(error)) => {
            return Some(ContractOutcome::Unread(error.to_string()));
        }
    };
    let comparison = compare(&old, &new);
    (!comparison.changes.is_empty()).then(|| ContractOutcome::Changed(Box::new(comparison)))
}
