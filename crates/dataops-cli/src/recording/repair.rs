//! What is recorded when triggers that a deployment has left in other states were brought into theirs.

use std::collections::BTreeMap;

use dataops_core::apply::{Journal, TriggerOutcome};
use dataops_core::ledger::{Ledger, now};
use dataops_ledger::{Did, TriggerLeft};

use crate::context::Context;
use crate::failure::Failure;
use crate::ledger;

/// Records that the last deployment is a whole one by now, where it is the one that has left this journal, lacked triggers alone, and lacks
/// none any more.
pub(crate) async fn repaired(
    context: &Context,
    ledger: &Ledger,
    journal: &Journal,
    triggers: &[TriggerOutcome],
) -> Result<(), Failure> {
    let chain = ledger::chain(ledger).await?;
    let last = chain.last_deployment();
    let last = last.filter(|(_, it)| it.plan.is_some() && it.plan == journal.plan);
    let Some((record, deployment)) = last else {
        return Ok(());
    };
    let left = triggers.iter().map(|it| {
        let (desired, observed) = (it.desired, it.observed);
        (
            it.trigger.clone(),
            TriggerLeft {
                desired,
                observed,
                before: None,
            },
        )
    });
    let left: BTreeMap<_, _> = left.collect();
    let Some(whole) = deployment.repaired(record.number, now(), &left) else {
        return Ok(());
    };
    let did = Did::Deployment(Box::new(whole));
    let written = ledger.append(ledger::entry(context, ledger, did)).await;
    ledger::tell_record(context, ledger, &written.map_err(ledger::failure)?);
    Ok(())
}
