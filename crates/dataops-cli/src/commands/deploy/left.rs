//! What an earlier run has left stopped, where this one does not come to the factory.

use dataops_core::apply::{self, ArmError, Event, Kept, Limits, TriggerOutcome};
use dataops_core::connection::Connection;
use rest_core::Wait;

use super::work::Work;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::going_on;
use crate::in_force::Places;
use crate::journal;
use crate::planning;
use crate::recording::repaired;
use crate::terminal::harmless;

/// Starts what a journal tells, also when this run is refused: triggers do not wait for somebody to put right what it was refused for.
/// Where they cannot be started, it is said how they are.
pub(super) async fn put_back(work: &Work<'_>, failure: Option<&Failure>) {
    // A journal that cannot be read is what the run has failed by.
    let Ok(Some(kept)) = work.keeper.read().await else {
        return;
    };
    let environment = work.ledger.environment();
    let is_ended = failure.is_some_and(|it| it.exit == Exit::Interrupted);
    if is_ended || work.watch.lost().await.is_some() {
        return journal::tell_stopped(work.context, &kept, environment);
    }
    journal::tell(work.context, Some(&kept));
    let restored = work.unless_ended(Box::pin(restore(work, &kept))).await;
    let left: Vec<_> = match &restored {
        Ok(triggers) => triggers.iter().filter(|it| !it.is_as_desired()).collect(),
        Err(failure) => {
            let text = format!("they cannot be started: {}", failure.summary());
            work.context.warn("warning", &text, None);
            return journal::tell_stopped(work.context, &kept, environment);
        }
    };
    for trigger in left {
        let trouble = trigger.trouble.as_ref();
        let why = trouble.map(|it| format!(": {}", harmless(&it.message)));
        let text = format!(
            "trigger {} is not {}{}",
            harmless(&trigger.trigger.name),
            trigger.desired,
            why.unwrap_or_default()
        );
        let hint = journal::restoring(work.context, environment);
        work.context.warn("warning", &text, Some(&hint));
    }
}

async fn restore(work: &Work<'_>, kept: &Kept) -> Result<Vec<TriggerOutcome>, Failure> {
    let Work {
        context,
        how,
        order,
        keeper,
        ledger,
        watch,
        ..
    } = *work;
    // A deployment of Azure Resource Manager writes triggers, which have to stand still for it. It was waited for already.
    let wait = Wait {
        limit: Limits::default().grace,
        ..Limits::default().deployment
    };
    match going_on::wait_for(context, order.connection, wait).await {
        Ok(()) => {}
        Err(error @ ArmError::GoesOn { .. }) => return Err(going_on::failure(error)),
        Err(error) => going_on::not_known(context, &error),
    }
    let client = order.connection.factory().map_err(Failure::service)?;
    // Where they cannot even be listed, nobody waits for each of them.
    apply::known(&client).await.map_err(planning::failure)?;
    let progress = context.deploying();
    let tell = |event: Event<'_>| progress.tell(event);
    let limits = how.carrying.limits();
    let restored = apply::restore(&client, keeper, kept, |_| true, limits, &tell).await;
    let triggers =
        restored.map_err(|error| journal::unusable(context, ledger.environment(), error))?;
    drop(progress);
    if watch.known_lost().is_none() {
        repaired(context, ledger, &client, keeper, &kept.journal).await;
    }
    Ok(triggers)
}

/// Says that triggers are stopped, where nothing can be done about it because nobody has the lease.
pub(super) async fn name(context: &Context, places: &Places, connection: &Connection) {
    let Ok(keeper) = journal::keeper(context, &places.journal, connection) else {
        return;
    };
    if let Ok(Some(kept)) = keeper.read().await {
        journal::tell_stopped(context, &kept, &connection.environment().name);
    }
}
