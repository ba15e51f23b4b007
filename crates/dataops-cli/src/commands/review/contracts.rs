//! What a change does to data contracts.

use std::collections::BTreeMap;

use data_contract::Contract;
use data_contract::compare::compare;
use data_contract::model::Variables;

use super::sides::Sides;
use crate::context::Context;
use crate::failure::Failure;
use crate::report::review::{ContractChange, ContractOutcome};

/// States of a contract that promises nothing yet, or has told that its time ends.
const UNBOUND: [&str; 4] = ["proposed", "draft", "deprecated", "retired"];

/// What is compared with, and the contracts that differ from there.
pub(crate) async fn since(
    context: &Context,
    base: Option<&str>,
) -> Result<(String, Vec<ContractChange>), Failure> {
    let sides = Sides::read(context, base).await?;
    let changes = compared(&sides);
    Ok((sides.reads().0.name, changes))
}

/// The contracts that differ. What cannot be read is told by the findings; here only that nothing is known.
pub(super) fn compared(sides: &Sides) -> Vec<ContractChange> {
    let (before, after) = (sides.before.contracts(), sides.after.contracts());
    let moved = moved(&before, &after);
    let mut paths: Vec<_> = before.keys().chain(after.keys()).copied().collect();
    paths.retain(|path| !moved.values().any(|from| from == path));
    paths.sort_unstable();
    paths.dedup();
    let changes = paths.into_iter().filter_map(|path| {
        let from = moved.get(path).copied().unwrap_or(path);
        let outcome = match (before.get(from), after.get(path)) {
            (Some(old), Some(new)) if old == new => return None,
            (Some(old), Some(new)) => both(old, new)?,
            (Some(old), None) => gone(old),
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

/// The contracts whose files have another name now: the new path, and the one before. They are known by their ids.
fn moved<'s>(
    before: &BTreeMap<&'s str, &'s str>,
    after: &BTreeMap<&'s str, &'s str>,
) -> BTreeMap<&'s str, &'s str> {
    let only = |these: &BTreeMap<&'s str, &'s str>, others: &BTreeMap<&'s str, &'s str>| {
        let these = these.iter().filter(|(path, _)| !others.contains_key(*path));
        let named = these.filter_map(|(path, text)| {
            let id = read(text).ok()?.id().into_owned();
            (!id.is_empty()).then_some((id, *path))
        });
        named.collect::<BTreeMap<_, _>>()
    };
    let (gone, new) = (only(before, after), only(after, before));
    let pairs = new.into_iter();
    pairs
        .filter_map(|(id, path)| Some((path, *gone.get(&id)?)))
        .collect()
}

/// A contract that is there no more.
fn gone(old: &str) -> ContractOutcome {
    let status = read(old).ok().and_then(|it| it.status().map(String::from));
    match status {
        Some(status) if UNBOUND.contains(&status.as_str()) => ContractOutcome::Ended(status),
        _ => ContractOutcome::Gone,
    }
}

fn read(text: &str) -> Result<Contract, String> {
    // Variables keep their places: they are the same before and after.
    Contract::read(text, &Variables::default()).map_err(|error| error.to_string())
}

/// Two versions; nothing where they promise the same.
fn both(old: &str, new: &str) -> Option<ContractOutcome> {
    let (old, new) = match (read(old), read(new)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(error), _) | (_, Err(error)) => {
            return Some(ContractOutcome::Unread(error));
        }
    };
    let comparison = compare(&old, &new);
    (!comparison.changes.is_empty()).then(|| ContractOutcome::Changed(Box::new(comparison)))
}
