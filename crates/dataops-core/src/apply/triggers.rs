//! The triggers of a deployment as a transaction: journal, stop, and afterwards each in the state that it should be in.

use adf_client::FactoryClient;
use dataops_plan::{Action, ResourceKey, StopBecause, TriggerPlan, TriggerState};
use futures::future::join_all;

use super::settle::{Target, in_reverse, settle_and_look};
use super::trigger::Steps;
use super::work::Work;
use super::{
    ApplyError, Event, Journal, JournalEntry, JournalError, Keeper, Kept, TriggerOutcome, Trouble,
    TroubleKind,
};

/// The triggers of a deployment.
pub(super) struct Transaction<'t> {
    keeper: &'t Keeper,
    kept: Option<Kept>,
    client: &'t FactoryClient,
    work: &'t Work<'t>,
}

/// How the triggers of a deployment ended.
pub(super) struct Ended {
    pub(super) triggers: Vec<TriggerOutcome>,
    pub(super) warnings: Vec<String>,
    /// The journal stays although all that it tells is done.
    pub(super) trouble: Option<Trouble>,
    pub(super) has_failed: bool,
}

impl<'t> Transaction<'t> {
    pub(super) fn new(
        keeper: &'t Keeper,
        pending: Option<Kept>,
        client: &'t FactoryClient,
        work: &'t Work<'t>,
    ) -> Self {
        Self {
            keeper,
            kept: pending,
            client,
            work,
        }
    }

    /// Writes the journal, then stops what has to be stopped, dependants first. Nothing is stopped without a journal.
    pub(super) async fn stop(&mut self) -> Result<Option<Trouble>, ApplyError> {
        let work = self.work;
        if work.plan.order.stop.is_empty() || !work.may_begin().await {
            return Ok(None);
        }
        let entries = self.entries(|plan| plan.before);
        self.keep(entries).await?;
        (work.tell)(Event::Step("stopping triggers"));
        let triggers = self.client.triggers();
        let steps = Steps {
            client: &triggers,
            wait: work.limits.trigger,
            tell: work.tell,
        };
        for wave in &work.plan.order.stop {
            if !work.may_begin().await {
                break;
            }
            let taken = wave
                .iter()
                .map(|each| work.within_grace(steps.take(&each.trigger, &each.steps)));
            let failed = join_all(taken).await.into_iter().find_map(Result::err);
            if let Some(trouble) = failed {
                work.fail();
                return Ok(Some(trouble));
            }
        }
        Ok(None)
    }

    /// The triggers that the plan stops, in its order, then those that an earlier journal has besides.
    fn entries(&self, target: impl Fn(&TriggerPlan) -> TriggerState) -> Vec<JournalEntry> {
        let stopped = self.work.plan.order.stop.iter().flatten();
        let mut entries: Vec<_> = stopped
            .filter_map(|each| {
                let plan = self.plan_of(&each.trigger)?;
                Some(JournalEntry {
                    trigger: plan.trigger.clone(),
                    kind: plan.kind.clone(),
                    target: target(plan),
                    may_be_gone: plan.after == TriggerState::Absent,
                    comes_again: self.comes_again(&plan.trigger),
                })
            })
            .collect();
        let earlier = self.kept.iter().flat_map(|kept| &kept.journal.triggers);
        for entry in earlier {
            if entries.iter().any(|known| known.trigger == entry.trigger) {
                continue;
            }
            let mut entry = entry.clone();
            if let Some(plan) = self.plan_of(&entry.trigger) {
                entry.target = target(plan);
            }
            entries.push(entry);
        }
        entries
    }

    /// Whether it is deleted and created anew, by this deployment or by the one whose journal this is.
    fn comes_again(&self, trigger: &ResourceKey) -> bool {
        let plan = self.work.plan.resource(trigger);
        plan.is_some_and(|plan| plan.action == Action::Replace)
            || self.entry(trigger).is_some_and(|entry| entry.comes_again)
    }

