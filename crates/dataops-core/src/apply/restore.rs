//! The triggers of a factory beside a deployment: what one has left stopped, and what there is.

use adf_client::{FactoryClient, Remote};
use dataops_plan::ResourceKey;

use super::settle::{States, Target, in_reverse, observe, settle};
use super::triggers::{open, target};
use super::{Event, JournalError, Keeper, Kept, Limits, TriggerOutcome};
use crate::planning::PlanningError;

/// Finishes the journal that a deployment has left, or the part of it that is about some triggers.
///
/// # Errors
///
/// When the journal cannot be brought up to date; the triggers are then as told all the same.
pub async fn restore(
    client: &FactoryClient,
    keeper: &Keeper,
    kept: &Kept,
    only: impl Fn(&ResourceKey) -> bool,
    limits: Limits,
    tell: &(dyn Fn(Event<'_>) + Sync),
) -> Result<Vec<TriggerOutcome>, JournalError> {
    let entries = kept.journal.triggers.iter().cloned();
    let (chosen, mut left): (Vec<_>, Vec<_>) = entries.partition(|entry| only(&entry.trigger));
    let comes_again = |trigger: &ResourceKey| {
        let mut entries = chosen.iter();
        entries.any(|entry| entry.trigger == *trigger && entry.comes_again)
    };
    let waves = in_reverse(chosen.iter().map(target).collect(), &[]);
    let triggers = settle(client, &waves, limits, tell).await;
    left.extend(open(&triggers, comes_again));
    if left.is_empty() {
        keeper.end(kept).await?;
    } else {
        let mut journal = kept.journal.clone();
        journal.triggers = left;
        keeper.write(journal, Some(kept)).await?;
    }
    Ok(triggers)
}

/// The triggers of a factory: their names, states and types.
///
/// # Errors
///
/// When they cannot be listed.
pub async fn known(client: &FactoryClient) -> Result<Vec<Target>, PlanningError> {
    let states: States = observe(&Remote::new(client.clone())).await?;
    let targets = states.into_iter().map(|(trigger, found)| Target {
        trigger,
        kind: found.kind,
        state: found.state,
        in_doubt: false,
        may_be_gone: false,
    });
    Ok(targets.collect())
}
