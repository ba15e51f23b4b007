//! What is recorded when triggers that a deployment has left in other states were brought into theirs.

use std::collections::BTreeMap;

use adf_client::FactoryClient;
use dataops_core::apply::{self, Journal, Keeper};
use dataops_core::ledger::{Ledger, now};
use dataops_ledger::Did;

use crate::context::Context;
use crate::failure::Failure;
use crate::journal;
use crate::ledger;
use crate::planning;

/// Records that the last deployment is a whole one by now, where it is the one that has left this journal, lacked triggers alone, and lacks
/// none any more.
pub(crate) async fn repaired(
    context: &Context,
    ledger: &Ledger,
    client: &FactoryClient,
    keeper: &Keeper,
    journal: &Journal,
) {
    if let Err(error) = record(context, ledger, client, keeper, journal).await {
        let text = format!("that the deployment is repaired is not recorded: {error}");
        context.warn("warning", &text, Some("`dataops deploy` records it"));
    }
}

async fn record(
    context: &Context,
    ledger: &Ledger,
    client: &FactoryClient,
    keeper: &Keeper,
    journal: &Journal,
) -> Result<(), Failure> {
    let left = journal::pending(context, keeper, ledger.environment()).await?;
    let chain = ledger::chain(ledger).await?;
    let last = chain.last_deployment();
    let last = last.filter(|(_, it)| it.plan.is_some() && it.plan == journal.plan);
    let (None, Some((record, deployment))) = (left, last) else {
        return Ok(());
    };
    // They may have been brought there one by one.
    let known = apply::known(client).await.map_err(planning::failure)?;
    let known = known.into_iter().map(|it| (it.trigger, it.state));
    let states: BTreeMap<_, _> = known.collect();
    let Some(whole) = deployment.repaired(record.number, now(), &states) else {
        return Ok(());
    };
    let did = Did::Deployment(Box::new(whole));
    let written = ledger.append(ledger::entry(context, ledger, did)).await;
    ledger::tell_record(context, ledger, &written.map_err(ledger::failure)?);
    Ok(())
}