    fn entry(&self, trigger: &ResourceKey) -> Option<&JournalEntry> {
        let mut entries = self.kept.iter().flat_map(|kept| &kept.journal.triggers);
        entries.find(|entry| entry.trigger == *trigger)
    }

    fn is_in_journal(&self, trigger: &ResourceKey) -> bool {
        self.entry(trigger).is_some()
    }

    fn plan_of(&self, trigger: &ResourceKey) -> Option<&'t TriggerPlan> {
        let mut plans = self.work.plan.triggers.iter();
        plans.find(|plan| plan.trigger == *trigger)
    }

    async fn keep(&mut self, entries: Vec<JournalEntry>) -> Result<(), JournalError> {
        let plan = self.work.plan;
        let journal = Journal::new(
            &plan.environment,
            plan.factory.clone(),
            Some(plan.digest.clone()),
            self.keeper.by(),
            entries,
        );
        let kept = self.keeper.write(journal, self.kept.as_ref()).await?;
        self.kept = Some(kept);
        Ok(())
    }

    /// Brings the triggers into the states that they should be in: those of the plan when all was done, otherwise those that they were
    /// in before.
    pub(super) async fn finish(mut self) -> Ended {
        let work = self.work;
        if let Some(why) = work.lost_lease().await {
            return self.left_to_others(&why);
        }
        let has_failed = work.stops();
        let mut warnings = Vec::new();
        let waves = match has_failed {
            true => self.before(),
            false => self.after(),
        };
        if !has_failed && self.kept.is_some() {
            let entries = self.entries(|plan| plan.after);
            let entries = entries.into_iter();
            let entries = entries.filter(|entry| entry.target != TriggerState::Absent);
            if let Err(error) = self.keep(entries.collect()).await {
                warnings.push(said(&error));
            }
        }
        let others = match has_failed {
            true => self.not_begun(&waves),
            false => Vec::new(),
        };
        if waves.is_empty() && others.is_empty() {
            return Ended {
                triggers: Vec::new(),
                warnings,
                trouble: None,
                has_failed,
            };
        }
        let settling = settle_and_look(self.client, &waves, &others, work.limits, work.tell);
        let (mut triggers, others) = settling.await;
        let trouble = match self.close(&triggers).await {
            Err(error) if triggers.iter().all(TriggerOutcome::is_as_desired) => Some(stays(&error)),
            Err(error) => {
                warnings.push(said(&error));
                None
            }
            Ok(()) => None,
        };
        triggers.extend(others);
        Ended {
            triggers,
            warnings,
            has_failed: has_failed || trouble.is_some(),
            trouble,
        }
    }

    /// Whoever has the lease now reads the journal, and starts what it tells.
    fn left_to_others(&self, why: &str) -> Ended {
        let standing = match &self.kept {
            None => "no trigger was stopped".to_owned(),
            Some(_) => format!(
                "the journal in {} tells which triggers were stopped; the next deployment starts them, or `dataops triggers restore`",
                self.keeper.place()
            ),
        };
        Ended {
            triggers: Vec::new(),
            warnings: vec![format!("the lease was lost ({why}): {standing}")],
            trouble: None,
            has_failed: true,
        }
    }

    /// What this deployment has stopped runs again, and so does what an earlier one has left.
    fn before(&self) -> Vec<Vec<Target>> {
        let Some(kept) = &self.kept else {
            return Vec::new();
        };
        let entries = &kept.journal.triggers;
        let of = |trigger: &ResourceKey| {
            let entry = entries.iter().find(|entry| entry.trigger == *trigger);
            entry.map(target)
        };
        let stopped = self.work.plan.order.stop.iter().rev();
        let waves: Vec<Vec<_>> = stopped
            .map(|wave| wave.iter().filter_map(|each| of(&each.trigger)).collect())
            .collect();
        let rest = in_reverse(entries.iter().map(target).collect(), &waves);
        waves.into_iter().chain(rest).collect()
    }

    /// What else the plan is about, which is as it was found: new triggers above all.
    fn not_begun(&self, waves: &[Vec<Target>]) -> Vec<Target> {
        let settled = |trigger: &ResourceKey| {
            let mut targets = waves.iter().flatten();
            targets.any(|target| target.trigger == *trigger)
        };
        let plans = self.work.plan.triggers.iter();
        let others = plans.filter(|plan| !settled(&plan.trigger));
        others.map(|plan| self.target_of(plan)).collect()
    }

    fn target_of(&self, plan: &TriggerPlan) -> Target {
        Target {
            trigger: plan.trigger.clone(),
            kind: plan.kind.clone(),
            state: plan.after,
            in_doubt: self.is_in_journal(&plan.trigger),
            may_be_gone: false,
        }
    }

    /// What the plan says, in its order.
    fn after(&self) -> Vec<Vec<Target>> {
        let plan = self.work.plan;
        let target_of = |plan: &TriggerPlan| self.target_of(plan);
        let started = plan.order.start.iter();
        let mut waves: Vec<Vec<_>> = started
            .map(|wave| {
                let plans = wave.iter().filter_map(|each| self.plan_of(&each.trigger));
                plans.map(target_of).collect()
            })
            .collect();
        let is_ours = |plan: &&TriggerPlan| {
            let goes = matches!(plan.stop, Some(StopBecause::Delete | StopBecause::After));
            !plan.start && (plan.policy.is_some() || goes)
        };
        let rest: Vec<_> = plan
            .triggers
            .iter()
            .filter(is_ours)
            .map(target_of)
            .collect();
        if !rest.is_empty() {
            waves.push(rest);
        }
        let earlier = self.kept.iter().flat_map(|kept| &kept.journal.triggers);
        let known = |entry: &&JournalEntry| plan.resource(&entry.trigger).is_some();
        let rest = in_reverse(earlier.filter(known).map(target).collect(), &waves);
        waves.into_iter().chain(rest).collect()
    }

    /// Ends the journal, or leaves in it what is not as it should be.
    async fn close(&mut self, triggers: &[TriggerOutcome]) -> Result<(), JournalError> {
        let open = open(triggers, |trigger| self.comes_again(trigger));
        match (&self.kept, open.is_empty()) {
            (None, true) => Ok(()),
            (Some(kept), true) => self.keeper.end(kept).await,
            (_, false) => self.keep(open).await,
        }
    }
}

