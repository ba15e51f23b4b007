//! How the factory is written: resource by resource, or by one deployment of Azure Resource Manager.

use std::time::Duration;

use dataops_core::apply::{ArmError, ArmOrder, Keeper, Label, Limits, WhatIfOutcome};
use dataops_core::connection::Connection;
use dataops_plan::{Desired, Plan};

use super::expected::Expectation;
use super::ready::ready;
use super::{How, Order};
use crate::context::Context;
use crate::duration;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::going_on::{self, failure};
use crate::planning;
use crate::process::unless_interrupted;
use crate::recording;

/// Who writes the factory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Writer {
    /// Each resource by a call of its own, over the version that was compared.
    #[default]
    Direct,
    /// All that differs by one deployment of Azure Resource Manager, which keeps it in its history. It takes no entity tags: what somebody
    /// else writes meanwhile is written over.
    Arm,
}

/// How the factory is written.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Method {
    /// Who writes the factory. Triggers, deletions and records are the same.
    #[arg(long, value_enum, default_value_t)]
    method: Writer,
    /// Show what Azure Resource Manager expects of the deployment, property by property, and do nothing; needs `--method arm`.
    #[arg(long, conflicts_with = "dry_run")]
    pub(super) what_if: bool,
    /// How long a deployment by Azure Resource Manager may take.
    #[arg(long, value_name = "TIME", default_value = "2h", value_parser = duration::parse)]
    deployment_timeout: Duration,
}

impl Method {
    /// Resource by resource.
    pub(super) fn direct() -> Self {
        Self {
            method: Writer::Direct,
            what_if: false,
            deployment_timeout: Duration::from_secs(2 * 3_600),
        }
    }

    pub(super) fn is_arm(&self) -> bool {
        self.method == Writer::Arm
    }

    pub(super) fn limits(&self, limits: Limits) -> Limits {
        limits.with_deployment_limit(self.deployment_timeout)
    }

    /// The deployment that is asked of Azure Resource Manager, if it is to write.
    pub(super) fn order(
        &self,
        context: &Context,
        order: &Order<'_>,
        (plan, desired): (&Plan, &Desired),
        keeper: &Keeper,
    ) -> Result<Option<ArmOrder>, Failure> {
        if !self.is_arm() {
            return Ok(None);
        }
        let label = label(context, order, keeper);
        ArmOrder::of(order.connection, plan, desired, &label).map_err(failure)
    }

    /// Waits for a deployment that an earlier run has left going on: it would write what is compared now.
    pub(super) async fn await_left(
        &self,
        context: &Context,
        keeper: &Keeper,
        connection: &Connection,
    ) -> Result<(), Failure> {
        let is_pending = match self.is_arm() {
            true => true,
            // It leaves a journal where it has stopped triggers.
            false => keeper.read().await.is_ok_and(|kept| kept.is_some()),
        };
        if !is_pending {
            return Ok(());
        }
        let wait = self.limits(Limits::default()).deployment;
        match going_on::wait_for(context, connection, wait).await {
            Ok(()) => Ok(()),
            Err(error) if self.is_arm() || matches!(error, ArmError::GoesOn { .. }) => {
                Err(failure(error))
            }
            Err(error) => {
                going_on::not_known(context, &error);
                Ok(())
            }
        }
    }
}

/// What the deployment tells of itself in the history.
fn label(context: &Context, order: &Order<'_>, keeper: &Keeper) -> Label {
    Label {
        commit: recording::origin(context, order.source).commit,
        by: keeper.by().to_owned(),
    }
}

/// Shows what Azure Resource Manager expects.
pub(super) async fn expect(
    context: &Context,
    how: &How,
    order: &Order<'_>,
    keeper: &Keeper,
) -> Result<Exit, Failure> {
    if !how.carrying.method.is_arm() {
        let failure = Failure::usage(
            "--what-if asks Azure Resource Manager, which does not write this deployment",
        );
        return Err(failure
            .hint("add --method arm; `dataops plan` and --dry-run show what is written directly"));
    }
    let asking = async {
        let (ready, _) = ready(context, how, order, keeper).await?;
        planning::explain(context, &ready.plan, order.connection.environment());
        let label = label(context, order, keeper);
        let wait = Limits::default().provisioning;
        let asked = WhatIfOutcome::ask(order.connection, &ready.plan, &ready.desired, &label, wait);
        let outcome = asked.await.map_err(failure)?;
        Ok(Expectation::new(&ready.plan, outcome))
    };
    let expectation = unless_interrupted(context, Box::pin(asking)).await?;
    context.print(&expectation)
}
