//! What a deployment begins with: a plan, and what the factory relies on.

use dataops_core::apply::{Keeper, Kept};
use dataops_core::connection::Connection;
use dataops_core::deployment::{Deployment, Prepared};
use dataops_core::planning::Lookup;
use dataops_core::workspace;
use dataops_plan::{ClusterPlan, Desired, Live, Overlay, Plan};

use super::written::verified;
use super::{How, Order, Task};
use crate::context::Context;
use crate::failure::Failure;
use crate::journal;
use crate::local::deploy_failure;
use crate::notebooks;
use crate::planning::{self, Source};
use crate::terminal::harmless;

/// What is carried out: a plan, and what it was made of.
pub(in super::super) struct Ready {
    pub(in super::super) plan: Plan,
    pub(super) desired: Desired,
    pub(super) pending: Option<Kept>,
    pub(super) live: Live,
    /// Whether this is what is left of a plan that was carried out already: nothing.
    pub(super) is_done: bool,
}

/// What was brought before the factory.
pub(super) type BroughtBefore = (Prepared, Option<workspace::Applied>);

/// Makes the plan; on an emulator, where everything has to be made, after what the factory relies on.
pub(super) async fn ready(
    context: &Context,
    how: &How,
    order: &Order<'_>,
    keeper: &Keeper,
) -> Result<(Ready, Prepared), Failure> {
    let Order {
        source, connection, ..
    } = *order;
    let mut prepared = Prepared::default();
    if !how.only_looks() {
        let method = &how.carrying.method;
        method.await_left(context, keeper, connection).await?;
    }
    if connection.is_emulated() && matches!(order.task, Task::Bring) && !how.only_looks() {
        prepared = prepare(context, how, source, connection).await?;
    }
    let ready = match &order.task {
        Task::Bring => planned(context, how, order, keeper).await?,
        Task::Written(plan) => verified(context, plan.clone(), source, connection, keeper).await?,
        Task::Bind(binding) => bound(context, how, order, binding.clone(), keeper).await?,
        Task::Remove(removal) => removal.ready(context, source, connection, keeper).await?,
    };
    Ok((ready, prepared))
}

/// Brings what the factory relies on: notebooks and, where it is not there yet, the rest.
pub(super) async fn rely_on(
    context: &Context,
    how: &How,
    order: &Order<'_>,
    ready: &Ready,
    mut prepared: Prepared,
) -> Result<BroughtBefore, Failure> {
    let Order {
        source, connection, ..
    } = *order;
    if matches!(order.task, Task::Remove(_)) {
        // What the factory relies on goes after what relies on it.
        return Ok((prepared, None));
    }
    let brought = notebooks::bring(context, &ready.plan, source, connection).await?;
    if let Some(notebooks) = &ready.plan.notebooks {
        if ready
            .plan
            .cluster
            .as_ref()
            .is_some_and(ClusterPlan::has_work)
        {
            cluster(context, how, source, connection).await?;
        }
        let objects = notebooks.objects.iter().filter(|it| it.source.is_some());
        prepared.notebooks = objects.map(|it| it.path.clone()).collect();
    }
    Ok((prepared, brought))
}

/// Makes what the factory and the notebooks rely on: on an emulator what belongs to other teams, and the cluster with its libraries.
async fn prepare(
    context: &Context,
    how: &How,
    source: &Source,
    connection: &Connection,
) -> Result<Prepared, Failure> {
    let deployment = Deployment::new(&source.solution, connection);
    let prepared = deployment.belongings(|step| context.say(step)).await;
    let prepared = prepared.map_err(deploy_failure)?;
    if source.solution.settings.notebooks.is_some() {
        cluster(context, how, source, connection).await?;
    }
    Ok(prepared)
}

/// Brings the cluster to its specification, with its libraries.
async fn cluster(
    context: &Context,
    how: &How,
    source: &Source,
    connection: &Connection,
) -> Result<(), Failure> {
    context.say("preparing the cluster");
    let tell = |state: &str| context.say(&harmless(state));
    let deployment = Deployment::new(&source.solution, connection);
    let deployment = deployment.within(how.cluster_timeout);
    deployment.cluster(&tell).await.map_err(deploy_failure)
}

async fn planned(
    context: &Context,
    how: &How,
    order: &Order<'_>,
    keeper: &Keeper,
) -> Result<Ready, Failure> {
    let Order {
        source, connection, ..
    } = *order;
    let name = &connection.environment().name;
    let pending = journal::pending(context, keeper, name).await?;
    let lookup = match how.only_looks() {
        true => Lookup::MayStay,
        false => Lookup::Must,
    };
    let (desired, live) = planning::sides(source, connection, pending.as_ref(), lookup).await?;
    let live = how.wishes.seen_in(live);
    let sides = (&desired, &live);
    Ok(Ready {
        plan: how.wishes.plan(source, connection, sides).await?,
        desired,
        pending,
        live,
        is_done: false,
    })
}

/// What runs, but for ids of the ML side.
async fn bound(
    context: &Context,
    how: &How,
    order: &Order<'_>,
    binding: Overlay,
    keeper: &Keeper,
) -> Result<Ready, Failure> {
    let connection = order.connection;
    let name = &connection.environment().name;
    let pending = journal::pending(context, keeper, name).await?;
    let desired = dataops_core::planning::bound(connection, binding).await;
    let desired = desired.map_err(|error| planning::unmade(order.source, connection, error))?;
    let live = dataops_core::planning::live(connection).await;
    let live = live.map_err(planning::failure)?;
    let live = match &pending {
        Some(kept) => kept.journal.seen_in(live),
        None => live,
    };
    let sides = (&desired, &live);
    Ok(Ready {
        plan: how.wishes.plan(order.source, connection, sides).await?,
        desired,
        pending,
        live,
        is_done: false,
    })
}