fn said(error: &JournalError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// What a journal does that stays.
fn stays(error: &JournalError) -> Trouble {
    Trouble::new(
        TroubleKind::Unreachable,
        format!(
            "all triggers are as they should be, but their journal stays, and would start them again after somebody has stopped them: {}; \
             deploy again, or run `dataops triggers restore`",
            said(error)
        ),
    )
}

/// The state that a trigger of a journal has to get back to.
pub(super) fn target(entry: &JournalEntry) -> Target {
    Target {
        trigger: entry.trigger.clone(),
        kind: entry.kind.clone(),
        state: entry.target,
        in_doubt: true,
        may_be_gone: entry.may_be_gone,
    }
}

/// The triggers that are not as they should be, and that a later call can bring there. One that is gone cannot, unless it comes again.
pub(super) fn open(
    triggers: &[TriggerOutcome],
    comes_again: impl Fn(&ResourceKey) -> bool,
) -> Vec<JournalEntry> {
    let is_gone = |outcome: &TriggerOutcome| {
        outcome.observed == Some(TriggerState::Absent) && !comes_again(&outcome.trigger)
    };
    let open = triggers
        .iter()
        .filter(|outcome| !outcome.is_as_desired() && !is_gone(outcome));
    open.map(|outcome| JournalEntry {
        comes_again: comes_again(&outcome.trigger),
        trigger: outcome.trigger.clone(),
        kind: outcome.kind.clone(),
        target: outcome.desired,
        may_be_gone: false,
    })
    .collect()
}
