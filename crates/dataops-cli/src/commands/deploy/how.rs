//! How something is deployed, as the commands that deploy are told.

use std::collections::BTreeSet;
use std::time::Duration;

use dataops_core::apply::Limits;
use dataops_ledger::Created;
use dataops_plan::ResourceKey;

use super::method::Method;
use crate::duration;
use crate::in_force::{JournalPlace, RecordsPlace};
use crate::planning::Wishes;

/// How something is deployed.
#[derive(Clone, Debug, clap::Args)]
pub(in super::super) struct How {
    #[command(flatten)]
    pub(in super::super) wishes: Wishes,
    #[command(flatten)]
    pub(in super::super) carrying: Carrying,
    /// How long the cluster may take to start, and its libraries to install.
    #[arg(long, value_name = "TIME", default_value = "20m", value_parser = duration::parse)]
    pub(super) cluster_timeout: Duration,
}

/// How a plan is carried out.
#[derive(Clone, Debug, clap::Args)]
pub(in super::super) struct Carrying {
    /// Show the plan, and do nothing.
    #[arg(long)]
    pub(in super::super) dry_run: bool,
    /// How long a trigger may take to start, stop, subscribe or unsubscribe.
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration::parse)]
    trigger_timeout: Duration,
    /// How long to wait for the approval of private endpoints; one that waits longer fails nothing, and is told at the end and by each plan
    /// until it is approved.
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = duration::parse)]
    approval_timeout: Duration,
    #[command(flatten)]
    pub(super) method: Method,
    /// Do not make the smoke test that the environment asks for.
    #[arg(long)]
    pub(super) no_smoke: bool,
    #[command(flatten)]
    pub(in super::super) journal: JournalPlace,
    #[command(flatten)]
    pub(in super::super) records: RecordsPlace,
}

impl How {
    /// How something is done that no cluster belongs to.
    pub(in super::super) fn new(wishes: Wishes, carrying: Carrying) -> Self {
        Self {
            wishes,
            carrying,
            cluster_timeout: Duration::ZERO,
        }
    }

    /// The same on the way back from deployments that have created these, to where these triggers ran.
    pub(in super::super) fn undoing(self, created: Created, ran: BTreeSet<ResourceKey>) -> Self {
        Self {
            wishes: self.wishes.undoing(created, ran),
            ..self
        }
    }

    /// Whether nothing is to be done.
    pub(in super::super) fn only_looks(&self) -> bool {
        self.carrying.dry_run || self.carrying.method.what_if
    }
}

impl Carrying {
    /// How something is removed: resource by resource, and nothing is tried afterwards.
    pub(in super::super) fn removing(
        trigger_timeout: Duration,
        journal: JournalPlace,
        records: RecordsPlace,
    ) -> Self {
        Self {
            dry_run: false,
            trigger_timeout,
            approval_timeout: Duration::ZERO,
            method: Method::direct(),
            no_smoke: true,
            journal,
            records,
        }
    }

    pub(in super::super) fn limits(&self) -> Limits {
        let limits = Limits::default()
            .with_trigger_limit(self.trigger_timeout)
            .with_approval_limit(self.approval_timeout);
        self.method.limits(limits)
    }
}
