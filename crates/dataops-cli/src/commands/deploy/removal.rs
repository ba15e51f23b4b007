//! The removal of what a solution has brought: its plan, and what goes beside the factory.

use std::collections::BTreeSet;

use adf_model::ResourceId;
use dataops_core::apply::Keeper;
use dataops_core::connection::Connection;
use dataops_plan::{Consent, Desired, Live, Plan};

use super::ready::Ready;
use super::written::{Stale, belongs_here};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::journal;
use crate::notebooks;
use crate::planning::{self, Source};

/// What goes.
pub(in super::super) struct Removal {
    /// The resources of the factory.
    pub(in super::super) resources: BTreeSet<ResourceId>,
    /// What was consented to.
    pub(in super::super) consents: Vec<Consent>,
    /// Just this, where somebody has seen it.
    pub(in super::super) plan: Option<Plan>,
}

impl Removal {
    /// Compares what goes with what is there.
    pub(in super::super) async fn survey(
        &self,
        context: &Context,
        source: &Source,
        connection: &Connection,
        keeper: &Keeper,
    ) -> Result<Ready, Failure> {
        let name = &connection.environment().name;
        let pending = journal::pending(context, keeper, name).await?;
        let live = dataops_core::planning::live(connection).await;
        let live = live.map_err(planning::failure)?;
        let live = match &pending {
            Some(kept) => kept.journal.seen_in(live),
            None => live,
        };
        let plan = match &self.plan {
            Some(plan) => plan.clone(),
            None => self.plan(source, connection, &live).await?,
        };
        Ok(Ready {
            plan,
            desired: Desired::default(),
            pending,
            live,
            is_done: false,
        })
    }

    /// The same, which has to be what somebody has seen.
    pub(super) async fn ready(
        &self,
        context: &Context,
        source: &Source,
        connection: &Connection,
        keeper: &Keeper,
    ) -> Result<Ready, Failure> {
        let mut ready = self.survey(context, source, connection, keeper).await?;
        let Some(plan) = &self.plan else {
            return Ok(ready);
        };
        belongs_here(plan, connection)?;
        let mut moved: Vec<_> = plan
            .verify(&ready.live)
            .iter()
            .map(ToString::to_string)
            .collect();
        moved.extend(notebooks::moved_when_leaving(plan, source, connection).await?);
        let again = planning::removal(connection, &ready.live, &self.resources, &self.consents);
        if again.lists.delete != plan.lists.delete {
            moved.push(
                "the solution has other resources than those that the plan removes".to_owned(),
            );
        }
        moved.extend(plan.departures(&again));
        if moved.is_empty() {
            // What the environment denies by now stands against it.
            ready.plan = again.in_place_of(ready.plan);
            return Ok(ready);
        }
        let failure = Failure::new(Exit::Failed, Stale(moved));
        Err(failure.hint("look at it again: `dataops destroy --dry-run`"))
    }

    async fn plan(
        &self,
        source: &Source,
        connection: &Connection,
        live: &Live,
    ) -> Result<Plan, Failure> {
        let plan = planning::removal(connection, live, &self.resources, &self.consents);
        Ok(match notebooks::leaving(source, connection).await? {
            Some(notebooks) => plan.with_notebooks(notebooks),
            None => plan,
        })
    }
}
