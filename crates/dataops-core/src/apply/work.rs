//! What every step of a deployment needs, and many steps at once.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use adf_client::Remote;
use dataops_plan::{Action, Desired, Plan, ResourceKey};
use futures::StreamExt;
use futures::future::{Either, select};

use super::{Event, Interrupt, Limits, ResourceOutcome, Status, Trouble, TroubleKind};
use crate::ledger::Watch;

/// How many steps are begun at once. How many calls are on their way is the affair of the client's pace.
const AT_ONCE: usize = 64;

/// What every step needs.
pub(super) struct Work<'w> {
    pub(super) remote: Remote,
    pub(super) plan: &'w Plan,
    pub(super) desired: &'w Desired,
    pub(super) limits: Limits,
    pub(super) tell: &'w (dyn Fn(Event<'_>) + Sync),
    pub(super) interrupt: Interrupt,
    watch: Option<Watch>,
    /// Whether something has failed, so that nothing else begins.
    has_failed: AtomicBool,
    /// What was deleted.
    deleted: Mutex<BTreeSet<ResourceKey>>,
}

/// Which part of what is done with a resource a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// It is deleted, and put later.
    First,
    /// After it all is done.
    Last,
}

/// A step that was done.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) request_id: Option<String>,
    pub(super) etag: Option<String>,
    pub(super) note: Option<String>,
}

impl Done {
    pub(super) fn noting(note: impl Into<String>) -> Self {
        Self {
            note: Some(note.into()),
            ..Self::default()
        }
    }
}

impl<'w> Work<'w> {
    pub(super) fn new(
        remote: Remote,
        plan: &'w Plan,
        desired: &'w Desired,
        limits: Limits,
        tell: &'w (dyn Fn(Event<'_>) + Sync),
        interrupt: Interrupt,
        watch: Option<Watch>,
    ) -> Self {
        Self {
            remote,
            plan,
            desired,
            limits,
            tell,
            interrupt,
            watch,
            has_failed: AtomicBool::new(false),
            deleted: Mutex::default(),
        }
    }

    /// Whether nothing else is to begin.
    pub(super) fn stops(&self) -> bool {
        self.has_failed.load(Ordering::SeqCst) || self.interrupt.is_raised()
    }

    /// Whether something else may begin: nothing has failed, nobody wishes to end, and nobody else has the environment's lease.
    pub(super) async fn may_begin(&self) -> bool {
        !self.stops() && self.lost_lease().await.is_none()
    }

    /// Why somebody else may write now.
    pub(super) async fn lost_lease(&self) -> Option<String> {
        let why = self.watch.as_ref()?.lost().await?;
        self.interrupt.raise();
        Some(why)
    }

    pub(super) fn fail(&self) {
        self.has_failed.store(true, Ordering::SeqCst);
    }

    /// Does something with each of some resources, many at once. What has not begun when something fails is skipped.
    pub(super) async fn each<Step>(
        &self,
        resources: &[ResourceKey],
        step: impl Fn(ResourceKey) -> Step,
    ) -> Vec<ResourceOutcome>
    where
        Step: Future<Output = Result<Done, Trouble>>,
    {
        self.each_of(resources, Part::Last, step).await
    }

    /// The same of one part of what is done with each.
    pub(super) async fn each_of<Step>(
        &self,
        resources: &[ResourceKey],
        part: Part,
        step: impl Fn(ResourceKey) -> Step,
    ) -> Vec<ResourceOutcome>
    where
        Step: Future<Output = Result<Done, Trouble>>,
    {
        let steps = resources.iter().map(|key| self.one(key, part, &step));
        let outcomes = futures::stream::iter(steps).buffer_unordered(AT_ONCE);
        outcomes.collect().await
    }

    async fn one<Step>(
        &self,
        key: &ResourceKey,
        part: Part,
        step: &impl Fn(ResourceKey) -> Step,
    ) -> ResourceOutcome
    where
        Step: Future<Output = Result<Done, Trouble>>,
    {
        let action = self.action(key);
        if !self.may_begin().await {
            return skipped(key.clone(), action);
        }
        let started = Instant::now();
        let ended = self.within_grace(step(key.clone())).await;
        let mut outcome = skipped(key.clone(), action);
        outcome.took = started.elapsed();
        match ended {
            Ok(done) => {
                outcome.status = Status::Done;
                outcome.request_id = done.request_id;
                outcome.etag = done.etag;
                outcome.note = done.note;
            }
            Err(mut trouble) => {
                self.fail();
                trouble.message = self.desired.without_secrets(&trouble.message);
                outcome.status = Status::Failed;
                outcome.request_id.clone_from(&trouble.request_id);
                outcome.trouble = Some(trouble);
            }
        }
        (self.tell)(match (part, outcome.status) {
            (Part::First, Status::Done) => Event::Removed(&outcome.resource),
            _ => Event::Resource(&outcome),
        });
        outcome
    }

    /// Remembers that a resource was deleted.
    pub(super) fn deleted(&self, key: &ResourceKey) {
        let mut deleted = self.deleted.lock().unwrap_or_else(PoisonError::into_inner);
        deleted.insert(key.clone());
    }

    pub(super) fn has_deleted(&self, key: &ResourceKey) -> bool {
        let deleted = self.deleted.lock().unwrap_or_else(PoisonError::into_inner);
        deleted.contains(key)
    }

    pub(super) fn action(&self, key: &ResourceKey) -> Action {
        let plan = self.plan.resource(key);
        plan.map_or(Action::Skip, |plan| plan.action)
    }

    /// Lets what is on its way end when somebody wishes to end early, but not for long.
    pub(super) async fn within_grace<T>(
        &self,
        step: impl Future<Output = Result<T, Trouble>>,
    ) -> Result<T, Trouble> {
        let wished = async {
            self.interrupt.raised().await;
            tokio::time::sleep(self.limits.grace).await;
        };
        match select(Box::pin(step), Box::pin(wished)).await {
            Either::Left((ended, _)) => ended,
            Either::Right(_) => Err(Trouble::new(
                TroubleKind::Interrupted,
                "interrupted while it was on its way; it may have been done",
            )),
        }
    }
}

/// A resource that nothing was done with.
pub(super) fn skipped(resource: ResourceKey, action: Action) -> ResourceOutcome {
    ResourceOutcome {
        resource,
        action,
        status: Status::Skipped,
        missing: false,
        took: Duration::ZERO,
        request_id: None,
        etag: None,
        note: None,
        trouble: None,
    }
}
